"""Sets of document numbers in one table: who has a word, a beginning, a whole name, a facet value.

A set is kept in parts of 4,096 numbers, so that a change rewrites half a kilobyte at most: few
numbers as two bytes each, many as one bit each, like the containers of Roaring bitmaps (Chambi,
Lemire, Kaser, Godin 2016). In memory a set is one bit for each number there may be.
"""

import sqlite3
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

PART = 4_096
_FEW = 256  # of so many on, a bit for each number of the part takes less room
_BITS = PART // 8
_BIT = np.array([128 >> place for place in range(8)], np.uint8)
_SOON_SET = 1_000  # so few bits are set sooner one by one
_PLACE = np.uint16  # as this machine writes it: an index is not carried to another

NAMED, BODY, WHOLE, FACET = "named", "body", "whole", "facet "
BEGUN = "*"  # after NAMED, BODY or WHOLE: by the first letters, up to so many
LETTERS_BEGUN = 3

Bits = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Row = tuple[int, bytes]


def changed(stored: bytes | None, changes: list[int]) -> bytes:
    """A part as stored, after these places were put into it, and `~place` taken out, in turn."""
    if stored is None and len(changes) < _FEW and min(changes) >= 0:
        return array("H", sorted(changes)).tobytes()
    flags = np.zeros(PART, np.bool_) if stored is None else _flags(stored)
    places = np.array(changes)
    flags[np.where(places < 0, ~places, places)] = places >= 0
    if np.count_nonzero(flags) < _FEW:
        return np.flatnonzero(flags).astype(_PLACE).tobytes()
    return np.packbits(flags).tobytes()


def _flags(stored: bytes) -> NDArray[np.bool_]:
    if len(stored) == _BITS:
        return flags_of(np.frombuffer(stored, np.uint8))
    flags = np.zeros(PART, np.bool_)
    flags[np.frombuffer(stored, _PLACE)] = True
    return flags


def beginnings_of(keys: Iterable[str]) -> set[str]:
    """The first letters of all keys."""
    return {key[:length] for key in keys for length in range(1, LETTERS_BEGUN + 1)}


def flags_of(bits: Bits) -> NDArray[np.bool_]:
    """For each number whether it is in the set."""
    return np.unpackbits(bits).view(np.bool_)


def numbers_in(bits: Bits) -> Numbers:
    """The numbers of a set, ascending."""
    return np.flatnonzero(flags_of(bits))


def how_many(bits: Bits) -> int:
    """How many numbers a set has."""
    return int(np.bitwise_count(bits).sum())


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
        return self._of(np.fromiter(numbers, np.int64))

    def _of(self, numbers: Numbers) -> Bits:
        if len(numbers) < _SOON_SET:
            bits = self.nothing()
            np.bitwise_or.at(bits, numbers >> 3, _BIT[numbers & 7])
            return bits
        flags = np.zeros(self.parts * PART, np.bool_)
        flags[numbers] = True
        return np.packbits(flags)

    def holding(self, sort: str, keys: Iterable[str]) -> Bits:
        """Everything that has one of these keys."""
        sql = "SELECT part, numbers FROM held WHERE sort = ? AND key = ?"
        return self._union([row for key in keys for row in self._db.execute(sql, (sort, key))])

    def beginning(self, sort: str, starts: list[str]) -> Bits:
        """Everything that has a key beginning so."""
        short = [start for start in starts if len(start) <= LETTERS_BEGUN]
        found = self.holding(sort + BEGUN, short)
        sql = "SELECT part, numbers FROM held WHERE sort = ? AND key >= ? AND key < ?"
        longer = [start for start in starts if len(start) > LETTERS_BEGUN]
        asked = ((sort, start, start + "{") for start in longer)
        return found | self._union([row for one in asked for row in self._db.execute(sql, one)])

    def by_key(self, sort: str) -> dict[str, Bits]:
        """All sets of a sort."""
        rows: dict[str, list[Row]] = {}
        sql = "SELECT key, part, numbers FROM held WHERE sort = ?"
        for key, part, stored in self._db.execute(sql, (sort,)):
            rows.setdefault(key, []).append((part, stored))
        return {key: self._union(its) for key, its in rows.items()}

    def _union(self, rows: list[Row]) -> Bits:
        if not rows:
            return self.nothing()
        few = [row for row in rows if len(row[1]) < _BITS]
        places = np.frombuffer(b"".join([stored for _, stored in few]), _PLACE)
        starts = np.array([part * PART for part, _ in few], np.int64)
        found = self._of(np.repeat(starts, [len(stored) // 2 for _, stored in few]) + places)
        for part, stored in rows if len(few) < len(rows) else ():
            if len(stored) == _BITS:
                found[part * _BITS : (part + 1) * _BITS] |= np.frombuffer(stored, np.uint8)
        return found
