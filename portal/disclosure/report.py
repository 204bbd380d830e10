"""What a release says, and what its audit says to the coordinators who approve it (D9).

Neither holds an exact count: the report counts cells and gives widths of ranges, no figures.
"""

import msgspec

from portal.disclosure.rules import Cell

TOO_FEW = "too_few"


class Published(msgspec.Struct, frozen=True):
    """A table with every cell of its cross product, the withheld ones too (D8)."""

    name: str
    cells: tuple[Cell, ...]


class TableReport(msgspec.Struct, frozen=True):
    """How many cells a table says, how many it withholds, how many can have nobody.

    `hiding` of the withheld ones could be said but for others that they hide; `narrowest` is the
    smallest range, in people, that a withheld cell of the table surely keeps.
    """

    name: str
    published: int
    withheld: int
    structural: int
    hiding: int = 0
    narrowest: int | None = None


class Report(msgspec.Struct, frozen=True):
    """How an indicator came through the audit.

    `stopped_at` is the first level that is not published, None where all are; `stopped_by` says
    why: `too_few` of its cells pass (D12), or its audit ended by `time`, by `cells` or `stuck`.
    `added` counts the sets of people withheld to hide others, `said_before` those withheld though
    an earlier release gave them and still holds. `narrowest` is the smallest range, in people,
    that a withheld cell surely keeps; None where nothing is withheld. Of the cells that a level
    stopped by `too_few` has for itself, `stopped_passing` of `stopped_cells` could be said.
    """

    tables: tuple[TableReport, ...]
    stopped_at: str | None
    stopped_by: str | None
    added: int
    said_before: int
    narrowest: int | None
    stopped_passing: int = 0
    stopped_cells: int = 0


class Release(msgspec.Struct, frozen=True):
    """What may be published of an indicator, with the report for those who approve it."""

    tables: tuple[Published, ...]
    report: Report

    def cells(self) -> dict[tuple[str, ...], Cell]:
        """Every cell by its key; tables that share one say the same of it."""
        return {cell.key: cell for table in self.tables for cell in table.cells}
