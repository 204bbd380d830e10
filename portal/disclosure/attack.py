"""What a reader can work out about a withheld cell, with all that is published (D3).

The attack is linear programming, as in the audit of suppressed tables (Fischetti and Salazar 2001;
the sdcTools user support calls it the attacker's problem), solved by HiGHS: the least and the most
that a set of base cells can add up to, when no count is below 0 and every published row holds.

Counts are whole, and the linear programme forgets that: what it calls impossible is impossible,
but among what it calls possible there may be counts that no whole table has. So a narrow range is
a proof that a cell is found out; a wide one is none that it is not. `world` gives that proof: a
table of whole numbers in which all that is published holds.
"""

from collections.abc import Callable

import highspy
import msgspec
import numpy as np

from portal.disclosure.rules import Range
from portal.disclosure.system import Counts, Numbers, System

NEAR = 1e-6
MOST_BRANCHES = 200
PRIMAL = 4

Left = Callable[[], float]


class OutOfTime(Exception):
    """The seconds given for an audit are over."""


class Corner(msgspec.Struct):
    """Where an attacker's goal is largest: counts by column, the goal, the rows that stop it."""

    counts: Numbers
    goal: float
    stops: list[int]


class _Quiet(highspy.Highs):
    """HiGHS without the banner that it prints as soon as it listens to callbacks."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Attacker:
    """Reads all spoken rows of a system, and asks what the others can be.

    `left` says how many seconds are left; every method raises OutOfTime when they are over.
    No column can hold more than `ceiling` people. That is far above the truth, and an attacker
    who knows it knows more than one who does not: the safe side.
    """

    def __init__(self, system: System, ceiling: float, left: Left) -> None:
        self._left = left
        self._ceiling = ceiling
        self._columns = np.arange(system.sums.columns, dtype=np.int32)
        self._spoken = [int(row) for row in np.flatnonzero(system.spoken)]
        self._line_of = {row: line for line, row in enumerate(self._spoken)}
        self._solver = _Quiet()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("threads", 1)
        # the goal changes and the last corner stays allowed: primal simplex goes on from there
        self._solver.setOptionValue("simplex_strategy", PRIMAL)
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("mip_max_nodes", MOST_BRANCHES)
        self._solver.passModel(self._programme(system))

    def corner(self, goal: Numbers) -> Corner:
        """Where the goal, weights by column, is largest.

        Raises ValueError where the rows contradict each other.
        """
        self._aim(goal)
        self._run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ValueError("no counts are as published")
        if status != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime
        solution = self._solver.getSolution()
        counts = np.array(solution.col_value)
        pull = np.abs(np.array(solution.row_dual))
        stops = [self._spoken[line] for line in np.flatnonzero(pull > NEAR)]
        return Corner(counts, float(goal @ counts), stops)

    def world(self, goal: Numbers, near: Corner, reach: int) -> Counts | None:
        """Whole counts with a large goal where all spoken rows hold, or None if none are found.

        They are looked for where a corner's counts are whole already, and else within `reach`
        people around them; a reach of 0 looks everywhere.
        """
        if _is_whole(near.counts):
            return np.rint(near.counts).astype(np.int64)
        basis = self._solver.getBasis()
        self._bound(*self._around(near.counts, reach))
        self._count_in(highspy.HighsVarType.kInteger)
        self._aim(goal)
        # most columns are bound to one count here: to take them out first saves nearly all the time
        self._solver.setOptionValue("presolve", "on")
        self._run()
        self._solver.setOptionValue("presolve", "off")
        found = np.array(self._solver.getSolution().col_value)
        is_one = self._solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
        self._count_in(highspy.HighsVarType.kContinuous)
        self._bound(np.zeros(goal.size), np.full(goal.size, self._ceiling))
        self._solver.setBasis(basis)
        return np.rint(found).astype(np.int64) if is_one and _is_whole(found) else None

    def forget(self, row: int) -> None:
        """The row is withheld from now on."""
        self._solver.changeRowBounds(self._line_of[row], -highspy.kHighsInf, highspy.kHighsInf)

    def _programme(self, system: System) -> highspy.HighsLp:
        rows = [system.sums.rows[row] for row in self._spoken]
        ends = np.cumsum([0, *(row.size for row in rows)])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self._columns.size, len(rows)
        lp.col_cost_ = np.zeros(self._columns.size)
        lp.col_lower_ = np.zeros(self._columns.size)
        lp.col_upper_ = np.full(self._columns.size, self._ceiling)
        lp.row_lower_ = system.least[self._spoken]
        lp.row_upper_ = system.most[self._spoken]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_ = ends.astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([*rows, []]).astype(np.int32)
        lp.a_matrix_.value_ = np.ones(int(ends[-1]))
        lp.sense_ = highspy.ObjSense.kMaximize
        return lp

    def _aim(self, goal: Numbers) -> None:
        self._solver.changeColsCost(goal.size, self._columns, goal)

    def _run(self) -> None:
        left = self._left()
        if left <= 0:
            raise OutOfTime
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        self._solver.run()

    def _bound(self, lowest: Numbers, highest: Numbers) -> None:
        self._solver.changeColsBounds(self._columns.size, self._columns, lowest, highest)

    def _count_in(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(self._columns.size, int(kind), dtype=np.uint8)
        self._solver.changeColsIntegrality(self._columns.size, self._columns, kinds)

    def _around(self, counts: Numbers, reach: int) -> tuple[Numbers, Numbers]:
        if reach == 0:
            return np.zeros(counts.size), np.full(counts.size, self._ceiling)
        whole = np.rint(counts)
        broken = np.abs(counts - whole) > NEAR
        lowest = np.where(broken, np.maximum(np.floor(counts) + 1 - reach, 0), whole)
        return lowest, np.where(broken, np.floor(counts) + reach, whole)


def found_out(attacker: Attacker, goal: Numbers) -> Range:
    """The least and the most that a goal can be; the ceiling stands for no limit."""
    return Range(_tidy(-attacker.corner(-goal).goal), _tidy(attacker.corner(goal).goal))


def _is_whole(counts: Numbers) -> bool:
    return bool((np.abs(counts - np.rint(counts)) <= NEAR).all())


def _tidy(n: float) -> float:
    """Without the solver's last digits, where a whole number is meant."""
    return float(round(n)) if abs(n - round(n)) <= NEAR else n
