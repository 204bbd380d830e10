"""Materials with files for the tests of giving: made through the acts that make them elsewhere."""

from pathlib import Path
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store
from portal.files import Shelf
from portal.materials.actions import add_file, add_version, new_work, publish_version
from portal.materials.actions import set_version_state as move
from portal.settings import Settings
from portal.uploads.actions import keep_file
from portal.uploads.checking import Checked
from portal.uploads.previews import make_renditions
from portal.uploads.rules import Kind
from tests.conftest import MOMENT, OPERATOR

PDF = Kind("pdf", "application/pdf", ())
POSTER: dict[str, Any] = {
    "title": "You can say no",
    "kind": "poster",
    "language": "en",
    "licence": "cc_by",
    "visibility": "public",
}


def keep(db: Database, settings: Settings, by: Actor, path: Path, kind: Kind = PDF) -> str:
    """Put a file on the shelf with whatever can be drawn of it; its id."""
    folder = path.parent / f"{path.name}-made"
    folder.mkdir(exist_ok=True)
    checked = Checked(path, kind, renditions=make_renditions(path, kind, folder))
    return keep_file(db, Shelf(settings.files), by, MOMENT, checked, scan="none")


def publish_file(
    store: Store,
    settings: Settings,
    path: Path,
    *,
    of: Kind = PDF,
    language: str = "en",
    state: str = "published",
    **work: Any,
) -> tuple[str, str]:
    """A work of the demo's member with one file: the work's id and the file's."""
    with store.transaction() as db:
        by = Actor("member", "a-giver", organisation_id=own_organisation(db))
        material_id = new_work(db, by, MOMENT, {**POSTER, **work})
        version_id = add_version(db, by, MOMENT, material_id)
        file_id = keep(db, settings, by, path, of)
        entry = add_file(db, by, MOMENT, version_id, language, of_version=1, file_id=file_id)
        if state != "draft":
            move(db, by, MOMENT, version_id, "waiting")
        if state in ("published", "withdrawn"):
            publish_version(db, OPERATOR, MOMENT, version_id)
        if state == "withdrawn":
            move(db, by, MOMENT, version_id, "withdrawn")
    return material_id, entry


def own_organisation(db: Database) -> str:
    """An organisation of the demo whose people may use the directory."""
    sql = (
        "SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id"
        " WHERE m.state = 'admitted' AND o.kind = 'ngo' AND o.directory_until > '2026-11-23'"
        " ORDER BY o.id DESC LIMIT 1"
    )
    return str(db.execute(sql).fetchone()[0])
