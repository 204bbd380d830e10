"""Which documents answer a query: as written first, then with ever more slips, then in part."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from search.embedded_reading import Permitted, Term
from search.embedded_sets import BODY, NAMED, Bits, how_many, numbers_in
from search.folding import Word
from search.query import Query, beginnings
from search.ranking import Match
from search.vocabulary import Vocabulary

ENOUGH = 5  # with so many answers, or one called exactly so, no typing slip is supposed
WINDOW = 60  # candidates ranked word by word; those beyond follow by weight
MOST_SLIPS = 3

# How well a word fits, as the ranker says it when it compares them.
EXACT, ALIKE = Match(0, 0, 0, 0), Match(0, 0, 1, 0)
BEGUN, BEGUN_ALIKE, BEGUN_ELSE = Match(0, 1, 0, 0), Match(0, 1, 1, 0), Match(1, 1, 2, 0)

Terms = tuple[Term, ...]
Groups = list[Terms]  # of terms any of which will do


class Stages:
    """Finds the answers to one query; asks for the vocabulary only when it has to guess."""

    def __init__(
        self, permitted: Permitted, query: Query, vocabulary: Callable[[], Vocabulary]
    ) -> None:
        self.permitted = permitted
        self.query = query
        self._vocabulary = vocabulary
        self._near: dict[tuple[Word, bool], dict[int, Terms]] = {}  # by slips
        self._begun_so = permitted.beginning_so(query.whole.folded)
        self._guessed = False

    def find(self) -> tuple[Bits, list[int]]:
        """All that answers, and those of it that are to be ranked word by word."""
        written = [[_terms(word)] for word in self.query.words]
        for position, word in enumerate(self.query.words):
            if self.query.is_unfinished(position):
                written[position].append(_begun(word))
        found, first = self._with_slips(written)
        if not found.any():
            found = self._guess(written, MOST_SLIPS, anywhere=True)
        if not found.any():
            return self._in_part(written)
        return found, self._window(found, first, written)

    def meant(self, position: int) -> list[tuple[Match, Terms]]:
        """The words by which the query's word at this position was found, the best first."""
        word, last = self.query.words[position], position == len(self.query.words) - 1
        meant = [(EXACT, (Term(word.plain),)), (ALIKE, tuple(Term(k) for k in word.readings))]
        if self.query.is_unfinished(position):
            begun = _begun(word)
            meant += [(BEGUN, begun[:1]), (BEGUN_ALIKE, begun)]
        if last and self._guessed:
            meant += [(BEGUN_ELSE, _starting(beginnings(word)))]
        near = self._near.get((word, True)) or self._near.get((word, False), {})
        meant += [(Match(slips, 0, slips, 0), terms) for slips, terms in near.items()]
        return sorted(meant)

    def _with_slips(self, written: list[Groups]) -> tuple[Bits, Bits]:
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

    def _guess(self, written: list[Groups], slips: int, *, anywhere: bool) -> Bits:
        """What has all that was written, or words at most so many slips away."""
        words, self._guessed = self.query.words, True
        wider = [
            groups + self._like(word, slips, anywhere)
            for groups, word in zip(written, words, strict=True)
        ]
        wider[-1].append(_starting(beginnings(words[-1])))
        if anywhere:
            wider[-1].append(_starting(self._vocabulary().near_beginnings(words[-1])))
        found = self._all_of(wider)
        if 1 < len(words) < 4:
            found = found | self._any_of(self._like(self.query.whole, slips, anywhere))
        return self._permitted(found)

    def _like(self, word: Word, slips: int, anywhere: bool) -> Groups:
        if (word, anywhere) not in self._near:
            near: dict[int, Terms] = {}
            for key, distance in self._vocabulary().near(word, anywhere=anywhere):
                near[distance] = (*near.get(distance, ()), Term(key))
            self._near[word, anywhere] = near
        return [terms for most, terms in self._near[word, anywhere].items() if most <= slips]

    def _all_of(self, words: list[Groups], sorts: tuple[str, ...] = (NAMED, BODY)) -> Bits:
        found = self._any_of(words[0], sorts)
        for groups in words[1:]:
            found = found & self._any_of(groups, sorts)
        return found

    def _any_of(self, groups: Groups, sorts: tuple[str, ...] = (NAMED, BODY)) -> Bits:
        found = self.permitted.sets.nothing()
        for terms in groups:
            for sort in sorts:
                found |= self.permitted.having(sort, terms)
        return found

    def _in_part(self, written: list[Groups]) -> tuple[Bits, list[int]]:
        """What has at least half of the words, and those with most of them, then by weight."""
        held = np.zeros(len(self.permitted.all) * 8, np.uint8)
        for groups, word in zip(written, self.query.words, strict=True):
            held += np.unpackbits(self._any_of(groups + self._like(word, MOST_SLIPS, True)))
        found, window = self.permitted.sets.nothing(), list[int]()
        for words in range(len(written), (len(written) - 1) // 2, -1):
            as_many = np.packbits(held == words) & self.permitted.all
            window += self.permitted.by_weight(as_many, WINDOW - len(window))
            found |= as_many
        return found, window

    def _window(self, found: Bits, first: Bits, written: list[Groups]) -> list[int]:
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

    def _likely(self, written: list[Groups]) -> Iterator[Bits]:
        exact = [[_terms(word)] for word in self.query.words]
        yield self.permitted.named(self.query.whole)
        yield self._all_of(exact, (NAMED,))
        yield self._all_of(written, (NAMED,))
        yield self._all_of(exact)


def _terms(word: Word) -> Terms:
    return tuple(Term(key) for key in dict.fromkeys(word))


def _begun(word: Word) -> Terms:
    return _starting(dict.fromkeys((word.plain, *word)))


def _starting(starts: Iterable[str]) -> Terms:
    return tuple(Term(start, True) for start in starts)
