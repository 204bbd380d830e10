"""The demo's invented projects with their logframes, beside the results that carry them."""

from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of
from portal.db import column
from portal.indicators.periods import Period, period_of
from portal.projects.actions import add_line, add_link, add_outcome, save_project
from portal.projects.rules import AID, FINANCE, FLOW
from seed_data.projects import projects
from seed_data.results import QUARTERS


def seed_projects(db: Database, at: datetime, timezone: str) -> None:
    """Projects of organisations that are in this portal's countries, once."""
    if db.table("projects").count:
        return
    today = day_of(at, timezone)
    there = set(column(db, "SELECT id FROM organisations"))
    by = Actor(role="coordinator", account_id="seed")
    for each in projects():
        if each["organisation"] in there:
            _seed(db, by, at, today, each)


def _seed(db: Database, by: Actor, at: datetime, today: date, project: dict[str, Any]) -> None:
    first, last = _quarters(today, project)
    save_project(db, by, at, project["id"], _row(project, first, last))
    for aim in project["aims"]:
        said = {"level": aim["level"], "title": aim["words"]["en"], "titles": _others(aim["words"])}
        outcome_id = add_outcome(db, by, at, project["id"], said)
        for line in aim["lines"]:
            year = first.year - 1 if line["baseline"] is not None else None
            about = {**line, "outcome_id": outcome_id, "baseline_year": year}
            add_line(db, by, at, project["id"], {**about, "due_on": last.last.isoformat()})
    for kind, record_id in project["links"]:
        # what is not in this portal's countries is not there
        if column(db, _THERE[kind], id=record_id):
            add_link(db, by, at, today, project["id"], kind, record_id)


_THERE = {
    "campaign": "SELECT id FROM campaigns WHERE id = :id",
    "material": "SELECT id FROM materials WHERE id = :id",
    "event": "SELECT id FROM events WHERE id = :id",
}


def _quarters(today: date, project: dict[str, Any]) -> tuple[Period, Period]:
    """The first and the last quarter of a project."""
    oldest = period_of(today, "quarter").before
    for _ in range(QUARTERS - 1):
        oldest = oldest.before
    first = oldest
    for _ in range(project["first"]):
        first = first.next
    last = first
    for _ in range(project["quarters"] - 1):
        last = last.next
    return first, last


def _row(project: dict[str, Any], first: Period, last: Period) -> dict[str, Any]:
    same = ("code", "donor", "donor_ref", "donor_type", "credit", "regions", "reporter_ref")
    row = {name: project[name] for name in (*same, "sector", "budget", "currency")}
    return {
        **row,
        "title": project["words"]["en"],
        "titles": _others(project["words"]),
        "description": project["description"]["en"],
        "descriptions": _others(project["description"]),
        "organisation_id": project["organisation"],
        "starts_on": first.first.isoformat(),
        "ends_on": last.last.isoformat(),
        "countries": sorted({region[:2] for region in project["regions"]}),
        "reporter_type": "22" if project["reporter_ref"] else None,
        "flow_type": FLOW,
        "finance_type": FINANCE,
        "aid_type": AID,
    }


def _others(words: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in words.items() if code != "en"}
