"""The words an index holds, kept in memory to find those a mistyped word may have meant."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.folding import LONGEST_WORD, Word
from search.query import allowance

MOST_ALTERNATIVES = 24  # words tried in place of one; the nearest come first

# Initials that spellings of one name exchange: Gurban, Kurban; Ýakub, Ёқуб; Perhat, Ferhat.
_ALIKE = ("aeiou", "kgh", "bpfv", "dt", "sczj")
_INITIALS = {ord(letter): ord(letters[0]) for letters in _ALIKE for letter in letters}
_LIKE_INITIAL = np.array([_INITIALS.get(code, code) for code in range(128)], np.uint8)

# A bit for each letter and digit, and another for each letter that comes twice or more.
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_ONCE = np.zeros(128, np.uint64)
_ONCE[[ord(letter) for letter in _LETTERS]] = [1 << place for place in range(len(_LETTERS))]
_FIRST_LETTERS = (1 << 26) - 1

_NOWHERE = np.zeros(0, np.int64)

Initials = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Letters = NDArray[np.uint64]


class Vocabulary:
    """All words of one index at one moment; immutable, so threads may share it.

    Comparing a word with each of a hundred thousand takes long; one slip changes at most one
    letter that a word has and one that it lacks, so that few are left to be compared.
    """

    def __init__(
        self, words: list[str], numbers: Numbers, letters: Letters, places: dict[int, Numbers]
    ) -> None:
        self._words = words
        self._numbers = numbers  # ascending
        self._letters = letters
        self._places = places  # by initial

    @classmethod
    def of(cls, words: list[str], numbers: Numbers) -> "Vocabulary":
        """A vocabulary of these words, and the ascending numbers by which they are forgotten."""
        initials, letters = _describe(words)
        places = {int(each): np.flatnonzero(initials == each) for each in np.unique(initials)}
        return cls(words, numbers, letters, places)

    def changed(self, forgotten: Numbers, learnt: "Vocabulary") -> "Vocabulary":
        """The vocabulary without the words of these numbers, and with those learnt since."""
        words = [*self._words, *learnt._words]
        letters = np.concatenate([self._letters, learnt._letters])
        for place in np.flatnonzero(np.isin(self._numbers, forgotten)).tolist():
            words[place], letters[place] = "", 0
        places = dict(self._places)
        for initial, its in learnt._places.items():
            before = places.get(initial, _NOWHERE)
            places[initial] = np.concatenate([before, its + len(self._words)])
        numbers = np.concatenate([self._numbers, learnt._numbers])
        return Vocabulary(words, numbers, letters, places)

    def near(self, word: Word, *, anywhere: bool = False) -> list[tuple[str, int]]:
        """Words within the allowance of slips of either key, with their slips, nearest first.

        Only words with a like-sounding initial, unless `anywhere`.
        """
        most = allowance(word)
        if not most:
            return []
        slips: dict[str, int] = {}
        for key in {word.folded, word.plain}:
            for near, distance in _within(key, self._likely(key, most, most, anywhere), most):
                slips[near] = min(distance, slips.get(near, distance))
        return sorted(slips.items(), key=lambda pair: (pair[1], pair[0]))[:MOST_ALTERNATIVES]

    def near_beginnings(self, word: Word) -> list[str]:
        """Beginnings of words within one slip less than the allowance of an unfinished word."""
        most, length = allowance(word) - 1, len(word.folded)
        if most < 1:
            return []
        likely = self._likely(word.folded, most, LONGEST_WORD, False)
        found = _within(word.folded, sorted({near[:length] for near in likely}), most)
        return [near for near, _ in sorted(found, key=lambda pair: pair[1])[:MOST_ALTERNATIVES]]

    def _likely(self, key: str, missing: int, more: int, anywhere: bool) -> list[str]:
        """Words that lack so many letters of the key at most, and have so many others at most."""
        initial, letters = int(_LIKE_INITIAL[ord(key[0])]), _letters_of(key)
        among = None if anywhere else self._places.get(initial, _NOWHERE)
        words = self._letters if among is None else self._letters[among]
        may = np.bitwise_count(letters & ~words) <= missing
        if more < LONGEST_WORD:
            may &= np.bitwise_count(words & ~letters) <= more
        places = np.flatnonzero(may) if among is None else among[may]
        return [self._words[place] for place in places.tolist()]


def _within(key: str, words: list[str], most: int) -> list[tuple[str, int]]:
    scored = process.extract(key, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(near, int(distance)) for near, distance, _ in scored]


def _letters_of(word: str) -> np.uint64:
    """Which letters a word has, and which twice, as the bits that `_describe` sets."""
    bits = 0
    for letter in word:
        once = int(_ONCE[ord(letter)])
        bits |= (bits & once & _FIRST_LETTERS) << len(_LETTERS) | once
    return np.uint64(bits)


def _describe(words: list[str]) -> tuple[Initials, Letters]:
    """The like-sounding initial of every word, and which letters it has."""
    written = np.array(words, f"S{LONGEST_WORD}").view(np.uint8)
    columns = written.reshape(len(words), LONGEST_WORD).T
    letters = np.zeros(len(words), np.uint64)
    for column in columns:
        if not column.any():
            break
        once = _ONCE[column]
        letters |= (letters & once & np.uint64(_FIRST_LETTERS)) << np.uint64(len(_LETTERS))
        letters |= once
    return _LIKE_INITIAL[columns[0]], letters
