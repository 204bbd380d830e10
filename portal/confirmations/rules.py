"""When somebody is reminded, who may confirm on the telephone, and what was seen to be right."""

from datetime import date, datetime, timedelta

import msgspec

from portal.actor import Actor
from portal.capacity.rules import seen_as
from portal.i18n.language import Message
from portal.practitioners.queries import Details
from portal.practitioners.rules import FRESH_DAYS, HIDDEN_AFTER_DAYS

# a confirmation's age in days: it turns ageing; 30, 14 and 3 days are left; it hides
REMINDED_AT = (
    FRESH_DAYS + 1,
    HIDDEN_AFTER_DAYS - 30,
    HIDDEN_AFTER_DAYS - 14,
    HIDDEN_AFTER_DAYS - 3,
    HIDDEN_AFTER_DAYS + 1,
)

# an organisation that has just proposed somebody does not also vouch for her at once
AFTER_PROPOSAL = timedelta(days=1)

# what changes from day to day without anybody's doing, or has a mark of its own
_APART = (
    "listed",
    "confirmed_on",
    "availability",
    "weekly_visits",
    "absences",
    "duty_phone",
)


def reminder_due(confirmed_on: date, today: date) -> int | None:
    """The newest reminder that is due, as the age in days it belongs to; None while fresh.

    Who was down meanwhile sends this one alone, not those that were missed.
    """
    age = (today - confirmed_on).days
    return max((step for step in REMINDED_AT if step <= age), default=None)


def way_of(actor: Actor, practitioner_id: str) -> str:
    """How a signed-in person confirms: her own account, or the telephone."""
    return "account" if actor.practitioner_id == practitioner_id else "telephone"


def refusal_by_telephone(
    actor: Actor, proposed_at: datetime | None, at: datetime
) -> Message | None:
    """Why somebody may not yet confirm for another; coordinators always may."""
    if actor.is_coordinator or proposed_at is None or at - proposed_at >= AFTER_PROPOSAL:
        return None
    return Message(
        "Your organisation proposed this person less than a day ago. Call tomorrow, or let a"
        " coordinator call."
    )


def seen_details(found: Details) -> str:
    """The mark of the details that somebody was shown and says are right."""
    shown = msgspec.to_builtins(found)
    return seen_as({name: value for name, value in shown.items() if name not in _APART})
