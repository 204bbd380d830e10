"""Write a plan and its actions, say what serves them, and how they stand."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.indicators.queries import find_versions
from portal.plans.forms import (
    CHOOSE,
    ActionWritten,
    MeasuredBy,
    PlanWritten,
    Stated,
    texts_of,
)
from portal.plans.queries import get_kept_plan_for, last_said
from portal.plans.registry import may_serve
from portal.plans.rules import MAY_SAY, MOVES, PlanState, keeps_plans

MEANWHILE = Message(
    "Somebody changed this meanwhile: what it says now stands below. Save again to replace it."
)
DECIDED = Message("This has been decided meanwhile. Load the page again.")


def begin_plan(db: Database, by: Actor, at: datetime, written: PlanWritten) -> str:
    """A plan, a draft at first; its id, the same for a double click."""
    _refuse_others(by)
    plan_id = _id_of("np", by, written.key)
    if not count(db, "SELECT count(*) FROM plans WHERE id = :id", id=plan_id):
        who = {"added_by": by.account_id or by.role}
        db.table("plans").insert({"id": plan_id, **_plan_row(written, at), **who})
        _name_countries(db, plan_id, written)
        _put_state(db, by, at, plan_id, "draft")
        audit.record(db, by, at, "add", "plans", plan_id)
    return plan_id


def rewrite_plan(db: Database, by: Actor, at: datetime, plan_id: str, written: PlanWritten) -> None:
    """Change a plan's words and days; `Invalid` when somebody else did since it was shown."""
    plan = get_kept_plan_for(db, by, plan_id)
    _refuse_stale(plan.changed_at, written.seen)
    db.table("plans").update(plan_id, _plan_row(written, at))
    _name_countries(db, plan_id, written)
    audit.record(db, by, at, "change", "plans", plan_id)


def move_plan(db: Database, by: Actor, at: datetime, plan_id: str, state: PlanState) -> None:
    """Put a plan into force, end it, or take it back as a draft; nothing when it is there."""
    plan = get_kept_plan_for(db, by, plan_id)
    if plan.state == state:
        return
    if state not in MOVES[plan.state]:
        raise Invalid({"plan_state": [DECIDED]})
    _put_state(db, by, at, plan_id, state)
    audit.record(db, by, at, "set_state", "plans", plan_id, state=state)


def add_action(db: Database, by: Actor, at: datetime, plan_id: str, written: ActionWritten) -> str:
    """An action of a plan; its id, the same for a double click."""
    plan = get_kept_plan_for(db, by, plan_id)
    action_id = _id_of("pa", by, written.key)
    if not count(db, "SELECT count(*) FROM plan_actions WHERE id = :id", id=action_id):
        _refuse_taken(db, plan.id, written.action_code, action_id)
        who = {"plan_id": plan.id, "added_by": by.account_id or by.role}
        db.table("plan_actions").insert({"id": action_id, **who, **_action_row(written, at)})
        audit.record(db, by, at, "add", "plan_actions", action_id, plan=plan.id)
    return action_id


def rewrite_action(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, written: ActionWritten
) -> None:
    """Change an action; `Invalid` when somebody else did since it was shown."""
    stood = _kept_action(db, by, plan_id, action_id)
    _refuse_stale(str(stood["changed_at"]), written.seen)
    _refuse_taken(db, plan_id, written.action_code, action_id)
    db.table("plan_actions").update(action_id, _action_row(written, at))
    audit.record(db, by, at, "change", "plan_actions", action_id, plan=plan_id)


def state_action(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, stated: Stated
) -> None:
    """Say that an action is done or stopped, or that it goes on after all; each is a row."""
    _kept_action(db, by, plan_id, action_id)
    if stated.said not in MAY_SAY[last_said(db, action_id)]:
        raise Invalid({"said": [DECIDED]})
    row = {"action_id": action_id, "said": stated.said, "said_on": stated.said_on.isoformat()}
    told = {"reason": stated.said_why, "at": stamp(at), "by": by.account_id or by.role}
    db.table("plan_action_states").insert({**row, **told})
    _changed(db, by, at, plan_id, action_id, "set_state", said=stated.said)


def measure_by(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, chosen: MeasuredBy
) -> None:
    """Measure an action by an indicator; naming it again gives it another target."""
    _kept_action(db, by, plan_id, action_id)
    if not find_versions(db, chosen.indicator):
        raise Invalid({"indicator": [CHOOSE]})
    row = {"action_id": action_id, "code": chosen.indicator, "target": chosen.plan_target}
    db.table("plan_indicators").upsert(row, pk=("action_id", "code"))
    _changed(db, by, at, plan_id, action_id, "measure", indicator=chosen.indicator)


def measure_no_more(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, code: str
) -> None:
    """Take an indicator away from an action."""
    _kept_action(db, by, plan_id, action_id)
    gone = db.execute(
        "DELETE FROM plan_indicators WHERE action_id = ? AND code = ?", [action_id, code]
    )
    if gone.rowcount:
        _changed(db, by, at, plan_id, action_id, "measure_no_more", indicator=code)


def serve(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    plan_id: str,
    action_id: str,
    thing: tuple[str, str],
) -> None:
    """Say that an event, a campaign or an activity serves an action: one that is published."""
    _kept_action(db, by, plan_id, action_id)
    kind, thing_id = thing
    # security: a plan is read by more people than a draft is
    if not may_serve(db, by, today, kind, thing_id):
        raise Invalid({"serving": [CHOOSE]})
    row = {"action_id": action_id, "kind": kind, "thing_id": thing_id}
    db.table("plan_serving").insert(row, ignore=True)
    _changed(db, by, at, plan_id, action_id, "serve", kind=kind, thing=thing_id)


def serve_no_more(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, thing: tuple[str, str]
) -> None:
    """Say that it does not."""
    _kept_action(db, by, plan_id, action_id)
    sql = "DELETE FROM plan_serving WHERE action_id = ? AND kind = ? AND thing_id = ?"
    if db.execute(sql, [action_id, *thing]).rowcount:
        kind, thing_id = thing
        _changed(db, by, at, plan_id, action_id, "serve_no_more", kind=kind, thing=thing_id)


def _kept_action(db: Database, by: Actor, plan_id: str, action_id: str) -> Mapping[str, object]:
    get_kept_plan_for(db, by, plan_id)
    sql = "SELECT * FROM plan_actions WHERE id = ? AND plan_id = ?"
    found = list(db.query(sql, [action_id, plan_id]))
    if not found:
        raise NotFound
    return found[0]


def _refuse_others(by: Actor) -> None:
    if not keeps_plans(by):
        raise NotAllowed


def _refuse_stale(changed_at: str, seen: str | None) -> None:
    if seen is not None and seen != changed_at:
        raise Invalid({"all": [MEANWHILE]})


def _refuse_taken(db: Database, plan_id: str, code: str, action_id: str) -> None:
    sql = "SELECT count(*) FROM plan_actions WHERE plan_id = :plan AND code = :code AND id <> :id"
    if count(db, sql, plan=plan_id, code=code, id=action_id):
        raise Invalid({"action_code": [Message("Another action of this plan has this number.")]})


def _put_state(db: Database, by: Actor, at: datetime, plan_id: str, state: PlanState) -> None:
    row = {"plan_id": plan_id, "state": state, "at": stamp(at), "by": by.account_id or by.role}
    db.table("plan_states").insert(row)


def _name_countries(db: Database, plan_id: str, written: PlanWritten) -> None:
    table = db.table("plan_countries")
    table.delete_where("plan_id = ?", [plan_id])
    countries = dict.fromkeys(written.in_countries)
    table.insert_all({"plan_id": plan_id, "country": each} for each in countries)


def _plan_row(written: PlanWritten, at: datetime) -> dict[str, object]:
    return {
        "title": written.title,
        "titles": as_json(texts_of(written, "title")),
        "starts_on": written.begins_on.isoformat(),
        "ends_on": written.finishes_on.isoformat(),
        "source": written.document,
        "changed_at": stamp(at),
    }


def _action_row(written: ActionWritten, at: datetime) -> dict[str, object]:
    return {
        "code": written.action_code,
        "text": written.action_text,
        "texts": as_json(texts_of(written, "action_text")),
        "starts_on": written.begins_on.isoformat(),
        "ends_on": written.finishes_on.isoformat(),
        "responsible": written.responsible,
        "organisation_id": written.organisation,
        "changed_at": stamp(at),
    }


def _changed(
    db: Database, by: Actor, at: datetime, plan_id: str, action_id: str, verb: str, **detail: str
) -> None:
    db.table("plan_actions").update(action_id, {"changed_at": stamp(at)})
    audit.record(db, by, at, verb, "plan_actions", action_id, plan=plan_id, **detail)


def _id_of(prefix: str, by: Actor, key: str) -> str:
    """The same form sent twice by the same person is the same record; nobody else can hit it."""
    return f"{prefix}-{hashlib.sha256(f'{by.account_id} {key}'.encode()).hexdigest()[:12]}"
