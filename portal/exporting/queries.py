"""The public database read whole, with what its tables and columns mean in four languages."""

from pathlib import Path

import msgspec
from sqlite_utils import Database
from sqlite_utils.db import quote_identifier

from portal.exporting.rules import (
    FOLDER,
    LANGUAGES,
    LIST,
    Column,
    ExportedFile,
    Link,
    PublishedTable,
    Row,
    Tagged,
)
from portal.publication.notes import Notes, read_notes


def find_files(generations: Path, number: int) -> list[ExportedFile]:
    """The files of an edition; none while they are still made."""
    path = generations / str(number) / FOLDER / LIST
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[ExportedFile])
    except OSError:
        return []


def find_tables(db: Database) -> list[PublishedTable]:
    """Every published table in the order of its notes; full text search is no table."""
    notes = read_notes()
    sql = """
        SELECT m.name FROM sqlite_master AS m JOIN pragma_table_list AS l
        ON l.name = m.name AND l.schema = 'main' AND l.type = 'table'
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid
    """
    names = [name for (name,) in db.conn.execute(sql)]
    place = {name: position for position, name in enumerate(notes.tables)}
    meanings = _meanings(db)
    ordered = sorted(names, key=lambda name: place.get(name, len(place)))
    return [_table(db, notes, name, meanings) for name in ordered]


def find_tagged(db: Database, tagged: Tagged) -> list[Row]:
    """The rows of a tagged table."""
    return [tuple(row) for row in db.conn.execute(tagged.select)]


def _table(
    db: Database, notes: Notes, name: str, meanings: dict[tuple[str, str], dict[str, str]]
) -> PublishedTable:
    table = db.table(name)
    said = {code: notes.table(name, code) for code in LANGUAGES}
    sql = """
        SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL
            AND type IN ('table', 'index') ORDER BY type = 'index', name
    """
    return PublishedTable(
        name=name,
        titles={code: each.title for code, each in said.items()},
        descriptions={code: each.description for code, each in said.items()},
        columns=[
            Column(each.name, each.type.upper(), meanings.get((name, each.name), {}))
            for each in table.columns
        ],
        key=table.pks,
        links=[
            Link(str(k.column), k.other_table, str(k.other_column))
            for k in sorted(table.foreign_keys)
        ],
        rows=[
            tuple(row)
            for row in db.conn.execute(
                "SELECT * FROM " + quote_identifier(name) + " ORDER BY rowid"
            )
        ],
        made_by=[made for (made,) in db.conn.execute(sql, [name])],
    )


def _meanings(db: Database) -> dict[tuple[str, str], dict[str, str]]:
    sql = """
        SELECT table_name, column_name, meaning_en, meaning_ru, meaning_tk, meaning_tg
        FROM codebook
    """
    return {
        (table, column): dict(zip(LANGUAGES, words, strict=True))
        for table, column, *words in db.conn.execute(sql)
    }
