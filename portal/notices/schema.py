"""What somebody has to be told, until the next of the two daily mails; ids and codes only."""

from sqlite_utils import Database, Migrations

migrations = Migrations("notices")

TIERS = {
    "notices": {
        "id": "admin",
        "account_id": "admin",
        "practitioner_id": "admin",
        "kind": "admin",
        "entity_id": "admin",
        "made_at": "admin",
        "sent_at": "admin",
        "purpose": "admin",
        "digest_id": "admin",
        "claimed_at": "admin",
        "way": "admin",
    }
}


@migrations()
def create_notices(db: Database) -> None:
    """To an account, or to a practitioner whether or not she has one."""
    db.table("notices").create(
        {
            "id": int,
            "account_id": str,
            "practitioner_id": str,
            "kind": str,
            "entity_id": str,
            "made_at": str,
            "sent_at": str,
        },
        pk="id",
        not_null={"kind", "entity_id", "made_at"},
    )
    db.table("notices").create_index(["sent_at", "account_id"])


@migrations()
def add_delivery(db: Database) -> None:
    """The link that was asked for; the digest a notice goes with; who is at it; how it went.

    `way` is `mail`, or `work` for those without an address, who see it when they sign in.
    """
    for name in ("purpose", "claimed_at", "way"):
        db.table("notices").add_column(name, str)
    db.table("notices").add_column("digest_id", int)
