"""When a grant is about to end, and what may be done with an account."""

from datetime import date, timedelta

REMIND_BEFORE = timedelta(days=30)


def is_ending(until: str | None, today: date) -> bool:
    """Whether a grant that stands today ends within 30 days."""
    if until is None:
        return False
    return today <= date.fromisoformat(until) <= today + REMIND_BEFORE


def may_end_grant(until: str | None, today: date) -> bool:
    """Whether there is a grant to end."""
    return until is not None and date.fromisoformat(until) >= today
