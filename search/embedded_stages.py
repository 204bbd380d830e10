"""Which documents answer a query: as written first, then with ever more slips, then in part."""

from collections.abc import Callable, Iterator

import numpy as np

from search.embedded_reading import Permitted, Term
from search.embedded_sets import NAMED, Bits, how_many, numbers_in
from search.folding import Word
from search.query import Query, beginnings, is_initial
from search.vocabulary import Vocabulary

ENOUGH = 5  # with so many answers, or one called exactly so, no typing slip is supposed
WINDOW = 60  # candidates ranked word by word; those beyond follow by weight
MOST_SLIPS = 3

Terms = list[Term]


class Stages:
    """Finds the answers to one query; asks for the vocabulary only when it has to guess."""

    def __init__(
        self, permitted: Permitted, query: Query, vocabulary: Callable[[], Vocabulary]
    ) -> None:
        self.permitted = permitted
        self.query = query
        self._vocabulary = vocabulary
        self._near: dict[tuple[Word, bool], list[tuple[str, int]]] = {}
        self._begun_so = permitted.beginning_so(query.whole.folded)
        self._having: dict[tuple[Term, ...], Bits] = {}

    def find(self) -> tuple[Bits, list[int]]:
        """All that answers, and those of it that are to be ranked word by word."""
        written = [_terms(word) for word in self.query.words]
        for place, word in enumerate(self.query.words):
            if place == len(written) - 1 or is_initial(word):
                written[place] += _begun(word)
        found, first = self._with_slips(written)
        if not found.any():
            found = self._guess(written, MOST_SLIPS, anywhere=True)
        if not found.any():
            return self._in_part(written)
        return found, self._window(found, first, written)

    def _with_slips(self, written: list[Terms]) -> tuple[Bits, Bits]:
        """What was found with the fewest slips that bring enough, and what with fewer still."""
        found = self._permitted(self._all_of(written))
        first = self.permitted.sets.nothing()
        called_so = (self.permitted.named(self.query.whole) & found).any()
        for slips in range(1, MOST_SLIPS + 1):
            if called_so or how_many(found) >= ENOUGH:
                break
            first = first if first.any() else found
            found = self._guess(written, slips, anywhere=False)
        return found, first

    def _permitted(self, found: Bits) -> Bits:
        return (found | self._begun_so) & self.permitted.all

    def _guess(self, written: list[Terms], slips: int, *, anywhere: bool) -> Bits:
        """What has all that was written, or words at most so many slips away."""
        words = self.query.words
        wider = [
            terms + self._like(word, slips, anywhere)
            for terms, word in zip(written, words, strict=True)
        ]
        wider[-1] += [Term(start, True) for start in beginnings(words[-1])]
        if anywhere:
            starts = self._vocabulary().near_beginnings(words[-1])
            wider[-1] += [Term(start, True) for start in starts]
        found = self._all_of(wider)
        if 1 < len(words) < 4:
            found = found | self._any_of(self._like(self.query.whole, slips, anywhere))
        return self._permitted(found)

    def _like(self, word: Word, slips: int, anywhere: bool) -> Terms:
        if (word, anywhere) not in self._near:
            self._near[word, anywhere] = self._vocabulary().near(word, anywhere=anywhere)
        return [Term(near) for near, distance in self._near[word, anywhere] if distance <= slips]

    def _all_of(self, words: list[Terms]) -> Bits:
        found = self._any_of(words[0])
        for terms in words[1:]:
            found = found & self._any_of(terms)
        return found

    def _any_of(self, terms: Terms) -> Bits:
        """Documents with one of these words, read once for each question."""
        same = tuple(dict.fromkeys(terms))
        if same not in self._having:
            self._having[same] = self.permitted.having(same)
        return self._having[same]

    def _in_part(self, written: list[Terms]) -> tuple[Bits, list[int]]:
        """What has at least half of the words, and those with most of them, then by weight."""
        held = np.zeros(len(self.permitted.all) * 8, np.uint8)
        for terms, word in zip(written, self.query.words, strict=True):
            held += np.unpackbits(self._any_of(terms + self._like(word, MOST_SLIPS, True)))
        found, window = self.permitted.sets.nothing(), list[int]()
        for words in range(len(written), (len(written) - 1) // 2, -1):
            as_many = np.packbits(held == words) & self.permitted.all
            window += self.permitted.by_weight(as_many, WINDOW - len(window))
            found |= as_many
        return found, window

    def _window(self, found: Bits, first: Bits, written: list[Terms]) -> list[int]:
        """Those that may rank first: called exactly so, then named so, then written so."""
        if how_many(found) <= WINDOW:
            return [int(number) for number in numbers_in(found)]
        chosen: dict[int, None] = {}
        for likely in self._likely(written):
            chosen.update(dict.fromkeys(self.permitted.by_weight(found & likely, WINDOW)))
            if len(chosen) >= WINDOW:
                return list(chosen)[:WINDOW]
        for others in (first, found):
            chosen.update(dict.fromkeys(self.permitted.by_weight(others, WINDOW)))
        return list(chosen)[:WINDOW]

    def _likely(self, written: list[Terms]) -> Iterator[Bits]:
        exact = [_terms(word) for word in self.query.words]
        yield self.permitted.named(self.query.whole)
        yield self._named(exact)
        yield self._named(written)
        yield self._all_of(exact)

    def _named(self, words: list[Terms]) -> Bits:
        found = self.permitted.having(words[0], [NAMED])
        for terms in words[1:]:
            found = found & self.permitted.having(terms, [NAMED])
        return found


def _terms(word: Word) -> Terms:
    return [Term(key) for key in dict.fromkeys(word)]


def _begun(word: Word) -> Terms:
    return [Term(key, True) for key in dict.fromkeys(word)]
