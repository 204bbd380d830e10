"""What the forms of an action do: each reads what was sent, checks its words, and acts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from portal.actor import Actor
from portal.forms import read_form
from portal.planning.forms import refuse_personal
from portal.plans import actions
from portal.plans.forms import MeasuredBy, NotMeasuredBy, ServedBy, read_action, read_stated
from portal.plans.queries import find_nameable

Sent = Mapping[str, Any]


class Acting(NamedTuple):
    """Who acts on which action of which plan, and when."""

    db: Database
    by: Actor
    at: datetime
    today: date
    plan_id: str
    action_id: str


Act = Callable[[Acting, Sent], None]


def rewrite(now: Acting, sent: Sent) -> None:
    """Keep an action's words and days."""
    form = read_action(sent, [each.id for each in find_nameable(now.db, now.by)])
    refuse_personal(sent)
    actions.rewrite_action(now.db, now.by, now.at, now.plan_id, now.action_id, form)


def state(now: Acting, sent: Sent) -> None:
    """Say that it is done or stopped, or goes on after all."""
    form = read_stated(sent, now.today)
    refuse_personal(sent)
    actions.state_action(now.db, now.by, now.at, now.plan_id, now.action_id, form)


def measure(now: Acting, sent: Sent) -> None:
    """Measure it by an indicator."""
    form = read_form(MeasuredBy, sent)
    actions.measure_by(now.db, now.by, now.at, now.plan_id, now.action_id, form)


def measure_no_more(now: Acting, sent: Sent) -> None:
    """Measure it by that indicator no more."""
    code = read_form(NotMeasuredBy, sent).indicator
    actions.measure_no_more(now.db, now.by, now.at, now.plan_id, now.action_id, code)


def serve(now: Acting, sent: Sent) -> None:
    """Say what serves it."""
    thing = read_form(ServedBy, sent).thing
    actions.serve(now.db, now.by, now.at, now.today, now.plan_id, now.action_id, thing)


def serve_no_more(now: Acting, sent: Sent) -> None:
    """Say that it does not."""
    thing = read_form(ServedBy, sent).thing
    actions.serve_no_more(now.db, now.by, now.at, now.plan_id, now.action_id, thing)


ACTS: dict[str, Act] = {
    "state": state,
    "indicators": measure,
    "indicators-remove": measure_no_more,
    "serving": serve,
    "serving-remove": serve_no_more,
}
