"""Store what was checked; release it from quarantine; take it away again."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.errors import Invalid
from portal.files import Shelf
from portal.i18n.language import Message
from portal.uploads.checking import Checked
from portal.uploads.queries import count_bytes_of, find_renditions, get_file, is_kept
from portal.uploads.rules import (
    MB,
    MOST_BYTES_OF_AN_ORGANISATION,
    RELEASABLE,
    has_room,
    refuse,
)


def keep_file(
    db: Database, shelf: Shelf, by: Actor, at: datetime, checked: Checked, *, scan: str
) -> str:
    """Store a checked file, in quarantine; its id. `Invalid` without room for the file.

    `scan` is what a scanner said: `none` where the network has none, `pending` where it did not
    answer, `clean`. What an aborted transaction leaves on the shelf is swept away later.
    """
    _refuse_without_room(db, shelf, by, checked)
    file_id = f"f-{secrets.token_hex(8)}"
    db.table("files").insert(
        {
            "id": file_id,
            "hash": shelf.put(checked.path),
            "size": checked.path.stat().st_size,
            "media_type": checked.kind.media_type,
            "ending": checked.kind.ending,
            "pages": checked.pages,
            "width": checked.width,
            "height": checked.height,
            "organisation_id": by.organisation_id,
            "added_at": stamp(at),
            "added_by": by.account_id or by.role,
            "scan": scan,
            "scanned_at": stamp(at) if scan == "clean" else None,
        }
    )
    for made in checked.renditions:
        db.table("file_renditions").insert(
            {
                "file_id": file_id,
                "kind": made.kind,
                "hash": shelf.put(made.path),
                "size": made.path.stat().st_size,
                "media_type": made.media_type,
                "width": made.width,
                "height": made.height,
            }
        )
    audit.record(db, by, at, "keep", "files", file_id)
    return file_id


def release_file(db: Database, by: Actor, at: datetime, file_id: str) -> None:
    """Let a file out of quarantine; `Invalid` while a scanner has still to look at it."""
    found = get_file(db, file_id)
    if found.released_at is not None:
        return
    if found.scan == "infected":
        raise Invalid(
            {"all": [Message("The virus scanner found something harmful in a file: return it.")]}
        )
    if found.scan not in RELEASABLE:
        raise Invalid({"all": [Message("The virus scanner has not looked at this file yet.")]})
    released = {"released_at": stamp(at), "released_by": by.account_id or by.role}
    db.table("files").update(file_id, released)
    audit.record(db, by, at, "release", "files", file_id)


def forget_file(db: Database, shelf: Shelf, by: Actor, at: datetime, file_id: str) -> None:
    """Take a file and all that was made of it away, from the shelf too where nothing else is it."""
    hashes = {get_file(db, file_id).hash, *(each.hash for each in find_renditions(db, file_id))}
    db.execute("DELETE FROM file_renditions WHERE file_id = ?", [file_id])
    db.execute("DELETE FROM files WHERE id = ?", [file_id])
    _forget_unkept(db, shelf, hashes)
    audit.record(db, by, at, "forget", "files", file_id)


def record_scan(
    db: Database, shelf: Shelf, by: Actor, at: datetime, file_id: str, scan: str
) -> None:
    """Write down what the scanner said of a file that waited for it.

    An infected one leaves the shelf at once with all that was made of it; its row stays, since a
    version speaks of it, and is never released.
    """
    hashes = {get_file(db, file_id).hash, *(each.hash for each in find_renditions(db, file_id))}
    said: dict[str, str | None] = {"scan": scan, "scanned_at": stamp(at)}
    if scan == "infected":
        db.execute("DELETE FROM file_renditions WHERE file_id = ?", [file_id])
        said |= {"released_at": None, "released_by": None}
    db.table("files").update(file_id, said)
    if scan == "infected":
        _forget_unkept(db, shelf, hashes)
    audit.record(db, by, at, "scan", "files", file_id, said=scan)


def _forget_unkept(db: Database, shelf: Shelf, hashes: Iterable[str]) -> None:
    for digest in hashes:
        if not is_kept(db, digest):
            shelf.forget(digest)


def _refuse_without_room(db: Database, shelf: Shelf, by: Actor, checked: Checked) -> None:
    size = checked.path.stat().st_size
    if not has_room(shelf.free()):
        raise refuse("disk")
    if by.organisation_id is None:
        return
    if count_bytes_of(db, by.organisation_id) + size > MOST_BYTES_OF_AN_ORGANISATION:
        raise refuse("quota", most=MOST_BYTES_OF_AN_ORGANISATION // MB)
