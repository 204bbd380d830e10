"""What a transaction changed and others still have to hear: queued in it, drained afterwards."""

from sqlite_utils import Database, Migrations

migrations = Migrations("outbox")

TIERS = {"outbox": {"id": "admin", "entity": "admin", "entity_id": "admin"}}


@migrations()
def create_outbox(db: Database) -> None:
    """The queue, oldest first."""
    db.table("outbox").create(
        {"id": int, "entity": str, "entity_id": str}, pk="id", not_null={"entity", "entity_id"}
    )


def announce(db: Database, entity: str, entity_id: str) -> None:
    """Queue that a record was made, changed or taken away."""
    db.table("outbox").insert({"entity": entity, "entity_id": entity_id})
