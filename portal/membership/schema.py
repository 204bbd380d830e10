"""Membership as a history: the current state is the newest row; and who founded the network."""

from sqlite_utils import Database, Migrations

migrations = Migrations("membership")

TIERS = {
    "membership_states": {
        "id": "coordinators",
        "organisation_id": "coordinators",
        "state": "members",
        "at": "coordinators",
        "by": "coordinators",
        "reason": "coordinators",
        "note": "coordinators",
        "application_id": "coordinators",
    },
    "founders": {
        "organisation_id": "public",
        "founded_on": "public",
        "minute": "members",
        "at": "coordinators",
        "by": "coordinators",
    },
    "closed_accounts": {
        "organisation_id": "admin",
        "account_id": "admin",
        "at": "admin",
    },
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


@migrations()
def add_reasons(db: Database) -> None:
    """Why a step was taken: a code, a sentence beside it, and the application it came from."""
    for name in ("reason", "note", "application_id"):
        db.table("membership_states").add_column(name, str)


@migrations()
def create_founders(db: Database) -> None:
    """Founding members, with the day and the signed minute; accounts that a suspension closed."""
    belongs = ("organisation_id", "organisations", "id")
    db.table("founders").create(
        {"organisation_id": str, "founded_on": str, "minute": str, "at": str, "by": str},
        pk="organisation_id",
        not_null={"founded_on", "minute", "at", "by"},
        foreign_keys=[belongs],
    )
    db.table("closed_accounts").create(
        {"organisation_id": str, "account_id": str, "at": str},
        pk="account_id",
        not_null={"organisation_id", "at"},
        foreign_keys=[belongs],
    )
