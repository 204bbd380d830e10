"""Judges an indicator cell by cell (D1, D4, D5), then all cells together (D3)."""

from collections.abc import Iterator, Sequence

import msgspec

from portal.disclosure.attack import Left
from portal.disclosure.ledger import Said, newest
from portal.disclosure.rules import (
    WITHHELD,
    Cell,
    Policy,
    is_of_many,
    is_one_sided,
    is_small,
    meant_by,
    rounded,
)
from portal.disclosure.suppress import Outcome, protect
from portal.disclosure.system import Statements, System
from portal.disclosure.tables import Book, Key, Table, breakdowns


class Audited(msgspec.Struct):
    """An audit's outcome, and which row of it each key is; None for a structural zero."""

    outcome: Outcome
    system: System
    row_of: dict[Key, int | None]

    def cell(self, key: Key) -> Cell:
        """A cell as it is said."""
        row = self.row_of[key]
        if row is None:
            return Cell(key, 0, None)
        if self.outcome.withheld[row]:
            return Cell(key, None, WITHHELD)
        return Cell(key, int(self.system.sizes[row]), None)

    @property
    def said_before(self) -> int:
        """How many sets of people are withheld in vain: an earlier release gave them."""
        return int((self.outcome.withheld & self.system.fixed).sum())


class Judge:
    """The rules for one cell of a book, and the audit of many."""

    def __init__(self, book: Book, policy: Policy, earlier: Sequence[Said]) -> None:
        self._book = book
        self._policy = policy
        self._earlier = earlier
        self._passed: dict[Key, bool] = {}

    def passes(self, key: Key) -> bool:
        """Not small, and of many, or of one organisation that agreed; or a structural zero."""
        if key not in self._passed:
            self._passed[key] = self._book.places(key).size == 0 or self._is_sayable(key)
        return self._passed[key]

    def audit(self, levels: Sequence[Table], left: Left) -> Audited:
        """All that these levels, and what was said before, give away; `left` in seconds."""
        statements = Statements()
        keys = {key for level in levels for key in level.every_key()}
        row_of = {key: self._row(statements, key) for key in sorted(keys)}
        withheld = {key for key in keys if not self.passes(key)}
        withheld.update(key for level in levels for key in self._one_sided(level))
        rows = {row for key in withheld if (row := row_of[key]) is not None}
        sizes = self._say_all(statements, row_of)
        rows.update(self._say_earlier(statements, set(row_of.values())))
        system = statements.system(self._book.counts, rows, sizes)
        return Audited(protect(system, self._policy, left), system, row_of)

    def _is_sayable(self, key: Key) -> bool:
        if is_small(self._book.count(key), self._policy):
            return False
        agreed = self._book.owner(key) in self._book.cube.agreed
        return agreed or is_of_many(self._book.by_organisation(key), self._policy)

    def _one_sided(self, table: Table) -> Iterator[Key]:
        for whole, parts in breakdowns(self._book, table):
            counts = [self._book.count(part) for part in parts]
            if is_one_sided(self._book.count(whole), counts, self._policy):
                yield from parts

    def _row(self, statements: Statements, key: Key) -> int | None:
        places = self._book.places(key)
        return statements.row(places) if places.size else None

    def _say_all(self, statements: Statements, row_of: dict[Key, int | None]) -> dict[int, int]:
        """Say every count that is not small, rounded; the rounded counts by row."""
        sizes = {}
        for key, row in row_of.items():
            n = self._book.count(key)
            if row is not None and row not in sizes and not is_small(n, self._policy):
                sizes[row] = rounded(n, self._policy.rounding_base)
                statements.say(row, meant_by(sizes[row], self._policy), fixed=False)
        return sizes

    def _say_earlier(self, statements: Statements, now: set[int | None]) -> Iterator[int]:
        """Say what was said and still holds; the rows that were withheld last and are not shown."""
        for said in self._earlier:
            row = self._row(statements, said.key)
            holds = said.said is not None and said.said.holds(self._book.count(said.key))
            if row is not None and said.said is not None and holds:
                statements.say(row, said.said, fixed=True)
        for said in newest(self._earlier).values():
            row = self._row(statements, said.key)
            if said.said is None and row is not None and row not in now:
                yield row
