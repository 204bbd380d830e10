"""Who looked at whose contact, for what, when: never the contact itself."""

from sqlite_utils import Database, Migrations

migrations = Migrations("contacts")

TIERS = {
    # shown to coordinators and to the practitioner whose contact it was
    "contact_looks": {
        "id": "coordinators",
        "practitioner_id": "coordinators",
        "account_id": "coordinators",
        "organisation_id": "coordinators",
        "purpose": "coordinators",
        "at": "coordinators",
        "day": "coordinators",
        "is_night": "coordinators",
        "shown": "coordinators",
        "form_key": "admin",
    },
    "contact_stops": {
        "account_id": "coordinators",
        "day": "coordinators",
        "cap": "coordinators",
        "at": "coordinators",
    },
}


@migrations()
def create_contact_looks(db: Database) -> None:
    """Looks; and on which days somebody was stopped, of which coordinators are told once.

    `day` is the network's, written at the moment of the look: a caps count must not depend on what
    the clock or the time zone says later. `shown` is `contact`, `duty` or `nothing`.
    """
    db.table("contact_looks").create(
        {
            "id": int,
            "practitioner_id": str,
            "account_id": str,
            "organisation_id": str,
            "purpose": str,
            "at": str,
            "day": str,
            "is_night": int,
            "shown": str,
            "form_key": str,
        },
        pk="id",
        not_null={"practitioner_id", "account_id", "purpose", "at", "day", "is_night", "shown"},
        foreign_keys=[
            ("practitioner_id", "practitioners", "id"),
            ("account_id", "accounts", "id"),
            ("organisation_id", "organisations", "id"),
        ],
    )
    db.table("contact_looks").create_index(["account_id", "at"])
    db.table("contact_looks").create_index(["organisation_id", "day"])
    db.table("contact_looks").create_index(["practitioner_id", "at"])
    db.table("contact_stops").create(
        {"account_id": str, "day": str, "cap": str, "at": str},
        pk=("account_id", "day"),
        not_null={"cap", "at"},
        foreign_keys=[("account_id", "accounts", "id")],
    )
