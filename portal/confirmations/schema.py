"""Which reminders of a confirmation were sent, so that each comes once."""

from sqlite_utils import Database, Migrations

migrations = Migrations("confirmations")

TIERS = {
    "confirmation_reminders": {
        "practitioner_id": "coordinators",
        "confirmed_on": "coordinators",
        "age": "coordinators",
        "at": "coordinators",
    }
}


@migrations()
def create_reminders(db: Database) -> None:
    """One row a reminder: of which confirmation, and at what age in days it was due."""
    db.table("confirmation_reminders").create(
        {"practitioner_id": str, "confirmed_on": str, "age": int, "at": str},
        pk=("practitioner_id", "confirmed_on", "age"),
        not_null={"at"},
        foreign_keys=[("practitioner_id", "practitioners", "id")],
    )
