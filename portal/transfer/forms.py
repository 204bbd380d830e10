"""The rows of a file become entries with typed changes, or errors by row and column."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from portal.i18n.language import Message
from portal.texts import has_control_characters
from portal.transfer.columns import Column, Entry, Kind
from portal.transfer.files import Cell, Table
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell

LONGEST_CELL = 10_000

FILL_IN = Message("Fill this in.")
OF_ITS_OWN = Message("Give this record an id of its own.")
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
    said = Message("Add this column: it says which record a row is about.")
    return errors + [CellError(1, name, said) for name in lacking(kind, header)]


def lacking(kind: Kind, header: Sequence[str]) -> list[str]:
    """The columns without which nobody knows which record a row is about."""
    return [each.name for each in kind.key_columns if each.required and each.name not in header]


def read_entries(
    db: Database, kind: Kind, table: Table, finder: Finder, step: Callable[[], None]
) -> tuple[list[Entry], list[CellError]]:
    """Every row beside what is stored, and every cell that cannot be used."""
    stored = kind.stored(db)
    entries, errors = _entries(kind, table, stored, finder)
    kind.expect(entries, finder)
    for entry in entries:
        entry.texts = kind.meant(entry.texts, entry.stored or {}, finder)
        wrong = _read_changes(kind, entry, finder)
        wrong += kind.check(db, entry, finder)
        entry.is_wrong |= bool(wrong)
        errors += wrong
        step()
    return entries, errors + kind.together(db, entries, finder)


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
    kind: Kind, table: Table, stored: dict[str, dict[str, str]], finder: Finder
) -> tuple[list[Entry], list[CellError]]:
    entries: list[Entry] = []
    errors: list[CellError] = []
    rows_of: dict[str, int] = {}
    for row, cells in table.rows:
        texts, wrong = _texts(kind, table.header, row, cells)
        wrong += _read_key(kind, row, texts, finder)
        key = kind.key_of(texts)
        if key in rows_of and any(texts.get(name) for name in kind.key):
            wrong.append(CellError(row, kind.key[0], _twice(kind, rows_of[key])))
        rows_of.setdefault(key, row)
        entries.append(Entry(row, key, texts, stored.get(key), is_wrong=bool(wrong)))
        errors += wrong
    return entries, errors


def _read_key(kind: Kind, row: int, texts: dict[str, str], finder: Finder) -> list[CellError]:
    """Write the texts of a key as they are stored; what is wrong with them stays as it is."""
    errors = []
    for column in kind.key_columns:
        text = texts.get(column.name, "")
        if not text:
            if column.required:
                said = OF_ITS_OWN if column.name == "id" else FILL_IN
                errors.append(CellError(row, column.name, said))
            continue
        try:
            texts[column.name] = column.cell.text(_read(column, text, finder))
        except WrongCell as wrong:
            errors.append(CellError(row, column.name, wrong.message))
    return errors


def _twice(kind: Kind, row: int) -> Message:
    if kind.key == ("id",):
        return Message("Row %(row)s has the same id. Keep one of them.", {"row": row})
    return Message("Row %(row)s is about the same. Keep one of them.", {"row": row})


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
    for column in kind.columns:
        if column.name in kind.key:
            continue
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
