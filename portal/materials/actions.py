"""Keep works and their versions; publish, return, withdraw."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.materials.queries import (
    find_files,
    find_files_of_version,
    get_version,
    get_work,
)
from portal.materials.registry import find_texts
from portal.materials.rules import MEMBERS_ONLY_KINDS, keeps, may_become, may_contribute
from portal.outbox import announce
from portal.uploads.actions import release_file

NEW = {"titles": "{}", "summaries": "{}"}


def save_work(
    db: Database, by: Actor, at: datetime, material_id: str, changes: Mapping[str, Any]
) -> None:
    """Add a work, or change the named columns of one; `audiences` and `topics` are lists.

    A kind that is for members only stays so, whatever is asked.
    """
    row = dict(changes)
    lists = {word: row.pop(word) for word in ("audiences", "topics") if word in row}
    table = db.table("materials")
    if table.count_where("id = ?", [material_id]):
        table.update(material_id, row)
    else:
        who = {"added_at": stamp(at), "added_by": by.account_id or by.role}
        table.insert({**NEW, **who, **row, "id": material_id})
    _keep_members_only(db, material_id)
    for word, codes in lists.items():
        _set_list(db, material_id, word, codes)
    audit.record(db, by, at, "save", "materials", material_id)
    announce(db, "materials", material_id)


def new_work(db: Database, by: Actor, at: datetime, row: Mapping[str, Any]) -> str:
    """A work of the actor's own organisation, without a version yet; its id."""
    if not may_contribute(by):
        raise NotAllowed
    material_id = f"m-{secrets.token_hex(6)}"
    save_work(db, by, at, material_id, {**row, "organisation_id": by.organisation_id})
    return material_id


def add_version(
    db: Database, by: Actor, at: datetime, material_id: str, note: str | None = None
) -> str:
    """A further version of a work, a draft; its id. `note` says what changed."""
    number = 1 + max(
        column(db, "SELECT number FROM material_versions WHERE material_id = :id", id=material_id),
        default=0,
    )
    version_id = f"mv-{secrets.token_hex(6)}"
    db.table("material_versions").insert(
        {
            "id": version_id,
            "material_id": material_id,
            "number": number,
            "note": note,
            "at": stamp(at),
            "by": by.account_id or by.role,
        }
    )
    _move(db, by, at, version_id, None, "draft")
    audit.record(db, by, at, "add_version", "materials", material_id, number=number)
    return version_id


def add_file(
    db: Database,
    by: Actor,
    at: datetime,
    version_id: str,
    language: str,
    *,
    of_version: int,
    file_id: str | None = None,
    link: str | None = None,
) -> str:
    """Put a stored file, or a link, into a version; its id."""
    material_file_id = f"x-{secrets.token_hex(6)}"
    db.table("material_files").insert(
        {
            "id": material_file_id,
            "version_id": version_id,
            "of_version": of_version,
            "language": language,
            "file_id": file_id,
            "link": link,
        }
    )
    audit.record(db, by, at, "add_file", "material_versions", version_id)
    return material_file_id


def add_text(
    db: Database,
    by: Actor,
    at: datetime,
    version_id: str,
    language: str,
    body: str,
    *,
    of_version: int,
) -> None:
    """Put a text (markdown) into a version, or change the one it has in a language."""
    row = {"version_id": version_id, "language": language, "of_version": of_version, "body": body}
    db.table("material_texts").upsert(row, pk=("version_id", "language"))
    audit.record(db, by, at, "add_text", "material_versions", version_id)


def set_version_state(
    db: Database, by: Actor, at: datetime, version_id: str, state: str, reason: str | None = None
) -> None:
    """Move a version on; `Invalid` for a move that is not allowed, nothing when it is there."""
    version = get_version(db, version_id)
    if version.state == state:
        return
    if not may_become(version.state, state):
        raise Invalid({"all": [Message("This has been decided meanwhile. Load the page again.")]})
    _move(db, by, at, version_id, reason, state)
    audit.record(db, by, at, "set_state", "material_versions", version_id, state=state)
    announce(db, "materials", version.material_id)


def publish_version(db: Database, by: Actor, at: datetime, version_id: str) -> None:
    """Let everybody whom the work is for see a version, its files out of quarantine."""
    for each in find_files_of_version(db, version_id):
        if each.file_id is not None:
            release_file(db, by, at, each.file_id)
    set_version_state(db, by, at, version_id, "published")


def withdraw_work(db: Database, by: Actor, at: datetime, material_id: str) -> None:
    """Hide every published version of a work at once: one person is enough."""
    if not keeps(by, get_work(db, material_id).organisation_id):
        raise NotAllowed
    sql = """
        SELECT v.id FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id
        WHERE v.material_id = :id AND s.state = 'published'
    """
    for version_id in column(db, sql, id=material_id):
        set_version_state(db, by, at, version_id, "withdrawn")


def remove_version(db: Database, by: Actor, at: datetime, version_id: str) -> None:
    """Delete a draft whose files were taken out; with the only version goes the work."""
    version = get_version(db, version_id)
    if version.state not in ("draft", "returned"):
        raise Invalid({"all": [Message("This has been decided meanwhile. Load the page again.")]})
    for table in ("material_texts", "material_states"):
        db.table(table).delete_where("version_id = ?", [version_id])
    db.table("material_versions").delete(version_id)
    audit.record(
        db, by, at, "remove_version", "materials", version.material_id, number=version.number
    )
    if not db.table("material_versions").count_where("material_id = ?", [version.material_id]):
        for table in ("material_audiences", "material_topics", "material_languages"):
            db.table(table).delete_where("material_id = ?", [version.material_id])
        db.table("materials").delete(version.material_id)
    announce(db, "materials", version.material_id)


def count_download(db: Database, month: str, material_file_id: str, variant: str) -> None:
    """One download more of a file, `whole` or `light`: a number, and nothing of who asked.

    No act of a person, so no line in the audit. It is asked for by GET, as a line in a log is.
    """
    sql = """
        INSERT INTO download_counts (material_file_id, month, variant, number)
        VALUES (:id, :month, :variant, 1)
        ON CONFLICT (material_file_id, month, variant) DO UPDATE SET number = number + 1
    """
    db.execute(sql, {"id": material_file_id, "month": month, "variant": variant})


def note_published(db: Database, material_id: str) -> None:
    """Write beside a work what its history says: which version is out, since when, in what."""
    sql = """
        SELECT v.number, s.at FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id
        WHERE v.material_id = ? AND s.state = 'published' ORDER BY v.number DESC LIMIT 1
    """
    number, since = db.execute(sql, [material_id]).fetchone() or (None, None)
    db.table("materials").update(material_id, {"published_version": number, "published_at": since})
    there: set[str] = set()
    if number is not None:
        there |= {each.language for each in find_files(db, material_id, number)}
        there |= {each.language for each in find_texts(db, material_id, number)}
    db.table("material_languages").delete_where("material_id = ?", [material_id])
    rows = [{"material_id": material_id, "language": language} for language in sorted(there)]
    db.table("material_languages").insert_all(rows)


def _move(
    db: Database, by: Actor, at: datetime, version_id: str, reason: str | None, state: str
) -> None:
    db.table("material_states").insert(
        {
            "version_id": version_id,
            "state": state,
            "at": stamp(at),
            "by": by.account_id or by.role,
            "reason": reason,
        }
    )
    note_published(db, get_version(db, version_id).material_id)


def _keep_members_only(db: Database, material_id: str) -> None:
    kind = column(db, "SELECT kind FROM materials WHERE id = :id", id=material_id)[0]
    if kind in MEMBERS_ONLY_KINDS:
        db.table("materials").update(material_id, {"visibility": "members"})


def _set_list(db: Database, material_id: str, word: str, codes: Iterable[str]) -> None:
    table, singular = f"material_{word}", word.removesuffix("s")
    db.table(table).delete_where("material_id = ?", [material_id])
    rows = [{"material_id": material_id, singular: code} for code in dict.fromkeys(codes)]
    db.table(table).insert_all(rows)
