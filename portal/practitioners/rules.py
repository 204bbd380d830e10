"""When a practitioner is listed, and how old a confirmation may be."""

from datetime import date, timedelta

FRESH_DAYS = 90
HIDDEN_AFTER_DAYS = 180
SAFEGUARDING_YEARS = 2
LICENCE_WARNING_DAYS = 30


def oldest_confirmation(today: date) -> date:
    """The earliest confirmation that still lists somebody today."""
    return today - timedelta(days=HIDDEN_AFTER_DAYS)


def is_fresh(confirmed_on: date, today: date) -> bool:
    """Confirmed in the last 90 days; older is ageing, and past 180 hidden."""
    return (today - confirmed_on).days <= FRESH_DAYS


def oldest_safeguarding(day: date) -> date:
    """The earliest safeguarding training that lets somebody see a child on that day."""
    try:
        return day.replace(year=day.year - SAFEGUARDING_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - SAFEGUARDING_YEARS, day=28)


def is_open_in(month: int, closed_from: int | None, closed_to: int | None) -> bool:
    """Whether a seasonal service area is open in a month; November to April wraps the year."""
    if closed_from is None or closed_to is None:
        return True
    if closed_from <= closed_to:
        return not closed_from <= month <= closed_to
    return closed_to < month < closed_from
