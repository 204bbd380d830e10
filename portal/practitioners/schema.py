"""Practitioners: what members may read, and apart from it contacts and licences.

There is no column for a home address. Contacts and licences are tables of their own, so that no
question about practitioners can bring them along.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("practitioners")

_COLUMNS = {
    "id": str,
    "name": str,
    "sort_name": str,
    "profession": str,
    "gender": str,
    "organisation_id": str,
    "place_id": str,
    "travel_km": float,
    "closed_from": int,
    "closed_to": int,
    "transport": str,
    "visits_with": str,
    "contact_policy": str,
    "contact_hours": str,
    "phone_shared": int,
    "languages": str,
    "specialisations": str,
    "age_groups": str,
    "modes": str,
    "availability": str,
    "weekly_visits": int,
    "safeguarding_on": str,
    "ethics_signed_on": str,
}

_ALWAYS = {"name", "sort_name", "profession", "organisation_id", "place_id"}
_LISTS = {"languages", "specialisations", "age_groups", "modes", "availability"}

TIERS = {
    "practitioners": dict.fromkeys((*_COLUMNS, "monthly_cap", "version"), "members"),
    "practitioner_absences": {
        "practitioner_id": "members",
        "starts_on": "members",
        "ends_on": "members",
    },
    "service_areas": {"practitioner_id": "members", "kind": "members", "code": "members"},
    "practitioner_contacts": {
        "practitioner_id": "contact",
        "phone": "contact",
        "email": "contact",
        "say_when_calling": "contact",
    },
    "practitioner_licences": {
        "practitioner_id": "coordinators",
        "number": "coordinators",
        "issuer": "coordinators",
        "expires_on": "coordinators",
    },
    "practitioner_versions": {
        "practitioner_id": "members",
        "number": "members",
        "at": "members",
        "by": "coordinators",
        "diff": "members",
    },
    "practitioner_versions_apart": {
        "practitioner_id": "contact",
        "number": "contact",
        "field": "contact",
        "old": "contact",
        "new": "contact",
    },
}


@migrations()
def create_practitioners(db: Database) -> None:
    """Lists are JSON; `closed_from` and `closed_to` are months 1–12 of a seasonal service area."""
    db.table("practitioners").create(
        _COLUMNS,
        pk="id",
        not_null=_ALWAYS | _LISTS,
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("place_id", "places", "id"),
        ],
    )
    db.table("practitioners").create_index(["sort_name"])
    db.table("practitioners").create_index(["organisation_id"])


@migrations()
def create_absences_and_areas(db: Database) -> None:
    """When somebody is away, and where they go: settlements, district lists, regions."""
    belongs = [("practitioner_id", "practitioners", "id")]
    db.table("practitioner_absences").create(
        {"practitioner_id": str, "starts_on": str, "ends_on": str},
        pk=("practitioner_id", "starts_on"),
        not_null={"ends_on"},
        foreign_keys=belongs,
    )
    db.table("service_areas").create(
        {"practitioner_id": str, "kind": str, "code": str},
        pk=("practitioner_id", "kind", "code"),
        foreign_keys=belongs,
    )


@migrations()
def create_contacts_and_licences(db: Database) -> None:
    """What is shown one at a time and on demand, or to coordinators only."""
    belongs = [("practitioner_id", "practitioners", "id")]
    db.table("practitioner_contacts").create(
        {"practitioner_id": str, "phone": str, "email": str, "say_when_calling": str},
        pk="practitioner_id",
        foreign_keys=belongs,
    )
    db.table("practitioner_licences").create(
        {"practitioner_id": str, "number": str, "issuer": str, "expires_on": str},
        pk="practitioner_id",
        foreign_keys=belongs,
    )


@migrations()
def add_monthly_cap(db: Database) -> None:
    """How many visits a month at most, beside those of a week; unknown means no cap."""
    db.table("practitioners").add_column("monthly_cap", int)


@migrations()
def create_versions(db: Database) -> None:
    """What each save changed: `diff` holds {field: [old, new]}, and null where it is kept apart.

    Contacts and licences stand in a table of their own, so that they can be overwritten.
    """
    belongs = [("practitioner_id", "practitioners", "id")]
    db.table("practitioners").add_column("version", int, not_null_default=1)
    db.table("practitioner_versions").create(
        {"practitioner_id": str, "number": int, "at": str, "by": str, "diff": str},
        pk=("practitioner_id", "number"),
        not_null={"at", "by", "diff"},
        foreign_keys=belongs,
    )
    db.table("practitioner_versions_apart").create(
        {"practitioner_id": str, "number": int, "field": str, "old": str, "new": str},
        pk=("practitioner_id", "number", "field"),
        foreign_keys=belongs,
    )
    db.execute(
        "INSERT INTO practitioner_versions (practitioner_id, number, at, by, diff)"
        " SELECT id, 1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'admin', '{}' FROM practitioners"
    )
