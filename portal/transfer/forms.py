"""The rows of a file become entries with typed changes, or errors by row and column."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from portal.i18n.language import Message
from portal.transfer.columns import AN_ID, Column, Entry, Kind
from portal.transfer.files import Cell, Table
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell
from portal.transfer.rules import LONGEST_CELL, has_control_characters

FILL_IN = Message("Fill this in.")
NEEDED = Message("This is a new record: it needs this column, filled in.")


def check_header(kind: Kind, header: Sequence[str]) -> list[CellError]:
    """What is wrong with the names of the columns."""
    errors = []
    for position, name in enumerate(header):
        if name not in kind.header:
            said = Message(
                "This column is not known. Known are: %(columns)s.",
                {"columns": ", ".join(kind.header)},
            )
            errors.append(CellError(1, name or letter(position), said))
        elif name in header[:position]:
            said = Message("This column is there twice. Delete one of them.")
            errors.append(CellError(1, name, said))
    if "id" not in header:
        said = Message("Add this column: it says which record a row is about.")
        errors.append(CellError(1, "id", said))
    return errors


def read_entries(
    db: Database, kind: Kind, table: Table, finder: Finder, step: Callable[[], None]
) -> tuple[list[Entry], list[CellError]]:
    """Every row beside what is stored, and every cell that cannot be used."""
    stored = kind.stored(db)
    entries, errors = _entries(kind, table, stored)
    kind.expect(entries, finder)
    for entry in entries:
        entry.texts = kind.meant(entry.texts, entry.stored or {}, finder)
        wrong = _read_changes(kind, entry, finder)
        errors += wrong + kind.check(db, entry, finder)
        step()
    return entries, errors


def in_order(errors: Sequence[CellError], header: Sequence[str]) -> list[CellError]:
    """One error a cell, the first that was found, in the order in which one reads the file."""
    places = {name: position for position, name in enumerate(header)}
    first = {(error.row, error.column): error for error in reversed(errors)}
    return sorted(
        first.values(), key=lambda error: (error.row, places.get(error.column, len(header)))
    )


def letter(position: int) -> str:
    """The name a spreadsheet gives to a column, counted from 0: A … Z, AA …"""
    first, last = divmod(position, 26)
    return (letter(first - 1) if first else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[last]


def _entries(
    kind: Kind, table: Table, stored: dict[str, dict[str, str]]
) -> tuple[list[Entry], list[CellError]]:
    entries: list[Entry] = []
    errors: list[CellError] = []
    rows_of: dict[str, int] = {}
    for row, cells in table.rows:
        texts, wrong = _texts(kind, table.header, row, cells)
        record_id = texts.pop("id", "")
        errors += wrong + _check_id(row, record_id, rows_of)
        rows_of.setdefault(record_id, row)
        entries.append(Entry(row, record_id, texts, stored.get(record_id)))
    return entries, errors


def _check_id(row: int, record_id: str, rows_of: dict[str, int]) -> list[CellError]:
    if record_id and record_id in rows_of:
        said = Message(
            "Row %(row)s has the same id. Keep one of them.", {"row": rows_of[record_id]}
        )
    elif not record_id:
        said = Message("Give this record an id of its own.")
    elif not AN_ID.fullmatch(record_id):
        said = Message("An id is made of Latin letters, digits, “-” and “_”, at most 40.")
    else:
        return []
    return [CellError(row, "id", said)]


def _texts(
    kind: Kind, header: Sequence[str], row: int, cells: list[Cell]
) -> tuple[dict[str, str], list[CellError]]:
    """The texts by column; a cell that is no text is an error and left out."""
    texts: dict[str, str] = {}
    errors = _check_width(header, row, cells)
    for name, cell in zip(header, cells, strict=False):
        if isinstance(cell, Message):
            errors.append(CellError(row, name, cell))
        elif name in kind.header:
            texts.setdefault(name, cell)
    return texts, errors


def _check_width(header: Sequence[str], row: int, cells: list[Cell]) -> list[CellError]:
    if len(cells) < len(header):
        said = Message("This row is shorter than the first one. Add the missing commas.")
        return [CellError(row, header[len(cells)], said)]
    if any(cells[len(header) :]):
        said = Message("This cell has no column name above it. Name the column or empty the cell.")
        return [CellError(row, letter(len(header)), said)]
    return []


def _read_changes(kind: Kind, entry: Entry, finder: Finder) -> list[CellError]:
    """Put into the entry what its row changes; a cell that says what is stored is never wrong."""
    errors: list[CellError] = []
    changes: dict[str, Any] = {}
    for column in kind.columns[1:]:
        stored = entry.stored[column.name] if entry.stored else ""
        text = entry.texts.get(column.name)
        if not entry.text(column.name) and column.required:
            errors.append(entry.error(column.name, NEEDED if text is None else FILL_IN))
        if text is None or text == stored:
            continue
        try:
            value = _read(column, text, finder)
        except WrongCell as wrong:
            errors.append(entry.error(column.name, wrong.message))
            continue
        if column.cell.text(value) != stored:
            changes[column.name] = value
    entry.changes = changes
    return errors


def _read(column: Column, text: str, finder: Finder) -> Any:
    if len(text) > LONGEST_CELL:
        raise WrongCell(
            Message("Make this shorter: at most %(most)s characters.", {"most": LONGEST_CELL})
        )
    if has_control_characters(text):
        raise WrongCell(
            Message("This text holds characters that cannot be seen. Type it anew by hand.")
        )
    return column.cell.value(text, finder)
