"""Information campaigns and their activities; how many came is counted by sex and age group."""

from sqlite_utils import Database, Migrations

migrations = Migrations("campaigns")

_CAMPAIGN = {
    "id": str,
    "title": str,
    "titles": str,
    "organisation_id": str,
    "starts_on": str,
    "ends_on": str,
    "summary": str,
    "summaries": str,
    "state": str,
    "added_at": str,
    "added_by": str,
}

_ACTIVITY = {
    "id": str,
    "campaign_id": str,
    "organisation_id": str,
    "kind": str,
    "held_on": str,
    "place_id": str,
    "women": int,
    "men": int,
    "girls": int,
    "boys": int,
    "given_out": int,
    "result": str,
    "added_at": str,
    "added_by": str,
}

_CHANGE = {
    "id": int,
    "activity_id": str,
    "campaign_id": str,
    "verb": str,
    "at": str,
    "by": str,
    "was": str,
}

TIERS = {
    "campaigns": {
        **dict.fromkeys(_CAMPAIGN, "public"),
        "state": "members",
        "added_at": "members",
        "added_by": "coordinators",
    },
    "campaign_organisations": {"campaign_id": "public", "organisation_id": "public"},
    "campaign_regions": {"campaign_id": "public", "region": "public"},
    "campaign_audiences": {"campaign_id": "public", "audience": "public"},
    # participants are people counted: the public reads them only as released figures (D0)
    "activities": {
        **dict.fromkeys(_ACTIVITY, "members"),
        "id": "public",
        "campaign_id": "public",
        "kind": "public",
        "held_on": "public",
        "place_id": "public",
        "added_by": "coordinators",
    },
    "activity_changes": {
        **dict.fromkeys(_CHANGE, "members"),
        "by": "coordinators",
        "was": "coordinators",
    },
    "activity_materials": {"activity_id": "public", "material_id": "public"},
}


@migrations()
def create_campaigns(db: Database) -> None:
    """`state` is draft, waiting (for a second person), published or withdrawn.

    An activity without an `organisation_id` was held by the campaign's own organisation.
    """
    db.table("campaigns").create(
        _CAMPAIGN,
        pk="id",
        not_null={"title", "titles", "organisation_id", "starts_on", "summaries", "state"},
        foreign_keys=[("organisation_id", "organisations", "id")],
    )
    belongs = [("campaign_id", "campaigns", "id")]
    for table, word in (
        ("campaign_organisations", "organisation_id"),
        ("campaign_regions", "region"),
        ("campaign_audiences", "audience"),
    ):
        db.table(table).create(
            {"campaign_id": str, word: str}, pk=("campaign_id", word), foreign_keys=belongs
        )
    db.table("activities").create(
        _ACTIVITY,
        pk="id",
        not_null={"campaign_id", "kind", "held_on"},
        foreign_keys=[
            *belongs,
            ("place_id", "places", "id"),
            ("organisation_id", "organisations", "id"),
        ],
    )
    db.table("activities").create_index(["campaign_id"])
    db.table("activity_materials").create(
        {"activity_id": str, "material_id": str},
        pk=("activity_id", "material_id"),
        foreign_keys=[("activity_id", "activities", "id"), ("material_id", "materials", "id")],
    )


@migrations()
def create_activity_changes(db: Database) -> None:
    """What an activity said before somebody corrected (`correct`) or removed (`remove`) it."""
    db.table("activity_changes").create(
        _CHANGE,
        pk="id",
        not_null={"activity_id", "campaign_id", "verb", "at", "by", "was"},
        foreign_keys=[("campaign_id", "campaigns", "id")],
    )
    db.table("activity_changes").create_index(["campaign_id"])
