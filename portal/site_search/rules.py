"""What a question is before any engine is asked: whether it can be, and how much of it is read."""

from typing import Literal

from search.engine import Hit
from search.folding import words_of
from search.query import LONGEST_TEXT, MOST_WORDS

FEWEST_LETTERS = 2
BETWEEN = " · "  # what stands between the texts of which a body is made
AROUND = ("organisations", "events", "places")  # kinds that have a place, in the order shown

Unasked = Literal["blank", "no_letters", "too_short"]


def why_unasked(text: str, *, is_narrowed: bool) -> Unasked | None:
    """Why there is nothing to ask an engine; None when there is.

    Without words a kind, or the surroundings of a settlement, can be leafed through.
    """
    if not text.strip():
        return None if is_narrowed else "blank"
    words = words_of(text[:LONGEST_TEXT])
    if not words:
        return "no_letters"
    # as folded: a letter typed twice is one
    return "too_short" if sum(len(word.folded) for word in words) < FEWEST_LETTERS else None


def is_cut(text: str) -> bool:
    """Whether an engine reads the beginning of this question only."""
    return len(text) > LONGEST_TEXT or len(words_of(text[:LONGEST_TEXT])) > MOST_WORDS


def is_named(hit: Hit, text: str) -> bool:
    """Whether a text holds all words of what was found, by one of its names and without a slip."""
    said = {word.folded for word in words_of(text[:LONGEST_TEXT])}
    names = (hit.title, hit.matched_name or hit.title)
    return any(said.issuperset(word.folded for word in words_of(name)) for name in names)


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
