"""Finding the documents that answer a query in one index's tables, before they are ranked."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from search.distance import latitudes
from search.engine import Document, Question

_decode = msgspec.json.Decoder(Document).decode

FIND = """
WITH found(number) AS (
  SELECT rowid FROM words WHERE words MATCH :expression
  UNION
  SELECT number FROM whole WHERE name >= :begins AND name < :begins || '{')
SELECT d.number, d.kind FROM found CROSS JOIN document d ON d.number = found.number WHERE TRUE
"""
AMONG = """
SELECT d.number, d.kind FROM json_each(:numbers) j CROSS JOIN document d ON d.number = j.value
WHERE TRUE
"""
BROWSE = "SELECT d.number, d.kind FROM document d WHERE TRUE"
COUNT_KINDS = "SELECT d.kind, count(*) FROM document d WHERE TRUE"
COUNT_FACETS = """
SELECT v.name, v.value, count(*) FROM document d JOIN facet v ON v.number = d.number
WHERE v.name IN (SELECT value FROM json_each(:facets))
"""

KIND_IS = " AND d.kind = :value#"
NOT_WITHOUT = " AND d.id NOT IN (SELECT value FROM json_each(:without))"
FACET_IS = """ AND EXISTS (SELECT 1 FROM facet
  WHERE facet.name = :name# AND facet.value = :value# AND facet.number = d.number)"""

WITHIN = """ AND d.latitude BETWEEN :south AND :north
  AND kilometres(d.latitude, d.longitude, :latitude, :longitude) <= :kilometres"""

BY_WEIGHT = " ORDER BY d.weight DESC, d.id"
ONE_PAGE = " LIMIT :limit OFFSET :offset"
BY_KIND = " GROUP BY d.kind"
BY_FACET = " GROUP BY v.name, v.value"

COUNT_FACETS_OF = """
SELECT name, value, count(*) FROM facet
WHERE number IN (SELECT value FROM json_each(:numbers))
  AND name IN (SELECT value FROM json_each(:facets))
GROUP BY name, value
"""

Facets = dict[str, dict[str, int]]


class Found(NamedTuple):
    """All documents that answer: their row numbers by weight, and the kind of each."""

    numbers: list[int]
    kinds: list[str]

    def without(self, numbers: Iterable[int]) -> list[int]:
        """The other row numbers, in the same order."""
        seen = set(numbers)
        return [number for number in self.numbers if number not in seen]


class Permitted:
    """Reads one index at one moment, and only what the question permits."""

    def __init__(self, db: sqlite3.Connection, question: Question) -> None:
        self.db = db
        self.question = question
        self._condition, self._values = _condition(question)

    def find(self, expression: str, begins: str) -> Found:
        """Documents matching the FTS5 expression, or with a whole name that begins so."""
        return self._select(FIND, BY_WEIGHT, expression=expression, begins=begins or "~")

    def among(self, numbers: Iterable[int]) -> Found:
        """Those of these row numbers that the question permits."""
        return self._select(AMONG, BY_WEIGHT, numbers=json.dumps(list(numbers)))

    def browse(self) -> list[int]:
        """One page of all documents by weight."""
        limit, offset = max(self.question.limit, 0), max(self.question.offset, 0)
        return self._select(BROWSE, BY_WEIGHT + ONE_PAGE, limit=limit, offset=offset).numbers

    def count_all(self) -> tuple[int, Facets]:
        """How many documents are permitted, and the facets asked for over them."""
        kinds = dict(self._rows(COUNT_KINDS, BY_KIND))
        wanted = [name for name in self.question.facets if name != "kind"]
        counted = self._rows(COUNT_FACETS, BY_FACET, facets=json.dumps(wanted)) if wanted else ()
        return sum(kinds.values()), self._facets(kinds, counted)

    def _select(self, select: str, order: str, **values: object) -> Found:
        rows = self._rows(select, order, **values).fetchall()
        return Found([row[0] for row in rows], [row[1] for row in rows])

    def _rows(self, select: str, order: str, **values: object) -> sqlite3.Cursor:
        return self.db.execute(select + self._condition + order, {**self._values, **values})

    def count_facets(self, found: Found) -> Facets:
        """The facets asked for over the documents found."""
        wanted = [name for name in self.question.facets if name != "kind"]
        numbers = json.dumps(found.numbers if wanted else [])
        asked = {"facets": json.dumps(wanted), "numbers": numbers}
        return self._facets(Counter(found.kinds), self.db.execute(COUNT_FACETS_OF, asked))

    def _facets(self, kinds: dict[str, int], rows: Iterable[tuple[str, str, int]]) -> Facets:
        facets: Facets = {name: {} for name in self.question.facets}
        for name, value, count in rows:
            facets[name][value] = count
        if "kind" in facets:
            facets["kind"] = dict(kinds)
        return facets

    def match(self, expression: str, most: int = -1) -> list[int]:
        """Row numbers matching an FTS5 expression, permitted or not; at most `most`, -1 is all."""
        rows = self.db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (expression, most)
        )
        return [row[0] for row in rows]

    def named(self, whole: Iterable[str], most: int) -> list[int]:
        """Row numbers with exactly this whole name, permitted or not; at most so many."""
        rows = self.db.execute(
            "SELECT number FROM whole WHERE name IN (SELECT value FROM json_each(?)) LIMIT ?",
            (json.dumps(list(whole)), most),
        )
        return [row[0] for row in rows]

    def read(self, numbers: Iterable[int]) -> list[Document]:
        """The documents with these row numbers, in this order."""
        wanted = list(numbers)
        rows = self.db.execute(
            "SELECT content.json FROM json_each(?) j JOIN content ON number = j.value"
            " ORDER BY j.key",
            (json.dumps(wanted),),
        )
        return [_decode(row[0]) for row in rows]


def _condition(question: Question) -> tuple[str, dict[str, object]]:
    """The question's conditions as SQL of fixed clauses, and the values of their parameters."""
    wanted = [("kind", question.kind)] if question.kind else []
    clauses, values = list[str](), dict[str, object]()
    for place, (name, value) in enumerate([*wanted, *question.filters.items()]):
        clause = KIND_IS if name == "kind" else FACET_IS
        clauses.append(clause.replace("#", str(place)))
        values |= {f"name{place}": name, f"value{place}": value}
    if circle := question.within:
        clauses.append(WITHIN)
        south, north = latitudes(circle)
        values |= {"south": south, "north": north, "kilometres": circle.kilometres}
        values |= msgspec.structs.asdict(circle.centre)
    if question.without:
        clauses.append(NOT_WITHOUT)
        values["without"] = json.dumps(question.without)
    return "".join(clauses), values
