"""Requests: what is asked for, the offers made of it in order, and the history of its states.

What says something about the person helped stands in columns of its own, in one row, so that one
UPDATE overwrites it everywhere: no copy of it goes anywhere else.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("requests")

# overwritten within 24 hours of the end
ERASED = (
    "place_id",
    "part",
    "language",
    "gender",
    "age_group",
    "specialisation",
    "accompaniment",
    "travel_cost",
    "note",
)

_ASKED = {
    "id": str,
    "form_key": str,
    "account_id": str,
    "organisation_id": str,
    "created_at": str,
    "timezone": str,
    "profession": str,
    "mode": str,
    "region": str,
    "wished_on": str,
}

_ANSWERED = {
    "asked": int,
    "answered_in_48h": int,
    "return_by": str,
    "returned_at": str,
    "outcome": str,
    "no_visit_reason": str,
    "days_waited": int,
    "ended_at": str,
    "erased_at": str,
}

_OFFER = {
    "id": int,
    "request_id": str,
    "practitioner_id": str,
    "position": int,
    "visit_on": str,
    "distance_band": str,
    "offered_at": str,
    "answer_by": str,
    "answer": str,
    "reason": str,
    "over_at": str,
    "visited": int,
    "told_at": str,
}

TIERS = {
    "requests": {
        **dict.fromkeys(_ASKED, "coordinators"),
        **dict.fromkeys(ERASED, "members"),
        **dict.fromkeys(_ANSWERED, "coordinators"),
        "form_key": "admin",
        "account_id": "admin",
    },
    "request_states": {
        "id": "coordinators",
        "request_id": "coordinators",
        "state": "coordinators",
        "at": "coordinators",
        "by": "admin",
    },
    # nobody's declines or response times are shown to others
    "request_offers": dict.fromkeys(_OFFER, "practitioner"),
}


@migrations()
def create_requests(db: Database) -> None:
    """An offer is held from `offered_at` to `over_at`; before, it waits for those ahead of it."""
    db.table("requests").create(
        {**_ASKED, **dict.fromkeys(ERASED, str), **_ANSWERED},
        pk="id",
        not_null=set(_ASKED) - {"organisation_id"} | {"asked"},
        defaults={"asked": 0},
        foreign_keys=[
            ("account_id", "accounts", "id"),
            ("organisation_id", "organisations", "id"),
            ("place_id", "places", "id"),
        ],
    )
    db.table("requests").create_index(["form_key"], unique=True)
    db.table("requests").create_index(["organisation_id", "created_at"])
    db.table("requests").create_index(["ended_at"])
    db.table("request_states").create(
        {"id": int, "request_id": str, "state": str, "at": str, "by": str},
        pk="id",
        not_null={"request_id", "state", "at", "by"},
        foreign_keys=[("request_id", "requests", "id")],
    )
    db.table("request_states").create_index(["request_id", "id"])
    db.table("request_offers").create(
        _OFFER,
        pk="id",
        not_null={"request_id", "practitioner_id", "position", "visit_on"},
        foreign_keys=[
            ("request_id", "requests", "id"),
            ("practitioner_id", "practitioners", "id"),
        ],
    )
    db.table("request_offers").create_index(["request_id", "position"])


@migrations()
def index_offers(db: Database) -> None:
    """Her own register and her week; what the clock looks for every few minutes."""
    db.table("request_offers").create_index(["practitioner_id", "visit_on"])
    db.execute(
        "CREATE INDEX request_offers_held ON request_offers (answer_by) WHERE over_at IS NULL"
    )
