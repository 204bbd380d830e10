"""Printed cards of single-use codes; of a code only a keyed hash is kept."""

from sqlite_utils import Database, Migrations

migrations = Migrations("cards")

TIERS = {
    "cards": {
        "id": "coordinators",
        "practitioner_id": "coordinators",
        "made_at": "coordinators",
        "made_by": "coordinators",
        "failures": "coordinators",
        "locked_at": "coordinators",
        "ended_at": "coordinators",
    },
    "card_codes": {
        "card_id": "coordinators",
        "number": "coordinators",
        "hash": "admin",
        "used_at": "coordinators",
        "used_by": "coordinators",
        "used_for": "coordinators",
    },
}


@migrations()
def create_cards(db: Database) -> None:
    """A card belongs to one practitioner and ends when she is given another."""
    db.table("cards").create(
        {
            "id": str,
            "practitioner_id": str,
            "made_at": str,
            "made_by": str,
            "failures": int,
            "locked_at": str,
            "ended_at": str,
        },
        pk="id",
        not_null={"practitioner_id", "made_at", "made_by", "failures"},
        foreign_keys=[("practitioner_id", "practitioners", "id")],
    )
    db.table("cards").create_index(["practitioner_id"])
    db.table("card_codes").create(
        {
            "card_id": str,
            "number": int,
            "hash": str,
            "used_at": str,
            "used_by": str,
            "used_for": str,
        },
        pk=("card_id", "number"),
        not_null={"hash"},
        foreign_keys=[("card_id", "cards", "id")],
    )
