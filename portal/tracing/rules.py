"""How a figure comes about: of cells a line, of lines a figure.

This goes the same way as `indicators.figures`, from the rows of one figure only, so that whoever
asks reads each step; a test holds that both arrive at the same number.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from portal.explaining.rules import Which
from portal.indicators.rules import Cell, Figure, Rules, State, of_line, over_places


class Row(Protocol):
    """An accepted cell, as far as counting needs to know it."""

    @property
    def organisation_id(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def project_id(self) -> str: ...
    @property
    def part(self) -> tuple[str, str, str]: ...
    @property
    def state(self) -> State: ...
    @property
    def numerator(self) -> float | None: ...
    @property
    def denominator(self) -> float | None: ...


def lies_in(region: str, place: str) -> bool:
    """Whether a region is a place, or lies in it: everywhere, or a country by its two letters."""
    return place in ("", region) or region.startswith(f"{place}-")


T = TypeVar("T", bound=Row)


def rows_of(rows: Iterable[T], which: Which) -> list[T]:
    """The rows of which a figure is made."""
    return [each for each in rows if _counts(each, which)]


def lines_of(rules: Rules, rows: Iterable[Row], which: Which) -> list[Figure]:
    """What each organisation says of each place and project: the lines that a figure is made of."""
    lines: dict[tuple[str, str, str], list[Cell]] = {}
    for each in rows_of(rows, which):
        part = tuple(filter(None, each.part))
        cell = Cell(each.state, each.numerator, each.denominator, part)
        lines.setdefault((each.organisation_id, each.region, each.project_id), []).append(cell)
    # a part is added up whatever makes the whole
    inner = rules if which.is_whole else Rules(rules.kind)
    return [of_line(inner, cells) for cells in lines.values()]


def recount(rules: Rules, rows: Iterable[Row], which: Which) -> Figure | None:
    """A figure from accepted rows; None where there is nothing to make it of."""
    lines = lines_of(rules, rows, which)
    return over_places(rules, lines) if lines else None


def _counts(row: Row, which: Which) -> bool:
    if which.organisation and row.organisation_id != which.organisation:
        return False
    if not lies_in(row.region, which.region):
        return False
    if which.is_whole:
        return True
    wanted = zip(row.part, which.part, strict=True)
    return row.part != ("", "", "") and all(not want or want == have for have, want in wanted)
