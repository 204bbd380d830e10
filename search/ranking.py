"""The one order of answers, whichever engine found the candidates.

Fewest words missed, then exact before prefix before typo, then title before other name before
body, then the name with least left over, the spelling closest to what was typed, the weight.
"""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol

from rapidfuzz.distance import DamerauLevenshtein

from search.engine import Document
from search.folding import Word, joined, spans, word_places, words_of, words_of_body
from search.query import Query, allowance, beginnings

TITLE, ALIAS, BODY = 0, 1, 2
LETTERS_A_TENFOLD = 0.9  # ten times the weight makes up for so many letters still to be typed
LETTERS_A_DOUBLING = 2.0  # and twice as many names that begin so for so many more
BODY_READ = 2_000  # characters of a body looked at when ranking
BODY_SHOWN = 8_000  # characters of a body looked through for words to mark


class Match(NamedTuple):
    """How well one word fits another: slips made, and whether only its beginning was typed."""

    slips: int
    begun: int
    strayed: int  # slips between the unfolded spellings, 0 when typed as written
    untyped: int  # letters still to come of a word that was only begun


class NameFit(NamedTuple):
    """How well a whole name fits a query; smaller is better, field by field."""

    missed: int
    slips: int
    partial: int
    strayed: int
    left_over: int
    begun: int
    untyped: int
    place: int
    name: str


class Ranked(NamedTuple):
    """A document and the name of it that fitted best ("" when only its body did)."""

    order: tuple[float | str, ...]
    document: Document
    fit: NameFit


class Name(NamedTuple):
    """A name as folded: its words, and all of them written as one."""

    words: tuple[Word, ...]
    whole: Word


@lru_cache(maxsize=2**14)
def read_name(written: str) -> Name:
    """A name as folded, remembered because names come again and again."""
    words = words_of(written)
    return Name(words, joined(words))


class Bodies(Protocol):
    """Where the words of one query stand in bodies."""

    def best(self, document: Document, position: int) -> Match | None:
        """The best match of the query's word at this position in the document's body, if any."""

    def found(self, document: Document) -> Iterator[tuple[int, int]]:
        """Where the words that match begin and end, in order."""


class Ranker:
    """Ranks documents for one query; remembers each pair of words it compared.

    An engine that kept names as folded adds them to `names`, and says what it knows of bodies.
    """

    def __init__(self, query: Query, bodies: Bodies | None = None) -> None:
        self.query = query
        self.bodies = bodies or _ReadBodies(self)
        self.names: dict[str, Name] = {}
        self._seen = [_Matches(query, position) for position in range(len(query.words))]

    def read(self, name: str) -> Name:
        """A name as folded."""
        return self.names.get(name) or read_name(name)

    def rank(self, documents: Iterable[Document]) -> list[Ranked]:
        """The documents best first; equal ones by weight (higher first), then by id."""
        return sorted((self.place(d) for d in documents), key=lambda ranked: ranked.order)

    def place(self, document: Document) -> Ranked:
        """Where one document stands in the order."""
        fits = self._fits(document)
        fit = min(fits)
        fit = self._fit_elsewhere(document, fit) if fit.missed else fit
        return Ranked(_order(document, fit, _as_many(fits, fit)), document, fit)

    def _fits(self, document: Document) -> list[NameFit]:
        titles = dict.fromkeys(document.titles.values())
        fits = [self.fit(title, TITLE) for title in titles]
        return fits + [self.fit(name, ALIAS) for name in document.names] or [self.fit("", BODY)]

    def fit(self, name: str, place: int) -> NameFit:
        """How the query fits this name, word by word or with all words written as one."""
        read = self.read(name)
        apart = self._fit_apart(name, read.words, place)
        if apart.missed and (together := self._fit_together(name, read, place)):
            return together
        return apart

    def _fit_apart(self, name: str, words: tuple[Word, ...], place: int) -> NameFit:
        unused = list(words)
        made = [match for p in range(len(self.query.words)) if (match := self._take(p, unused))]
        missed = len(self.query.words) - len(made)
        return _name_fit(missed, made, len(unused), place, name)

    def _take(self, position: int, unused: list[Word]) -> Match | None:
        """The best match, and its word taken away: one word of a name answers one of the query."""
        seen = self._seen[position]
        found = [(match, word) for word in unused if (match := seen[word])]
        if not found:
            return None
        match, word = min(found)
        unused.remove(word)
        return match

    def _fit_together(self, name: str, read: Name, place: int) -> NameFit | None:
        if len(read.words) == len(self.query.words) == 1 or not read.words:
            return None
        match = compare(self.query.whole, read.whole, unfinished=True)
        return _name_fit(0, [match], 0, place, name) if match else None

    def _fit_elsewhere(self, document: Document, fit: NameFit) -> NameFit:
        """Words missing from the best name may stand in another name or in the body."""
        names = (*document.titles.values(), *document.names)
        words = [word for name in names for word in self.read(name).words]
        made = []
        for position in self._missing(fit):
            either = self.best(position, words), self.bodies.best(document, position)
            if match := min((match for match in either if match), default=None):
                made.append(match)
        return fit._replace(
            missed=fit.missed - len(made),
            slips=fit.slips + sum(match.slips for match in made),
            partial=1,
            begun=fit.begun + sum(match.begun for match in made),
            place=fit.place + BODY * fit.missed,
        )

    def _missing(self, fit: NameFit) -> list[int]:
        words = self.read(fit.name).words
        return [p for p in range(len(self.query.words)) if not self.best(p, words)]

    def best(self, position: int, words: Iterable[Word]) -> Match | None:
        """The best match of the query's word at this position among these words, if any."""
        seen = self._seen[position]
        matches = [match for word in words if (match := seen[word])]
        return min(matches, default=None)

    def found_in_name(self, name: str) -> Iterator[tuple[int, int]]:
        """Where the words of a name that match begin and end, in order."""
        words, places = self.read(name).words, list(word_places(name))
        if len(words) != len(places):  # some have no letter or digit
            return self.found(name)
        return (place for word, place in zip(words, places, strict=True) if self.finds(word))

    def finds(self, word: Word) -> bool:
        """Whether any word of the query matches this one."""
        return any(seen[word] for seen in self._seen)

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the words of a text that match begin and end, in order."""
        for span in spans(text) if self.query.words else ():
            if self.finds(span.word):
                yield span.start, span.end

    def match(self, position: int, word: Word) -> Match | None:
        """How the query's word at this position matches a word; the last one may be unfinished."""
        return self._seen[position][word]


class _Matches(dict[Word, Match | None]):
    """How one word of a query matches others, each compared once."""

    def __init__(self, query: Query, position: int) -> None:
        super().__init__()
        self._asked = query.words[position]
        self._unfinished = query.is_unfinished(position)

    def __missing__(self, word: Word) -> Match | None:
        match = self[word] = compare(self._asked, word, unfinished=self._unfinished)
        return match


class _ReadBodies:
    """Bodies read word by word."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    def best(self, document: Document, position: int) -> Match | None:
        return self._ranker.best(position, words_of_body(document.body[:BODY_READ]))

    def found(self, document: Document) -> Iterator[tuple[int, int]]:
        return self._ranker.found(document.body[:BODY_SHOWN])


def _as_many(fits: list[NameFit], best: NameFit) -> int:
    """How many of a document's names begin as well as its best one."""
    return sum(fit[:3] == best[:3] for fit in fits) or 1


def _order(document: Document, fit: NameFit, names: int) -> tuple[float | str, ...]:
    """A word only begun likely ends soon, and means what is weighty or often so spelled."""
    weight = document.weight
    tenfolds = math.log10(1 + max(weight, 0))
    likely = (
        fit.untyped
        + min(fit.place, 1)
        - LETTERS_A_TENFOLD * tenfolds
        - LETTERS_A_DOUBLING * math.log2(names)
        if fit.begun
        else 0
    )
    best = (fit.missed, fit.slips, fit.partial, fit.strayed, fit.left_over, fit.begun)
    return (*best, likely, fit.place, -weight, document.id)


def _name_fit(missed: int, made: list[Match], left_over: int, place: int, name: str) -> NameFit:
    slips = begun = strayed = untyped = 0
    for match in made:
        slips += match.slips
        begun += match.begun
        strayed += match.strayed
        untyped += match.untyped
    partial = 1 if begun or left_over else 0
    return NameFit(missed, slips, partial, strayed, left_over, begun, untyped, place, name)


def compare(asked: Word, word: Word, *, unfinished: bool) -> Match | None:
    """Exact, begun or within the allowance of slips, by either key; None when none of these."""
    if asked.sounds_like(word):
        return Match(0, 0, _slips(asked.plain, word.plain, 9), 0)
    begun = _begun(asked, word) if unfinished else None
    if begun and not begun.slips:
        return begun
    found = (begun, _slipped(asked, word), _begun_with_slips(asked, word) if unfinished else None)
    return min((match for match in found if match), default=None)


def _begun(asked: Word, word: Word) -> Match | None:
    untyped = max(len(word.plain) - len(asked.plain), 0)
    if word.plain.startswith(asked.plain):
        return Match(0, 1, 0, untyped)
    if _begins(word, asked.readings):
        return Match(0, 1, 1, untyped)
    return Match(1, 1, 2, untyped) if _begins(word, beginnings(asked)) else None


def _begins(word: Word, starts: tuple[str, ...]) -> bool:
    return word.folded.startswith(starts) or word.also.startswith(starts)


def _slipped(asked: Word, word: Word) -> Match | None:
    allowed = min(allowance(asked), allowance(word))
    if (
        abs(len(asked.plain) - len(word.plain))
        > allowed
        < abs(len(asked.folded) - len(word.folded))
    ):
        return None
    strayed = _slips(asked.plain, word.plain, allowed)
    slips = min(strayed, _slips(asked.folded, word.folded, allowed))
    return Match(slips, 0, strayed, 0) if slips <= allowed else None


def _begun_with_slips(asked: Word, word: Word) -> Match | None:
    allowed = allowance(asked) - 1
    if allowed < 1 or len(word.folded) < len(asked.folded) - allowed:
        return None
    slips = _slips(asked.folded, word.folded[: len(asked.folded)], allowed)
    untyped = max(len(word.plain) - len(asked.plain), 0)
    return Match(slips, 1, slips, untyped) if 0 < slips <= allowed else None


def _slips(one: str, other: str, most: int) -> int:
    return DamerauLevenshtein.distance(one, other, score_cutoff=max(most, 0))
