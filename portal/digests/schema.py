"""The two mails a day: which one was begun, and how many letters went."""

from sqlite_utils import Database, Migrations

migrations = Migrations("digests")

TIERS = {
    "digests": {
        "id": "admin",
        "slot": "admin",
        "begun_at": "admin",
        "sent": "admin",
        "failed": "admin",
    }
}


@migrations()
def create_digests(db: Database) -> None:
    """`slot` is the fixed hour on the network's clock; the newest row is the last one begun."""
    db.table("digests").create(
        {"id": int, "slot": str, "begun_at": str, "sent": int, "failed": int},
        pk="id",
        not_null={"slot", "begun_at", "sent", "failed"},
        defaults={"sent": 0, "failed": 0},
    )
    db.table("notices").create_index(["digest_id", "sent_at"])
