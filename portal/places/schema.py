"""Settlements and regions: the gazetteer is public, the network's own places are for members."""

from sqlite_utils import Database, Migrations

from search.folding import fold

migrations = Migrations("places")

TIERS = {
    "regions": {
        "code": "public",
        "country": "public",
        "position": "public",
        "names": "public",
    },
    "places": {
        "id": "public",
        "name": "public",
        "region": "public",
        "country": "public",
        "latitude": "public",
        "longitude": "public",
        "population": "public",
        "parent_id": "members",
        "origin": "members",
        "sort_name": "public",
    },
    "place_names": {"place_id": "public", "name": "public", "folded": "public"},
    "place_districts": {"place_id": "members", "district": "members"},
}


@migrations()
def create_places(db: Database) -> None:
    """Regions, places, their other names, and the districts of the network's own lists."""
    db.table("regions").create(
        {"code": str, "country": str, "position": int, "names": str},
        pk="code",
        not_null={"country", "position", "names"},
    )
    db.table("places").create(
        {
            "id": str,
            "name": str,
            "region": str,
            "country": str,
            "latitude": float,
            "longitude": float,
            "population": int,
            "parent_id": str,
            "origin": str,
            "sort_name": str,
        },
        pk="id",
        not_null={"name", "region", "country", "latitude", "longitude", "origin", "sort_name"},
        foreign_keys=[("region", "regions", "code"), ("parent_id", "places", "id")],
    )
    db.table("place_names").create(
        {"place_id": str, "name": str, "folded": str},
        pk=("place_id", "name"),
        not_null={"folded"},
        foreign_keys=[("place_id", "places", "id")],
    )
    db.table("place_names").create_index(["folded"])
    db.table("place_districts").create(
        {"place_id": str, "district": str},
        pk=("district", "place_id"),
        foreign_keys=[("place_id", "places", "id")],
    )


@migrations()
def fold_names_anew(db: Database) -> None:
    """The rules of folding changed, and a name is found by the key that they make of it."""
    table = db.table("place_names")
    for row in list(table.rows):
        table.update((row["place_id"], row["name"]), {"folded": fold(row["name"])})
