"""The yearly renewal with its self-check, and what members affirmed of a changed charter."""

from sqlite_utils import Database, Migrations

migrations = Migrations("renewals")

TIERS = {
    "renewals": {
        "id": "coordinators",
        "organisation_id": "coordinators",
        "due_on": "coordinators",
        "version": "coordinators",
        "sent_at": "coordinators",
        "sent_by": "coordinators",
        "decided_at": "coordinators",
        "decided_by": "coordinators",
        "verdict": "coordinators",
        "note": "coordinators",
    },
    "renewal_answers": {
        "renewal_id": "coordinators",
        "code": "coordinators",
        "holds": "coordinators",
        "words": "coordinators",
    },
    "affirmations": {
        "organisation_id": "coordinators",
        "version": "coordinators",
        "code": "coordinators",
        "by": "coordinators",
        "at": "coordinators",
    },
    "renewal_reminders": {
        "organisation_id": "admin",
        "due_on": "admin",
        "days_before": "admin",
        "at": "admin",
    },
    "affirmation_refusals": {
        "organisation_id": "coordinators",
        "version": "coordinators",
        "code": "coordinators",
        "by": "coordinators",
        "at": "coordinators",
        "why": "coordinators",
    },
    "affirmation_reminders": {
        "organisation_id": "admin",
        "version": "admin",
        "days_before": "admin",
        "at": "admin",
    },
}


@migrations()
def create_renewals(db: Database) -> None:
    """One renewal a due day; one with nothing against it is accepted as it is sent."""
    of_organisation = ("organisation_id", "organisations", "id")
    db.table("renewals").create(
        {**dict.fromkeys(TIERS["renewals"], str), "version": int},
        pk="id",
        not_null={"organisation_id", "due_on", "version", "sent_at", "sent_by"},
        foreign_keys=[of_organisation, ("version", "charter_versions", "version")],
    )
    db.table("renewals").create_index(["organisation_id", "due_on"])
    db.table("renewal_answers").create(
        {"renewal_id": str, "code": str, "holds": int, "words": str},
        pk=("renewal_id", "code"),
        not_null={"holds"},
        foreign_keys=[("renewal_id", "renewals", "id")],
    )
    db.table("affirmations").create(
        {"organisation_id": str, "version": int, "code": str, "by": str, "at": str},
        pk=("organisation_id", "version", "code"),
        not_null={"by", "at"},
        foreign_keys=[of_organisation, ("version", "charter_versions", "version")],
    )
    db.table("renewal_reminders").create(
        {"organisation_id": str, "due_on": str, "days_before": int, "at": str},
        pk=("organisation_id", "due_on", "days_before"),
        not_null={"at"},
        foreign_keys=[of_organisation],
    )


@migrations()
def create_refusals(db: Database) -> None:
    """What a member said it cannot affirm; and of which version it was reminded when."""
    of_organisation = ("organisation_id", "organisations", "id")
    of_version = ("version", "charter_versions", "version")
    db.table("affirmation_refusals").create(
        {"organisation_id": str, "version": int, "code": str, "by": str, "at": str},
        pk=("organisation_id", "version", "code"),
        not_null={"by", "at"},
        foreign_keys=[of_organisation, of_version],
    )
    db.table("affirmation_reminders").create(
        {"organisation_id": str, "version": int, "days_before": int, "at": str},
        pk=("organisation_id", "version", "days_before"),
        not_null={"at"},
        foreign_keys=[of_organisation, of_version],
    )


@migrations()
def add_why(db: Database) -> None:
    """Why a member cannot affirm what it refused, in its own words."""
    db.table("affirmation_refusals").add_column("why", str)
