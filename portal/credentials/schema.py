"""What proves who somebody is; every secret is kept as a hash or as the salt it is made from."""

from sqlite_utils import Database, Migrations

migrations = Migrations("credentials")

TIERS = {
    "passwords": {"account_id": "admin", "hash": "admin", "set_at": "admin"},
    "authenticators": {
        "account_id": "admin",
        "salt": "admin",
        "last_step": "admin",
        "set_at": "admin",
    },
    "recovery_codes": {
        "id": "admin",
        "account_id": "admin",
        "hash": "admin",
        "made_at": "admin",
        "used_at": "admin",
    },
    "attempts": {"key": "admin", "failures": "admin", "failed_at": "admin", "right_at": "admin"},
}


@migrations()
def create_credentials(db: Database) -> None:
    """Passwords, phone apps, printed codes, and how often somebody tried."""
    belongs = [("account_id", "accounts", "id")]
    db.table("passwords").create(
        {"account_id": str, "hash": str, "set_at": str},
        pk="account_id",
        not_null={"hash", "set_at"},
        foreign_keys=belongs,
    )
    db.table("authenticators").create(
        {"account_id": str, "salt": str, "last_step": int, "set_at": str},
        pk="account_id",
        not_null={"salt", "last_step", "set_at"},
        foreign_keys=belongs,
    )
    db.table("recovery_codes").create(
        {"id": int, "account_id": str, "hash": str, "made_at": str, "used_at": str},
        pk="id",
        not_null={"account_id", "hash", "made_at"},
        foreign_keys=belongs,
    )
    db.table("recovery_codes").create_index(["account_id", "hash"], unique=True)
    db.table("attempts").create(
        {"key": str, "failures": int, "failed_at": str, "right_at": str},
        pk="key",
        not_null={"failures"},
    )
