"""Materials for tests, made through the actions as people's forms would make them."""

import json
from pathlib import Path
from typing import Any

from PIL import Image
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, column
from portal.files import Shelf
from portal.materials.actions import (
    add_file,
    add_text,
    add_version,
    new_work,
    publish_version,
    set_version_state,
)
from portal.settings import Settings
from portal.uploads.actions import keep_file
from portal.uploads.checking import Checked, Rendition
from portal.uploads.rules import KINDS
from tests.clearing import clear_materials
from tests.conftest import MOMENT

POSTER = {
    "title": "Ask before you go",
    "titles": {"ru": "Спроси, прежде чем ехать", "tg": "Пеш аз рафтан пурс"},
    "summary": "Five questions to ask before work abroad.",
    "summaries": {"ru": "Пять вопросов перед работой за рубежом."},
    "kind": "poster",
    "language": "en",
    "licence": "cc_by",
    "year": 2024,
    "visibility": "public",
    "region": "TJ-SU",
    "audiences": ["labour_migrants", "youth"],
    "topics": ["safe_migration"],
}


class Stage:
    """Makes works of one organisation after another, with files that are really on the shelf."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.shelf = Shelf(settings.files)
        with store.transaction() as db:
            clear_materials(db)
        self.home, self.other = members_of_two(store)
        self.made = 0

    def by(self, organisation: str | None = None) -> Actor:
        """Somebody of an organisation."""
        return Actor("member", "a-giver", organisation_id=organisation or self.home)

    def work(self, *languages: str, publish: bool = True, owner: str = "", **changes: Any) -> str:
        """A work with a file in each language; published unless said otherwise."""
        row = {**POSTER, **changes}
        for name in ("titles", "summaries"):
            row[name] = as_text(row[name])
        by = self.by(owner or self.home)
        with self.store.transaction() as db:
            work = new_work(db, by, MOMENT, row)
        self.version(work, *(languages or ("en",)), publish=publish, owner=owner)
        return work

    def version(
        self,
        work: str,
        *languages: str,
        note: str | None = None,
        publish: bool = True,
        follows: int | None = None,
        owner: str = "",
    ) -> str:
        """A further version with a file in each language; its id."""
        by = self.by(owner or self.home)
        with self.store.transaction() as db:
            version = add_version(db, by, MOMENT, work, note)
            (number,) = column(db, "SELECT number FROM material_versions WHERE id = :v", v=version)
            for language in languages:
                stored = keep_file(db, self.shelf, by, MOMENT, self.pdf(), scan="none")
                of_version = follows or number
                add_file(db, by, MOMENT, version, language, of_version=of_version, file_id=stored)
            if publish:
                self.publish(db, version)
        return version

    def note(self, texts: dict[str, str], **changes: Any) -> str:
        """A practice note, published."""
        work = self.work(publish=False, kind="practice_note", **changes)
        with self.store.transaction() as db:
            db.execute("DELETE FROM material_files")
            (version,) = column(
                db, "SELECT id FROM material_versions WHERE material_id = :id", id=work
            )
            for language, body in texts.items():
                add_text(db, self.by(), MOMENT, version, language, body, of_version=1)
            self.publish(db, version)
        return work

    def publish(self, db: Database, version: str) -> None:
        """As two people do."""
        set_version_state(db, self.by(), MOMENT, version, "waiting")
        publish_version(db, self.by(self.other), MOMENT, version)

    def pdf(self) -> Checked:
        """A checked file with a picture of it and a lighter version."""
        self.made += 1
        path = self.folder / f"{self.made}.pdf"
        path.write_bytes(b"%PDF-1.7\n" + str(self.made).encode() * 90_000)
        picture, light = self.folder / f"{self.made}.webp", self.folder / f"{self.made}.light"
        Image.new("RGB", (90, 120), (10, 90, self.made % 250)).save(picture)
        light.write_bytes(b"%PDF-1.7\n" + str(self.made).encode() * 9_000)
        return Checked(
            path,
            KINDS["pdf"],
            pages=2,
            renditions=[
                Rendition("preview", picture, "image/webp", 90, 120),
                Rendition("thumbnail", picture, "image/webp", 90, 120),
                Rendition("light", light, "application/pdf"),
            ],
        )


def as_text(names: Any) -> str:
    """Names by language as they are stored."""
    return json.dumps(names, ensure_ascii=False)


def members_of_two(store: Store) -> tuple[str, str]:
    """Two organisations with public cards."""
    sql = """
        SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND o.visibility = 'public' AND o.kind = 'ngo'
        AND o.directory_until >= :today AND NOT EXISTS (
            SELECT 1 FROM organisation_services AS s
            WHERE s.organisation_id = o.id AND s.service = 'shelter')
        ORDER BY o.id LIMIT 2
    """
    with store.read() as db:
        first, second = column(db, sql, today=MOMENT.date().isoformat())
    return first, second
