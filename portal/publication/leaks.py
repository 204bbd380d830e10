"""Search the finished public file for everything that must not be in it, and refuse it then.

The last gate, after the declarations: were one of them wrong, no private value would get out. It
knows no list of secrets, only the tiers: every text column that is not public is private, and so
are the rows the public may not see. An error names table and column, never the value.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database
from sqlite_utils.db import quote_identifier

from portal.errors import PortalError
from portal.organisations.queries import NAMED
from portal.publication.builder import SHOWN_ROWS, TABLES, Progress, build_blank
from portal.publication.everyday import (
    APPLICANTS,
    APPLICANTS_WORDS,
    FROM_STRANGERS,
    ONLY_AS_A_CELL,
    SHELTERS,
)
from portal.published import ShownRows, Table
from portal.schemas import TIERS

SHORTEST = 5

# a day alone is nobody's: an absence may begin on the day on which a poster is published; nor is a
# month or a quarter, of which every organisation reports
_DAY = re.compile(r"\d{4}-(\d\d-\d\d|\d\d|Q[1-4])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")


class Leak(PortalError):
    """The public file holds something private; it was not published."""


class _Published(msgspec.Struct):
    """The finished file: its bytes, and the parts of it that a blank one has too."""

    db: sqlite3.Connection
    content: bytes
    blank: bytes
    grams: bytearray
    tables: Sequence[Table]


def refuse_leaks(
    source: Database,
    path: Path,
    parameters: dict[str, object],
    codebook: Sequence[tuple[str, ...]],
    tables: Sequence[Table] = TABLES,
    progress: Progress = lambda _done, _total: None,
    *,
    known: Set[str] = frozenset(),
) -> None:
    """Raise `Leak` when a private value of five characters or more stands in the file.

    `known` are values that whoever keeps them wants published, in this file and in no other.
    """
    published = _read(path, codebook, tables)
    public = _public_values(source, parameters) | set(_flat(str(parameters.get("releases", ""))))
    public |= known
    private = list(_columns(source, public=False))
    try:
        for done, (table, column, shown) in enumerate(private):
            values = _values(source, table, column, shown, parameters, inside=False) - public
            typed = values & _typed_by_applicants(source, table, column)
            _refuse_cells(published, f"{table}.{column}", typed)
            _refuse(published, f"{table}.{column}", values - typed)
            progress(done + 1, len(private))
    finally:
        published.db.close()


def _read(path: Path, codebook: Sequence[tuple[str, ...]], tables: Sequence[Table]) -> _Published:
    blank = path.with_name("blank.db")
    build_blank(blank, codebook, tables)
    db = sqlite3.connect(path)
    cells = (cell for table in tables for _column, cell in _texts(db, table))
    content = path.read_bytes() + "\n".join(cells).encode()
    published = _Published(db, content, blank.read_bytes(), _grams(content), tables)
    blank.unlink()
    return published


def _columns(source: Database, *, public: bool) -> Iterator[tuple[str, str, ShownRows | None]]:
    """Every column of the main database whose values are public, or may be private.

    A column of the public tier is both where the public sees only some of the rows; a column
    without a tier is private.
    """
    rows_of = {each.table: each for each in SHOWN_ROWS}
    for table in source.table_names():
        if table.startswith(("_", "sqlite_")):
            continue
        for column in source.table(table).columns_dict:
            is_public = TIERS.get(table, {}).get(column) == "public"
            shown = rows_of.get(table) if is_public else None
            if is_public == public or (shown and not public):
                yield table, column, shown


def _values(
    source: Database,
    table: str,
    column: str,
    shown: ShownRows | None,
    parameters: dict[str, object],
    *,
    inside: bool,
) -> set[str]:
    name = quote_identifier(column)
    sql = "SELECT DISTINCT " + name + " FROM " + quote_identifier(table)
    sql += " WHERE typeof(" + name + ") = 'text' AND length(" + name + ") >= :shortest"
    if shown:
        belongs = " IN (" if inside else " NOT IN ("
        sql += " AND " + quote_identifier(shown.key) + belongs + shown.select + ")"
    if not inside and table in FROM_STRANGERS:
        key, rows = FROM_STRANGERS[table]
        sql += " AND " + quote_identifier(key) + " NOT IN (" + rows + ")"
    found = source.conn.execute(sql, {**parameters, "shortest": SHORTEST})
    values = {each for (text,) in found for each in _flat(text) if len(each) >= SHORTEST}
    return {each for each in values if not _DAY.fullmatch(each)}


def _typed_by_applicants(source: Database, table: str, column: str) -> set[str]:
    """What organisations that applied call themselves, and say: words that may be anybody's."""
    if table != "organisations" or column not in APPLICANTS_WORDS:
        return set()
    name = quote_identifier(column)
    sql = "SELECT " + name + ", id IN (" + APPLICANTS + "), id IN (" + SHELTERS + ")"
    sql += " FROM organisations WHERE " + name + " IS NOT NULL"
    typed: set[str] = set()
    kept: set[str] = set()
    for text, has_applied, is_shelter in source.conn.execute(sql):
        for each in _flat(text):
            # security: the name of a shelter, unless it is a word that any sentence may hold
            is_named = is_shelter and "name" in column and len(each.split()) > 1
            (typed if has_applied and not is_named else kept).add(each)
    return typed - kept


def _public_values(source: Database, parameters: dict[str, object]) -> set[str]:
    """Whole values that stand in a public column of a row the public sees: known to everybody."""
    found: set[str] = set()
    for table, column, shown in _columns(source, public=True):
        found |= _values(source, table, column, shown, parameters, inside=True)
    # whose card was public until the membership ended is still named in texts about the work
    for name, names in source.conn.execute("SELECT o.name, o.names " + NAMED):
        found |= {name, *_flat(names)}
    return found


def _flat(text: str) -> Iterator[str]:
    """A text, or the texts inside one of JSON: lists and names by language are stored so."""
    yield text
    if text.startswith(("{", "[")):
        try:
            yield from _leaves(json.loads(text))
        except ValueError:
            return


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


def _refuse(published: _Published, origin: str, values: set[str]) -> None:
    for value in values:
        needle = value.encode()
        if not _may_hold(published.grams, needle) or needle not in published.content:
            continue
        if needle in published.blank:
            continue
        as_cell = origin in ONLY_AS_A_CELL or _MOMENT.fullmatch(value) is not None
        if place := _place_of(published, value, as_cell=as_cell):
            raise Leak(f"A private value of {origin} stands in {place}; nothing was published.")


def _refuse_cells(published: _Published, origin: str, values: set[str]) -> None:
    for table in published.tables if values else ():
        for column, cell in _texts(published.db, table):
            if cell in values and cell.encode() not in published.blank:
                place = f"{table.name}.{column}"
                raise Leak(f"A private value of {origin} stands in {place}; nothing was published.")


def _place_of(published: _Published, value: str, *, as_cell: bool) -> str | None:
    """Where a value stands: as a whole cell, as words of a text, or outside every cell."""
    words = re.compile(r"(?<!\w)" + re.escape(value) + r"(?!\w)")
    inside_others = False
    for table in published.tables:
        free = {column.name for column in table.columns if column.free}
        for column, cell in _texts(published.db, table, value):
            if cell == value or (column in free and not as_cell and words.search(cell)):
                return f"{table.name}.{column}"
            inside_others = True
    return None if inside_others else "the bytes of the file"


def _texts(
    db: sqlite3.Connection, table: Table, value: str | None = None
) -> Iterator[tuple[str, str]]:
    """The texts of a published table with their columns, or only those that contain a value."""
    for column in table.columns:
        name = quote_identifier(column.name)
        sql = "SELECT " + name + " FROM " + quote_identifier(table.name)
        sql += " WHERE typeof(" + name + ") = 'text' AND (:value IS NULL OR instr("
        for (cell,) in db.execute(sql + name + ", :value))", {"value": value}):
            yield column.name, cell


# Which five bytes occur at all: a value with five that do not occur needs no search.
_GRAM_BITS = 24


def _grams(content: bytes) -> bytearray:
    seen = bytearray(1 << _GRAM_BITS)
    mask = (1 << _GRAM_BITS) - 1
    for start in range(len(content) - SHORTEST + 1):
        seen[hash(content[start : start + SHORTEST]) & mask] = 1
    return seen


def _may_hold(grams: bytearray, needle: bytes) -> bool:
    mask = (1 << _GRAM_BITS) - 1
    return all(
        grams[hash(needle[start : start + SHORTEST]) & mask]
        for start in range(len(needle) - SHORTEST + 1)
    )
