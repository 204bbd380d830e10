"""How long an invitation is good, and who may be invited as what."""

from datetime import datetime, timedelta

from portal.errors import Invalid
from portal.i18n.language import Message

GOOD_FOR = timedelta(hours=72)

# 7 groups of four characters: 140 bits, and short enough to be typed from paper
GROUPS = 7

INVITED_ROLES = ("observer", "member", "practitioner", "coordinator", "admin")
BELONGING_ROLES = ("member", "practitioner")


def is_good(made: datetime, now: datetime) -> bool:
    """Younger than 72 hours, and not from the future: a clock set back revives nothing."""
    return made <= now < made + GOOD_FOR


def refuse_without_organisation(role: str, organisation_id: str | None) -> None:
    """`Invalid` for members and practitioners who belong to no organisation."""
    if role in BELONGING_ROLES and organisation_id is None:
        raise Invalid({"organisation": [Message("Fill this in.")]})
