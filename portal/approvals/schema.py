"""What one person asked for and another has to agree to; ids, codes, and a note on a refusal."""

from sqlite_utils import Database, Migrations

migrations = Migrations("approvals")

TIERS = {
    "approvals": {
        "id": "admin",
        "kind": "admin",
        "subject_id": "admin",
        "detail": "admin",
        "asked_by": "admin",
        "asked_role": "admin",
        "asked_signed_by": "admin",
        "asked_organisation": "admin",
        "asked_at": "admin",
        "until": "admin",
        "verdict": "admin",
        "reason": "admin",
        "note": "admin",
        "decided_at": "admin",
        "taken_at": "admin",
    },
    "approval_voices": {
        "id": "admin",
        "approval_id": "admin",
        "by": "admin",
        "role": "admin",
        "signed_by": "admin",
        "organisation_id": "admin",
        "verdict": "admin",
        "reason": "admin",
        "at": "admin",
    },
}


@migrations()
def create_approvals(db: Database) -> None:
    """An item is open while it has no verdict; each who spoke on it has a row of voices."""
    db.table("approvals").create(
        dict.fromkeys((name for name in TIERS["approvals"] if name != "note"), str),
        pk="id",
        not_null={"kind", "subject_id", "detail", "asked_by", "asked_role", "asked_at", "until"},
    )
    db.table("approvals").create_index(["verdict", "asked_at"])
    db.table("approval_voices").create(
        {**dict.fromkeys(TIERS["approval_voices"], str), "id": int},
        pk="id",
        not_null={"approval_id", "by", "role", "verdict", "at"},
        foreign_keys=[("approval_id", "approvals", "id")],
    )
    db.table("approval_voices").create_index(["approval_id", "by"], unique=True)


@migrations()
def add_note(db: Database) -> None:
    """Why something was refused, in a sentence beside the reason from the list."""
    db.table("approvals").add_column("note", str)
