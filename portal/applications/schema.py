"""Applications: an organisation asks to join, without an account, by a link to its own address.

What is said and shown here is for its reviewers and for coordinators, never for members.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("applications")

TIERS = {
    "applications": {
        "id": "coordinators",
        "organisation_id": "coordinators",
        "language": "coordinators",
        "email": "coordinators",
        "name": "coordinators",
        "names": "coordinators",
        "kind": "coordinators",
        "place_id": "coordinators",
        "summary": "coordinators",
        "services": "coordinators",
        "website": "coordinators",
        "phone": "coordinators",
        "contact_name": "coordinators",
        "contact_work": "coordinators",
        "contact_phone": "coordinators",
        "version": "coordinators",
        "principles_on": "coordinators",
        "principles_version": "coordinators",
        "terms_on": "coordinators",
        "made_at": "coordinators",
        "confirmed_at": "coordinators",
        "changed_at": "coordinators",
        "submitted_at": "coordinators",
        "closed_at": "coordinators",
        "erased_at": "coordinators",
        "bound_at": "coordinators",
    },
    "application_answers": {
        "application_id": "coordinators",
        "code": "coordinators",
        "version": "coordinators",
        "answer": "coordinators",
        "at": "coordinators",
    },
    "application_evidence": {
        "id": "coordinators",
        "application_id": "coordinators",
        "code": "coordinators",
        "file_id": "coordinators",
        "name": "coordinators",
        "at": "coordinators",
    },
    "application_letters": {
        "id": "admin",
        "application_id": "admin",
        "kind": "admin",
        "made_at": "admin",
        "claimed_at": "admin",
        "sent_at": "admin",
    },
    "appeals": {
        "application_id": "coordinators",
        "words": "coordinators",
        "at": "coordinators",
    },
}

_MUST = {"language", "email", "name", "made_at", "changed_at"}


@migrations()
def create_applications(db: Database) -> None:
    """An application without `organisation_id` was never sent: its organisation is in no state.

    `names` is JSON by language, `services` a JSON list. `version` is that of the charter it
    answers; each answer says under which version it was written.
    """
    columns: dict[str, type] = dict.fromkeys(TIERS["applications"], str)
    del columns["principles_version"], columns["bound_at"]
    db.table("applications").create(
        {**columns, "version": int},
        pk="id",
        not_null=_MUST,
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("place_id", "places", "id"),
            ("version", "charter_versions", "version"),
        ],
    )
    db.table("applications").create_index(["email"])
    db.table("applications").create_index(["organisation_id"])
    belongs = ("application_id", "applications", "id")
    db.table("application_answers").create(
        {"application_id": str, "code": str, "version": int, "answer": str, "at": str},
        pk=("application_id", "code"),
        not_null={"version", "answer", "at"},
        foreign_keys=[belongs],
    )
    db.table("application_evidence").create(
        dict.fromkeys(TIERS["application_evidence"], str),
        pk="id",
        not_null={"application_id", "code", "file_id", "name", "at"},
        foreign_keys=[belongs, ("file_id", "files", "id")],
    )
    db.table("application_evidence").create_index(["application_id"])
    _create_letters(db, belongs)


def _create_letters(db: Database, belongs: tuple[str, str, str]) -> None:
    db.table("application_letters").create(
        {**dict.fromkeys(TIERS["application_letters"], str), "id": int},
        pk="id",
        not_null={"application_id", "kind", "made_at"},
        foreign_keys=[belongs],
    )
    db.table("application_letters").create_index(["sent_at"])
    db.table("appeals").create(
        {"application_id": str, "words": str, "at": str},
        pk="application_id",
        not_null={"words", "at"},
        foreign_keys=[belongs],
    )


@migrations()
def add_principles_version(db: Database) -> None:
    """Under which version of the charter the principles were accepted: a newer one may differ."""
    db.table("applications").add_column("principles_version", int)


@migrations()
def add_bound(db: Database) -> None:
    """When it was bound to an organisation that was in the register before, with its own card."""
    db.table("applications").add_column("bound_at", str)
