"""Passkeys, of which only the public half is here, and the challenges that are open."""

from sqlite_utils import Database, Migrations

migrations = Migrations("passkeys")

TIERS = {
    "passkeys": {
        "id": "admin",
        "account_id": "admin",
        "credential_id": "admin",
        "public_key": "admin",
        "counter": "admin",
        "transports": "admin",
        "device": "admin",
        "made_at": "admin",
        "used_at": "admin",
    },
    "challenges": {"hash": "admin", "purpose": "admin", "network": "admin", "made_at": "admin"},
}


@migrations()
def create_passkeys(db: Database) -> None:
    """`hash` is that of a challenge's ticket; the challenge itself is kept nowhere."""
    db.table("passkeys").create(
        {
            "id": str,
            "account_id": str,
            "credential_id": str,
            "public_key": str,
            "counter": int,
            "transports": str,
            "device": str,
            "made_at": str,
            "used_at": str,
        },
        pk="id",
        not_null={
            "account_id",
            "credential_id",
            "public_key",
            "counter",
            "transports",
            "device",
            "made_at",
        },
        foreign_keys=[("account_id", "accounts", "id")],
    )
    db.table("passkeys").create_index(["credential_id"], unique=True)
    db.table("passkeys").create_index(["account_id"])
    db.table("challenges").create(
        {"hash": str, "purpose": str, "network": str, "made_at": str},
        pk="hash",
        not_null={"purpose", "network", "made_at"},
    )
    db.table("challenges").create_index(["made_at"])
