"""Reviews of applications: who answers what, who stands aside, what was decided and why."""

from sqlite_utils import Database, Migrations

migrations = Migrations("reviews")

TIERS = {
    "reviews": {
        "id": "coordinators",
        "application_id": "coordinators",
        "round": "coordinators",
        "is_appeal": "coordinators",
        "account_id": "coordinators",
        "organisation_id": "coordinators",
        "taken_at": "coordinators",
        "submitted_at": "coordinators",
        "ended_at": "coordinators",
        "asked": "coordinators",
        "invited_by": "coordinators",
    },
    "review_answers": {
        "review_id": "coordinators",
        "code": "coordinators",
        "verdict": "coordinators",
        "note": "coordinators",
    },
    "conflicts": {
        "application_id": "coordinators",
        "organisation_id": "coordinators",
        "account_id": "coordinators",
        "reason": "coordinators",
        "at": "coordinators",
    },
    "decisions": {
        "id": "coordinators",
        "application_id": "coordinators",
        "is_appeal": "coordinators",
        "by": "coordinators",
        "organisation_id": "coordinators",
        "at": "coordinators",
        "verdict": "coordinators",
        "note": "coordinators",
    },
    "decision_points": {
        "decision_id": "coordinators",
        "code": "coordinators",
        "met": "coordinators",
        "reason": "coordinators",
    },
}


@migrations()
def create_reviews(db: Database) -> None:
    """A review without an organisation is that of somebody invited from outside.

    `round` counts how often the applicant was asked for more; `ended_at` is set when a reviewer
    stepped back. A conflict of interest excludes the organisation of whoever declares it.
    """
    of_application = ("application_id", "applications", "id")
    names = [name for name in TIERS["reviews"] if name not in ("asked", "invited_by")]
    db.table("reviews").create(
        {**dict.fromkeys(names, str), "round": int, "is_appeal": int},
        pk="id",
        not_null={"application_id", "round", "is_appeal", "taken_at"},
        foreign_keys=[of_application, ("organisation_id", "organisations", "id")],
    )
    db.table("reviews").create_index(["application_id"])
    db.table("review_answers").create(
        dict.fromkeys(TIERS["review_answers"], str),
        pk=("review_id", "code"),
        not_null={"verdict"},
        foreign_keys=[("review_id", "reviews", "id")],
    )
    db.table("conflicts").create(
        dict.fromkeys(TIERS["conflicts"], str),
        pk=("application_id", "organisation_id"),
        not_null={"account_id", "reason", "at"},
        foreign_keys=[of_application, ("organisation_id", "organisations", "id")],
    )
    db.table("decisions").create(
        {**dict.fromkeys(TIERS["decisions"], str), "is_appeal": int},
        pk="id",
        not_null={"application_id", "is_appeal", "by", "at", "verdict"},
        foreign_keys=[of_application],
    )
    db.table("decisions").create_index(["application_id"])
    db.table("decision_points").create(
        {"decision_id": str, "code": str, "met": int, "reason": str},
        pk=("decision_id", "code"),
        not_null={"met"},
        foreign_keys=[("decision_id", "decisions", "id")],
    )


@migrations()
def add_asked(db: Database) -> None:
    """The criteria that a review of a later round looks at anew, as a JSON list; null: all."""
    db.table("reviews").add_column("asked", str)


@migrations()
def add_invited_by(db: Database) -> None:
    """Who made the link by which somebody from outside reviews: that person does not decide."""
    db.table("reviews").add_column("invited_by", str)
