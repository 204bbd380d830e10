"""The code of ethics in its versions, and who signed which of them.

A version is never changed: another text is another version, and a signature belongs to one.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("ethics")

TIERS = {
    "ethics_versions": {"version": "public", "adopted_on": "public", "note": "public"},
    "ethics_points": {"version": "public", "position": "public", "texts": "public"},
    "ethics_signatures": {
        "practitioner_id": "coordinators",
        "version": "coordinators",
        "signed_on": "coordinators",
        "by": "coordinators",
    },
}


@migrations()
def create_ethics(db: Database) -> None:
    """`note` and `texts` are JSON by language."""
    db.table("ethics_versions").create(
        {"version": str, "adopted_on": str, "note": str},
        pk="version",
        not_null={"adopted_on", "note"},
    )
    db.table("ethics_points").create(
        {"version": str, "position": int, "texts": str},
        pk=("version", "position"),
        not_null={"texts"},
        foreign_keys=[("version", "ethics_versions", "version")],
    )
    db.table("ethics_signatures").create(
        {"practitioner_id": str, "version": str, "signed_on": str, "by": str},
        pk=("practitioner_id", "version"),
        not_null={"signed_on", "by"},
        foreign_keys=[
            ("practitioner_id", "practitioners", "id"),
            ("version", "ethics_versions", "version"),
        ],
    )
