"""Sets of document numbers in one table: who has a word, a beginning, a whole name, a facet value.

A set is kept in parts of 4,096 numbers, so that a change rewrites half a kilobyte at most: few
numbers as two bytes each, many as one bit each, like the containers of Roaring bitmaps (Chambi,
Lemire, Kaser, Godin 2016). In memory a set is one bit for each number there may be.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

PART = 4_096
_FEW = 256  # of so many on, a bit for each number of the part takes less room
_BITS = PART // 8

NAMED, BODY, WHOLE, FACET = "named", "body", "whole", "facet "
BEGUN = "*"  # after NAMED, BODY or WHOLE: by the first letters, up to so many
LETTERS_BEGUN = 3

Bits = NDArray[np.uint8]
Row = tuple[int, bytes]


def encode(places: Iterable[int]) -> bytes:
    """The places of numbers within one part, as stored."""
    held = np.fromiter(places, np.int64)
    if len(held) < _FEW:
        return np.sort(held).astype("<u2").tobytes()
    flags = np.zeros(PART, np.bool_)
    flags[held] = True
    return np.packbits(flags).tobytes()


def decode(stored: bytes) -> set[int]:
    """The places within the part."""
    if len(stored) < _BITS:
        return set(np.frombuffer(stored, "<u2").tolist())
    return set(np.flatnonzero(np.unpackbits(np.frombuffer(stored, np.uint8))).tolist())


def beginnings_of(keys: Iterable[str]) -> set[str]:
    """The first letters of all keys."""
    return {key[:length] for key in keys for length in range(1, LETTERS_BEGUN + 1)}


def numbers_in(bits: Bits) -> NDArray[np.int64]:
    """The numbers of a set, ascending."""
    return np.flatnonzero(np.unpackbits(bits))


def how_many(bits: Bits) -> int:
    """How many numbers a set has."""
    return int(np.bitwise_count(bits).sum())


def has_any(bits: Bits) -> bool:
    """Whether a set has any number."""
    return bool(bits.any())


class Sets:
    """Reads the sets of one index at one moment."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        last = db.execute("SELECT max(number) FROM document").fetchone()[0] or 0
        self.parts = last // PART + 1

    def nothing(self) -> Bits:
        """The empty set."""
        return np.zeros(self.parts * _BITS, np.uint8)

    def of(self, numbers: Iterable[int]) -> Bits:
        """The set of these numbers."""
        flags = np.zeros(self.parts * PART, np.bool_)
        flags[np.fromiter(numbers, np.int64)] = True
        return np.packbits(flags)

    def holding(self, sort: str, keys: Iterable[str]) -> Bits:
        """Everything that has one of these keys."""
        rows = self._db.execute(
            "SELECT part, numbers FROM json_each(?) j CROSS JOIN held"
            " ON held.sort = ? AND held.key = j.value",
            (json.dumps(list(keys)), sort),
        )
        return self._union(rows)

    def beginning(self, sort: str, starts: Iterable[str]) -> Bits:
        """Everything that has a key beginning so."""
        starts = list(starts)
        short = [start for start in starts if len(start) <= LETTERS_BEGUN]
        found = self.holding(sort + BEGUN, short) if short else self.nothing()
        if longer := [start for start in starts if len(start) > LETTERS_BEGUN]:
            found |= self._union(row for start in longer for row in self._range(sort, start))
        return found

    def by_key(self, sort: str) -> dict[str, Bits]:
        """All sets of a sort."""
        rows: dict[str, list[Row]] = {}
        for key, *row in self._db.execute(
            "SELECT key, part, numbers FROM held WHERE sort = ?", (sort,)
        ):
            rows.setdefault(key, []).append((row[0], row[1]))
        return {key: self._union(its) for key, its in rows.items()}

    def _range(self, sort: str, start: str) -> Iterator[Row]:
        return self._db.execute(
            "SELECT part, numbers FROM held WHERE sort = ? AND key >= ? AND key < ?",
            (sort, start, start + "{"),
        )

    def _union(self, rows: Iterable[Row]) -> Bits:
        found, few = self.nothing(), list[Row]()
        for row in rows:
            part, stored = row
            if len(stored) < _BITS:
                few.append(row)
            else:
                found[part * _BITS : (part + 1) * _BITS] |= np.frombuffer(stored, np.uint8)
        if few:
            places = np.frombuffer(b"".join([stored for _, stored in few]), "<u2")
            parts = np.repeat([part for part, _ in few], [len(stored) // 2 for _, stored in few])
            found |= self.of(parts * PART + places)
        return found
