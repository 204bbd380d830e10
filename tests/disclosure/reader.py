"""An attacker who has the published cells alone, with programmes of their own.

They know which base cells there are, which labels stand for which of them, and the policy. For a
few base cells they try all tables; for more they solve a programme in whole numbers, built line by
line from what they read. 10,000 people stand for no limit.
"""

from collections.abc import Iterable

import highspy
import numpy as np

Cells = frozenset[int]
Row = tuple[Cells, int, int]


class Quiet(highspy.Highs):
    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()


class Reader:
    """Reads rows, and says between which counts any other set of base cells must be."""

    def __init__(self, rows: Iterable[Row], size: int) -> None:
        self._solver = Quiet()
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        whole = highspy.HighsVarType.kInteger
        self._people = [self._solver.addVariable(lb=0, ub=10_000, type=whole) for _ in range(size)]
        for cells, least, most in rows:
            self._solver.addConstr(least <= self._sum(cells) <= most)

    def range_of(self, cells: Cells) -> tuple[int, int]:
        return self._best(self._solver.minimize, cells), self._best(self._solver.maximize, cells)

    def _best(self, ask: object, cells: Cells) -> int:
        assert callable(ask)
        ask(self._sum(cells))
        assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return round(self._solver.getObjectiveValue())

    def _sum(self, cells: Cells) -> highspy.highs_linear_expression:
        return highspy.Highs.qsum([self._people[at] for at in sorted(cells)])


def meaning(value: int, k: int, base: int) -> tuple[int, int]:
    """The first and last of all counts from k on that become this figure, found by trying them."""
    if value == 0:
        return 0, 0
    fits = [n for n in range(k, value + base) if (n + base // 2) // base * base == value]
    return fits[0], fits[-1]


def tried(rows: list[Row], asked: list[Cells], size: int, most: int) -> list[tuple[int, int]]:
    """The ranges of many sets, by trying every table with at most so many in a base cell."""
    tables = np.indices((most + 1,) * size, dtype=np.int16).reshape(size, -1)
    for cells, low, high in rows:
        sums = tables[sorted(cells)].sum(axis=0)
        tables = tables[:, (low <= sums) & (sums <= high)]
    sums_asked = [tables[sorted(cells)].sum(axis=0) for cells in asked]
    return [(int(each.min()), int(each.max())) for each in sums_asked]
