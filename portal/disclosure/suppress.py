"""Withholds cells beside the small ones until no withheld cell can be found out (D3).

Secondary suppression, as in the ACRO rules and the sdcTools user support: each withheld cell must
keep a range of at least k people. Which cell goes next is decided by published figures alone. So
is whether it must: the truth only saves the search for a first table of whole numbers.
"""

from collections.abc import Iterable

import msgspec
import numpy as np

from portal.disclosure.attack import NEAR, Attacker, Corner, Left, OutOfTime
from portal.disclosure.rules import Policy
from portal.disclosure.system import Counts, Mask, Numbers, System

TIME = "time"
CELLS = "cells"
STUCK = "stuck"

# around a corner, then farther, then everywhere
REACHES = (1, 3, 0)
FEWEST_OF_A_SWEEP = 50
SEED = 20


class Outcome(msgspec.Struct, frozen=True):
    """How an audit ended.

    `stopped` is None where every withheld row keeps its range; otherwise `time`, `cells` (too many
    would have to be withheld) or `stuck` (only rows said elsewhere give a cell away), and nothing
    of this level may be published. `narrowest` is the smallest width in people: proven by tables
    of whole numbers, or where stopped, what was found of the cell that could not be hidden.
    `widths` are those of all rows, as far as they were proven.
    """

    withheld: Mask
    added: int
    narrowest: int | None
    stopped: str | None
    widths: Counts


def protect(system: System, policy: Policy, left: Left) -> Outcome:
    """Audit a system and withhold rows of it as needed; `left` says the seconds left.

    Raises ValueError where the published rows contradict each other.
    """
    search = _Search(system, policy, left)
    try:
        return search.run()
    except OutOfTime:
        return search.outcome(TIME, None)


class _Search:
    """The tables of whole numbers found so far, as the lowest and highest sum of each row."""

    def __init__(self, system: System, policy: Policy, left: Left) -> None:
        self._system = msgspec.structs.replace(system, withheld=system.withheld.copy())
        self._policy = policy
        self._attacker = Attacker(system, float(system.truth.sum() + 2 * policy.smallest), left)
        self._lowest = self._highest = system.sums.of(system.truth)
        self._added = 0

    def run(self) -> Outcome:
        self._sweep()
        queue = self._system.to_protect
        while queue:
            row = queue[0]
            stops = () if self._is_hidden(row) else self._examine(row)
            if self._is_hidden(row):
                queue.pop(0)
                continue
            chosen = self._smallest(stops)
            if chosen is None:
                return self.outcome(STUCK, self._width(row))
            if self._added == self._policy.most_cells:
                return self.outcome(CELLS, self._width(row))
            self._withhold(chosen)
            queue.append(chosen)
        return self.outcome(None, self._narrowest())

    def outcome(self, stopped: str | None, narrowest: int | None) -> Outcome:
        widths = self._highest - self._lowest
        return Outcome(self._system.withheld, self._added, narrowest, stopped, widths)

    def _sweep(self) -> None:
        """Push many rows at once, up or down by chance: one table may prove much of them."""
        chance = np.random.default_rng(SEED)
        found = opened = len(self._open())
        while opened >= FEWEST_OF_A_SWEEP and found * FEWEST_OF_A_SWEEP >= opened:
            rows = self._open()
            signs = chance.choice([-1, 1], len(rows)).tolist()
            goal = self._system.sums.weights(rows, signs)
            self._learn(self._attacker.world(goal, self._attacker.corner(goal), REACHES[0]))
            opened = len(self._open())
            found = len(rows) - opened

    def _examine(self, row: int) -> Iterable[int]:
        """Look for two tables in which the row is k apart; the rows that stop the search."""
        goal = self._system.sums.weights([row], [1])
        up = self._attacker.corner(goal)
        down = self._attacker.corner(-goal)
        if up.goal + down.goal >= self._policy.smallest - NEAR:
            self._look(row, ((goal, up), (-goal, down)))
        return [*up.stops, *down.stops]

    def _look(self, row: int, ways: tuple[tuple[Numbers, Corner], ...]) -> None:
        for reach in REACHES:
            for goal, corner in ways:
                self._learn(self._attacker.world(goal, corner, reach))
                if self._is_hidden(row):
                    return

    def _learn(self, world: Counts | None) -> None:
        if world is None:
            return
        sums = self._system.sums.of(world)
        spoken = self._system.spoken
        below, above = sums < self._system.least, sums > self._system.most
        if (world >= 0).all() and not (spoken & (below | above)).any():
            self._lowest = np.minimum(self._lowest, sums)
            self._highest = np.maximum(self._highest, sums)

    def _smallest(self, stops: Iterable[int]) -> int | None:
        """The smallest of the rows that could still be withheld, the first among equals."""
        free = ~(self._system.withheld | self._system.fixed)
        able = [row for row in set(stops) if free[row]]
        return min(able, key=lambda row: (self._system.sizes[row], row), default=None)

    def _withhold(self, row: int) -> None:
        self._system.withheld[row] = True
        self._attacker.forget(row)
        self._added += 1

    def _open(self) -> list[int]:
        return [row for row in self._system.to_protect if not self._is_hidden(row)]

    def _is_hidden(self, row: int) -> bool:
        return self._width(row) >= self._policy.smallest

    def _width(self, row: int) -> int:
        return int(self._highest[row] - self._lowest[row])

    def _narrowest(self) -> int | None:
        return min((self._width(row) for row in self._system.to_protect), default=None)
