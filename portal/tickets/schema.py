"""Reports of wrong details, on a card of any kind, and what became of each."""

from sqlite_utils import Database, Migrations

migrations = Migrations("tickets")

TIERS = {
    "tickets": {
        "id": "members",
        "kind": "members",
        "card_id": "members",
        "organisation_id": "members",
        "field": "members",
        "problem": "members",
        "note": "coordinators",
        "account_id": "coordinators",
        "reporter_organisation_id": "coordinators",
        "opened_at": "members",
    },
    "ticket_states": {
        "id": "members",
        "ticket_id": "members",
        "state": "members",
        "reason": "members",
        "at": "members",
        "by": "coordinators",
    },
}


@migrations()
def create_tickets(db: Database) -> None:
    """`kind` is the register and `card_id` the id in it; the newest state is the present one.

    `organisation_id` is whose card it is: its people mend it.
    """
    db.table("tickets").create(
        {
            "id": str,
            "kind": str,
            "card_id": str,
            "organisation_id": str,
            "field": str,
            "problem": str,
            "note": str,
            "account_id": str,
            "reporter_organisation_id": str,
            "opened_at": str,
        },
        pk="id",
        not_null={"kind", "card_id", "field", "problem", "account_id", "opened_at"},
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("account_id", "accounts", "id"),
            ("reporter_organisation_id", "organisations", "id"),
        ],
    )
    db.table("tickets").create_index(["kind", "card_id"])
    db.table("tickets").create_index(["account_id"])
    db.table("tickets").create_index(["organisation_id"])
    db.table("ticket_states").create(
        {"id": int, "ticket_id": str, "state": str, "reason": str, "at": str, "by": str},
        pk="id",
        not_null={"ticket_id", "state", "at", "by"},
        foreign_keys=[("ticket_id", "tickets", "id")],
    )
    db.table("ticket_states").create_index(["ticket_id", "id"])
    db.execute(
        "CREATE VIEW tickets_now AS SELECT t.*, s.state, s.reason, s.at AS changed_at"
        " FROM tickets AS t JOIN ticket_states AS s ON s.id ="
        " (SELECT max(id) FROM ticket_states WHERE ticket_id = t.id)"
    )
