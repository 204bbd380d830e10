"""Invitations, and what an invited person has chosen so far; of the link only a hash is kept."""

from sqlite_utils import Database, Migrations

migrations = Migrations("invitations")

TIERS = {
    "invitations": {
        "id": "admin",
        "hash": "admin",
        "kind": "admin",
        "name": "admin",
        "email": "admin",
        "role": "admin",
        "organisation_id": "admin",
        "practitioner_id": "admin",
        "account_id": "admin",
        "made_at": "admin",
        "ended_at": "admin",
        "sign_in_name": "admin",
        "password": "admin",
        "salt": "admin",
        "picture": "admin",
    }
}


@migrations()
def create_invitations(db: Database) -> None:
    """An invitation makes an account, or (`kind` return) leads back to one."""
    names = list(TIERS["invitations"])
    db.table("invitations").create(
        dict.fromkeys(names, str),
        pk="id",
        not_null={"hash", "kind", "name", "role", "made_at"},
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("practitioner_id", "practitioners", "id"),
            ("account_id", "accounts", "id"),
        ],
    )
    db.table("invitations").create_index(["hash"], unique=True)
