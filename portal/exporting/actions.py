"""Make the files of an edition from the public database, after it was put in service.

They are written into a hidden folder beside and renamed into place: whoever finds them finds them
whole. What is public and still not in the public database is the projects' file alone.
"""

import fcntl
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal.db import Store
from portal.errors import Unavailable
from portal.exporting.acts import write_projects
from portal.exporting.documents import (
    write_archive,
    write_database,
    write_package,
    write_table,
    write_tagged,
    write_workbook,
)
from portal.exporting.queries import find_tables, find_tagged
from portal.exporting.rules import (
    ARCHIVE,
    DATABASE,
    FOLDER,
    LIST,
    PACKAGE,
    PROJECTS,
    SUMS,
    TAGGED,
    WORKBOOK,
    ExportedFile,
    PublishedTable,
    media_type_of,
)
from portal.publication.generations import FILE, Edition, current_number
from portal.publication.leaks import Leak
from portal.publication.notes import Notes, read_notes
from portal.publication.reading import reading
from portal.settings import Settings

log = logging.getLogger("portal")


def are_written(settings: Settings) -> bool:
    """Whether the edition in service has its files; nothing in service needs none."""
    number = current_number(settings.generations)
    return number is None or (settings.generations / str(number) / FOLDER).is_dir()


def write_files(settings: Settings, store: Store) -> int:
    """Write the files of the edition in service; how many, 0 where there is nothing to do.

    Two at a time never write; a full disk raises `Unavailable` and leaves nothing half-written.
    """
    if are_written(settings):
        return 0
    with _alone(settings.generations) as is_alone:
        if not is_alone or are_written(settings):
            return 0
        with reading(settings.generations) as (db, edition):
            generation = settings.generations / str(edition.number)
            try:
                return _write_into_place(settings, store, db, edition, generation)
            except OSError as error:
                # an older generation may be put away at this very moment
                if not (generation / FILE).exists():
                    return 0
                said = f"The files of the edition could not be written: {error.strerror}."
                raise Unavailable(said) from error


def _write_into_place(
    settings: Settings, store: Store, db: Database, edition: Edition, generation: Path
) -> int:
    draft = generation / f".{FOLDER}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        number = _write_all(settings, store, db, edition, draft)
        for path in (*draft.iterdir(), draft):
            _sync(path)
        os.replace(draft, generation / FOLDER)
        _sync(generation)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return number


def _write_all(
    settings: Settings, store: Store, db: Database, edition: Edition, draft: Path
) -> int:
    notes, tables, about = read_notes(), find_tables(db), _about(settings, edition)
    write_database(draft / DATABASE, tables, about)
    for table in tables:
        (draft / f"{table.name}.csv").write_bytes(write_table(table))
    for tagged in TAGGED:
        (draft / tagged.file).write_bytes(write_tagged(tagged, find_tagged(db, tagged)))
    (draft / WORKBOOK).write_bytes(write_workbook(tables, notes, about, edition))
    _write_package(draft, tables, notes, about)
    try:
        write_projects(store, settings, edition, draft / PROJECTS)
    except Leak as leak:
        # security: the edition goes without its projects, whatever somebody wrote into one
        log.error("%s is left out: %s", PROJECTS, leak)
    files = [_listed(draft, name, notes, tables) for name in sorted(_names(draft))]
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    (draft / SUMS).write_text(sums, encoding="ascii")
    files.append(_listed(draft, SUMS, notes, tables))
    (draft / LIST).write_bytes(msgspec.json.format(msgspec.json.encode(files), indent=1))
    return len(files)


def _write_package(
    draft: Path, tables: list[PublishedTable], notes: Notes, about: dict[str, str]
) -> None:
    names = [f"{table.name}.csv" for table in tables]
    listed = {name: _listed(draft, name, notes, tables) for name in names}
    (draft / PACKAGE).write_bytes(write_package(tables, listed, notes, about))
    write_archive(draft / ARCHIVE, [PACKAGE, *names], draft)


def _about(settings: Settings, edition: Edition) -> dict[str, str]:
    return {
        "version": edition.version,
        "number": str(edition.number),
        "released_on": edition.released_on or "",
        "published_on": edition.published_on,
        "licence": read_notes().metadata["license"],
        "publisher": settings.network_name,
        "address": f"{settings.base_url}/data/",
    }


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def _listed(folder: Path, name: str, notes: Notes, tables: list[PublishedTable]) -> ExportedFile:
    content = (folder / name).read_bytes()
    titles = {f"{table.name}.csv": table.titles for table in tables}
    return ExportedFile(
        name=name,
        title=titles.get(name) or dict(notes.metadata["files"]["titles"][name]),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type_of(name),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else writes files now; the lock goes with the process that holds it."""
    with open(folder / f"{FOLDER}.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
