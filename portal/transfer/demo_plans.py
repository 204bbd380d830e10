"""The demo's two national action plans, through the acts by which a coordinator keeps them.

No government has adopted them: every action in them is invented.
"""

from datetime import date, datetime, timedelta

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of
from portal.db import column
from portal.errors import Invalid
from portal.plans import actions
from portal.plans.forms import ActionWritten, MeasuredBy, PlanWritten, Stated
from portal.plans.rules import order_of
from portal.transfer.columns import LANGUAGES
from seed_data.tables import read_rows

KEEPER = Actor(role="coordinator", account_id="demo-coordinator")

Row = dict[str, str]


def seed_plans(db: Database, at: datetime, timezone: str) -> None:
    """A plan for each configured country, with eight actions in every state; once."""
    if db.table("plans").count:
        return
    today = day_of(at, timezone)
    configured = set(column(db, "SELECT DISTINCT country FROM regions"))
    organisations = set(column(db, "SELECT id FROM organisations"))
    for row in read_rows("demo_plans.csv"):
        if row["country"] not in configured:
            continue
        plan_id = actions.begin_plan(db, KEEPER, at, _plan(row, today))
        rows = [each for each in read_rows("demo_plan_actions.csv") if each["plan"] == row["id"]]
        for each in sorted(rows, key=lambda one: order_of(one["code"])):
            named = each["organisation"] if each["organisation"] in organisations else None
            written = _action(each, today, named)
            action_id = actions.add_action(db, KEEPER, at, plan_id, written)
            _tell(db, at, today, (plan_id, action_id), each)
        actions.move_plan(db, KEEPER, at, plan_id, "in_force")


def _tell(db: Database, at: datetime, today: date, ids: tuple[str, str], row: Row) -> None:
    """What serves an action and how it stands; what is not in this portal's countries is left."""
    for each in filter(None, row["indicators"].split(";")):
        code, _, target = each.partition("=")
        chosen = MeasuredBy(code, float(target) if target else None)
        actions.measure_by(db, KEEPER, at, *ids, chosen)
    for each in filter(None, row["serving"].split(";")):
        kind, _, thing_id = each.partition(":")
        try:
            actions.serve(db, KEEPER, at, today, *ids, (kind, thing_id))
        except Invalid:
            continue
    if row["said"]:
        on = today - timedelta(days=int(row["days_ago"]))
        said = Stated(row["said"], on, row["reason"])  # type: ignore[arg-type]
        actions.state_action(db, KEEPER, at, *ids, said)


def _plan(row: Row, today: date) -> PlanWritten:
    first, last = _days(row, today)
    titles = {f"title_{code}": row[f"title_{code}"] for code in LANGUAGES if code != "en"}
    return PlanWritten(
        key=f"demo-plan-{row['id']}",
        title=row["title"],
        in_countries=[row["country"]],
        begins_on=first,
        finishes_on=last,
        document=row["document"],
        **titles,
    )


def _action(row: Row, today: date, organisation: str | None) -> ActionWritten:
    first, last = _days(row, today)
    texts = {f"action_text_{code}": row[f"text_{code}"] for code in LANGUAGES if code != "en"}
    return ActionWritten(
        key=f"demo-action-{row['plan']}-{row['code']}",
        action_code=row["code"],
        action_text=row["text"],
        begins_on=first,
        finishes_on=last,
        responsible=row["responsible"] or None,
        organisation=organisation,
        **texts,
    )


def _days(row: Row, today: date) -> tuple[date, date]:
    first = today + timedelta(days=int(row["days_from_today"]))
    return first, first + timedelta(days=int(row["days_long"]))
