"""The charter in its versions: criteria and principles, their texts by language and field.

An adopted version never changes its meaning: another original text is another version. Only its
translations may be mended, and each says whether somebody has checked it.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("charter")

TIERS = {
    "charter_versions": {
        "version": "public",
        "made_at": "coordinators",
        "made_by": "coordinators",
        "adopted_on": "public",
        "minute": "members",
        "notes": "public",
    },
    "charter_points": {
        "version": "public",
        "code": "public",
        "kind": "public",
        "position": "public",
        "asks_file": "public",
    },
    "charter_texts": {
        "version": "public",
        "code": "public",
        "field": "public",
        "language": "public",
        "text": "public",
        "state": "public",
        "by": "coordinators",
        "at": "coordinators",
        "checked_by": "coordinators",
        "checked_at": "coordinators",
    },
}


@migrations()
def create_charter(db: Database) -> None:
    """A version without `adopted_on` is a draft. A text that is missing has no row."""
    db.table("charter_versions").create(
        {
            "version": int,
            "made_at": str,
            "made_by": str,
            "adopted_on": str,
            "minute": str,
            "notes": str,
        },
        pk="version",
        not_null={"made_at", "made_by", "notes"},
    )
    belongs = ("version", "charter_versions", "version")
    db.table("charter_points").create(
        {"version": int, "code": str, "kind": str, "position": int, "asks_file": int},
        pk=("version", "code"),
        not_null={"kind", "position", "asks_file"},
        foreign_keys=[belongs],
    )
    db.table("charter_texts").create(
        {
            "version": int,
            "code": str,
            "field": str,
            "language": str,
            "text": str,
            "state": str,
            "by": str,
            "at": str,
        },
        pk=("version", "code", "field", "language"),
        not_null={"text", "state", "by", "at"},
        foreign_keys=[belongs],
    )


@migrations()
def add_who_checked(db: Database) -> None:
    """Who checked a translation, and when: never whoever wrote it."""
    for name in ("checked_by", "checked_at"):
        db.table("charter_texts").add_column(name, str)
