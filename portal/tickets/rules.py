"""What a report may become, and which reports ask for a fresh confirmation."""

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

# what can be wrong only with these fields; whatever is not named here may be wrong with any
FITS: dict[str, frozenset[str]] = {
    "no_answer": frozenset({"contact", "phone", "duty_phone"}),
    "moved": frozenset({"place", "organisation", "travel"}),
    "no_visits": frozenset({"travel", "times", "place"}),
    "wrong_language": frozenset({"languages"}),
    "misspelt": frozenset({"name", "organisation", "place", "about", "online"}),
}

NOTE_LENGTH = 300
NOTES_KEPT_FOR = timedelta(days=90)
DUE_AFTER = timedelta(days=14)


def may_become(state: str, new: str) -> bool:
    """Whether a report in this state may go on to that one."""
    return new in MOVES[state]


def fits(problem: str, field: str) -> bool:
    """Whether this can be wrong with that field; with something else anything can."""
    return field == "other" or field in FITS.get(problem, {field})


def is_doubtful(problem: str, organisations: int) -> bool:
    """Whether so many organisations say what makes a confirmation doubtful."""
    return problem in DOUBTS and organisations >= ENOUGH_ORGANISATIONS
