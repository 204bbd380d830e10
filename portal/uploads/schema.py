"""Files that were checked, cleaned and stored, and what was made of them for slow lines.

Nothing of a file's own words is kept: no name, no author, no place. A file stays in quarantine
until it is released by a second person, and longer where a scanner has not seen it.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("uploads")

TIERS = {
    "files": {
        "id": "public",
        "hash": "members",
        "size": "public",
        "media_type": "public",
        "ending": "public",
        "pages": "public",
        "width": "public",
        "height": "public",
        "organisation_id": "members",
        "added_at": "members",
        "added_by": "coordinators",
        "scan": "members",
        "scanned_at": "members",
        "released_at": "members",
        "released_by": "coordinators",
    },
    "file_renditions": {
        "file_id": "public",
        "kind": "public",
        "hash": "members",
        "size": "public",
        "media_type": "public",
        "width": "public",
        "height": "public",
    },
}


@migrations()
def create_files(db: Database) -> None:
    """`size` in bytes of the cleaned file; `scan` is none, pending, clean or infected.

    Renditions are a `thumbnail`, a `preview` of the first page or picture, and a `light` version.
    """
    db.table("files").create(
        {
            "id": str,
            "hash": str,
            "size": int,
            "media_type": str,
            "ending": str,
            "pages": int,
            "width": int,
            "height": int,
            "organisation_id": str,
            "added_at": str,
            "added_by": str,
            "scan": str,
            "scanned_at": str,
            "released_at": str,
            "released_by": str,
        },
        pk="id",
        not_null={"hash", "size", "media_type", "ending", "added_at", "added_by", "scan"},
    )
    db.table("files").create_index(["hash"])
    db.table("file_renditions").create(
        {
            "file_id": str,
            "kind": str,
            "hash": str,
            "size": int,
            "media_type": str,
            "width": int,
            "height": int,
        },
        pk=("file_id", "kind"),
        not_null={"hash", "size", "media_type"},
        foreign_keys=[("file_id", "files", "id")],
    )
