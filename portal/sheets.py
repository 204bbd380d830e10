"""Tables as files to take away: CSV and XLSX, in which nothing is ever calculated.

Whatever leaves the portal as a table is written here, so that every cell keeps the same rule.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

from portal.texts import neutralise, number_text, printable

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

# the mark by which spreadsheets know UTF-8
_MARK = b"\xef\xbb\xbf"

_PROPERTIES = "docProps/core.xml"
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")

Value = str | int | float | None
Rows = Iterable[Sequence[Value]]


def as_csv(rows: Rows) -> bytes:
    """Rows as CSV in UTF-8 with the mark by which spreadsheets know it."""
    target = io.BytesIO()
    target.write(_MARK)
    write_csv(target, rows)
    return target.getvalue()


def as_xlsx(rows: Rows) -> bytes:
    """Rows as the only sheet of a workbook."""
    return as_workbook({"data": rows})


def as_workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of named sheets."""
    target = io.BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def as_repeatable_workbook(sheets: Mapping[str, Rows], day: str) -> bytes:
    """A workbook that says it is of a day: the same sheets make the same bytes whenever written."""
    written, settled = io.BytesIO(as_workbook(sheets)), io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(settled, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _PROPERTIES:
                content = _MOMENT.sub(f"{day}T00:00:00Z".encode(), content)
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return settled.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def write_csv(target: IO[bytes], rows: Rows) -> None:
    """Rows as CSV in UTF-8, row by row."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def write_workbook(target: IO[bytes], sheets: Mapping[str, Rows]) -> None:
    """A workbook, row by row; numbers stay numbers, texts are texts."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    book.save(target)


def fill(cell: Any, value: Value) -> None:
    """Put a value into a cell of a workbook; a text stays one, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = int(value) if isinstance(value, float) and value.is_integer() else value
    elif text := printable(value):
        cell.value = text
        # security: openpyxl takes what begins with = for a formula
        cell.data_type = "s"


def _cell(sheet: Any, value: Value) -> Any:
    cell = WriteOnlyCell(sheet)
    fill(cell, value)
    return cell


def _harmless(value: Value) -> str:
    if value is None:
        return ""
    # security: a spreadsheet would calculate what somebody typed
    return neutralise(printable(value)) if isinstance(value, str) else number_text(value)
