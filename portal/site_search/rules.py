"""What can be asked at all and how much of it is read; what an engine needs next."""

from collections.abc import Iterable
from typing import Literal

from portal.outbox import Queue
from search.engine import Hit
from search.folding import words_of
from search.query import LONGEST_TEXT, MOST_WORDS

FEWEST_LETTERS = 2
BETWEEN = " · "  # what stands between the texts of which a body is made
AROUND = ("organisations", "events", "places")  # kinds that have a place, in the order shown

# a longer queue is cut: whoever is so far behind is built anew sooner than it catches up
LONGEST_QUEUE = 100_000

LONGEST_PAUSE = 60.0

Unasked = Literal["blank", "no_letters", "too_short"]


def why_unasked(text: str, *, is_narrowed: bool) -> Unasked | None:
    """Why there is nothing to ask an engine; None when there is.

    Without words a kind, or the surroundings of a settlement, can be leafed through.
    """
    if not text.strip():
        return None if is_narrowed else "blank"
    if not words_of(text[:LONGEST_TEXT]):
        return "no_letters"
    return "too_short" if sum(map(str.isalnum, text)) < FEWEST_LETTERS else None


def is_cut(text: str) -> bool:
    """Whether an engine reads the beginning of this question only."""
    return len(text) > LONGEST_TEXT or len(words_of(text[:LONGEST_TEXT])) > MOST_WORDS


def told(hit: Hit) -> tuple[str, list[tuple[int, int]]]:
    """The pieces of a snippet in which something was found, with its marks; else the first piece.

    A body holds a record's texts in all languages, and a reader wants the one she wrote in.
    """
    text, marks, begins = "", list[tuple[int, int]](), 0
    for piece in hit.snippet.split(BETWEEN):
        ends = begins + len(piece)
        found = [(start, end) for start, end in hit.marks if begins <= start and end <= ends]
        if found:
            text += BETWEEN if text else ""
            shift = len(text) - begins
            marks += [(start + shift, end + shift) for start, end in found]
            text += piece
        begins = ends + len(BETWEEN)
    return (text, marks) if text else (hit.snippet.split(BETWEEN)[0], [])


def write_mark(origin: str, number: int) -> str:
    """The note an index keeps: it holds what this queue said up to this line."""
    return f"{origin}:{number}"


def position_of(mark: str | None, queue: Queue) -> int | None:
    """The number of the last line that an index with this mark holds; None: build it anew.

    So it is with a mark that is missing, of another database, ahead of this queue (an older
    database was put back), or older than the lines that are still kept (an older index was).
    """
    origin, _, number = (mark or "").rpartition(":")
    if origin != queue.origin or not (number.isascii() and number.isdigit()):
        return None
    position = int(number)
    return position if queue.first - 1 <= position <= queue.last else None


def may_be_forgotten(positions: Iterable[int | None], queue: Queue) -> int:
    """Up to which number no engine needs the lines; of one whose position is unknown all are kept.

    All but the newest hundred thousand are forgotten in any case.
    """
    heard = min((0 if each is None else each for each in positions), default=0)
    return max(heard, queue.last - LONGEST_QUEUE)


def pause_after(failures: int) -> float:
    """Seconds until an engine is tried again that failed so many times in a row."""
    return min(2.0 ** min(failures, 10), LONGEST_PAUSE)
