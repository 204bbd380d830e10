"""Changes that were asked for: what they would change, and what became of them.

The state of a change is its newest row. New contacts and licences stand in a table of their own
and leave it with the decision, so that no waiting edit outlives a withdrawn consent.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("changes")

TIERS = {
    "practitioner_changes": {
        "practitioner_id": "members",
        "number": "members",
        "kind": "members",
        "side": "members",
        "base": "members",
        "diff": "members",
        "why": "members",
        "made_at": "members",
        "made_by": "coordinators",
        "version": "members",
        "undoes": "members",
    },
    "practitioner_changes_apart": {
        "practitioner_id": "contact",
        "number": "contact",
        "field": "contact",
        "new": "contact",
    },
    "change_states": {
        "id": "members",
        "practitioner_id": "members",
        "number": "members",
        "state": "members",
        "at": "members",
        "by": "coordinators",
        "side": "members",
        "reason": "members",
    },
}


@migrations()
def create_changes(db: Database) -> None:
    """`base` is the version a change was made from, `version` the one it became."""
    key = ("practitioner_id", "number")
    db.table("practitioner_changes").create(
        {
            "practitioner_id": str,
            "number": int,
            "kind": str,
            "side": str,
            "base": int,
            "diff": str,
            "why": str,
            "made_at": str,
            "made_by": str,
            "version": int,
        },
        pk=key,
        not_null={"kind", "side", "base", "diff", "made_at", "made_by"},
        foreign_keys=[("practitioner_id", "practitioners", "id")],
    )
    db.table("practitioner_changes_apart").create(
        {"practitioner_id": str, "number": int, "field": str, "new": str},
        pk=(*key, "field"),
    )


@migrations()
def create_states(db: Database) -> None:
    """What became of a change, by whom, on whose side, and why it was returned."""
    db.table("change_states").create(
        {
            "id": int,
            "practitioner_id": str,
            "number": int,
            "state": str,
            "at": str,
            "by": str,
            "side": str,
            "reason": str,
        },
        pk="id",
        not_null={"practitioner_id", "number", "state", "at", "by"},
    )
    db.table("change_states").create_index(["practitioner_id", "number", "id"])
    db.execute(
        "CREATE VIEW changes_now AS SELECT c.*, s.state, s.at AS decided_at, s.by AS decided_by,"
        " s.side AS decided_side, s.reason FROM practitioner_changes AS c"
        " JOIN change_states AS s ON s.id = (SELECT max(id) FROM change_states AS l"
        " WHERE l.practitioner_id = c.practitioner_id AND l.number = c.number)"
    )


@migrations()
def say_what_an_undo_undoes(db: Database) -> None:
    """An undo that widens waits; once approved, it ends the change of this number."""
    db.table("practitioner_changes").add_column("undoes", int)
