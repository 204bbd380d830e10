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
        "organisation_id": "members",
        "closed": "members",
        "women": "members",
        "men": "members",
        "girls": "members",
        "boys": "members",
        "evaluation_words": "public",
        "cancelled_at": "public",
        "changed_at": "members",
        "added_by": "coordinators",
    },
    "event_sessions": {
        "id": "public",
        "event_id": "public",
        "day": "public",
        "starts_at": "public",
        "ends_at": "public",
        "title": "public",
        "titles": "public",
        # shown to the public only where the organisation has a public card
        "organisation_id": "members",
    },
    "event_materials": {"event_id": "public", "material_id": "public"},
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


@migrations()
def add_organising(db: Database) -> None:
    """`closed` keeps an event from the public, past or coming, until two people open it.

    `organisation_id` is whose people keep it. `women` and the like count who came.
    `evaluation_words` is JSON from question to its words by language.
    """
    events = db.table("events")
    events.add_column("organisation_id", str, fk="organisations", fk_col="id")
    events.add_column("closed", int, not_null_default=0)
    for name in ("women", "men", "girls", "boys"):
        events.add_column(name, int)
    events.add_column("evaluation_words", str, not_null_default="{}")
    for name in ("cancelled_at", "changed_at", "added_by"):
        events.add_column(name, str)


@migrations()
def create_programme(db: Database) -> None:
    """A session is of the first, second … day, so that a yearly event and a moved one keep it.

    `organisation_id` is the speaker's organisation: no person is named.
    """
    belongs = ("event_id", "events", "id")
    db.table("event_sessions").create(
        {
            "id": str,
            "event_id": str,
            "day": int,
            "starts_at": str,
            "ends_at": str,
            "title": str,
            "titles": str,
            "organisation_id": str,
        },
        pk="id",
        not_null={"event_id", "day", "title", "titles"},
        foreign_keys=[belongs, ("organisation_id", "organisations", "id")],
    )
    db.table("event_sessions").create_index(["event_id", "day", "starts_at"])
    db.table("event_materials").create(
        {"event_id": str, "material_id": str},
        pk=("event_id", "material_id"),
        foreign_keys=[belongs, ("material_id", "materials", "id")],
    )
