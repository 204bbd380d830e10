"""The files of an edition as bytes; the same public content makes the same bytes.

No file knows the moment at which it was made: all days in it are those of the edition.
"""

import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils.db import quote_identifier

from portal.exporting.rules import (
    LANGUAGES,
    LICENCE,
    ExportedFile,
    PublishedTable,
    Row,
    Tagged,
    Value,
    schema_of,
)
from portal.publication.generations import Edition
from portal.publication.notes import Notes
from portal.sheets import as_csv, as_repeatable_workbook

# "NGOn": by it programs know whose file it is
APPLICATION = 0x4E474F6E

# a zip file begins its time with this day
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write_database(path: Path, tables: Sequence[PublishedTable], about: Mapping[str, str]) -> None:
    """An SQLite file of the published tables, made from an empty one."""
    draft = path.with_name(f".{path.name}")
    db = sqlite3.connect(draft, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        for table in tables:
            for sql in table.made_by:
                db.execute(sql)
            places = ", ".join("?" * len(table.columns))
            into = "INSERT INTO " + quote_identifier(table.name) + " VALUES (" + places + ")"
            db.executemany(into, table.rows)
        db.execute('CREATE TABLE "edition" ("name" TEXT PRIMARY KEY, "value" TEXT)')
        db.executemany("INSERT INTO edition VALUES (?, ?)", about.items())
        db.execute("COMMIT")
        db.execute("PRAGMA application_id = " + str(APPLICATION))
        db.execute("PRAGMA user_version = " + str(int(about["number"])))
        db.execute("VACUUM INTO ?", [str(path)])
    finally:
        db.close()
        draft.unlink(missing_ok=True)


def write_table(table: PublishedTable) -> bytes:
    """A table as CSV, in which nothing is a formula."""
    return as_csv([[each.name for each in table.columns], *table.rows])


def write_tagged(tagged: Tagged, rows: Sequence[Row]) -> bytes:
    """A table as CSV with a second row of tags, for whoever reads HXL."""
    return as_csv([list(tagged.tags), list(tagged.tags.values()), *rows])


def write_workbook(
    tables: Sequence[PublishedTable], notes: Notes, about: Mapping[str, str], edition: Edition
) -> bytes:
    """A workbook with a sheet a table, and before them one that explains them all."""
    # the readme says what every column means: one more sheet of the same is not needed
    shown = [each for each in tables if each.name != "codebook"]
    sheets: dict[str, Sequence[Row]] = {"readme": list(_readme(shown, notes, about))}
    for table in shown:
        sheets[table.name] = [[each.name for each in table.columns], *table.rows]
    return as_repeatable_workbook(sheets, edition.published_on)


def write_package(
    tables: Sequence[PublishedTable],
    files: Mapping[str, ExportedFile],
    notes: Notes,
    about: Mapping[str, str],
) -> bytes:
    """The description of all CSV files as a Data Package."""
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": "network",
        "id": about["address"],
        "title": notes.title("en"),
        **{f"title_{code}": notes.title(code) for code in LANGUAGES[1:]},
        "description": notes.description("en"),
        **{f"description_{code}": notes.description(code) for code in LANGUAGES[1:]},
        "version": about["version"],
        "created": f"{about['published_on']}T00:00:00Z",
        "licenses": [LICENCE],
        "sources": [{"title": str(notes.metadata["source"])}],
        "contributors": [{"title": about["publisher"], "role": "publisher"}],
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in tables],
    }
    return msgspec.json.format(msgspec.json.encode(package), indent=1) + b"\n"


def write_archive(target: Path, names: Sequence[str], folder: Path) -> None:
    """A zip file of files in a folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, (folder / name).read_bytes())


def read_archive(content: bytes) -> dict[str, bytes]:
    """The files in a zip file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _resource(table: PublishedTable, file: ExportedFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        "title": table.titles["en"],
        **{f"title_{code}": table.titles[code] for code in LANGUAGES[1:]},
        "description": table.descriptions["en"],
        **{f"description_{code}": table.descriptions[code] for code in LANGUAGES[1:]},
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema_of(table),
    }


def _readme(
    tables: Sequence[PublishedTable], notes: Notes, about: Mapping[str, str]
) -> Iterator[list[Value]]:
    yield ["", "", *LANGUAGES]
    yield ["title", "", *(notes.title(code) for code in LANGUAGES)]
    yield ["description", "", *(notes.description(code) for code in LANGUAGES)]
    for name, said in notes.metadata["files"]["readme"].items():
        yield [name, "", *(said[code] for code in LANGUAGES)]
    for name in ("version", "released_on", "published_on", "licence", "publisher", "address"):
        yield [name, "", about[name]]
    yield []
    for table in tables:
        yield [table.name, "", *(table.titles[code] for code in LANGUAGES)]
        yield ["", "", *(table.descriptions[code] for code in LANGUAGES)]
        for column in table.columns:
            yield [table.name, column.name, *column.meaning.values()]
