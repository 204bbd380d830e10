"""A kind of record as data: its columns, how it is asked for, checked and saved."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json
from portal.files import Shelf
from portal.i18n.language import FOLDER, Message
from portal.texts import printable
from portal.transfer.cells import Cell, like
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

LANGUAGES = tuple(sorted(catalog.parent.name for catalog in FOLDER.glob("*/portal.po")))
AN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
MADE_OF = Message("An id is made of Latin letters, digits, “-” and “_”, at most 40.")

# between the parts of a key; no cell holds it
APART = "\x1f"


class Column(msgspec.Struct, frozen=True):
    """One column; a `required` one may not be empty."""

    name: str
    cell: Cell
    required: bool = False


class Entry(msgspec.Struct):
    """One row of a file beside what is stored: `stored` is None for a new record.

    `id` is the text of the kind's key; with several columns, their texts joined.
    """

    row: int
    id: str
    texts: dict[str, str]
    stored: dict[str, str] | None = None
    changes: dict[str, Any] = {}
    is_wrong: bool = False

    @property
    def is_new(self) -> bool:
        """Whether no record has this key."""
        return self.stored is None

    def text(self, column: str) -> str:
        """The text a column will have: that of the file where it names the column."""
        return self.texts.get(column, (self.stored or {}).get(column, ""))

    def kept(self, column: str) -> Any:
        """The value a column will have, or the stored text where the row changes nothing."""
        return self.changes.get(column, (self.stored or {}).get(column) or None)

    def error(self, column: str, message: Message) -> CellError:
        """A cell of this row that cannot be used."""
        return CellError(self.row, column, message)


def as_written(
    texts: dict[str, str], _stored: Mapping[str, str], _finder: Finder
) -> dict[str, str]:
    """The texts of a row as they stand in the file."""
    return texts


def no_errors(_db: Database, _entry: Entry, _finder: Finder) -> list[CellError]:
    """For kinds whose cells do not depend on each other."""
    return []


def apart(_db: Database, _entries: list[Entry], _finder: Finder) -> list[CellError]:
    """For kinds whose rows do not depend on each other."""
    return []


def saved_with_all(
    _db: Database, _by: Actor, _at: datetime, _entry: Entry, _finder: Finder
) -> None:
    """For kinds whose rows are saved all at once."""


def nobody(_db: Database, _entry: Entry) -> set[str]:
    """For kinds on which no practitioner's listing depends."""
    return set()


def as_they_stand(_db: Database, entries: list[Entry]) -> tuple[list[Entry], list[CellError]]:
    """For kinds whose records do not refer to each other."""
    return entries, []


def announce_nothing(_entries: Iterable[Entry], _finder: Finder) -> None:
    """For kinds whose records are not named in their own file."""


def no_doubts(
    _db: Database, _by: Actor, _entries: Sequence[Entry], _finder: Finder
) -> list[CellError]:
    """For kinds whose records nobody takes for one another."""
    return []


def names_no_files(_db: Database, _rows: list[dict[str, str]]) -> list[tuple[list[str], str]]:
    """For kinds that name no files."""
    return []


def enclose_nothing(_db: Database, _rows: list[dict[str, str]], _into: Path, _files: Shelf) -> None:
    """For kinds that have no files."""


class Kind(msgspec.Struct, frozen=True):
    """How one register is exchanged; `sql` gives a row a record with the columns' names.

    `key` names the columns that say which record a row is about. `together` looks at all rows of a
    file beside each other; `doubts` points out what may be there already; `save_all` saves them at
    once where one by one would be too slow. `withheld` asks for the ids that no export gives;
    `looks` says which files the rows of a table name, beside what is stored; `enclose` writes files
    into a folder, their paths into the rows.
    """

    name: str
    columns: tuple[Column, ...]
    sql: str
    save: Callable[[Database, Actor, datetime, Entry, Finder], None] = saved_with_all
    key: tuple[str, ...] = ("id",)
    meant: Callable[[dict[str, str], Mapping[str, str], Finder], dict[str, str]] = as_written
    check: Callable[[Database, Entry, Finder], list[CellError]] = no_errors
    together: Callable[[Database, list[Entry], Finder], list[CellError]] = apart
    save_all: Callable[[Database, Actor, datetime, list[Entry], Finder], None] | None = None
    order: Callable[[Database, list[Entry]], tuple[list[Entry], list[CellError]]] = as_they_stand
    expect: Callable[[Iterable[Entry], Finder], None] = announce_nothing
    lists: Callable[[Database, Entry], set[str]] = nobody
    is_exported: Callable[[str, Mapping[str, str]], bool] = lambda _id, _texts: True
    doubts: Callable[[Database, Actor, Sequence[Entry], Finder], list[CellError]] = no_doubts
    withheld: str = "SELECT NULL WHERE 0"
    looks: Callable[[Database, list[dict[str, str]]], list[tuple[list[str], str]]] = names_no_files
    enclose: Callable[[Database, list[dict[str, str]], Path, Shelf], None] = enclose_nothing

    @property
    def header(self) -> list[str]:
        """The names of all columns in their order."""
        return [column.name for column in self.columns]

    @property
    def key_columns(self) -> list[Column]:
        """The columns that say which record a row is about."""
        return [column for column in self.columns if column.name in self.key]

    def key_of(self, texts: Mapping[str, str]) -> str:
        """The key that texts have together; what is not named is empty."""
        return APART.join(texts.get(name, "") for name in self.key)

    def stored(self, db: Database) -> dict[str, dict[str, str]]:
        """Every record by its key, in the texts an export gives."""
        records = (self._texts(row) for row in db.query(self.sql))
        return {self.key_of(texts): texts for texts in records}

    def _texts(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {
            column.name: printable(column.cell.text(_from_sql(column.cell, row[column.name])))
            for column in self.columns
        }


def in_languages(name: str, cell: Cell) -> list[Column]:
    """A column for each interface language: `name_ru`."""
    return [Column(f"{name}_{language}", cell) for language in LANGUAGES]


def select_languages(name: str, names: str) -> str:
    """The part of a SELECT that takes such columns out of a JSON column."""
    return "".join(
        ", json_extract(" + names + ", '$." + language + "') AS " + name + "_" + language
        for language in LANGUAGES
    )


def save_languages(
    db: Database, table: str, json_column: str, entry: Entry, name: str
) -> dict[str, str]:
    """The JSON column with the languages a row names put in or taken out, and all others kept."""
    columns = {f"{name}_{language}": language for language in LANGUAGES}
    changed = {columns[each]: text for each, text in entry.changes.items() if each in columns}
    if not changed:
        return {}
    rows = db.table(table).rows_where("id = ?", [entry.id], select=json_column)
    kept: dict[str, str] = next((msgspec.json.decode(row[json_column]) for row in rows), {})
    merged = {**kept, **changed}
    return {json_column: as_json({code: text for code, text in merged.items() if text})}


def id_column() -> Column:
    """The column every file must have."""
    return Column("id", like(AN_ID, MADE_OF), required=True)


def _from_sql(cell: Cell, value: Any) -> Any:
    return msgspec.json.decode(value) if cell.is_json and value is not None else value
