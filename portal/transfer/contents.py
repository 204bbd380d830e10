"""What a work has in each language now, and how an import brings in what is new or other."""

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import fetch
from portal.errors import CannotTransfer
from portal.files import Shelf
from portal.i18n.language import Message
from portal.materials.actions import (
    add_file,
    add_text,
    add_version,
    publish_version,
    set_version_state,
)
from portal.materials.queries import find_original_version, get_version
from portal.texts import clean
from portal.transfer.enclosures import TEXT, Content, Enclosures, text_hash

# of every language the newest published files and links, and apart from them the newest text
CONTENTS = """
    WITH published AS (
        SELECT v.id, v.material_id, v.number FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id WHERE s.state = 'published'
    ), kept AS (
        SELECT p.material_id, p.number, m.of_version, m.language, m.file_id, m.link,
            f.ending, f.hash, NULL AS body, 'file' AS shelf
        FROM published AS p JOIN material_files AS m ON m.version_id = p.id
        LEFT JOIN files AS f ON f.id = m.file_id
        UNION ALL
        SELECT p.material_id, p.number, t.of_version, t.language, NULL, NULL,
            'md', NULL, t.body, 'text'
        FROM published AS p JOIN material_texts AS t ON t.version_id = p.id
    ), contents AS (
        SELECT k.* FROM kept AS k WHERE k.number = (
            SELECT max(n.number) FROM kept AS n WHERE n.material_id = k.material_id
            AND n.language = k.language AND n.shelf = k.shelf)
    )
"""

_OF_WORK = (
    CONTENTS
    + """
    SELECT language, shelf, of_version, file_id, link, ending, hash, body
    FROM contents WHERE material_id = :id
    """
)


class Kept(msgspec.Struct, frozen=True):
    """One file, link or text that a work has now."""

    language: str
    shelf: str
    of_version: int
    file_id: str | None
    link: str | None
    ending: str | None
    hash: str | None
    body: str | None

    @property
    def content(self) -> Content | None:
        """The file or text as a cell says it; None for a link."""
        if self.body is not None:
            return Content(self.language, TEXT, text_hash(self.body))
        return Content(self.language, self.ending or "", self.hash) if self.hash else None


class Wanted(msgspec.Struct, frozen=True):
    """What a work is to have: `late` are languages that follow an older original."""

    found: list[Content]
    links: Mapping[str, str]
    original: str
    late: frozenset[str] = frozenset()


def find_contents(db: Database, material_id: str) -> list[Kept]:
    """What a work has now, of every language the newest."""
    return fetch(db, Kept, _OF_WORK, id=material_id)


def bring_in(
    db: Database, by: Actor, at: datetime, material_id: str, wanted: Wanted, files: Enclosures
) -> None:
    """Publish a version with what is new or other in a language; what is the same stays as it is.

    Of a language whose files changed all of them come into the new version: it has them together.
    """
    kept = find_contents(db, material_id)
    changed = {shelf for shelf in _shelves(wanted) if _on(shelf, wanted) != _on_now(shelf, kept)}
    version_id = add_version(db, by, at, material_id)
    number = get_version(db, version_id).number
    of = _Followed(db, material_id, number, wanted, changed)
    ids = {each.hash: each.file_id for each in kept if each.hash}
    for language, shelf in sorted(changed):
        following = of.version(language)
        for thing in sorted(_on((language, shelf), wanted), key=str):
            if isinstance(thing, str):
                add_file(db, by, at, version_id, language, of_version=following, link=thing)
            elif shelf == "text":
                body = files.text(thing.hash) or ""
                add_text(db, by, at, version_id, language, body, of_version=following)
            else:
                file_id = ids.get(thing.hash) or files.keep(db, by, at, thing.hash)
                ids[thing.hash] = file_id
                add_file(db, by, at, version_id, language, of_version=following, file_id=file_id)
    set_version_state(db, by, at, version_id, "waiting")
    publish_version(db, by, at, version_id)


class _Followed:
    """Which version of the original each language follows."""

    def __init__(
        self,
        db: Database,
        material_id: str,
        number: int,
        wanted: Wanted,
        changed: Iterable[tuple[str, str]],
    ) -> None:
        self._wanted = wanted
        is_new = number == 1 or wanted.original in {language for language, _shelf in changed}
        self._original = number if is_new else find_original_version(db, material_id, number)

    def version(self, language: str) -> int:
        """The version of the original; one before it for a translation that is late."""
        return self._original - (language in self._wanted.late)


def lost(wanted: Wanted, kept: Iterable[Kept]) -> list[str]:
    """The languages in which a work would have nothing any more where it has something now."""
    shelves = _shelves(wanted)
    return sorted({each.language for each in kept if (each.language, each.shelf) not in shelves})


def write_files(db: Database, material_id: str, into: Path, shelf: Shelf) -> list[str]:
    """Copy what a work has into a folder; the paths as a table beside that folder names them."""
    names: list[str] = []
    for each in sorted(find_contents(db, material_id), key=lambda one: str(one.content)):
        if each.content is None:
            continue
        name = _new_name(material_id, each.content, names)
        try:
            into.mkdir(mode=0o700, exist_ok=True)
            _write(each, into / name, shelf)
        except OSError as error:
            reason = {"name": name, "reason": error.strerror or ""}
            said = Message("The file %(name)s cannot be written: %(reason)s.", reason)
            raise CannotTransfer(said) from error
        names.append(name)
    return [f"{into.name}/{name}" for name in names]


def _write(kept: Kept, target: Path, shelf: Shelf) -> None:
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    # security: members-only files leave here, never readable for others
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        if kept.body is not None:
            opened.write(clean(kept.body).encode() + b"\n")
        else:
            with shelf.path(kept.hash or "").open("rb") as source:
                shutil.copyfileobj(source, opened)
    part.replace(target)


def _new_name(material_id: str, content: Content, taken: list[str]) -> str:
    name = f"{material_id}_{content.language}.{content.ending}"
    number = 1
    while name in taken:
        number += 1
        name = f"{material_id}-{number}_{content.language}.{content.ending}"
    return name


def _shelves(wanted: Wanted) -> set[tuple[str, str]]:
    files = {(each.language, "text" if each.ending == TEXT else "file") for each in wanted.found}
    return files | {(language, "file") for language in wanted.links}


def _on(shelf: tuple[str, str], wanted: Wanted) -> set[Content | str]:
    language, kind = shelf
    things: set[Content | str] = {
        each
        for each in wanted.found
        if each.language == language and (each.ending == TEXT) == (kind == "text")
    }
    if kind == "file" and language in wanted.links:
        things.add(wanted.links[language])
    return things


def _on_now(shelf: tuple[str, str], kept: Iterable[Kept]) -> set[Content | str]:
    things = [each for each in kept if (each.language, each.shelf) == shelf]
    return {each.content or each.link or "" for each in things}
