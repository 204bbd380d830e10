"""The release ledger: every figure that was ever published, as it was published."""

from sqlite_utils import Database, Migrations

migrations = Migrations("publication")

TIERS = {
    "releases": {"id": "public", "released_on": "public", "by": "coordinators"},
    "released_counts": {
        "release_id": "public",
        "region": "public",
        "profession": "public",
        "practitioners": "public",
        "flag": "public",
        "home_visits": "public",
    },
}


@migrations()
def create_releases(db: Database) -> None:
    """A count is rounded, or NULL with the flag `c` where it is withheld."""
    db.table("releases").create(
        {"id": int, "released_on": str, "by": str}, pk="id", not_null={"released_on", "by"}
    )
    db.table("released_counts").create(
        {
            "release_id": int,
            "region": str,
            "profession": str,
            "practitioners": int,
            "flag": str,
            "home_visits": str,
        },
        pk=("release_id", "region", "profession"),
        not_null={"home_visits"},
        foreign_keys=[("release_id", "releases", "id")],
    )
