"""Which reminders of an image consent that ends were given; the consents are the materials' own."""

from sqlite_utils import Database, Migrations

migrations = Migrations("contributing")

TIERS = {
    "image_consent_reminders": {
        "consent_id": "coordinators",
        "days_before": "coordinators",
        "at": "coordinators",
    },
}


@migrations()
def create_reminders(db: Database) -> None:
    """Each step, in days before the end, is told once."""
    db.table("image_consent_reminders").create(
        {"consent_id": int, "days_before": int, "at": str},
        pk=("consent_id", "days_before"),
        not_null={"at"},
        foreign_keys=[("consent_id", "image_consents", "id")],
    )
