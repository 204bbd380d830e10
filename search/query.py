"""What a question's text comes to once it is cut to a sensible size and folded."""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from search.folding import Span, Word, joined, reduce_sounds, spans, words_of

LONGEST_TEXT = 200  # characters read of a question
MOST_WORDS = 8  # words read of it

# Words that say nothing by themselves: a sentence is asked for what is between them.
_ENGLISH = ("a", "an", "the", "in", "at", "near", "from", "for", "of", "and", "to", "with")
_RUSSIAN = ("в", "на", "во", "из", "для", "с", "со", "и", "по", "у", "к", "около")
_TURKMEN, _TAJIK = ("we", "üçin", "bilen"), ("дар", "аз", "барои", "ва", "бо", "ба")
_SMALL = frozenset((*_ENGLISH, *_RUSSIAN, *_TURKMEN, *_TAJIK))

# The last letters typed may be the first of a longer spelling: what it would fold to.
_HALF_LETTERS = {
    "shc": "s",
    "tsc": "c",
    "ds": "j",
    "dz": "j",
    "d": "j",
    "z": "j",
    "k": "h",
    "t": "c",
}


class Query(NamedTuple):
    """The words looked for, the last one perhaps unfinished, and all of them written as one."""

    words: tuple[Word, ...]
    whole: Word
    browsing: bool

    def is_unfinished(self, position: int) -> bool:
        """Whether only the beginning of a word may stand here."""
        return position == len(self.words) - 1 or is_initial(self.words[position])


def read_query(text: str) -> Query:
    """Any text gives a query: blank means browsing, one without a letter or digit finds nothing."""
    words = tuple(span.word for span in asked_for(text))
    whole = joined(words_of(text[:LONGEST_TEXT])[:MOST_WORDS])
    return Query(words, whole, not text.strip())


def asked_for(text: str) -> list[Span]:
    """The words looked for, with their places: small ones are left out, but at the end.

    There they may be the beginning of another; a single letter is small only where it is written
    small and without a full stop, for else it may be somebody's initial.
    """
    read = spans(text[:LONGEST_TEXT])
    found = [span for span in read[:-1] if not _is_small(text, span)] + read[-1:]
    return found[:MOST_WORDS]


def _is_small(text: str, span: Span) -> bool:
    written = text[span.start : span.end]
    is_initial = len(written) == 1 and (written.isupper() or text[span.end : span.end + 1] == ".")
    return written.casefold() in _SMALL and not is_initial


def is_initial(word: Word) -> bool:
    """One letter: of a name, only its beginning was given, wherever it stands (Ч. Атаева)."""
    return len(word.folded) == 1 and word.folded.isalpha()


def allowance(word: Word) -> int:
    """How many typing slips (Damerau-Levenshtein) a word of this length may hold."""
    length = max(len(word.folded), min(len(word.plain) - 1, len(word.folded) + 1))
    if length < 3:
        return 0
    return 1 if length < 5 else 2 if length < 9 else 3


@lru_cache(maxsize=1024)
def beginnings(word: Word) -> tuple[str, ...]:
    """Folded beginnings that an unfinished word may stand for.

    Its end may be half of a letter (Тод of Тоджинисо, which is Тоҷинисо), and Tajik writes o
    where Russian and Persian spellings have a (Ёқуб, Якуб; Зафаробод, Зафарабад).
    """
    starts = [*dict.fromkeys(word.readings), *_whole_letters(word.plain)]
    return tuple(dict.fromkeys(swapped for start in starts for swapped in _a_or_o(start)))


def _whole_letters(plain: str) -> list[str]:
    ends = [(half, whole) for half, whole in _HALF_LETTERS.items() if plain.endswith(half)]
    return [reduce_sounds(plain.removesuffix(half) + whole) for half, whole in ends]


def _a_or_o(start: str) -> list[str]:
    """The spellings with a for o and o for a, in the first three places where there is one."""
    places = [place for place, letter in enumerate(start) if letter in "ao"][:3]
    spellings = []
    for letters in product("ao", repeat=len(places)):
        spelling = list(start)
        for place, letter in zip(places, letters, strict=True):
            spelling[place] = letter
        spellings.append("".join(spelling))
    return spellings
