"""What a process remembers of one index between questions, brought up to date when it changed."""

import sqlite3
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.embedded_sets import FACET, PART, Bits, Numbers, Sets
from search.vocabulary import Vocabulary

MOST_VALUES = 200  # of a facet with more values none is remembered

Weights = NDArray[np.float64]


class _Words(NamedTuple):
    """The vocabulary of an index made once, and how far its changes were followed."""

    made: str
    learnt: int
    forgotten: int
    vocabulary: Vocabulary


class _Shape:
    """What was read of the documents themselves at one moment."""

    def __init__(self, token: str, weights: Weights) -> None:
        self.token = token
        self.weights = weights
        self.order: Numbers | None = None
        self.facets: dict[str, dict[str, Bits]] = {}


class Memory:
    """What a process knows of one index; threads may share it, for what it holds is replaced."""

    def __init__(self) -> None:
        self._kept: _Shape | None = None
        self._words: tuple[str, _Words] | None = None

    def weights(self, db: sqlite3.Connection) -> Weights:
        """The weight of every document, by its number."""
        return self._shape(db).weights

    def order(self, db: sqlite3.Connection) -> Numbers:
        """All numbers, those of the weightiest documents first."""
        shape = self._shape(db)
        if shape.order is None:
            shape.order = np.argsort(-shape.weights, kind="stable")
        return shape.order

    def facet(self, db: sqlite3.Connection, name: str) -> dict[str, Bits]:
        """Who has each value of a facet."""
        facets = self._shape(db).facets
        if name in facets:
            return facets[name]
        values = Sets(db).by_key(FACET + name)
        if len(values) <= MOST_VALUES:
            facets[name] = values
        return values

    def _shape(self, db: sqlite3.Connection) -> _Shape:
        token = db.execute("SELECT token FROM edition").fetchone()[0]
        kept = self._kept
        if kept and kept.token == token:
            return kept
        rows = db.execute("SELECT part, weights FROM weights").fetchall()
        weights = np.zeros((max((part for part, _ in rows), default=0) + 1) * PART)
        for part, stored in rows:
            weights[part * PART : (part + 1) * PART] = np.frombuffer(stored, "<f8")
        self._kept = _Shape(token, weights)
        return self._kept

    def vocabulary(self, db: sqlite3.Connection) -> Vocabulary:
        """The words of the index as it is now; after a change only what changed is read."""
        made, token = db.execute("SELECT made, token FROM edition").fetchone()
        kept = self._words
        if kept and kept[0] == token:
            return kept[1].vocabulary
        before = kept[1] if kept and kept[1].made == made else None
        words = _follow(db, before or _Words(made, 0, 0, _vocabulary([])))
        self._words = (token, words)
        return words.vocabulary


def _follow(db: sqlite3.Connection, before: _Words) -> _Words:
    """The words after what was forgotten and learnt since."""
    gone = db.execute(
        "SELECT number, word FROM forgotten WHERE number > ?", (before.forgotten,)
    ).fetchall()
    new = db.execute(
        "SELECT number, word FROM vocabulary WHERE number > ?", (before.learnt,)
    ).fetchall()
    if not gone and not new:
        return before
    forgotten = np.array([word for _, word in gone], np.int64)
    return _Words(
        before.made,
        max((number for number, _ in new), default=before.learnt),
        max((number for number, _ in gone), default=before.forgotten),
        before.vocabulary.changed(forgotten, _vocabulary(new)),
    )


def _vocabulary(rows: list[tuple[int, str]]) -> Vocabulary:
    numbers = np.array([number for number, _ in rows], np.int64)
    return Vocabulary.of([word for _, word in rows], numbers)
