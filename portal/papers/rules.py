"""When somebody is reminded that a licence ends."""

from datetime import date

REMIND_DAYS_BEFORE = (30, 14, 3)


def steps_due(expires_on: date, today: date) -> list[int]:
    """The reminders whose day has come, in days before the end; none once the licence is over."""
    left = (expires_on - today).days
    return [days for days in REMIND_DAYS_BEFORE if 0 <= left <= days]
