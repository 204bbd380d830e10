"""What a transaction changed and others still have to hear: queued in it, drained afterwards."""

from sqlite_utils import Database, Migrations

migrations = Migrations("outbox")

TIERS = {"outbox": {"id": "admin", "entity": "admin", "entity_id": "admin", "queued_at": "admin"}}


@migrations()
def create_outbox(db: Database) -> None:
    """The queue, oldest first."""
    db.execute(
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY, entity TEXT NOT NULL,"
        " entity_id TEXT NOT NULL, queued_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    )


def announce(db: Database, entity: str, entity_id: str) -> None:
    """Queue that a record was made, changed or taken away."""
    db.table("outbox").insert({"entity": entity, "entity_id": entity_id})
