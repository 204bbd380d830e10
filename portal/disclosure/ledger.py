"""What has been said before and cannot be unsaid (D7)."""

from collections.abc import Sequence

import msgspec

from portal.disclosure.report import Release
from portal.disclosure.rules import WITHHELD, Cell, Policy, Range, is_news, meant_by
from portal.disclosure.tables import Key


class Said(msgspec.Struct, frozen=True):
    """A cell of the ledger, or a figure published elsewhere: what an attacker has of it.

    `value` is what was said, None where it was withheld; `said` the counts that it stood for on
    that day, by the policy of that day, and None where it was withheld.
    """

    key: Key
    value: int | None
    said: Range | None


def entry(cell: Cell, policy: Policy) -> Said:
    """A released cell as the ledger keeps it."""
    said = None if cell.value is None else meant_by(cell.value, policy)
    return Said(cell.key, cell.value, said)


def exactly(key: Key, n: int) -> Said:
    """A figure that somebody published without rounding it."""
    return Said(key, n, Range(n, n))


def newest(earlier: Sequence[Said]) -> dict[Key, Said]:
    """What was said last of each cell, for a ledger that is oldest first."""
    return {said.key: said for said in earlier}


def news(made: Release, policy: Policy, earlier: Sequence[Said]) -> list[Said]:
    """The rows that a release adds to the ledger: cells said anew, or otherwise than last (T7)."""
    last = {key: _cell(said) for key, said in newest(earlier).items()}
    cells = made.cells().values()
    return [entry(cell, policy) for cell in cells if is_news(last.get(cell.key), cell)]


def _cell(said: Said) -> Cell:
    return Cell(said.key, said.value, WITHHELD if said.value is None else None)
