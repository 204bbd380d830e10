"""Accounts and their sessions; of a session id only the hash is kept."""

from sqlite_utils import Database, Migrations

migrations = Migrations("accounts")

TIERS = {
    "accounts": {
        "id": "admin",
        "sign_in_name": "admin",
        "email": "admin",
        "name": "admin",
        "role": "admin",
        "organisation_id": "admin",
        "practitioner_id": "admin",
        "directory_until": "admin",
        "locked_at": "admin",
        "seen_on": "admin",
        "acting_until": "admin",
        "language": "admin",
    },
    "sessions": {
        "hash": "admin",
        "account_id": "admin",
        "started_at": "admin",
        "seen_at": "admin",
        "device": "admin",
        "by": "admin",
    },
}


@migrations()
def create_accounts(db: Database) -> None:
    """Who may sign in, and who is signed in."""
    db.table("accounts").create(
        {
            "id": str,
            "sign_in_name": str,
            "name": str,
            "role": str,
            "organisation_id": str,
            "practitioner_id": str,
            "directory_until": str,
            "locked_at": str,
        },
        pk="id",
        not_null={"sign_in_name", "name", "role"},
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("practitioner_id", "practitioners", "id"),
        ],
    )
    db.table("accounts").create_index(["sign_in_name"], unique=True)
    db.table("sessions").create(
        {"hash": str, "account_id": str, "started_at": str, "seen_at": str},
        pk="hash",
        not_null={"account_id", "started_at", "seen_at"},
        foreign_keys=[("account_id", "accounts", "id")],
    )


@migrations()
def add_email_and_device(db: Database) -> None:
    """An e-mail address is optional; a session knows its device by a coarse name."""
    db.table("accounts").add_column("email", str)
    db.table("accounts").create_index(["email"], unique=True)
    db.table("sessions").add_column("device", str, not_null_default="")


@migrations()
def add_seen_and_acting(db: Database) -> None:
    """The last day somebody was here, and until when somebody stands in as coordinator."""
    db.table("accounts").add_column("seen_on", str)
    db.table("accounts").add_column("acting_until", str)
    # nobody who has an account today counts as gone because of this step
    db.execute("UPDATE accounts SET seen_on = date('now')")


@migrations()
def add_what_opened_a_session(db: Database) -> None:
    """`by` is passkey, password, printed or demo; older sessions were opened with a password."""
    db.table("sessions").add_column("by", str, not_null_default="password")


@migrations()
def add_language(db: Database) -> None:
    """The language of the page that somebody last signed in on: mails are written in it."""
    db.table("accounts").add_column("language", str)
