"""What a transaction changed and others still have to hear: queued in it, drained afterwards."""

import secrets

import msgspec
from sqlite_utils import Database, Migrations

from portal.db import as_json, count, fetch

migrations = Migrations("outbox")

TIERS = {
    "outbox": {"id": "admin", "entity": "admin", "entity_id": "admin", "queued_at": "admin"},
    "outbox_origin": {"token": "admin"},
}


class Line(msgspec.Struct, frozen=True):
    """One change that is queued; later ones have higher numbers, and no number comes twice."""

    id: int
    entity: str
    entity_id: str


class Queue(msgspec.Struct, frozen=True):
    """What there is to hear: whose queue, the number of the oldest line kept, and of the newest."""

    origin: str
    first: int
    last: int


@migrations()
def create_outbox(db: Database) -> None:
    """The queue, oldest first."""
    db.execute(
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY, entity TEXT NOT NULL,"
        " entity_id TEXT NOT NULL, queued_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    )


@migrations()
def number_lines_once(db: Database) -> None:
    """Numbers that never come again, of a queue known by a token: a reader can say how far it is.

    The token tells a database that was made anew from the one before it.
    """
    db.execute("ALTER TABLE outbox RENAME TO outbox_before")
    db.execute(
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL,"
        " entity_id TEXT NOT NULL, queued_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    )
    db.execute("INSERT INTO outbox SELECT * FROM outbox_before ORDER BY id")
    db.execute("DROP TABLE outbox_before")
    db.execute("CREATE TABLE outbox_origin (token TEXT NOT NULL)")
    db.execute("INSERT INTO outbox_origin VALUES (:token)", {"token": secrets.token_hex(8)})


@migrations()
def find_lines_of_a_record(db: Database) -> None:
    """A queue that waits for a server grows long, and every search looks into it."""
    db.execute("CREATE INDEX outbox_of ON outbox (entity, entity_id)")


def announce(db: Database, entity: str, entity_id: str) -> None:
    """Queue that a record was made, changed or taken away."""
    db.table("outbox").insert({"entity": entity, "entity_id": entity_id})


def origin(db: Database) -> str:
    """Which queue this is: another one after the database was made anew."""
    return str(db.execute("SELECT token FROM outbox_origin").fetchone()[0])


def last_number(db: Database) -> int:
    """The number of the newest line there ever was, 0 before the first."""
    return count(db, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'")


def first_number(db: Database) -> int:
    """The number of the oldest line that is still kept; one more than the last when none is."""
    oldest = count(db, "SELECT coalesce(min(id), 0) FROM outbox")
    return oldest or last_number(db) + 1


def read_queue(db: Database) -> Queue:
    """The queue as it is now."""
    return Queue(origin(db), first_number(db), last_number(db))


def find_after(db: Database, number: int, most: int) -> list[Line]:
    """The oldest lines after this number, at most so many."""
    sql = "SELECT id, entity, entity_id FROM outbox WHERE id > :number ORDER BY id LIMIT :most"
    return fetch(db, Line, sql, number=number, most=most)


def count_after(db: Database, number: int) -> int:
    """How many lines wait for who has heard all up to this number."""
    return count(db, "SELECT count(*) FROM outbox WHERE id > :number", number=number)


def waiting_since(db: Database, number: int) -> str | None:
    """When the oldest line after this number was queued (UTC); None when there is none."""
    sql = "SELECT queued_at FROM outbox WHERE id > :number ORDER BY id LIMIT 1"
    row = db.execute(sql, {"number": number}).fetchone()
    return str(row[0]) if row else None


def is_late(db: Database, number: int) -> bool:
    """Whether a line after this number has waited for five minutes."""
    sql = (
        "SELECT count(*) FROM outbox WHERE id > :number"
        " AND queued_at < datetime('now', '-5 minutes')"
    )
    return count(db, sql, number=number) > 0


def are_queued(db: Database, number: int, *entities: str) -> bool:
    """Whether lines after this number speak of any of these registers."""
    sql = (
        "SELECT count(*) FROM outbox WHERE id > :number"
        " AND entity IN (SELECT value FROM json_each(:entities))"
    )
    return count(db, sql, number=number, entities=as_json(entities)) > 0


def forget_until(db: Database, number: int) -> None:
    """Let go of lines up to this number: everybody has heard them."""
    db.execute("DELETE FROM outbox WHERE id <= :number", {"number": number})
