"""Trainings, forums, conferences, tournaments. Coming ones are public only when flagged open."""

from sqlite_utils import Database, Migrations

migrations = Migrations("events")

TIERS = {
    "events": {
        "id": "public",
        "title": "public",
        "titles": "public",
        "kind": "public",
        "starts_on": "public",
        "ends_on": "public",
        "place_id": "public",
        "organiser": "public",
        "participants": "members",
        "summary": "public",
        "summaries": "public",
        "source": "public",
        "evaluation": "public",
        "open": "members",
        "already_published": "members",
    }
}


@migrations()
def create_events(db: Database) -> None:
    """`starts_on` without a year is `--03-03`; `evaluation` is JSON from question to percent."""
    db.table("events").create(
        {
            "id": str,
            "title": str,
            "titles": str,
            "kind": str,
            "starts_on": str,
            "ends_on": str,
            "place_id": str,
            "organiser": str,
            "participants": int,
            "summary": str,
            "summaries": str,
            "source": str,
            "evaluation": str,
            "open": int,
            "already_published": int,
        },
        pk="id",
        not_null={"title", "titles", "kind", "starts_on", "summaries", "evaluation"},
        defaults={"open": 0, "already_published": 0},
        foreign_keys=[("place_id", "places", "id")],
    )
