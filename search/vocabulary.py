"""The words an index holds, kept in memory to find those a mistyped word may have meant."""

from itertools import compress

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
_TO_AGAIN = np.uint64(len(_LETTERS))
_FIRST_LETTERS = np.uint64((1 << 26) - 1)

Initials = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Letters = NDArray[np.uint64]


class Vocabulary:
    """All words of one index at one moment; immutable, so threads may share it.

    Comparing a word with each of a hundred thousand takes long; one slip changes at most one
    letter that a word has and one that it lacks, so that few are left to be compared.
    """

    def __init__(self, words: list[str], numbers: Numbers) -> None:
        """Words, and the number by which each is forgotten."""
        self._words = words
        self._numbers = numbers
        self._initials, self._letters = _describe(words)

    def changed(self, forgotten: Numbers, learnt: "Vocabulary") -> "Vocabulary":
        """The vocabulary without the words of these numbers, and with those learnt."""
        stays = ~np.isin(self._numbers, forgotten)
        changed = Vocabulary([], self._numbers[:0])
        changed._words = [*compress(self._words, stays.tolist()), *learnt._words]
        changed._numbers = np.concatenate([self._numbers[stays], learnt._numbers])
        changed._initials = np.concatenate([self._initials[stays], learnt._initials])
        changed._letters = np.concatenate([self._letters[stays], learnt._letters])
        return changed

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
        initials, letters = _describe([key])
        may = np.bitwise_count(letters[0] & ~self._letters) <= missing
        if more < LONGEST_WORD:
            may &= np.bitwise_count(self._letters & ~letters[0]) <= more
        if not anywhere:
            may &= self._initials == initials[0]
        return [self._words[place] for place in np.flatnonzero(may)]


def _within(key: str, words: list[str], most: int) -> list[tuple[str, int]]:
    scored = process.extract(key, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(near, int(distance)) for near, distance, _ in scored]


def _describe(words: list[str]) -> tuple[Initials, Letters]:
    """The like-sounding initial of every word, and which letters it has."""
    written = np.array(words, f"S{LONGEST_WORD}").view(np.uint8)
    columns = written.reshape(len(words), LONGEST_WORD).T
    letters = np.zeros(len(words), np.uint64)
    for column in columns:
        if not column.any():
            break
        once = _ONCE[column]
        letters |= ((letters & once) & _FIRST_LETTERS) << _TO_AGAIN
        letters |= once
    return _LIKE_INITIAL[columns[0]], letters
