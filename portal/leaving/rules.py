"""Who may leave in whose name, until when the farewell is open, and when what was private goes."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.actor import Actor
from portal.i18n.language import Message
from portal.membership.rules import ERASED_WITHIN

# the link that gives an organisation its own export when its accounts are closed
PURPOSE = "farewell"
LINK_GOOD_FOR = timedelta(days=30)

# the erasure is promised within 30 days: the job that does it may be late by its own beat
BEFORE_THE_DAY = timedelta(hours=12)

# of these one may leave, and of these two the export is for
MEMBER = ("admitted", "suspended")
GONE = ("suspended", "left")

LONGEST_NOTE = 1000

# how many memberships of others one coordinator ends alone, before another one has to
MOST_ENDED = 3
ENDED_WITHIN = timedelta(hours=24)

# a lock by the same hand does not make the only other coordinator one who is not there
LOCKED_WITHIN = timedelta(days=180)

NO_MEMBER = Message("This organisation is not a member now. Look at what stands.")
STILL_MEMBER = Message("This organisation has accounts of its own: it takes its export with them.")
NOT_SUSPENDED = Message("This organisation is not suspended now. Look at what stands.")
NOT_TO_FOUND = Message("Only a member, or an organisation that never applied, is a founding one.")

TOO_MANY = Message("You have ended three memberships within a day: ask another coordinator.")
ALONE = Message(
    "No coordinator of another organisation than yours would be left, and that takes a second"
    " person: ask an administrator to lock the accounts first."
)


def may_leave(actor: Actor) -> bool:
    """Whether somebody speaks for an organisation: one of its members or coordinators."""
    return actor.organisation_id is not None and actor.role in ("member", "coordinator")


def is_named(typed: str, names: Iterable[str]) -> bool:
    """Whether one of these names was typed; capitals, quotation marks and spaces do not count."""
    wanted = {_letters(each) for each in names} - {""}
    return _letters(typed) in wanted


def _letters(name: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFKC", name).casefold() if each.isalnum()
    )


def may_found(state: str | None) -> bool:
    """Whether an organisation may be recorded as a founding member: it ends no suspension."""
    return state in (None, "admitted")


def left_before(at: datetime) -> datetime:
    """Whoever left before this moment is to be forgotten now."""
    return at - ERASED_WITHIN + BEFORE_THE_DAY
