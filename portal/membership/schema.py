"""Membership as a history: the current state is the newest row."""

from sqlite_utils import Database, Migrations

migrations = Migrations("membership")

TIERS = {
    "membership_states": {
        "id": "coordinators",
        "organisation_id": "coordinators",
        "state": "members",
        "at": "coordinators",
        "by": "coordinators",
    }
}


@migrations()
def create_membership_states(db: Database) -> None:
    """An organisation that never applied has no row."""
    db.table("membership_states").create(
        {"id": int, "organisation_id": str, "state": str, "at": str, "by": str},
        pk="id",
        not_null={"organisation_id", "state", "at", "by"},
        foreign_keys=[("organisation_id", "organisations", "id")],
    )
    db.table("membership_states").create_index(["organisation_id", "id"])
    db.execute(
        "CREATE VIEW membership_now AS SELECT organisation_id, state, max(id) AS id"
        " FROM membership_states GROUP BY organisation_id"
    )
