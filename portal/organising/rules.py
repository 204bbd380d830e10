"""When something can be done with an event."""

from datetime import date

from portal.events.queries import Kept
from portal.events.rules import TRAININGS, is_yearly


def is_past(event: Kept, today: date) -> bool:
    """Whether an event is over; one that comes back every year never is."""
    if is_yearly(event.starts_on):
        return False
    return (event.ends_on or event.starts_on) < today.isoformat()


def may_certify(event: Kept, today: date) -> bool:
    """Whether people can have completed it: a training that has begun and was not cancelled."""
    if event.kind not in TRAININGS or event.cancelled or is_yearly(event.starts_on):
        return False
    return event.starts_on <= today.isoformat()


def may_count(event: Kept) -> bool:
    """Whether its participants are counted here: not where they are quoted from a publication."""
    return not event.already_published


def is_public(event: Kept, today: date) -> bool:
    """Whether everybody sees it; a yearly one counts as past."""
    past = is_yearly(event.starts_on) or is_past(event, today)
    return not event.closed and (event.open or past)
