"""Tables in files: CSV and XLSX, told apart by the file's ending, every cell a cleaned text.

A cell that cannot be a text (a formula, a clock time) is a Message that says what to do.
"""

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

import msgspec

from portal.errors import CannotTransfer
from portal.i18n.language import Message
from portal.sheets import write_csv, write_workbook
from portal.texts import clean, restore
from portal.workbooks import read_workbook

LARGEST_FILE = 32 * 1024 * 1024
MOST_ROWS = 100_000
A_FORMULA = Message(
    "This cell begins with “=”. Write the value itself, or an apostrophe before it if it is a text."
)

Cell = str | Message
Lines = Iterable[Sequence[Cell]]


class Table(msgspec.Struct, frozen=True):
    """The column names and the rows below them, each with its number in the spreadsheet."""

    header: list[str]
    rows: list[tuple[int, list[Cell]]]


def read_table(path: Path) -> Table:
    """The table of a file; `CannotTransfer` when it cannot be read as one."""
    reader = _READERS[_ending(path)]
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CannotTransfer(Message("The file is too large. Split it into smaller ones."))
        content = path.read_bytes()
    except OSError as error:
        raise CannotTransfer(
            Message("The file cannot be read: %(reason)s.", {"reason": error.strerror or ""})
        ) from error
    return _table(reader(content))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a file that only its owner can read; it appears whole or not at all."""
    writer = _WRITERS[_ending(path)]
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        # security: contacts and licence numbers leave here, never readable for others
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            writer(target, header, rows)
        part.replace(path)
    except OSError as error:
        raise CannotTransfer(
            Message("The file cannot be written: %(reason)s.", {"reason": error.strerror or ""})
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _ending(path: Path) -> str:
    if path.suffix.lower() not in _READERS:
        raise CannotTransfer(Message("The file's name must end in .csv or .xlsx."))
    return path.suffix.lower()


def _table(lines: Lines) -> Table:
    """Rows without any text are left out, but counted, as a spreadsheet counts them."""
    numbered = enumerate(lines, start=1)
    _first, names = next(numbered, (0, []))
    header = [name.casefold() if isinstance(name, str) else "" for name in names]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise CannotTransfer(
            Message("The first row is empty. Write the names of the columns there.")
        )
    rows: list[tuple[int, list[Cell]]] = []
    for number, cells in numbered:
        # counted while reading: a small file can hold very many rows
        if number > MOST_ROWS:
            raise CannotTransfer(Message("The file has too many rows. Split it into smaller ones."))
        if any(cells):
            rows.append((number, list(cells)))
    return Table(header, rows)


def _read_csv(content: bytes) -> Iterator[Sequence[Cell]]:
    text = _decode(content)
    _refuse_other_separators(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 1
    try:
        for cells in reader:
            yield [_csv_cell(cell) for cell in cells]
            row += 1
    except csv.Error as error:
        raise CannotTransfer(
            Message(
                "Row %(row)s cannot be read. Look for a quotation mark that is not closed there.",
                {"row": row},
            )
        ) from error


def _csv_cell(text: str) -> Cell:
    cell = clean(text)
    return A_FORMULA if cell.startswith("=") else restore(cell)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise CannotTransfer(
            Message("Row %(row)s is not UTF-8. Save the file as “CSV UTF-8”.", {"row": row})
        ) from error


def _refuse_other_separators(text: str) -> None:
    first = text.split("\n", 1)[0]
    other = next((mark for mark in (";", "\t") if mark in first), None)
    if other and "," not in first:
        raise CannotTransfer(
            Message(
                "The columns of this file are not separated by commas. Save it again as CSV with"
                " commas, or as XLSX."
            )
        )


def _write_csv(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    write_csv(target, chain([header], rows))


def _write_xlsx(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    write_workbook(target, {"data": chain([header], rows)})


_READERS: dict[str, Callable[[bytes], Lines]] = {".csv": _read_csv, ".xlsx": read_workbook}
_WRITERS = {".csv": _write_csv, ".xlsx": _write_xlsx}
