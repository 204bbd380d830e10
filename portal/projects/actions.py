"""Write projects, their logframes, and what was done with their money."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.campaigns import rules as campaigns
from portal.campaigns.queries import get_activity_row, get_campaign_for, get_sides
from portal.clock import stamp
from portal.db import as_json, column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.events.queries import get_event_for, get_kept
from portal.events.rules import may_keep as keeps_event
from portal.i18n.language import Message
from portal.materials.queries import get_work_for
from portal.materials.rules import keeps as keeps_material
from portal.projects.queries import find_linked, get_kept_for, is_carried, is_to_publish
from portal.projects.rules import AID, FINANCE, FLOW, MOST_LINES, MOST_LINKS, LinkKind, may_start

_LISTS = ("titles", "descriptions", "countries", "regions")

TAKEN = Message("Another project has this code.")
CARRIED = Message("Results carry this project: it stays with its organisation.")
FULL = Message("There are as many as there may be. Take one out first.")
NOT_YOURS = Message("Choose a record that your organisation keeps.")


def new_project(db: Database, by: Actor, at: datetime, row: Mapping[str, Any]) -> str:
    """A project of the actor's own organisation, or of the one a coordinator names; its id."""
    if not may_start(by):
        raise NotAllowed
    owner = row["organisation_id"] if by.is_coordinator else by.organisation_id
    _refuse_taken(db, row["code"], "")
    project_id = f"pr-{secrets.token_hex(6)}"
    # of a grant to an organisation; the donor's own file may say something else
    kinds = {"flow_type": FLOW, "finance_type": FINANCE, "aid_type": AID}
    kept = {**kinds, **row, "organisation_id": owner, **_changed(by, at)}
    db.table("projects").insert({"id": project_id, **_stored(kept)})
    audit.record(db, by, at, "add", "projects", project_id)
    return project_id


def change_project(
    db: Database, by: Actor, at: datetime, project_id: str, row: Mapping[str, Any]
) -> None:
    """Write a project anew; only coordinators give it to another organisation.

    Nobody does once results carry it: its new people would read what the first ones did.
    """
    kept = get_kept_for(db, by, project_id)
    _refuse_taken(db, row["code"], project_id)
    owner = row["organisation_id"] if by.is_coordinator else kept.organisation_id
    if owner != kept.organisation_id and is_carried(db, project_id):
        raise Invalid({"organisation": [CARRIED]})
    new = _stored({**row, "organisation_id": owner})
    was = _stored(msgspec.to_builtins(kept))
    changed = {name: value for name, value in new.items() if was.get(name) != value}
    if not changed:
        return
    db.table("projects").update(project_id, {**changed, **_changed(by, at)})
    audit.record(db, by, at, "change", "projects", project_id, fields=",".join(sorted(changed)))


def save_project(
    db: Database, by: Actor, at: datetime, project_id: str, row: dict[str, Any]
) -> None:
    """Write the columns that an import names; its caller has checked them."""
    db.table("projects").upsert({"id": project_id, **_stored(row), **_changed(by, at)}, pk="id")
    audit.record(db, by, at, "save", "projects", project_id)


def add_outcome(
    db: Database, by: Actor, at: datetime, project_id: str, row: Mapping[str, Any]
) -> str:
    """One more impact, outcome or output; its id. A double click makes no second one."""
    get_kept_for(db, by, project_id)
    sql = "SELECT id FROM project_outcomes WHERE project_id = :id AND level = :l AND title = :t"
    known = column(db, sql, id=project_id, l=row["level"], t=row["title"])
    if known:
        return str(known[0])
    outcome_id = f"po-{secrets.token_hex(5)}"
    position = _next(db, "project_outcomes", project_id)
    place = {"id": outcome_id, "project_id": project_id, "position": position}
    db.table("project_outcomes").insert({**place, **row, "titles": as_json(row["titles"])})
    _told(db, by, at, "add_outcome", project_id, outcome_id)
    return outcome_id


def drop_outcome(db: Database, by: Actor, at: datetime, project_id: str, outcome_id: str) -> None:
    """Take out an outcome that has no lines any more."""
    get_kept_for(db, by, project_id)
    if count(db, "SELECT count(*) FROM project_lines WHERE outcome_id = :id", id=outcome_id):
        raise Invalid({"all": [Message("Take out its lines first.")]})
    _delete(db, "project_outcomes", project_id, outcome_id)
    _told(db, by, at, "drop_outcome", project_id, outcome_id)


def add_line(db: Database, by: Actor, at: datetime, project_id: str, row: Mapping[str, Any]) -> str:
    """One more line of an outcome; its id."""
    kept = get_kept_for(db, by, project_id)
    if kept.starts_on and (row["due_on"] or "") < kept.starts_on.isoformat():
        raise Invalid({"due_on": [Message("The project begins after this day.")]})
    sql = "SELECT count(*) FROM project_outcomes WHERE id = :id AND project_id = :project"
    if not count(db, sql, id=row["outcome_id"], project=project_id):
        raise NotFound
    sql = "SELECT count(*) FROM project_lines WHERE outcome_id = :id AND code = :code"
    if count(db, sql, id=row["outcome_id"], code=row["code"]):
        raise Invalid({"indicator": [Message("This outcome has a line of this indicator.")]})
    line_id = f"pl-{secrets.token_hex(5)}"
    position = _next(db, "project_lines", project_id)
    place = {"id": line_id, "project_id": project_id, "position": position}
    db.table("project_lines").insert({**place, **row})
    _told(db, by, at, "add_line", project_id, line_id)
    return line_id


def drop_line(db: Database, by: Actor, at: datetime, project_id: str, line_id: str) -> None:
    """Take a line out; results are not touched."""
    get_kept_for(db, by, project_id)
    _delete(db, "project_lines", project_id, line_id)
    _told(db, by, at, "drop_line", project_id, line_id)


def add_link(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    project_id: str,
    kind: LinkKind,
    record_id: str,
) -> None:
    """Say that a project paid for a record, which must be one that the actor may change."""
    get_kept_for(db, by, project_id)
    # security: whoever could link any record would learn whether it is there
    if not keeps_record(db, by, today, kind, record_id):
        raise Invalid({"record": [NOT_YOURS]})
    linked = find_linked(db, project_id)
    if (kind, record_id) in {(each.kind, each.record_id) for each in linked}:
        return
    if len(linked) >= MOST_LINKS:
        raise Invalid({"record": [FULL]})
    row = {"project_id": project_id, "kind": kind, "record_id": record_id}
    told = {"at": stamp(at), "by": by.account_id or by.role}
    db.table("project_links").insert({**row, **told})
    audit.record(db, by, at, "link", "projects", project_id, kind=kind, record=record_id)


def drop_link(
    db: Database, by: Actor, at: datetime, project_id: str, kind: str, record_id: str
) -> None:
    """Take a link away; the record stays."""
    get_kept_for(db, by, project_id)
    if (kind, record_id) not in {(e.kind, e.record_id) for e in find_linked(db, project_id)}:
        raise NotFound
    db.table("project_links").delete((project_id, kind, record_id))
    audit.record(db, by, at, "unlink", "projects", project_id, kind=kind, record=record_id)


def want_published(db: Database, by: Actor, at: datetime, project_id: str, *, wanted: bool) -> None:
    """Have a project among the published ones, or no more; the second click changes nothing.

    Only its own people give it to everybody; whoever keeps it takes it back.
    """
    kept = get_kept_for(db, by, project_id)
    owner = kept.organisation_id
    # security: nobody else speaks for the organisation that the file names
    if owner is None or (wanted and by.organisation_id != owner):
        raise NotAllowed
    if is_to_publish(db, project_id) == wanted:
        return
    row = {"project_id": project_id, "organisation_id": owner, "wanted": int(wanted)}
    told = {"at": stamp(at), "by": by.account_id or by.role}
    db.table("project_publishing").insert({**row, **told})
    audit.record(db, by, at, "publish" if wanted else "unpublish", "projects", project_id)


def keeps_record(db: Database, by: Actor, today: date, kind: LinkKind, record_id: str) -> bool:
    """Whether somebody may change an event, an activity, a campaign or a material."""
    try:
        if kind == "event":
            get_event_for(db, by, today, record_id)
            return keeps_event(by, get_kept(db, record_id).organisation_id)
        if kind == "material":
            return keeps_material(by, get_work_for(db, by, record_id).organisation_id)
        campaign_id, held_by = record_id, None
        if kind == "activity":
            row = get_activity_row(db, record_id)
            campaign_id, held_by = row["campaign_id"], row["organisation_id"]
        get_campaign_for(db, by, today, campaign_id)
        return campaigns.may_correct(by, get_sides(db, campaign_id).organisation_id, held_by)
    except NotFound:
        return False


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_json(v) if name in _LISTS else v for name, v in row.items()}


def _changed(by: Actor, at: datetime) -> dict[str, str]:
    return {"changed_at": stamp(at), "changed_by": by.account_id or by.role}


def _refuse_taken(db: Database, code: str, own_id: str) -> None:
    sql = "SELECT count(*) FROM projects WHERE code = :code AND id <> :id"
    if count(db, sql, code=code, id=own_id):
        raise Invalid({"project_code": [TAKEN]})


def _next(db: Database, table: str, project_id: str) -> int:
    sql = {
        "project_outcomes": "SELECT count(*), coalesce(max(position), 0) + 1 AS n"
        " FROM project_outcomes WHERE project_id = ?",
        "project_lines": "SELECT count(*), coalesce(max(position), 0) + 1 AS n"
        " FROM project_lines WHERE project_id = ?",
    }[table]
    number, position = db.execute(sql, [project_id]).fetchone()
    if number >= MOST_LINES:
        raise Invalid({"all": [FULL]})
    return int(position)


def _delete(db: Database, table: str, project_id: str, row_id: str) -> None:
    found = list(db.table(table).rows_where("id = ? AND project_id = ?", [row_id, project_id]))
    if not found:
        raise NotFound
    db.table(table).delete(row_id)


def _told(db: Database, by: Actor, at: datetime, verb: str, project_id: str, row_id: str) -> None:
    audit.record(db, by, at, verb, "projects", project_id, row=row_id)
