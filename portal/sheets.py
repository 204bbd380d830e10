"""Tables as files to take away: CSV and XLSX, in which nothing is ever calculated."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Value = str | int | float | None

# security: a spreadsheet would take a text that begins like this for a formula
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """Rows as CSV in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[Value]]) -> bytes:
    """Rows as the only sheet of a workbook; numbers stay numbers, texts are texts."""
    book, target = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("data")
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(target)
    return target.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def _harmless(value: Value) -> Value:
    is_formula = isinstance(value, str) and value.startswith(_BEGINS_FORMULA)
    return f"'{value}" if is_formula else value


def _cell(sheet: Any, value: Value) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
