"""How a wish goes on, how long it waits, and how quickly wishes are answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Literal

from portal.actor import Actor
from portal.materials.rules import may_contribute, sees_member_materials

State = Literal["open", "found", "dropped", "expired"]

MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"found", "dropped", "expired"}),
    "found": frozenset(),
    "dropped": frozenset(),
    "expired": frozenset(),
}

WORDS = 500
OPEN_FOR = timedelta(days=90)
MOST_OPEN = 20

# the median of fewer says nothing
ENOUGH_ANSWERED = 3
LOOKED_BACK = timedelta(days=365)


def may_become(state: str, wanted: str) -> bool:
    """Whether a wish in a state may go on to another."""
    return wanted in MOVES[state]


def reads_desk(actor: Actor) -> bool:
    """Who reads what is wanted: those of the directory, and practitioners."""
    return sees_member_materials(actor)


def writes_at_desk(actor: Actor) -> bool:
    """Who may wish and answer: they speak for an organisation."""
    return reads_desk(actor) and may_contribute(actor)


def days_to_answer(pairs: Sequence[tuple[datetime, datetime]]) -> int | None:
    """Within how many days half of the answered wishes had their first answer, rounded up.

    None where fewer than three were answered.
    """
    if len(pairs) < ENOUGH_ANSWERED:
        return None
    days = [(answered - made) / timedelta(days=1) for made, answered in pairs]
    return max(1, ceil(median(days)))
