"""Judges an indicator cell by cell (D1, D4, D5), then all cells together (D3)."""

from collections.abc import Iterator, Sequence

import msgspec

from portal.disclosure.attack import Left
from portal.disclosure.contributors import Contributors
from portal.disclosure.ledger import Said, newest
from portal.disclosure.report import TableReport
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
from portal.disclosure.tables import Book, Cube, Key, Table, breakdowns, merged


class Audited(msgspec.Struct):
    """An audit's outcome, and which row of it each key is; None for a structural zero.

    `sensitive` rows are withheld for what they are; other withheld rows hide them.
    """

    outcome: Outcome
    system: System
    row_of: dict[Key, int | None]
    sensitive: set[int]

    def cell(self, key: Key) -> Cell:
        """A cell as it is said."""
        row = self.row_of[key]
        if row is None:
            return Cell(key, 0, None)
        if self.outcome.withheld[row]:
            return Cell(key, None, WITHHELD)
        return Cell(key, int(self.system.sizes[row]), None)

    def report(self, table: Table) -> TableReport:
        """How the cells of one of the tables came through."""
        rows = [self.row_of[key] for key in table.every_key()]
        able = [row for row in rows if row is not None]
        hidden = [row for row in able if self.outcome.withheld[row]]
        kept = [row for row in hidden if not self.system.fixed[row]]
        return TableReport(
            name=table.name,
            published=len(able) - len(hidden),
            withheld=len(hidden),
            structural=len(rows) - len(able),
            hiding=sum(row not in self.sensitive for row in hidden),
            narrowest=min((int(self.outcome.widths[row]) for row in kept), default=None),
        )

    @property
    def said_before(self) -> int:
        """How many sets of people are withheld in vain: an earlier release gave them."""
        return int((self.outcome.withheld & self.system.fixed).sum())


class Judge:
    """The rules for one cell of a cube, and the audit of many.

    `earlier` is the ledger; `known` is what anybody knows of counts that are withheld all the same.
    """

    def __init__(
        self, cube: Cube, policy: Policy, earlier: Sequence[Said], known: Sequence[Said]
    ) -> None:
        self._cube = cube
        self._contributors = Contributors(cube)
        self._policy = policy
        self._earlier = earlier
        self._known = known
        self._passed: dict[Table, dict[Key, bool]] = {}

    def passing(self, table: Table) -> dict[Key, bool]:
        """Which cells of a table are sayable by themselves, structural zeros among them."""
        if table not in self._passed:
            self._passed[table] = {
                key: not counts or self._is_sayable(key, counts)
                for key, counts in self._contributors.of(table)
            }
        return self._passed[table]

    def audit(self, levels: Sequence[Table], left: Left) -> Audited:
        """All that these levels, what was said before and what is known give away.

        `left` says the seconds left. Raises ValueError where what is known is not true.
        """
        keys = {key for level in levels for key in level.every_key()}
        other = {said.key for said in (*self._earlier, *self._known)}
        book = Book(merged(self._cube, keys | other))
        statements = Statements()
        row_of = {key: _row(statements, book, key) for key in sorted(keys)}
        withheld = {
            key for level in levels for key, good in self.passing(level).items() if not good
        }
        withheld.update(key for level in levels for key in self._one_sided(book, level))
        rows = {row for key in withheld if (row := row_of[key]) is not None}
        sizes = self._say_all(statements, book, row_of)
        sensitive = set(rows)
        rows.update(self._say_earlier(statements, book, set(row_of.values())))
        rows.update(self._say_known(statements, book, set(row_of.values())))
        system = statements.system(book.counts, rows, sizes)
        return Audited(protect(system, self._policy, left), system, row_of, sensitive)

    def _is_sayable(self, key: Key, by_organisation: Sequence[int]) -> bool:
        if is_small(sum(by_organisation), self._policy):
            return False
        agreed = self._contributors.owner(key) in self._cube.agreed
        return agreed or is_of_many(by_organisation, self._policy)

    def _one_sided(self, book: Book, table: Table) -> Iterator[Key]:
        for whole, parts in breakdowns(book, table):
            counts = [book.count(part) for part in parts]
            if is_one_sided(book.count(whole), counts, self._policy):
                yield from parts

    def _say_all(
        self, statements: Statements, book: Book, row_of: dict[Key, int | None]
    ) -> dict[int, int]:
        """Say every count that is not small, rounded; the rounded counts by row."""
        sizes = {}
        for key, row in row_of.items():
            n = book.count(key)
            if row is not None and row not in sizes and not is_small(n, self._policy):
                sizes[row] = rounded(n, self._policy.rounding_base)
                statements.say(row, meant_by(sizes[row], self._policy), fixed=False)
        return sizes

    def _say_earlier(
        self, statements: Statements, book: Book, now: set[int | None]
    ) -> Iterator[int]:
        """Say what was said and still holds; the rows that were withheld last and are not shown."""
        for said in self._earlier:
            row = _row(statements, book, said.key)
            if row is None or said.said is None or not said.said.holds(book.count(said.key)):
                continue
            if not said.is_known:
                statements.say(row, said.said, fixed=True)
                continue
            statements.know(book.places(said.key), said.said)
            if row not in now:
                yield row
        for said in newest(self._earlier).values():
            row = _row(statements, book, said.key)
            if said.said is None and row is not None and row not in now:
                yield row

    def _say_known(self, statements: Statements, book: Book, now: set[int | None]) -> Iterator[int]:
        """Tell what is known; the rows of which it is known that are not shown."""
        for known in self._known:
            if known.said is None or not known.is_known:
                raise ValueError("a figure that was said belongs to the ledger")
            if not known.said.holds(book.count(known.key)):
                raise ValueError("what is known of a count is not true of it")
            row = _row(statements, book, known.key)
            if row is None:
                continue
            statements.know(book.places(known.key), known.said)
            if row not in now:
                yield row


def _row(statements: Statements, book: Book, key: Key) -> int | None:
    places = book.places(key)
    return statements.row(places) if places.size else None
