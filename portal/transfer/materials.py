"""Materials as rows of a file, with their files beside it; an import publishes what it brings.

What waits for a second person, and what was withdrawn, leaves by no file; works for members do.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column
from portal.files import Shelf
from portal.i18n.language import Message
from portal.materials.actions import save_work
from portal.materials.rules import MEMBERS_ONLY_KINDS
from portal.transfer import cells, references
from portal.transfer.cells import Cell, several
from portal.transfer.columns import (
    Column,
    Entry,
    Kind,
    id_column,
    in_languages,
    save_languages,
    select_languages,
)
from portal.transfer.contents import (
    CONTENTS,
    Wanted,
    bring_in,
    find_contents,
    lost,
    write_files,
)
from portal.transfer.enclosures import Content, as_cell, contents, text_hash
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

STORED = {"campaign": "campaign_id", "organisation": "organisation_id"}
NEW = {"visibility": "members", "licence": "ask_owner"}
BROUGHT = ("languages", "files", "links", "out_of_date")


def _files_text(value: list[Any]) -> str:
    """Contents as read from a cell, or as SQL gives them: language, ending, hash, text."""
    return as_cell([each if isinstance(each, Content) else _from_sql(*each) for each in value])


def _from_sql(language: str, ending: str, digest: str | None, body: str | None) -> Content:
    return Content(language, ending, digest or text_hash(body or ""))


FILES = Cell(lambda text, finder: finder.enclosures.read(text), _files_text, [], is_json=True)

COLUMNS = (
    id_column(),
    Column("title", cells.line(300), required=True),
    *in_languages("title", cells.line(300)),
    Column("kind", cells.code("material_kinds"), required=True),
    Column("languages", references.languages(), required=True),
    Column("audiences", cells.codes("audiences")),
    Column("topics", cells.codes("topics")),
    Column("region", references.region()),
    Column("campaign", references.record("campaigns")),
    Column("organisation", cells.organisation()),
    Column("licence", cells.code("licences", empty="ask_owner")),
    Column("year", cells.number(1990, 2100, whole=True)),
    Column("visibility", cells.code("visibilities", empty="members")),
    Column("summary", cells.paragraphs()),
    *in_languages("summary", cells.paragraphs()),
    Column("files", FILES),
    Column("links", references.links()),
    Column("out_of_date", references.languages()),
    Column("adapted_from", references.record("materials")),
    Column("adapted_how", cells.paragraphs()),
)

_SQL = (
    CONTENTS
    + """
    SELECT w.id, w.title, w.kind, w.region, w.campaign_id AS campaign,
        w.organisation_id AS organisation, w.licence, w.year, w.visibility, w.summary,
        w.adapted_from, w.adapted_how,
        (SELECT json_group_array(language) FROM (
            SELECT w.language UNION ALL SELECT * FROM (
                SELECT DISTINCT c.language FROM contents AS c
                WHERE c.material_id = w.id AND c.language <> w.language))) AS languages,
        (SELECT json_group_array(audience) FROM (
            SELECT audience FROM material_audiences
            WHERE material_id = w.id ORDER BY rowid)) AS audiences,
        (SELECT json_group_array(topic) FROM (
            SELECT topic FROM material_topics WHERE material_id = w.id ORDER BY rowid)) AS topics,
        (SELECT json_group_array(json_array(c.language, c.ending, c.hash, c.body))
         FROM contents AS c WHERE c.material_id = w.id AND c.link IS NULL) AS files,
        (SELECT json_group_object(c.language, c.link)
         FROM contents AS c WHERE c.material_id = w.id AND c.link IS NOT NULL) AS links,
        (SELECT json_group_array(language) FROM (
            SELECT DISTINCT c.language FROM contents AS c
            WHERE c.material_id = w.id AND c.language <> w.language AND c.of_version < (
                SELECT max(o.number) FROM contents AS o
                WHERE o.material_id = w.id AND o.language = w.language)
            ORDER BY c.language)) AS out_of_date
    """
    + select_languages("title", "w.titles")
    + select_languages("summary", "w.summaries")
    + " FROM materials AS w ORDER BY w.id"
)

_UNPUBLISHED = """
    SELECT id FROM materials WHERE id NOT IN (
        SELECT v.material_id FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id WHERE s.state = 'published')
"""

_WITHDRAWN = """
    SELECT v.material_id FROM material_versions AS v
    JOIN material_states_now AS s ON s.version_id = v.id
    WHERE v.material_id = :id AND s.state IN ('published', 'withdrawn')
    GROUP BY v.material_id HAVING sum(s.state = 'published') = 0
"""


def _meant(texts: dict[str, str], stored: Mapping[str, str], finder: Finder) -> dict[str, str]:
    """Paths become what is in them; what only a new work is asked for is left out of others."""
    row = {name: text for name, text in texts.items() if name != "out_of_date" or not stored}
    if "languages" in row:
        row["languages"] = references.in_order(several(row["languages"]))
    if row.get("files"):
        languages = several(row.get("languages") or stored.get("languages", ""))
        known = finder.codes("languages")
        row["files"] = finder.enclosures.meant(
            row["files"], several(row["files"]), languages, known, stored.get("files", "")
        )
    return row


def _check(db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    return [
        *_check_withdrawn(db, entry),
        *_check_visibility(entry),
        *_check_contents(db, entry),
    ]


def _check_withdrawn(db: Database, entry: Entry) -> list[CellError]:
    if not entry.changes.keys() & {"files", "links"} or not column(db, _WITHDRAWN, id=entry.id):
        return []
    said = Message("This material was withdrawn. Take its row out, or its files and links.")
    return [entry.error("files" if "files" in entry.changes else "links", said)]


def _check_visibility(entry: Entry) -> list[CellError]:
    is_touched = entry.changes.keys() & {"kind", "visibility"}
    if not is_touched or entry.kept("kind") not in MEMBERS_ONLY_KINDS:
        return []
    if entry.kept("visibility") != "public":
        return []
    said = Message("This kind of material is for members only: write members.")
    return [entry.error("visibility", said)]


def _check_contents(db: Database, entry: Entry) -> list[CellError]:
    wanted = _wanted(entry)
    brought = entry.texts.get("files", "")
    unread = (
        brought and brought != (entry.stored or {}).get("files") and "files" not in entry.changes
    )
    if unread or not entry.changes.keys() & set(BROUGHT):
        return []
    gone = lost(wanted, find_contents(db, entry.id))
    if gone and entry.changes.keys() & {"files", "links"}:
        said = Message(
            "This material has something in %(languages)s that would be lost. Name it here too.",
            {"languages": ", ".join(gone)},
        )
        return [entry.error("files" if "files" in entry.changes else "links", said)]
    there = {each.language for each in wanted.found} | set(wanted.links) | {wanted.original}
    if "languages" in entry.texts and set(several(entry.texts["languages"])) != there:
        said = Message(
            "Files are there in: %(languages)s. Write these, the language of the original first.",
            {"languages": ", ".join(sorted(there))},
        )
        return [entry.error("languages", said)]
    return []


def _wanted(entry: Entry) -> Wanted:
    """What the work is to have after this row."""
    languages = entry.changes.get("languages") or several(entry.text("languages"))
    links = entry.changes.get("links")
    if links is None:
        stored = (entry.stored or {}).get("links", "")
        links = dict(part.split("=", 1) for part in several(stored))
    found = entry.changes.get("files")
    if found is None:
        found = contents((entry.stored or {}).get("files", ""))
    late = frozenset(entry.changes.get("out_of_date", []))
    return Wanted(found, links, languages[0] if languages else "", late)


def _order(db: Database, entries: list[Entry]) -> tuple[list[Entry], list[CellError]]:
    """Works before what was adapted from them; an adaptation of itself is an error."""
    origins = dict(
        db.execute("SELECT id, adapted_from FROM materials WHERE adapted_from IS NOT NULL")
    )
    origins |= {entry.id: entry.kept("adapted_from") for entry in entries}
    before = {entry.id: _before(entry.id, origins) for entry in entries}
    said = Message("This material would be an adaptation of itself. Choose another original.")
    circles = [
        entry.error("adapted_from", said) for entry in entries if entry.id in before[entry.id]
    ]
    return sorted(entries, key=lambda entry: len(before[entry.id])), circles


def _before(material_id: str, origins: Mapping[str, str | None]) -> list[str]:
    before: list[str] = []
    origin = origins.get(material_id)
    while origin is not None and origin not in before:
        before.append(origin)
        origin = origins.get(origin)
    return before


def _expect(entries: Iterable[Entry], finder: Finder) -> None:
    finder.expect_records("materials", (entry.id for entry in entries))


def _looks(db: Database, rows: list[dict[str, str]]) -> list[tuple[list[str], str]]:
    """The files of each row, beside what its work has already."""
    if not any(row.get("files") for row in rows):
        return []
    stored = MATERIALS.stored(db)
    return [
        (several(row.get("files", "")), stored.get(row.get("id", ""), {}).get("files", ""))
        for row in rows
    ]


def _save(db: Database, by: Actor, at: datetime, entry: Entry, finder: Finder) -> None:
    row = {
        STORED.get(name, name): value
        for name, value in entry.changes.items()
        if name not in BROUGHT and not name.startswith(("title_", "summary_"))
    }
    wanted = _wanted(entry)
    if entry.is_new or "languages" in entry.changes:
        row["language"] = wanted.original
    row |= save_languages(db, "materials", "titles", entry, "title")
    row |= save_languages(db, "materials", "summaries", entry, "summary")
    if entry.is_new:
        row = {**NEW, **row}
    save_work(db, by, at, entry.id, row)
    if entry.is_new or entry.changes.keys() & {"files", "links"}:
        bring_in(db, by, at, entry.id, wanted, finder.enclosures)


def _enclose(db: Database, rows: list[dict[str, str]], into: Path, shelf: Shelf) -> None:
    for row in rows:
        row["files"] = ";".join(write_files(db, row["id"], into, shelf))


MATERIALS = Kind(
    "materials",
    COLUMNS,
    _SQL,
    _save,
    meant=_meant,
    check=_check,
    order=_order,
    expect=_expect,
    withheld=_UNPUBLISHED,
    looks=_looks,
    enclose=_enclose,
)
