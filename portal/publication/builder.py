"""Build the public database from an empty file, by allow-listed INSERTs and nothing else.

What may come in is declared in each domain's `published.py`; a row or column that no declaration
names cannot get here. Full text search is made from the published texts only.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.db import quote_identifier

from portal.actor import PUBLIC
from portal.campaigns import published as campaigns
from portal.charter import published as charter
from portal.db import as_json
from portal.errors import PortalError
from portal.events import published as events
from portal.materials import published as materials
from portal.organisations import published as organisations
from portal.organisations.queries import tier
from portal.places import published as places
from portal.publication import indicator_tables as indicators
from portal.publication import published as publication
from portal.publication.ledger import Figures
from portal.publication.queries import Release
from portal.published import ShownRows, Table, in_languages, text
from portal.vocabularies import published as vocabularies

Progress = Callable[[int, int], None]

_ROOMS = (
    *(vocabularies, places, organisations, events, campaigns, materials, charter),
    *(publication, indicators),
)

TABLES: tuple[Table, ...] = tuple(table for room in _ROOMS for table in room.TABLES)

SHOWN_ROWS: tuple[ShownRows, ...] = tuple(rows for room in _ROOMS for rows in room.SHOWN_ROWS)

CODEBOOK = Table(
    name="codebook",
    columns=(
        text("table_name", "datasette-metadata.yml"),
        text("column_name", "datasette-metadata.yml"),
        *in_languages("meaning", "datasette-metadata.yml", "en", "ru", "tk", "tg"),
    ),
    select="",
    key=("table_name", "column_name"),
)

_ROWS_AT_ONCE = 1000


class Misdeclared(PortalError):
    """A declaration of a published table cannot be carried out."""


def parameters_of(today: date, figures: Figures, releases: Sequence[Release]) -> dict[str, object]:
    """What every declared SELECT may use: the day, the public's tier, and the figures released."""
    return {
        **tier(PUBLIC),
        "today": today.isoformat(),
        "cells": as_json(figures.counts),
        "figures": as_json(figures.figures),
        "levels": as_json(figures.levels),
        "releases": as_json(releases),
    }


def build(
    source: Database,
    path: Path,
    parameters: dict[str, object],
    codebook: Sequence[tuple[str, ...]],
    tables: Sequence[Table] = TABLES,
    progress: Progress = lambda _done, _total: None,
) -> dict[str, int]:
    """Write a new public database at `path`; the number of rows of each table."""
    draft = path.with_name("draft.db")
    db = _empty(draft)
    rows = {}
    for done, table in enumerate(tables):
        rows[table.name] = _copy(source, db, table, parameters)
        progress(done + 1, len(tables) + 1)
    rows[CODEBOOK.name] = _write_codebook(db, codebook)
    _finish(db, path)
    draft.unlink()
    return rows


def build_blank(path: Path, codebook: Sequence[tuple[str, ...]], tables: Sequence[Table]) -> None:
    """The same file without a row of anybody's: what stands in it is told by our own words."""
    draft = path.with_name("draft.db")
    db = _empty(draft)
    for table in tables:
        _create(db, table)
    _write_codebook(db, codebook)
    _finish(db, path)
    draft.unlink()


def _empty(path: Path) -> Database:
    path.unlink(missing_ok=True)
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = OFF")
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("BEGIN")
    return Database(conn, execute_plugins=False)


def _copy(source: Database, db: Database, table: Table, parameters: dict[str, object]) -> int:
    cursor = source.conn.execute(table.select, parameters)
    found = tuple(column[0] for column in cursor.description)
    if found != tuple(column.name for column in table.columns):
        raise Misdeclared(f"The SELECT of the published table {table.name} has other columns.")
    _create(db, table)
    rows = 0
    while batch := cursor.fetchmany(_ROWS_AT_ONCE):
        _insert(db, table, batch)
        rows += len(batch)
    if table.search:
        db.table(table.name).enable_fts(table.search, fts_version="FTS5", tokenize="unicode61")
    return rows


def _create(db: Database, table: Table) -> None:
    db.table(table.name).create(
        {column.name: column.kind for column in table.columns},
        pk=table.key if len(table.key) > 1 else table.key[0],
        foreign_keys=table.foreign_keys,
    )
    for columns in table.indexes:
        db.table(table.name).create_index(columns)


def _insert(db: Database, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    places = ", ".join("?" * len(table.columns))
    into = "INSERT INTO " + quote_identifier(table.name) + " VALUES (" + places + ")"
    db.conn.executemany(into, rows)


def _write_codebook(db: Database, codebook: Sequence[tuple[str, ...]]) -> int:
    _create(db, CODEBOOK)
    _insert(db, CODEBOOK, codebook)
    return len(codebook)


def _finish(db: Database, path: Path) -> None:
    """Check the links between tables, then write the file that is served, without free pages."""
    db.conn.execute("COMMIT")
    for table, *_rest in db.conn.execute("PRAGMA foreign_key_check"):
        db.close()
        raise Misdeclared(f"A row of the published table {table} points to one that is not there.")
    path.unlink(missing_ok=True)
    db.conn.execute("VACUUM INTO ?", [str(path)])
    db.close()
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA journal_mode = DELETE")
    conn.close()
