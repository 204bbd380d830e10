"""The directory as the nearby question needs it: one flat row for each practitioner who is agreed.

Derived, never edited: `nearby.actions` writes it anew in the transaction that changed its source.
The dates stay columns, because ageing and expiry are decided by the clock when the question is
asked. Positions are unit vectors and reaches squared chords (see `geo`), so that the exact distance
on the sphere is compared in plain SQL; the R*Tree holds the box around each reach.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("nearby")

_COLUMNS = {
    "id": int,
    "practitioner_id": str,
    "profession": str,
    "gender": str,
    "organisation_id": str,
    "place_id": str,
    "x": float,
    "y": float,
    "z": float,
    "reach": float,
    "closed_from": int,
    "closed_to": int,
    "visits_with": str,
    "languages": str,
    "specialisations": str,
    "age_groups": str,
    "modes": str,
    "availability": str,
    "weekly_visits": int,
    "safeguarding_on": str,
    "licence_expires_on": str,
    "confirmed_on": str,
}

TIERS = {
    "listings": dict.fromkeys((*_COLUMNS, "held", "taken", "monthly_cap"), "members"),
    "listing_places": {"place_id": "members", "listing_id": "members"},
    "listing_reach": {
        "id": "members",
        "south": "members",
        "north": "members",
        "west": "members",
        "east": "members",
    },
}


@migrations()
def create_listings(db: Database) -> None:
    """Lists are texts like `;ru;tk;`, searched with instr()."""
    db.table("listings").create(
        _COLUMNS, pk="id", foreign_keys=[("practitioner_id", "practitioners", "id")]
    )
    db.table("listings").create_index(["practitioner_id"], unique=True)
    db.table("listing_places").create(
        {"place_id": str, "listing_id": int},
        pk=("place_id", "listing_id"),
        foreign_keys=[("listing_id", "listings", "id")],
    )
    db.table("listing_places").create_index(["listing_id"])
    db.execute("CREATE VIRTUAL TABLE listing_reach USING rtree(id, south, north, west, east)")


@migrations()
def add_what_is_taken(db: Database) -> None:
    """How many requests are held; of each visit the week's Monday and the month.

    As text that can be counted: `2026-11-23;2026-11;` for each.
    """
    db.table("listings").add_column("monthly_cap", int)
    db.table("listings").add_column("held", int, not_null_default=0)
    db.table("listings").add_column("taken", str, not_null_default="")
