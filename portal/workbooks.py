"""XLSX files as they come in: one sheet of them, its cells as the texts a CSV file would have."""

import io
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import (  # type: ignore[import-untyped]
    InvalidFileException,
)

from portal.errors import CannotTransfer
from portal.i18n.language import Message
from portal.texts import clean, number_text

MOST_MEMBERS = 200
MOST_BYTES = 200 * 1024 * 1024

_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
)


def read_workbook(
    content: bytes,
    *,
    sheet: str | None = None,
    most_bytes: int = MOST_BYTES,
    most: tuple[int, int] | None = None,
) -> Iterator[Sequence[str | Message]]:
    """The rows of the first sheet, or of a named one; `CannotTransfer` when there is none.

    `most` is how many rows and columns are looked at: one cell far to the right makes a wide row
    of few bytes, and one far down makes a million rows.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles it leaves out
            yield from _rows(content, sheet, most_bytes, most or (None, None))
    except _BROKEN as error:
        raise CannotTransfer(
            Message("This is not a whole XLSX file. Open it in a spreadsheet and save it again.")
        ) from error


def _refuse_bomb(content: bytes, most_bytes: int) -> None:
    """A workbook is a zip file; what it unpacks to is looked at before it is unpacked."""
    with ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > most_bytes:
        raise CannotTransfer(Message("The file is too large. Split it into smaller ones."))


def _rows(
    content: bytes, named: str | None, most_bytes: int, most: tuple[int | None, int | None]
) -> Iterator[Sequence[str | Message]]:
    _refuse_bomb(content, most_bytes)
    book = load_workbook(io.BytesIO(content), read_only=True)
    try:
        if named is not None and named not in book.sheetnames:
            said = Message("The sheet “%(name)s” is missing. Download the file anew.")
            raise CannotTransfer(Message(said.text, {"name": named}))
        sheet = book.worksheets[0] if named is None else book[named]
        sheet.reset_dimensions()
        width = 0
        for row in sheet.iter_rows(max_row=most[0], max_col=most[1]):
            cells = [_read(cell) for cell in row]
            width = width or len(cells)
            yield cells + [""] * (width - len(cells))
    finally:
        book.close()


def _read(cell: Any) -> str | Message:
    if cell.data_type == "f":
        return Message("This cell is a formula. Write the value itself.")
    if cell.data_type == "e":
        return Message("The spreadsheet shows an error in this cell. Write the value itself.")
    return _said(cell.value)


def _said(value: object) -> str | Message:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return Message("This cell holds a time of day. Write the date alone, or a text.")
