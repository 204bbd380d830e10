"""That somebody was told of a grant that ends: once a grant."""

from sqlite_utils import Database, Migrations

migrations = Migrations("people")

TIERS = {"grant_reminders": {"subject_id": "admin", "until": "admin", "told_at": "admin"}}


@migrations()
def create_grant_reminders(db: Database) -> None:
    """`subject_id` is an account or an organisation."""
    db.table("grant_reminders").create(
        {"subject_id": str, "until": str, "told_at": str},
        pk=("subject_id", "until"),
        not_null={"told_at"},
    )
