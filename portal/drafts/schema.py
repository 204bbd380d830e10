"""What somebody typed while their session ran out; kept sealed, for a day at most."""

from sqlite_utils import Database, Migrations

migrations = Migrations("drafts")

TIERS = {
    "drafts": {
        "id": "admin",
        "account_id": "admin",
        "sealed": "admin",
        "made_at": "admin",
        "used_at": "admin",
    },
}


@migrations()
def create_drafts(db: Database) -> None:
    """`sealed` holds where to and what was typed: unreadable without the secret."""
    db.table("drafts").create(
        {"id": str, "account_id": str, "sealed": str, "made_at": str, "used_at": str},
        pk="id",
        not_null={"account_id", "sealed", "made_at"},
        foreign_keys=[("account_id", "accounts", "id")],
    )
    db.table("drafts").create_index(["account_id"])
