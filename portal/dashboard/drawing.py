"""The table of a quarter as a file: CSV, or a workbook in which nothing is ever calculated."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

from portal.dashboard.queries import IndicatorTile, QuarterlyReport
from portal.i18n.language import Language

Cell = str | float | None
Row = Sequence[Cell]

# a spreadsheet takes a cell that begins so for a formula
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_of(
    found: QuarterlyReport, language: Language, unit_of: Callable[[str], str]
) -> tuple[list[str], list[Row]]:
    """The same as a header and rows for a file."""
    _ = language.gettext
    header = [
        _("Code"),
        _("Indicator"),
        _("Unit"),
        _("Period"),
        _("Figure"),
        _("The period before"),
    ]
    header += [_("A year before"), _("Target"), _("Way to the target, percent")]
    header += [_("Reports it rests on"), _("Reports expected")]
    return header, [_row(each, unit_of) for each in found.results]


def _row(each: IndicatorTile, unit_of: Callable[[str], str]) -> Row:
    way = None if each.progress is None else round(each.progress * 100)
    return [
        each.code,
        each.title,
        unit_of(each.unit),
        each.period,
        each.value,
        each.before,
        each.year_before,
        each.target,
        way,
        each.reported,
        each.expected,
    ]


def write_csv(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV file that spreadsheets open in every script, and calculate nothing of."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([_plain(each) for each in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def write_workbook(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet: numbers as numbers, every text as a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for row in (header, *rows):
        sheet.append([_cell(sheet, each) for each in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _plain(value: Cell) -> Cell:
    # security: a title somebody wrote is never a formula
    if isinstance(value, str) and value.startswith(_BEGINS_FORMULA):
        return f"'{value}"
    return value


def _cell(sheet: object, value: Cell) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    # security: a title somebody wrote is never a formula
    cell.data_type = "s"
    return cell
