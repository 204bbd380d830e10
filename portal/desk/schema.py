"""Materials that are wanted: what one organisation needs and another may have or make."""

from sqlite_utils import Database, Migrations

migrations = Migrations("desk")

_WISH = {
    "id": str,
    "form_key": str,
    "kind": str,
    "topic": str,
    "audience": str,
    "language": str,
    "words": str,
    "wanted_by": str,
    "account_id": str,
    "organisation_id": str,
    "made_at": str,
}

_ANSWER = {
    "id": int,
    "wish_id": str,
    "material_id": str,
    "words": str,
    "account_id": str,
    "organisation_id": str,
    "at": str,
}

TIERS = {
    "wishes": {**dict.fromkeys(_WISH, "members"), "account_id": "coordinators"},
    "wish_answers": {**dict.fromkeys(_ANSWER, "members"), "account_id": "coordinators"},
    "wish_states": {
        "id": "members",
        "wish_id": "members",
        "state": "members",
        "at": "members",
        "by": "coordinators",
    },
}


@migrations()
def create_wishes(db: Database) -> None:
    """`form_key` is the form's own: the same form sent twice is one wish."""
    db.table("wishes").create(
        _WISH,
        pk="id",
        not_null={"form_key", "kind", "language", "account_id", "organisation_id", "made_at"},
        foreign_keys=[
            ("account_id", "accounts", "id"),
            ("organisation_id", "organisations", "id"),
        ],
    )
    db.table("wishes").create_index(["account_id", "form_key"], unique=True)
    db.table("wish_answers").create(
        _ANSWER,
        pk="id",
        not_null={"wish_id", "account_id", "organisation_id", "at"},
        foreign_keys=[
            ("wish_id", "wishes", "id"),
            ("material_id", "materials", "id"),
            ("organisation_id", "organisations", "id"),
        ],
    )
    db.table("wish_answers").create_index(["wish_id"])
    db.table("wish_states").create(
        {"id": int, "wish_id": str, "state": str, "at": str, "by": str},
        pk="id",
        not_null={"wish_id", "state", "at", "by"},
        foreign_keys=[("wish_id", "wishes", "id")],
    )
    db.table("wish_states").create_index(["wish_id", "id"])
    db.execute(
        "CREATE VIEW wishes_now AS SELECT w.*, s.state, s.at AS changed_at,"
        " (SELECT min(at) FROM wish_answers WHERE wish_id = w.id) AS answered_at"
        " FROM wishes AS w JOIN wish_states AS s ON s.id ="
        " (SELECT max(id) FROM wish_states WHERE wish_id = w.id)"
    )
