"""Files as they may be given to somebody: whoever may not have one learns nothing of it."""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.downloads.rules import may_be_given
from portal.errors import NotFound
from portal.materials.queries import (
    MaterialFile,
    Work,
    find_files,
    get_file_for,
    get_work_for,
    is_consent_lapsed,
)
from portal.materials.rules import keeps
from portal.uploads.queries import File, find_renditions, get_file


class Stored(msgspec.Struct, frozen=True):
    """A file that may be given, and what it belongs to."""

    work: Work
    entry: MaterialFile
    file: File

    @property
    def title(self) -> str:
        """The work's title in the language of the file, where it has one."""
        return self.work.titles.get(self.entry.language, self.work.title)

    @property
    def is_published(self) -> bool:
        """Whether its version is; only then is a download counted."""
        return self.entry.state == "published"


class Tile(msgspec.Struct, frozen=True):
    """One place on a contact sheet: a picture, else a sign of the kind, else nothing at all."""

    kind: str | None = None
    hash: str | None = None


def get_stored_for(
    db: Database, actor: Actor, today: date, material_id: str, material_file_id: str
) -> Stored:
    """A stored file of this very work, if it may be given to this person; else `NotFound`."""
    entry = get_file_for(db, actor, material_file_id)
    if entry.material_id != material_id or entry.file_id is None:
        raise NotFound
    work, file = get_work_for(db, actor, material_id), get_file(db, entry.file_id)
    if not may_be_given(actor, work.organisation_id, file.scan, file.released_at):
        raise NotFound
    if not _agree(db, actor, today, work):
        raise NotFound
    return Stored(work, entry, file)


def find_tiles(
    db: Database, actor: Actor, today: date, language: str, material_ids: Iterable[str]
) -> list[Tile]:
    """A tile for each work in its order; one that is not there looks as one for somebody else."""
    return [_tile(db, actor, today, language, material_id) for material_id in material_ids]


def _tile(db: Database, actor: Actor, today: date, language: str, material_id: str) -> Tile:
    try:
        work = get_work_for(db, actor, material_id)
    except NotFound:
        return Tile()
    if work.version is None or not _agree(db, actor, today, work):
        return Tile(work.kind)
    preferred = (language, work.language)
    files = [each for each in find_files(db, work.id, work.version) if each.file_id is not None]
    for entry in sorted(files, key=lambda each: _rank(each.language, preferred)):
        if digest := _thumbnail(db, actor, work, entry):
            return Tile(work.kind, digest)
    return Tile(work.kind)


def _thumbnail(db: Database, actor: Actor, work: Work, entry: MaterialFile) -> str | None:
    file = get_file(db, str(entry.file_id))
    if not may_be_given(actor, work.organisation_id, file.scan, file.released_at):
        return None
    made = {each.kind: each.hash for each in find_renditions(db, file.id)}
    return made.get("thumbnail")


def _agree(db: Database, actor: Actor, today: date, work: Work) -> bool:
    """Whether the people in its pictures agree, or the asker is of those who must mend that."""
    return keeps(actor, work.organisation_id) or not is_consent_lapsed(db, work.id, today)


def _rank(language: str, preferred: tuple[str, str]) -> int:
    return preferred.index(language) if language in preferred else len(preferred)
