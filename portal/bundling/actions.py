"""Write the public part of the portal as one archive that opens from a USB stick.

It holds the edition in service and files that everybody may have, nothing else; of the same edition
it has the same bytes, whenever it is written.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.bundling.documents import Made, write_pages
from portal.bundling.queries import Contents, load_contents
from portal.bundling.rules import (
    CARRIED,
    FILES_UNTIL,
    MOST_BYTES,
    Offered,
    choose_files,
    name_files,
)
from portal.clock import day_of
from portal.db import Store
from portal.downloads.queries import get_stored_for
from portal.errors import CannotTransfer, NotFound
from portal.files import Shelf
from portal.i18n.language import Message
from portal.publication.reading import reading
from portal.settings import Settings
from portal.web.assets import FOLDER as SITE

Progress = Callable[[int, int], None]

FIND = Path(__file__).parent / "static" / "find.js"

_STYLES = (SITE / "site.css", SITE / "icon.svg", SITE / "calendar.svg")

_EARLIEST = (1980, 1, 1)  # what an archive can say at all

_STEPS = 3


class Bundled(msgspec.Struct, frozen=True):
    """What was written: the archive's own checksum is what somebody far away can ask for."""

    version: str
    files: int
    bytes: int
    sha256: str
    carried: int
    named: int
    parts: dict[str, int]

    @property
    def fits(self) -> bool:
        """Whether it is as small as was promised."""
        return self.bytes <= MOST_BYTES

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {size:,}" for name, size in self.parts.items())
        return (
            f"Bundled data version {self.version}: {self.files} files, {self.bytes:,} bytes"
            f" ({parts}). Files of materials: {self.carried} carried along, {self.named} named"
            f" only. SHA-256 {self.sha256}"
        )


def bundle(
    store: Store,
    settings: Settings,
    path: Path,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> Bundled:
    """Write the archive at `path`, whole or not at all."""
    if path.suffix.lower() != ".zip":
        raise CannotTransfer(Message("The name of the bundle must end in .zip."))
    with reading(settings.generations) as (public, edition):
        contents = load_contents(public, edition)
    progress(1, _STEPS)
    with store.read() as db:
        offered = _offered(db, settings, contents, day_of(at, settings.timezone))
    # the pages come first: files of materials get the room that is left
    pages = _packed(_written(contents, settings, {}), contents)
    progress(2, _STEPS)
    chosen = choose_files(offered, FILES_UNTIL - len(pages))
    carried = _read(Shelf(settings.files), chosen)
    made = [*_written(contents, settings, name_files(chosen)), *carried]
    packed = _packed(made, contents)
    _put(path, packed)
    progress(3, _STEPS)
    return Bundled(
        version=edition.version,
        files=len(made) + 3,
        bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        carried=len(chosen),
        named=len(contents.files) - len(chosen),
        parts=_parts(packed),
    )


def _offered(db: Database, settings: Settings, contents: Contents, today: date) -> list[Offered]:
    """The files that a visitor could download this very day; each is whole."""
    shelf = Shelf(settings.files)
    found = []
    for row in contents.files:
        if row["ending"] not in CARRIED:
            continue
        # security: the gate of the downloads decides, as it does for everybody who is not signed in
        try:
            stored = get_stored_for(db, PUBLIC, today, row["material"], row["id"])
        except NotFound:
            continue
        digest, ending = stored.file.hash, stored.file.ending
        if ending in CARRIED and stored.is_published and shelf.is_whole(digest):
            size = shelf.path(digest).stat().st_size
            found.append(Offered(row["id"], row["language"], ending, size, digest))
    return found


def _read(shelf: Shelf, chosen: Mapping[str, Offered]) -> list[Made]:
    names = name_files(dict(chosen))
    by_path = {names[each.id]: each for each in chosen.values()}
    return [Made(path, shelf.path(each.hash).read_bytes()) for path, each in by_path.items()]


def _written(contents: Contents, settings: Settings, files: Mapping[str, str]) -> list[Made]:
    looks = [Made(f"a/{each.name}", each.read_bytes()) for each in (*_STYLES, FIND)]
    made = [*write_pages(contents, settings, files), *looks]
    return [*made, _about(contents, settings)]


def _about(contents: Contents, settings: Settings) -> Made:
    edition = contents.edition
    lines = {
        "network": settings.network_name,
        "address": settings.base_url,
        "version": edition.version,
        "published_on": edition.published_on,
        "released_on": edition.released_on or "",
        "licence": "CC BY 4.0",
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Made("about.txt", text.encode("utf-8-sig"))


def _packed(made: Iterable[Made], contents: Contents) -> bytes:
    """The archive: files by name, all of the edition's day, their checksums beside them."""
    files = {each.path: each.body for each in made}
    hashes = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    edition = msgspec.to_builtins(contents.edition)
    about = {**edition, "version": contents.edition.version, "files": hashes}
    files["about.json"] = msgspec.json.format(msgspec.json.encode(about))
    hashes["about.json"] = hashlib.sha256(files["about.json"]).hexdigest()
    sums = "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))
    files["SHA256SUMS"] = sums.encode("ascii")
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, (*_day(contents), 0, 0, 0))
            info.create_system = 3  # else it would say on which system it was written
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[path], zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


def _day(contents: Contents) -> tuple[int, int, int]:
    said = contents.edition.published_on
    day = date.fromisoformat(said) if said else date(*_EARLIEST)
    return day.year, day.month, day.day


def _put(path: Path, packed: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(packed)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        why = error.strerror or type(error).__name__
        message = Message("The bundle cannot be written: %(why)s.", {"why": why})
        raise CannotTransfer(message) from error


def _parts(packed: bytes) -> dict[str, int]:
    """How many bytes each folder takes in the archive."""
    parts: dict[str, int] = {}
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        for info in archive.infolist():
            folder = info.filename.partition("/")[0] if "/" in info.filename else "top"
            parts[folder] = parts.get(folder, 0) + info.compress_size
    return dict(sorted(parts.items()))
