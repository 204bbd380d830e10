"""What one question may find in one index's tables, as sets of document numbers."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from search.distance import latitudes
from search.embedded_memory import Memory
from search.embedded_sets import (
    FACET,
    WHOLE,
    Bits,
    Sets,
    flags_of,
    how_many,
    numbers_in,
)
from search.engine import Document, Question

_decode = msgspec.json.Decoder(Document).decode

WITHIN = """
SELECT number FROM document WHERE latitude BETWEEN :south AND :north
  AND kilometres(latitude, longitude, :latitude, :longitude) <= :kilometres
"""

FEW = 5_000  # so many are sorted when asked for; of more, the weightiest are looked for
AT_ONCE = 4_096

Facets = dict[str, dict[str, int]]


class Term(NamedTuple):
    """A folded word, or the beginning of one."""

    key: str
    begun: bool = False


class Permitted:
    """Reads one index at one moment, and only what the question permits."""

    def __init__(self, db: sqlite3.Connection, question: Question, memory: Memory) -> None:
        self.db = db
        self.question = question
        self.sets = Sets(db)
        self._memory = memory
        self._having: dict[tuple[str, tuple[Term, ...]], Bits] = {}
        self.all = self._permitted()

    def _permitted(self) -> Bits:
        question, permitted = self.question, self.sets.nothing()
        kinds = self._facet("kind")
        for kind in [question.kind] if question.kind else kinds:
            permitted |= kinds.get(kind, permitted)
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

    def having(self, sort: str, terms: tuple[Term, ...]) -> Bits:
        """Documents with one of these words, permitted or not; read once for each question."""
        if (sort, terms) not in self._having:
            found = self.sets.holding(sort, [term.key for term in terms if not term.begun])
            if starts := [term.key for term in terms if term.begun]:
                found |= self.sets.beginning(sort, starts)
            self._having[sort, terms] = found
        return self._having[sort, terms]

    def named(self, whole: Iterable[str]) -> Bits:
        """Documents with exactly this whole name, permitted or not."""
        return self.sets.holding(WHOLE, dict.fromkeys(whole))

    def beginning_so(self, whole: str) -> Bits:
        """Documents with a whole name that begins so, permitted or not."""
        return self.sets.beginning(WHOLE, [whole]) if whole else self.sets.nothing()

    def by_weight(self, found: Bits, most: int) -> list[int]:
        """The weightiest of these, at most so many; equals by number, the oldest first."""
        if how_many(found) <= FEW:
            numbers = numbers_in(found)
            weights = self._memory.weights(self.db)[numbers]
            return [int(each) for each in numbers[np.argsort(-weights, kind="stable")][:most]]
        flags, weightiest = flags_of(found), list[int]()
        order = self._memory.order(self.db)
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            weightiest += [int(each) for each in some[flags[some]]]
            if len(weightiest) >= most:
                break
        return weightiest[:most]

    def count_facets(self, found: Bits) -> Facets:
        """The facets asked for over the documents found."""
        facets: Facets = {}
        for name in self.question.facets:
            of_values = self._facet(name).items()
            counted = ((value, how_many(found & bits)) for value, bits in of_values)
            facets[name] = {value: count for value, count in counted if count}
        return facets

    def _facet(self, name: str) -> dict[str, Bits]:
        return self._memory.facet(self.db, name)

    def read(self, numbers: Iterable[int]) -> Iterator[tuple[int, Document, bytes]]:
        """The documents with these numbers, in this order, each with its names as folded."""
        rows = self.db.execute(
            "SELECT c.number, c.json, c.names FROM json_each(?) j"
            " JOIN content c ON c.number = j.value ORDER BY j.key",
            (json.dumps(list(numbers)),),
        )
        return ((number, _decode(document), names) for number, document, names in rows)

    def body_of(self, number: int) -> tuple[str, bytes]:
        """The words of a document's body as folded, and where they stand in it."""
        sql = "SELECT body, places FROM content WHERE number = ?"
        body, places = self.db.execute(sql, (number,)).fetchone()
        return body, places
