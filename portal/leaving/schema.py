"""What follows when an organisation leaves: its export, its practitioners, what is erased."""

from sqlite_utils import Database, Migrations

migrations = Migrations("leaving")

TIERS = {
    "departures": {
        "organisation_id": "coordinators",
        "left_at": "coordinators",
        "by": "coordinators",
        "erased_at": "coordinators",
    },
    "open_to_proposals": {
        "practitioner_id": "coordinators",
        "organisation_id": "coordinators",
        "asked_at": "coordinators",
        "answer": "coordinators",
        "answered_at": "coordinators",
    },
}


@migrations()
def create_leaving(db: Database) -> None:
    """Whose practitioners were asked whether another organisation may propose them, and answered.

    `organisation_id` of a practitioner's row is the organisation that was suspended or has left.
    """
    of_organisation = ("organisation_id", "organisations", "id")
    db.table("departures").create(
        dict.fromkeys(TIERS["departures"], str),
        pk="organisation_id",
        not_null={"left_at", "by"},
        foreign_keys=[of_organisation],
    )
    db.table("open_to_proposals").create(
        dict.fromkeys(TIERS["open_to_proposals"], str),
        pk="practitioner_id",
        not_null={"organisation_id", "asked_at"},
        foreign_keys=[of_organisation, ("practitioner_id", "practitioners", "id")],
    )
