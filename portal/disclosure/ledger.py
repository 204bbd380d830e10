"""What has been said before and cannot be unsaid (D7)."""

from collections.abc import Sequence
from math import inf

import msgspec

from portal.disclosure.report import Release
from portal.disclosure.rules import WITHHELD, Cell, Policy, Range, is_news, meant_by
from portal.disclosure.tables import Key


class Said(msgspec.Struct, frozen=True):
    """A cell of the ledger, or a figure published elsewhere: what an attacker has of it.

    `value` is what was said, None where it was withheld; `said` the counts that it stood for on
    that day, by the policy of that day, and None where it was withheld. A range without a value is
    what anybody knows of a count that is withheld all the same.
    """

    key: Key
    value: int | None
    said: Range | None

    @property
    def is_known(self) -> bool:
        """Whether it tells something of a count that is not said itself."""
        return self.value is None and self.said is not None


def entry(cell: Cell, policy: Policy) -> Said:
    """A released cell as the ledger keeps it."""
    said = None if cell.value is None else meant_by(cell.value, policy)
    return Said(cell.key, cell.value, said)


def exactly(key: Key, n: int) -> Said:
    """A figure that somebody published without rounding it."""
    return Said(key, n, Range(n, n))


def at_least(key: Key, n: int) -> Said:
    """A count that is withheld, but not below n as everybody reads: "home visits: yes" (D11)."""
    return Said(key, None, Range(n, inf))


def newest(earlier: Sequence[Said]) -> dict[Key, Said]:
    """What was said last of each cell, for a ledger that is oldest first."""
    return {said.key: said for said in earlier if not said.is_known}


def news(made: Release, policy: Policy, earlier: Sequence[Said]) -> list[Said]:
    """The rows that a release adds to the ledger: cells said anew, or otherwise than last (T7)."""
    last = {key: _cell(said) for key, said in newest(earlier).items()}
    cells = made.cells().values()
    return [entry(cell, policy) for cell in cells if is_news(last.get(cell.key), cell)]


def _cell(said: Said) -> Cell:
    return Cell(said.key, said.value, WITHHELD if said.value is None else None)
