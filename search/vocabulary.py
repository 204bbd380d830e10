"""The words an index holds, kept in memory to find those a mistyped word may have meant."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.folding import Word
from search.query import allowance

MOST_ALTERNATIVES = 24  # words tried in place of one; the nearest come first

# Initials that spellings of one name exchange: Gurban, Kurban; Ýakub, Ёқуб; Perhat, Ferhat.
_ALIKE = ("aeiou", "kgh", "bpfv", "dt", "sczj")
_INITIALS = {letter: letters[0] for letters in _ALIKE for letter in letters}


class Vocabulary:
    """All words of one index at one moment; immutable, so threads may share it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in words:
            self._by_initial[_initial(word)].append(word)

    def near(self, word: Word, *, anywhere: bool = False) -> list[tuple[str, int]]:
        """Words within the allowance of slips of either key, with their slips, nearest first.

        Only words with a like-sounding initial, unless `anywhere`.
        """
        slips: dict[str, int] = {}
        for key in {word.folded, word.plain}:
            for near, distance in self._near(key, allowance(word), anywhere):
                slips[near] = min(distance, slips.get(near, distance))
        return sorted(slips.items(), key=lambda pair: (pair[1], pair[0]))[:MOST_ALTERNATIVES]

    def _near(self, key: str, most: int, anywhere: bool) -> list[tuple[str, int]]:
        found = []
        for choices in self._choices(key, anywhere):
            scored = process.extract(
                key, choices, scorer=OSA.distance, score_cutoff=most, limit=MOST_ALTERNATIVES
            )
            found += [(near, int(distance)) for near, distance, _ in scored]
        return found

    def near_beginnings(self, word: Word) -> list[str]:
        """Beginnings of words within one slip less than the allowance of an unfinished word."""
        most, length = allowance(word) - 1, len(word.folded)
        if most < 1:
            return []
        starts = {w[:length] for choices in self._choices(word.folded, False) for w in choices}
        scored = process.extract(
            word.folded, starts, scorer=OSA.distance, score_cutoff=most, limit=MOST_ALTERNATIVES
        )
        return [start for start, _, _ in scored]

    def _choices(self, key: str, anywhere: bool) -> list[list[str]]:
        if anywhere:
            return list(self._by_initial.values())
        return [self._by_initial.get(_initial(key), [])]


def _initial(word: str) -> str:
    return _INITIALS.get(word[:1], word[:1])
