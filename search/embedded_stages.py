"""Which documents answer a query: as written first, then with ever more slips, then in part."""

from collections import Counter
from collections.abc import Callable, Iterator

from search.embedded_reading import Found, Permitted
from search.folding import Word
from search.query import Query, beginnings
from search.vocabulary import Vocabulary

ENOUGH = 5  # with so many answers, or one called exactly so, no typing slip is supposed
WINDOW = 60  # candidates ranked word by word; those beyond follow by weight
MOST_IN_PART = 2_000  # documents looked at for each word when none has all of them
MOST_SLIPS = 3


class Stages:
    """Finds the answers to one query; asks for the vocabulary only when it has to guess."""

    def __init__(
        self, permitted: Permitted, query: Query, vocabulary: Callable[[], Vocabulary]
    ) -> None:
        self.permitted = permitted
        self.query = query
        self._vocabulary = vocabulary
        self._near: dict[tuple[Word, bool], list[tuple[str, int]]] = {}

    def find(self) -> tuple[Found, list[int]]:
        """All that answers, and those of it that are to be ranked word by word."""
        written = [_terms(word) for word in self.query.words]
        written[-1] += _begun(written[-1])
        found, first = self._with_slips(written)
        if not found.numbers:
            found = self._find(self._guess(written, MOST_SLIPS, anywhere=True))
        if not found.numbers:
            found = self._in_part(written)
            return found, found.numbers[:WINDOW]
        return found, self._window(found, first, written)

    def _with_slips(self, written: list[list[str]]) -> tuple[Found, list[int]]:
        """What was found with the fewest slips that bring enough, and what with fewer still."""
        tried = _all_of(written)
        found, first = self._find(tried), list[int]()
        called_so = not set(self.permitted.named(self.query.whole, WINDOW)).isdisjoint(
            found.numbers
        )
        for slips in range(1, MOST_SLIPS + 1):
            if called_so or len(found.numbers) >= ENOUGH:
                break
            wider = self._guess(written, slips, anywhere=False)
            if wider != tried:
                tried, first = wider, found.numbers or first
                found = self._find(tried)
        return found, first

    def _find(self, expression: str) -> Found:
        return self.permitted.find(expression, self.query.whole.folded)

    def _guess(self, written: list[list[str]], slips: int, *, anywhere: bool) -> str:
        """An expression for all that was written, and for words at most so many slips away."""
        words = self.query.words
        wider = [
            terms + self._like(word, slips, anywhere)
            for terms, word in zip(written, words, strict=True)
        ]
        wider[-1] += _begun(beginnings(words[-1]))
        if anywhere:
            wider[-1] += _begun(self._vocabulary().near_beginnings(words[-1]))
        together = self._like(self.query.whole, slips, anywhere) if 1 < len(words) < 4 else []
        return " OR ".join([f"({_all_of(wider)})", *together])

    def _like(self, word: Word, slips: int, anywhere: bool) -> list[str]:
        if (word, anywhere) not in self._near:
            self._near[word, anywhere] = self._vocabulary().near(word, anywhere=anywhere)
        return [_term(near) for near, distance in self._near[word, anywhere] if distance <= slips]

    def _in_part(self, written: list[list[str]]) -> Found:
        """Documents that have at least half of the words, most words first, then by weight."""
        held: Counter[int] = Counter()
        for terms, word in zip(written, self.query.words, strict=True):
            wider = terms + self._like(word, MOST_SLIPS, True)
            held.update(self.permitted.match(" OR ".join(wider), MOST_IN_PART))
        half = len(written) / 2
        found = self.permitted.among(number for number, words in held.items() if words >= half)
        order = sorted(range(len(found.numbers)), key=lambda i: -held[found.numbers[i]])
        return Found([found.numbers[i] for i in order], [found.kinds[i] for i in order])

    def _window(self, found: Found, first: list[int], written: list[list[str]]) -> list[int]:
        """Those that may rank first: called exactly so, then named so, then written so."""
        if len(found.numbers) <= WINDOW:
            return found.numbers
        chosen: dict[int, None] = {}
        for likely in self._likely(written):
            chosen.update(dict.fromkeys(n for n in found.numbers if n in likely))
            if len(chosen) >= WINDOW:
                break
        chosen.update(dict.fromkeys([*first, *found.numbers]))
        return list(chosen)[:WINDOW]

    def _likely(self, written: list[list[str]]) -> Iterator[set[int]]:
        match = self.permitted.match
        exact = _all_of([_terms(word) for word in self.query.words])
        yield set(self.permitted.named(self.query.whole, WINDOW))
        yield set(match("named : (" + exact + ")"))
        yield set(match("named : (" + _all_of(written) + ")"))
        yield set(match(exact))


def _terms(word: Word) -> list[str]:
    return [_term(key) for key in dict.fromkeys(word)]


def _term(key: str) -> str:
    return '"' + key + '"'  # keys hold a-z and 0-9 only, so nothing needs escaping


def _begun(keys: tuple[str, ...] | list[str]) -> list[str]:
    return [_term(key.strip('"')) + " *" for key in keys]


def _all_of(words: list[list[str]]) -> str:
    return " AND ".join("(" + " OR ".join(dict.fromkeys(terms)) + ")" for terms in words)
