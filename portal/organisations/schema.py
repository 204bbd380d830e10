"""Organisations and the services they declare. A public card shows the public columns only."""

from sqlite_utils import Database, Migrations

migrations = Migrations("organisations")

TIERS = {
    "organisations": {
        "id": "public",
        "name": "public",
        "names": "public",
        "sort_name": "public",
        "kind": "public",
        "visibility": "members",
        "directory_until": "coordinators",
        "duty_phone": "members",
        "place_id": "public",
        "summary": "public",
        "summaries": "public",
        "phone": "public",
        "email": "public",
        "website": "public",
        "joined_on": "public",
    },
    "organisation_services": {"organisation_id": "public", "service": "public"},
}


@migrations()
def create_organisations(db: Database) -> None:
    """`names` and `summaries` are JSON by language beside the text as it was written."""
    db.table("organisations").create(
        {
            "id": str,
            "name": str,
            "names": str,
            "sort_name": str,
            "kind": str,
            "visibility": str,
            "directory_until": str,
            "duty_phone": str,
            "place_id": str,
            "summary": str,
            "summaries": str,
            "phone": str,
            "email": str,
            "website": str,
            "joined_on": str,
        },
        pk="id",
        not_null={"name", "names", "sort_name", "kind", "visibility", "summaries"},
        foreign_keys=[("place_id", "places", "id")],
    )
    db.table("organisation_services").create(
        {"organisation_id": str, "service": str},
        pk=("organisation_id", "service"),
        foreign_keys=[("organisation_id", "organisations", "id")],
    )
    db.table("organisation_services").create_index(["service"])
