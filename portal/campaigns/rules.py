"""What a campaign may become, who keeps it, and what of an activity the public reads."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from portal.actor import Actor

State = Literal["draft", "waiting", "published", "withdrawn"]
Period = Literal["running", "coming", "ended"]

# every state with those that may follow it; two people publish, one hides
MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"waiting"}),
    "waiting": frozenset({"published", "draft"}),
    "published": frozenset({"withdrawn", "draft"}),
    "withdrawn": frozenset({"waiting", "draft"}),
}

# at whose home people talked is nobody else's business: the public reads the region alone
AT_HOMES = frozenset({"household_visits"})

# what an activity says of those who came, and of whom it counts: sex and age group
COUNTED: dict[str, tuple[str, str]] = {
    "women": ("female", "adult"),
    "men": ("male", "adult"),
    "girls": ("female", "child"),
    "boys": ("male", "child"),
}

UNDO_DAYS = 30


def may_become(state: str, wanted: str) -> bool:
    """Whether a campaign in a state may become another."""
    return wanted in MOVES[state]


def may_be_edited(state: str) -> bool:
    """Whether its words may change: not while a second person is looking at them."""
    return state != "waiting"


def gives(actor: Actor) -> bool:
    """Who may begin a campaign: people of organisations, and coordinators who belong to one."""
    return actor.organisation_id is not None and actor.role in ("member", "coordinator")


def keeps(actor: Actor, organisation_id: str) -> bool:
    """Who may change a campaign: people of the organisation whose it is, and coordinators."""
    return actor.is_coordinator or _belongs(actor, (organisation_id,))


def may_record(actor: Actor, organisation_id: str, partners: Iterable[str]) -> bool:
    """Who may add an activity: who keeps the campaign, and people of its partners."""
    return actor.is_coordinator or _belongs(actor, (organisation_id, *partners))


def may_correct(actor: Actor, organisation_id: str, held_by: str | None) -> bool:
    """Who may correct or remove an activity: who keeps the campaign, and those who held it."""
    return keeps(actor, organisation_id) or (held_by is not None and _belongs(actor, (held_by,)))


def period_of(starts_on: str, ends_on: str | None, today: date) -> Period:
    """Whether a campaign is coming, running or over; one without an end goes on."""
    if starts_on > today.isoformat():
        return "coming"
    return "ended" if ends_on is not None and ends_on < today.isoformat() else "running"


def is_outside(held_on: date, starts_on: str, ends_on: str | None) -> bool:
    """Whether a day lies before or after a campaign."""
    day = held_on.isoformat()
    return day < starts_on or (ends_on is not None and day > ends_on)


def _belongs(actor: Actor, organisations: Iterable[str]) -> bool:
    own = actor.organisation_id
    return actor.role == "member" and own is not None and own in organisations
