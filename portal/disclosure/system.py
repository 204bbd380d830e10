"""All that is said of one indicator, as one linear system over its base cells (D3).

Each statement is a row: a set of base cells, whose people add up to a count within a range. Which
table, margin, period, organisation or release it comes from makes no difference. Base cells that
no row tells apart are one column: nobody, an attacker neither, can know more than their sum.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from portal.disclosure.rules import Range
from portal.disclosure.tables import Places

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Sums:
    """A matrix of 0 and 1, by rows: which columns add up to which row. No row is empty."""

    def __init__(self, rows: Sequence[Places], columns: int) -> None:
        self.rows = list(rows)
        self.columns = columns
        sizes = [row.size for row in self.rows]
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        self._columns = np.concatenate([*self.rows, np.empty(0, dtype=np.int64)])

    def of(self, counts: Counts) -> Counts:
        """What the rows add up to, for counts by column."""
        if not self.rows:
            return counts[:0]
        return np.add.reduceat(counts[self._columns], self._starts)

    def weights(self, rows: Sequence[int], signs: Sequence[int]) -> Numbers:
        """By column: how often it is counted when these rows are added or taken away."""
        total = np.zeros(self.columns)
        for row, sign in zip(rows, signs, strict=True):
            total[self.rows[row]] += sign
        return total


class System(msgspec.Struct):
    """What an attacker knows, and the truth that they look for.

    `least` and `most` are what a row says while it is said. `withheld` rows say nothing, unless
    they are `fixed`: said elsewhere and still true, so that withholding them hides nothing. What is
    known of a withheld row is a fixed row beside it, about the same people.
    `sizes` orders the rows for withholding; it is made of published figures only.
    """

    sums: Sums
    truth: Counts
    least: Numbers
    most: Numbers
    sizes: Counts
    withheld: Mask
    fixed: Mask

    @property
    def spoken(self) -> Mask:
        """The rows that an attacker can read."""
        return ~self.withheld | self.fixed

    @property
    def to_protect(self) -> list[int]:
        """The rows that must not be found out."""
        return [int(row) for row in np.flatnonzero(self.withheld & ~self.fixed)]


class Statements:
    """Gathers rows, each set of base cells once, however many tables and releases name it."""

    def __init__(self) -> None:
        self.places: list[Places] = []
        self.said: list[Range] = []
        self.fixed: list[bool] = []
        self._row_of: dict[bytes, int] = {}

    def row(self, places: Places) -> int:
        """The number of a set's row, a new one where nobody has spoken of the set."""
        known = self._row_of.setdefault(places.tobytes(), len(self.places))
        if known == len(self.places):
            self.places.append(places)
            self.said.append(Range(0, np.inf))
            self.fixed.append(False)
        return known

    def know(self, places: Places, known: Range) -> None:
        """What everybody knows of a set, in a row of its own: the set's other row stays hidden."""
        self.places.append(places)
        self.said.append(known)
        self.fixed.append(True)

    def say(self, row: int, said: Range, fixed: bool) -> None:
        """Two statements about one set are both true: what they leave possible is in both."""
        before = self.said[row]
        self.said[row] = Range(max(before.least, said.least), min(before.most, said.most))
        self.fixed[row] = self.fixed[row] or fixed

    def system(self, counts: Counts, withheld: set[int], sizes: dict[int, int]) -> System:
        """The system of all rows over the columns that they tell apart.

        Raises ValueError where the truth is not among what a spoken row leaves possible.
        """
        column_of, columns = _told_apart(self.places, counts.size)
        rows = [np.unique(column_of[places]) for places in self.places]
        numbers = range(len(rows))
        truth = np.bincount(column_of, weights=counts, minlength=columns).astype(np.int64)
        system = System(
            sums=Sums(rows, columns),
            truth=truth,
            least=np.array([each.least for each in self.said], dtype=np.float64),
            most=np.array([each.most for each in self.said], dtype=np.float64),
            sizes=np.array([sizes.get(row, 0) for row in numbers], dtype=np.int64),
            withheld=np.array([row in withheld for row in numbers], dtype=np.bool_),
            fixed=np.array(self.fixed, dtype=np.bool_),
        )
        values = system.sums.of(truth)
        true = (system.least <= values) & (values <= system.most)
        if not true[system.spoken].all():
            raise ValueError("what is said of the figures is not true of them")
        return system


def _told_apart(rows: Sequence[Places], size: int) -> tuple[Counts, int]:
    """The column of each base cell; those in exactly the same rows share one."""
    sizes = [places.size for places in rows]
    places = np.concatenate([*rows, np.empty(0, dtype=np.int64)])
    numbers = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
    within = numbers[np.argsort(places, kind="stable")]
    ends = np.cumsum(np.bincount(places, minlength=size)).tolist()
    column_of: dict[bytes, int] = {}
    found = [
        column_of.setdefault(within[start:end].tobytes(), len(column_of))
        for start, end in pairwise([0, *ends])
    ]
    return np.array(found, dtype=np.int64), len(column_of)
