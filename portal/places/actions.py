"""Load the gazetteer and the network's own places."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.db import as_json
from portal.i18n.sorting import sort_key
from portal.outbox import announce
from search.folding import fold


def load_gazetteer(db: Database, folder: Path, countries: Iterable[str]) -> int:
    """Regions and settlements of the configured countries; the number of settlements.

    A settlement that is already there keeps its id and is updated.
    """
    wanted = set(countries)
    _load_regions(db, _read(folder / "regions.csv"), wanted)
    places = [row for row in _read(folder / "places.csv") if row["country"] in wanted]
    for row in places:
        db.table("places").upsert({**_place(row), "origin": "geonames"})
        _name(db, row["id"], [row["name"], *row["alternates"].split(";")])
        announce(db, "places", row["id"])
    return len(places)


def save_local_place(
    db: Database, by: Actor, at: datetime, place_id: str, changes: Mapping[str, Any]
) -> None:
    """Add or change a place of the network's own list, or put a settlement into a district list."""
    district = changes.get("district")
    if place_id.startswith("L"):
        parent = next(db.query("SELECT * FROM places WHERE id = ?", [changes["parent_id"]]))
        kept = {k: v for k, v in changes.items() if k != "district"}
        db.table("places").upsert(
            {
                "id": place_id,
                "region": parent["region"],
                "country": parent["country"],
                "population": None,
                "origin": "network",
                "sort_name": sort_key(changes["name"]),
                **kept,
            }
        )
        _name(db, place_id, [changes["name"]])
    db.execute("DELETE FROM place_districts WHERE place_id = ?", [place_id])
    if district:
        db.table("place_districts").insert({"place_id": place_id, "district": district})
    audit.record(db, by, at, "save", "places", place_id)
    announce(db, "places", place_id)


def _load_regions(db: Database, rows: list[dict[str, str]], wanted: set[str]) -> None:
    db.table("regions").upsert_all(
        {
            "code": row["code"],
            "country": row["country"],
            "position": position,
            "names": as_json({k: v for k, v in row.items() if len(k) == 2}),
        }
        for position, row in enumerate(rows)
        if row["country"] in wanted
    )


def _place(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "region": row["region"],
        "country": row["country"],
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
        "population": int(row["population"]) if row["population"] else None,
        "parent_id": None,
        "sort_name": sort_key(row["name"]),
    }


def _name(db: Database, place_id: str, names: Iterable[str]) -> None:
    db.execute("DELETE FROM place_names WHERE place_id = ?", [place_id])
    db.table("place_names").insert_all(
        {"place_id": place_id, "name": name, "folded": fold(name)}
        for name in dict.fromkeys(filter(None, names))
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
