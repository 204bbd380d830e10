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
        "directory": "admin",
        "called": "admin",
    },
    "wanted_invitations": {
        "id": "admin",
        "name": "admin",
        "role": "admin",
        "organisation_id": "admin",
        "practitioner_id": "admin",
        "directory": "admin",
        "wanted_at": "admin",
    },
}


@migrations()
def create_invitations(db: Database) -> None:
    """An invitation makes an account, or (`kind` return) leads back to one."""
    names = [name for name in TIERS["invitations"] if name not in ("directory", "called")]
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


@migrations()
def add_wanted_and_directory(db: Database) -> None:
    """Who is to be invited once a second person agrees, and whether the year's grant comes along.

    Before this step a member got the grant by being invited, but for people of state bodies.
    """
    db.table("invitations").add_column("directory", int)
    db.execute(
        "UPDATE invitations SET directory = role = 'member' AND organisation_id IN"
        " (SELECT id FROM organisations WHERE kind <> 'state')"
    )
    db.table("wanted_invitations").create(
        {
            "id": str,
            "name": str,
            "role": str,
            "organisation_id": str,
            "practitioner_id": str,
            "directory": int,
            "wanted_at": str,
        },
        pk="id",
        not_null={"name", "role", "directory", "wanted_at"},
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("practitioner_id", "practitioners", "id"),
        ],
    )


@migrations()
def add_called(db: Database) -> None:
    """What the account will be called, where somebody is invited by an address."""
    db.table("invitations").add_column("called", str)
