"""Questions about stored files."""

import msgspec
from sqlite_utils import Database

from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound


class File(msgspec.Struct, frozen=True):
    """One stored file; `size` in bytes."""

    id: str
    hash: str
    size: int
    media_type: str
    ending: str
    pages: int | None
    width: int | None
    height: int | None
    scan: str
    released_at: str | None


class Rendition(msgspec.Struct, frozen=True):
    """What was made of a file for looking through, or for a slow line."""

    file_id: str
    kind: str
    hash: str
    size: int
    media_type: str
    width: int | None
    height: int | None


_FILE = """
    SELECT id, hash, size, media_type, ending, pages, width, height, scan, released_at FROM files
"""


def get_file(db: Database, file_id: str) -> File:
    """One file, whoever asks: whether they may is the matter of what it belongs to."""
    found = fetch_one(db, File, _FILE + "WHERE id = :id", id=file_id)
    if found is None:
        raise NotFound
    return found


def get_rendition(db: Database, file_id: str, kind: str) -> Rendition:
    """What was made of a file."""
    sql = """
        SELECT file_id, kind, hash, size, media_type, width, height
        FROM file_renditions WHERE file_id = :id AND kind = :kind
    """
    found = fetch_one(db, Rendition, sql, id=file_id, kind=kind)
    if found is None:
        raise NotFound
    return found


def find_renditions(db: Database, file_id: str) -> list[Rendition]:
    """All that was made of a file."""
    sql = """
        SELECT file_id, kind, hash, size, media_type, width, height
        FROM file_renditions WHERE file_id = :id ORDER BY kind
    """
    return fetch(db, Rendition, sql, id=file_id)


def is_kept(db: Database, digest: str) -> bool:
    """Whether any file, or anything made of one, is what stands under this hash."""
    sql = """
        SELECT count(*) FROM (
            SELECT hash FROM files WHERE scan <> 'infected'
            UNION ALL SELECT hash FROM file_renditions
        ) WHERE hash = :hash
    """
    return count(db, sql, hash=digest) > 0


def count_bytes_of(db: Database, organisation_id: str) -> int:
    """How many bytes an organisation's files have."""
    sql = "SELECT coalesce(sum(size), 0) FROM files WHERE organisation_id = :id"
    return count(db, sql, id=organisation_id)


def find_pending(db: Database) -> list[File]:
    """Files that a scanner has still to look at, the oldest first."""
    return fetch(db, File, _FILE + "WHERE scan = 'pending' ORDER BY added_at, id")


def find_hashes(db: Database) -> set[str]:
    """All hashes under which something has to stand on the shelf."""
    sql = """
        SELECT hash FROM files WHERE scan <> 'infected'
        UNION SELECT hash FROM file_renditions
    """
    return set(column(db, sql))
