"""What happened, by whom, when: append-only, each line chained to the one before by its hash.

A line holds ids and codes, never a name, a contact or a text somebody typed.
"""

import hashlib
from datetime import datetime

from sqlite_utils import Database, Migrations

from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json

migrations = Migrations("audit")

TIERS = {
    "audit": {
        "id": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "verb": "coordinators",
        "entity": "coordinators",
        "entity_id": "coordinators",
        "detail": "coordinators",
        "hash": "coordinators",
    }
}


@migrations()
def create_audit(db: Database) -> None:
    """The audit table, which refuses to be changed."""
    db.table("audit").create(
        {
            "id": int,
            "at": str,
            "by": str,
            "verb": str,
            "entity": str,
            "entity_id": str,
            "detail": str,
            "hash": str,
        },
        pk="id",
        not_null={"at", "by", "verb", "entity", "entity_id", "detail", "hash"},
    )
    for change in ("UPDATE", "DELETE"):
        db.execute(
            "CREATE TRIGGER audit_refuses_" + change.lower() + " BEFORE " + change + " ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )


def record(
    db: Database,
    by: Actor,
    at: datetime,
    verb: str,
    entity: str,
    entity_id: str,
    **detail: str | int | None,
) -> None:
    """Add the line of one action, inside its transaction."""
    last = db.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    line = {
        "at": stamp(at),
        "by": by.account_id or by.role,
        "verb": verb,
        "entity": entity,
        "entity_id": entity_id,
        "detail": as_json(detail),
    }
    previous = last[0] if last else ""
    db.table("audit").insert({**line, "hash": chained(previous, line)})


def chained(previous: str, line: dict[str, str]) -> str:
    """The SHA-256 that ties a line to all before it."""
    return hashlib.sha256((previous + as_json(line)).encode()).hexdigest()


def first_broken(db: Database) -> int | None:
    """The id of the first line whose hash does not follow from those before it, or None."""
    previous = ""
    names = ("at", "by", "verb", "entity", "entity_id", "detail")
    sql = 'SELECT id, hash, at, "by", verb, entity, entity_id, detail FROM audit ORDER BY id'
    for number, found, *values in db.execute(sql):
        if found != chained(previous, dict(zip(names, values, strict=True))):
            return int(number)
        previous = found
    return None
