"""What a question's text comes to once it is cut to a sensible size and folded."""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from search.folding import Word, joined, reduce_sounds, words_of

LONGEST_TEXT = 200  # characters read of a question
MOST_WORDS = 8  # words read of it

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
    words = words_of(text[:LONGEST_TEXT])[:MOST_WORDS]
    return Query(words, joined(words), not text.strip())


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
