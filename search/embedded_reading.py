"""What one question may find in one index's tables, as sets of document numbers."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from search.distance import latitudes
from search.embedded_sets import (
    BODY,
    FACET,
    NAMED,
    WHOLE,
    Bits,
    Sets,
    how_many,
    numbers_in,
)
from search.engine import Document, Question

_decode = msgspec.json.Decoder(Document).decode

WITHIN = """
SELECT number FROM document WHERE latitude BETWEEN :south AND :north
  AND kilometres(latitude, longitude, :latitude, :longitude) <= :kilometres
"""

Facets = dict[str, dict[str, int]]
Weights = NDArray[np.float64]


class Term(NamedTuple):
    """A folded word, or the beginning of one."""

    key: str
    begun: bool = False


class Permitted:
    """Reads one index at one moment, and only what the question permits."""

    def __init__(
        self, db: sqlite3.Connection, question: Question, weights: Callable[[], Weights]
    ) -> None:
        self.db = db
        self.question = question
        self.sets = Sets(db)
        self._weights = weights
        self._kinds = self.sets.by_key(FACET + "kind")
        self.all = self._permitted()

    def _permitted(self) -> Bits:
        question = self.question
        kinds = [question.kind] if question.kind else self._kinds
        permitted = self.sets.nothing()
        for kind in kinds:
            permitted |= self._kinds.get(kind, 0)
        for name, value in question.filters.items():
            permitted &= self.sets.holding(FACET + name, [value])
        if question.within:
            permitted &= self._within()
        if question.without:
            sql = "SELECT d.number FROM json_each(?) j JOIN document d ON d.id = j.value"
            rows = self.db.execute(sql, (json.dumps(question.without),))
            permitted &= ~self.sets.of(row[0] for row in rows)
        return permitted

    def _within(self) -> Bits:
        circle = self.question.within
        if circle is None:
            return self.sets.nothing()
        south, north = latitudes(circle)
        values = {"south": south, "north": north, "kilometres": circle.kilometres}
        values |= msgspec.structs.asdict(circle.centre)
        return self.sets.of(row[0] for row in self.db.execute(WITHIN, values))

    def having(self, terms: Iterable[Term], sorts: Iterable[str] = (NAMED, BODY)) -> Bits:
        """Documents with one of these words, permitted or not."""
        terms = dict.fromkeys(terms)
        found = self.sets.nothing()
        for sort in sorts:
            found |= self.sets.holding(sort, [term.key for term in terms if not term.begun])
            found |= self.sets.beginning(sort, [term.key for term in terms if term.begun])
        return found

    def named(self, whole: Iterable[str]) -> Bits:
        """Documents with exactly this whole name, permitted or not."""
        return self.sets.holding(WHOLE, whole)

    def beginning_so(self, whole: str) -> Bits:
        """Documents with a whole name that begins so, permitted or not."""
        return self.sets.beginning(WHOLE, [whole]) if whole else self.sets.nothing()

    def by_weight(self, found: Bits, most: int) -> list[int]:
        """The weightiest of these, at most so many; equals by number, the oldest first."""
        numbers = numbers_in(found)
        weights = self._weights()[numbers]
        if most < len(numbers):
            least = np.partition(weights, len(weights) - most)[len(weights) - most] if most else 0
            numbers = numbers[weights >= least]
            weights = weights[weights >= least]
        order = np.argsort(-weights, kind="stable")[:most]
        return [int(number) for number in numbers[order]]

    def count_facets(self, found: Bits) -> Facets:
        """The facets asked for over the documents found."""
        facets: Facets = {}
        for name in self.question.facets:
            its = self._kinds if name == "kind" else self.sets.by_key(FACET + name)
            counted = ((value, how_many(found & bits)) for value, bits in its.items())
            facets[name] = {value: count for value, count in counted if count}
        return facets

    def read(self, numbers: Iterable[int]) -> list[Document]:
        """The documents with these row numbers, in this order."""
        rows = self.db.execute(
            "SELECT content.json FROM json_each(?) j JOIN content ON number = j.value"
            " ORDER BY j.key",
            (json.dumps(list(numbers)),),
        )
        return [_decode(row[0]) for row in rows]
