"""What the demo's reviewers said of the applications, and what coordinators decided."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from portal.clock import stamp
from portal.transfer.demo_applications import Stage
from seed_data.tables import read_rows

Row = Mapping[str, str]

# an organisation that stands aside, of which application, and why
CONFLICT = ("a-8c5p3j", "member 4", "work")


def seed_reviews(stage: Stage, applications: Sequence[str]) -> None:
    """Reviews with their verdicts, a conflict of interest, decisions, and an appeal."""
    for key, rows in _grouped("demo_reviews.csv", ("application", "appeal", "round", "reviewer")):
        if key[0] in applications:
            _review(stage, rows)
    for key, rows in _grouped("demo_decisions.csv", ("application", "appeal")):
        if key[0] in applications:
            _decide(stage, rows)
    for row in read_rows("demo_appeals.csv"):
        if row["application"] in applications:
            said = {"words": row["words"], "at": stamp(stage.ago(row["days"]))}
            stage.db.table("appeals").insert({"application_id": row["application"], **said})
    if CONFLICT[0] in applications:
        _stand_aside(stage)


def _grouped(name: str, by: tuple[str, ...]) -> list[tuple[tuple[str, ...], list[Row]]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in read_rows(name):
        found.setdefault(tuple(row[each] for each in by), []).append(row)
    return list(found.items())


def _review(stage: Stage, rows: list[Row]) -> None:
    """One review: a criterion of which nothing is said is met, once the review was sent."""
    head = rows[0]
    reviewer = stage.actor(f"member {head['reviewer']}")
    review_id = "-".join((head["application"], head["appeal"], head["round"], head["reviewer"]))
    stage.db.table("reviews").insert(
        {
            "id": review_id,
            "application_id": head["application"],
            "round": int(head["round"]),
            "is_appeal": int(head["appeal"] == "yes"),
            "account_id": reviewer.account_id,
            "organisation_id": reviewer.organisation_id,
            "taken_at": stamp(stage.ago(head["taken"])),
            "submitted_at": stamp(stage.ago(head["sent"])) if head["sent"] else None,
        }
    )
    said = {row["code"]: (row["verdict"], row["note"]) for row in rows if row["code"]}
    met = {code: ("met", "") for code in _criteria(stage, head["application"]) if head["sent"]}
    stage.db.table("review_answers").insert_all(
        {"review_id": review_id, "code": code, "verdict": verdict, "note": note or None}
        for code, (verdict, note) in {**met, **said}.items()
    )


def _decide(stage: Stage, rows: list[Row]) -> None:
    """One decision: what has no reason against it is met."""
    head = rows[0]
    by = stage.actor(head["by"])
    decision_id = f"{head['application']}-{head['appeal']}-decided"
    stage.db.table("decisions").insert(
        {
            "id": decision_id,
            "application_id": head["application"],
            "is_appeal": int(head["appeal"] == "yes"),
            "by": by.account_id,
            "organisation_id": by.organisation_id,
            "at": stamp(stage.ago(head["days"])),
            "verdict": head["verdict"],
            "note": head["note"] or None,
        }
    )
    against = {row["code"]: row["reason"] for row in rows if row["code"]}
    stage.db.table("decision_points").insert_all(
        {
            "decision_id": decision_id,
            "code": code,
            "met": int(code not in against),
            "reason": against.get(code),
        }
        for code in _criteria(stage, head["application"])
    )


def _criteria(stage: Stage, application_id: str) -> list[str]:
    """The criteria that an application has answered."""
    rows = stage.db.table("application_answers").rows_where(
        "application_id = ?", [application_id], order_by="at"
    )
    return [row["code"] for row in rows]


def _stand_aside(stage: Stage) -> None:
    application_id, who, reason = CONFLICT
    member = stage.actor(who)
    row = {"application_id": application_id, "organisation_id": member.organisation_id}
    told = {"account_id": member.account_id, "reason": reason}
    at = stamp(stage.at - timedelta(days=21))
    stage.db.table("conflicts").insert({**row, **told, "at": at})
