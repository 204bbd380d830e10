"""Single-use links that stand for one person and one purpose; of a link only the hash is kept."""

from sqlite_utils import Database, Migrations

migrations = Migrations("links")

TIERS = {
    "links": {
        "id": "admin",
        "hash": "admin",
        "purpose": "admin",
        "subject_id": "admin",
        "made_at": "admin",
        "until": "admin",
        "used_at": "admin",
    }
}


@migrations()
def create_links(db: Database) -> None:
    """`subject_id` is the record that the purpose speaks of, such as a practitioner's id."""
    db.table("links").create(
        {
            "id": int,
            "hash": str,
            "purpose": str,
            "subject_id": str,
            "made_at": str,
            "until": str,
            "used_at": str,
        },
        pk="id",
        not_null={"hash", "purpose", "subject_id", "made_at", "until"},
    )
    db.table("links").create_index(["hash"], unique=True)
    db.table("links").create_index(["purpose", "subject_id"])
