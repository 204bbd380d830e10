"""What a report may become, which reports ask for a fresh confirmation, what a note may not say."""

import re
import unicodedata
from datetime import timedelta
from typing import Literal

State = Literal["open", "seen", "mended", "kept"]
Reply = Literal["seen", "mended", "kept"]

# every state with those that may follow it; a state without any is the report's fate
MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"seen", "mended", "kept"}),
    "seen": frozenset({"mended", "kept"}),
    "mended": frozenset(),
    "kept": frozenset(),
}
FATES = frozenset(state for state, after in MOVES.items() if not after)

# what two organisations say of a practitioner makes her confirmation doubtful
DOUBTS = frozenset({"no_answer", "no_visits"})
ENOUGH_ORGANISATIONS = 2

NOTE_LENGTH = 300
NOTES_KEPT_FOR = timedelta(days=90)
DUE_AFTER = timedelta(days=14)

_ADDRESS = re.compile(r"@|https?:|\bwww\.|\bt\.me\b|\bwa\.me\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\W_]*\d){5}")


def may_become(state: str, new: str) -> bool:
    """Whether a report in this state may go on to that one."""
    return new in MOVES[state]


def is_doubtful(problem: str, organisations: int) -> bool:
    """Whether so many organisations say what makes a confirmation doubtful."""
    return problem in DOUBTS and organisations >= ENOUGH_ORGANISATIONS


def personal_in(note: str) -> str | None:
    """What in a note looks as if it were about one person: `address`, `number`, or None.

    A number is six digits or more with anything but words between them, in whatever script.
    """
    shown = "".join(
        str(unicodedata.decimal(each, each))
        for each in unicodedata.normalize("NFKC", note)
        if unicodedata.category(each) not in ("Cf", "Mn", "Me")
    )
    if _ADDRESS.search(shown):
        return "address"
    return "number" if _NUMBER.search(shown) else None
