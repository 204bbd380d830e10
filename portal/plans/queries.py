"""Questions about plans and their actions.

Plans are for members, coordinators and observers; a draft is for coordinators.
"""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotAllowed, NotFound
from portal.organisations.queries import SHOWN as SHOWN_ORGANISATIONS
from portal.organisations.queries import tier
from portal.plans.forms import PlansWanted
from portal.plans.rules import PlanState, Said, keeps_plans, order_of, reads_plans


class Plan(msgspec.Struct, frozen=True):
    """A national action plan."""

    id: str
    title: str
    titles: dict[str, str]
    countries: list[str]
    starts_on: date
    ends_on: date
    source: str | None
    state: PlanState
    actions: int
    changed_at: str


class PlansFound(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Plan]


class Action(msgspec.Struct, frozen=True):
    """One action of a plan, and what was said of it last.

    The organisation is named where the asker may see its card.
    """

    id: str
    code: str
    text: str
    texts: dict[str, str]
    starts_on: date
    ends_on: date
    responsible: str | None
    organisation_id: str | None
    organisation: str | None
    organisation_names: dict[str, str]
    said: Said | None
    said_on: date | None
    reason: str | None
    changed_at: str


class Statement(msgspec.Struct, frozen=True):
    """What somebody said of an action."""

    said: Said
    said_on: date
    reason: str
    at: str


class Link(msgspec.Struct, frozen=True):
    """An indicator by which an action is measured; `target` is the plan's own."""

    action_id: str
    code: str
    target: float | None


class Nameable(msgspec.Struct, frozen=True):
    """An organisation that may be named as responsible."""

    id: str
    name: str
    names: dict[str, str]


_STATE = "(SELECT state FROM plan_states WHERE plan_id = p.id ORDER BY id DESC LIMIT 1)"

# security: what is not in force yet is nobody's plan, and may still say anything
_SEEN = " FROM plans AS p WHERE (:keeps OR " + _STATE + " <> 'draft')"

_PLAN = (
    """
    SELECT p.id, p.title, p.titles, p.starts_on, p.ends_on, p.source, p.changed_at,
        (SELECT json_group_array(country) FROM (
            SELECT country FROM plan_countries WHERE plan_id = p.id ORDER BY country DESC
        )) AS countries,
        (SELECT count(*) FROM plan_actions WHERE plan_id = p.id) AS actions, """
    + _STATE
    + " AS state"
    + _SEEN
)

_FILTERS = (
    """
    AND (:country IS NULL OR EXISTS (SELECT 1 FROM plan_countries
         WHERE plan_id = p.id AND country = :country))
    AND (:state IS NULL OR """
    + _STATE
    + " = :state)"
)

_ORGANISATION = SHOWN_ORGANISATIONS + " AND o.id = a.organisation_id"


def find_plans(db: Database, actor: Actor, wanted: PlansWanted) -> PlansFound:
    """One page of the plans this person may see, the latest first."""
    if not reads_plans(actor):
        raise NotFound
    asked = {"keeps": keeps_plans(actor), "country": wanted.country, "state": wanted.state}
    total = count(db, "SELECT count(*)" + _SEEN + _FILTERS, **asked)
    sql = _PLAN + _FILTERS + " ORDER BY p.starts_on DESC, p.id LIMIT :limit OFFSET :offset"
    found = fetch(db, Plan, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return PlansFound(total, wanted.page, wanted.per_page, found)


def get_plan_for(db: Database, actor: Actor, plan_id: str) -> Plan:
    """One plan, if this person may see it; strangers get `NotFound`."""
    sql = _PLAN + " AND p.id = :id"
    found = fetch_one(db, Plan, sql, keeps=keeps_plans(actor), id=plan_id)
    if found is None or not reads_plans(actor):
        raise NotFound
    return found


def get_kept_plan_for(db: Database, actor: Actor, plan_id: str) -> Plan:
    """One plan for those who may change it."""
    found = get_plan_for(db, actor, plan_id)
    if not keeps_plans(actor):
        raise NotAllowed
    return found


def refuse_readers(actor: Actor) -> None:
    """Who sees no plans is told of none; who only reads them may begin none."""
    if not reads_plans(actor):
        raise NotFound
    if not keeps_plans(actor):
        raise NotAllowed


def find_actions(db: Database, actor: Actor, plan_id: str) -> list[Action]:
    """The actions of a plan by their number; whether the plan is seen is decided before."""
    sql = (
        """
        SELECT a.id, a.code, a.text, a.texts, a.starts_on, a.ends_on, a.responsible, a.changed_at,
            (SELECT o.id """
        + _ORGANISATION
        + ") AS organisation_id, (SELECT o.name "
        + _ORGANISATION
        + ") AS organisation, coalesce((SELECT o.names "
        + _ORGANISATION
        + """), '{}') AS organisation_names, s.said, s.said_on, s.reason
        FROM plan_actions AS a LEFT JOIN plan_action_states AS s ON s.id = (
            SELECT max(id) FROM plan_action_states WHERE action_id = a.id)
        WHERE a.plan_id = :plan
    """
    )
    found = fetch(db, Action, sql, **tier(actor), plan=plan_id)
    return sorted(found, key=lambda each: order_of(each.code))


def get_action(db: Database, actor: Actor, plan_id: str, action_id: str) -> Action:
    """One action of a plan that this person was found to see."""
    found = [each for each in find_actions(db, actor, plan_id) if each.id == action_id]
    if not found:
        raise NotFound
    return found[0]


def find_statements(db: Database, action_id: str) -> list[Statement]:
    """All that was said of an action, the newest first."""
    sql = """
        SELECT said, said_on, reason, at FROM plan_action_states
        WHERE action_id = :id ORDER BY id DESC
    """
    return fetch(db, Statement, sql, id=action_id)


def find_links(db: Database, plan_id: str) -> list[Link]:
    """The indicators of all actions of a plan, in the order of the list of indicators."""
    sql = """
        SELECT l.action_id, l.code, l.target FROM plan_indicators AS l
        JOIN plan_actions AS a ON a.id = l.action_id JOIN indicators AS i ON i.code = l.code
        WHERE a.plan_id = :plan ORDER BY i.position, l.code
    """
    return fetch(db, Link, sql, plan=plan_id)


def find_nameable(db: Database, actor: Actor) -> list[Nameable]:
    """The organisations whose cards this person sees, by name."""
    sql = "SELECT o.id, o.name, o.names " + SHOWN_ORGANISATIONS + " ORDER BY o.sort_name, o.id"
    return fetch(db, Nameable, sql, **tier(actor))


def last_said(db: Database, action_id: str) -> Said | None:
    """What was said of an action last, whoever asks: for acts that have fetched it already."""
    sql = "SELECT said FROM plan_action_states WHERE action_id = :id ORDER BY id DESC LIMIT 1"
    return next(iter(column(db, sql, id=action_id)), None)
