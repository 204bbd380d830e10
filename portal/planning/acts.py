"""What the forms of an action do: each reads what was sent, checks its words, and acts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.forms import read_form
from portal.planning.forms import refuse_personal
from portal.plans import actions
from portal.plans.forms import MeasuredBy, NotMeasuredBy, ServedBy, read_action, read_stated
from portal.plans.queries import find_nameable

# the ids are those of the plan and of the action
Act = Callable[[Database, Actor, datetime, date, tuple[str, str], Mapping[str, Any]], None]


def rewrite(
    db: Database,
    by: Actor,
    at: datetime,
    _today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Keep an action's words and days."""
    form = read_action(sent, [each.id for each in find_nameable(db, by)])
    refuse_personal(sent)
    actions.rewrite_action(db, by, at, *ids, form)


def state(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Say that it is done or stopped, or goes on after all."""
    form = read_stated(sent, today)
    refuse_personal(sent)
    actions.state_action(db, by, at, *ids, form)


def measure(
    db: Database,
    by: Actor,
    at: datetime,
    _today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Measure it by an indicator."""
    actions.measure_by(db, by, at, *ids, read_form(MeasuredBy, sent))


def measure_no_more(
    db: Database,
    by: Actor,
    at: datetime,
    _today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Measure it by that indicator no more."""
    actions.measure_no_more(db, by, at, *ids, read_form(NotMeasuredBy, sent).indicator)


def serve(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Say what serves it."""
    actions.serve(db, by, at, today, *ids, read_form(ServedBy, sent).thing)


def serve_no_more(
    db: Database,
    by: Actor,
    at: datetime,
    _today: date,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
) -> None:
    """Say that it does not."""
    actions.serve_no_more(db, by, at, *ids, read_form(ServedBy, sent).thing)


ACTS: dict[str, Act] = {
    "state": state,
    "indicators": measure,
    "indicators-remove": measure_no_more,
    "serving": serve,
    "serving-remove": serve_no_more,
}
