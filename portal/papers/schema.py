"""Papers beside the licence: trainings attended, and which reminders of a licence were given."""

from sqlite_utils import Database, Migrations

migrations = Migrations("papers")

TIERS = {
    "trainings": {
        "practitioner_id": "members",
        "held_on": "members",
        "title": "members",
        "event_id": "members",
        "by": "coordinators",
    },
    "licence_reminders": {
        "practitioner_id": "admin",
        "expires_on": "admin",
        "days_before": "admin",
        "at": "admin",
    },
}


@migrations()
def create_papers(db: Database) -> None:
    """A training is an event of the network's register, or has a title of its own."""
    belongs = ("practitioner_id", "practitioners", "id")
    db.table("trainings").create(
        {"practitioner_id": str, "held_on": str, "title": str, "event_id": str, "by": str},
        pk=("practitioner_id", "held_on", "title"),
        not_null={"by"},
        foreign_keys=[belongs, ("event_id", "events", "id")],
    )
    db.table("licence_reminders").create(
        {"practitioner_id": str, "expires_on": str, "days_before": int, "at": str},
        pk=("practitioner_id", "expires_on", "days_before"),
        not_null={"at"},
        foreign_keys=[belongs],
    )
