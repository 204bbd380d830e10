"""The one order of answers, whichever engine found the candidates.

Fewest words missed, then exact before prefix before typo, then title before other name before
body, then the name with least left over, the spelling closest to what was typed, the weight.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from search.engine import Document
from search.folding import Word, joined, words_of, words_of_body
from search.query import Query, allowance, beginnings, is_initial

TITLE, ALIAS, BODY = 0, 1, 2
LETTERS_A_TENFOLD = 0.9  # ten times the weight makes up for so many letters still to be typed
LETTERS_A_DOUBLING = 2.0  # and twice as many names that begin so for so many more
BODY_READ = 2_000  # characters of a body looked at when ranking


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


class Ranker:
    """Ranks documents for one query; remembers each pair of words it compared."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._seen: list[dict[Word, Match | None]] = [{} for _ in query.words]

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
        words = words_of(name)
        apart = self._fit_apart(name, words, place)
        if apart.missed and (together := self._fit_together(name, words, place)):
            return together
        return apart

    def _fit_apart(self, name: str, words: tuple[Word, ...], place: int) -> NameFit:
        unused = list(words)
        made = [match for p in range(len(self.query.words)) if (match := self._take(p, unused))]
        missed = len(self.query.words) - len(made)
        return _name_fit(missed, made, len(unused), place, name)

    def _take(self, position: int, unused: list[Word]) -> Match | None:
        """The best match, and its word taken away: one word of a name answers one of the query."""
        found = [(match, word) for word in unused if (match := self.match(position, word))]
        if not found:
            return None
        match, word = min(found)
        unused.remove(word)
        return match

    def _fit_together(self, name: str, words: tuple[Word, ...], place: int) -> NameFit | None:
        if len(words) == len(self.query.words) == 1 or not words:
            return None
        match = compare(self.query.whole, joined(words), unfinished=True)
        return _name_fit(0, [match], 0, place, name) if match else None

    def _fit_elsewhere(self, document: Document, fit: NameFit) -> NameFit:
        """Words missing from the best name may stand in another name or in the body."""
        names = (*document.titles.values(), *document.names)
        words = [word for name in names for word in words_of(name)]
        words += words_of_body(document.body[:BODY_READ])
        matches = [self.best(position, words) for position in self._missing(fit)]
        made = [match for match in matches if match]
        return fit._replace(
            missed=fit.missed - len(made),
            slips=fit.slips + sum(match.slips for match in made),
            partial=1,
            begun=fit.begun + sum(match.begun for match in made),
            place=fit.place + BODY * fit.missed,
        )

    def _missing(self, fit: NameFit) -> list[int]:
        words = words_of(fit.name)
        return [p for p in range(len(self.query.words)) if not self.best(p, words)]

    def best(self, position: int, words: Iterable[Word]) -> Match | None:
        """The best match of the query's word at this position among these words, if any."""
        matches = [match for word in words if (match := self.match(position, word))]
        return min(matches, default=None)

    def match(self, position: int, word: Word) -> Match | None:
        """How the query's word at this position matches a word; the last one may be unfinished."""
        seen = self._seen[position]
        if word not in seen:
            asked = self.query.words[position]
            unfinished = position == len(self.query.words) - 1 or is_initial(asked)
            seen[word] = compare(asked, word, unfinished=unfinished)
        return seen[word]


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
    slips = sum(match.slips for match in made)
    begun = sum(match.begun for match in made)
    strayed = sum(match.strayed for match in made)
    untyped = sum(match.untyped for match in made)
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
    allowed = allowance(asked)
    strayed = _slips(asked.plain, word.plain, allowed)
    slips = min(strayed, _slips(asked.folded, word.folded, allowed))
    return Match(slips, 0, strayed, 0) if slips <= allowed else None


def _begun_with_slips(asked: Word, word: Word) -> Match | None:
    allowed = allowance(asked) - 1
    slips = _slips(asked.folded, word.folded[: len(asked.folded)], allowed)
    untyped = max(len(word.plain) - len(asked.plain), 0)
    return Match(slips, 1, slips, untyped) if 0 < slips <= allowed else None


def _slips(one: str, other: str, most: int) -> int:
    return DamerauLevenshtein.distance(one, other, score_cutoff=max(most, 0))
