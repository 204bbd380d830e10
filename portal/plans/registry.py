"""What serves the actions of plans: events, campaigns and activities that are published."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import count, fetch
from portal.plans.rules import Happening


class Serving(Happening, frozen=True, kw_only=True):
    """What serves an action; `via` is the campaign that brings an activity with it."""

    action_id: str
    title: str | None
    titles: dict[str, str]
    activity_kind: str | None
    campaign_id: str | None
    via: str | None


class Offered(msgspec.Struct, frozen=True):
    """What may be chosen to serve an action."""

    kind: str
    id: str
    title: str | None
    titles: dict[str, str]
    activity_kind: str | None
    starts_on: str


# security: only what is published serves a plan, and whoever sees no coming meetings elsewhere
# sees none here
_EVENTS = """
    FROM events AS e WHERE NOT e.closed AND e.cancelled_at IS NULL AND e.starts_on LIKE '____-%'
    AND (:inside OR e.open OR coalesce(e.ends_on, e.starts_on) < :today)
"""
_ACTIVITIES = """
    FROM activities AS v JOIN campaigns AS c ON c.id = v.campaign_id
    WHERE c.state = 'published' AND (:inside OR v.held_on < :today)
"""

_SERVING = (
    """
    WITH linked AS (
        SELECT s.action_id, s.kind, s.thing_id FROM plan_serving AS s
        JOIN plan_actions AS a ON a.id = s.action_id WHERE a.plan_id = :plan
    )
    SELECT l.action_id, 'event' AS kind, e.id, e.starts_on, coalesce(e.ends_on, e.starts_on)
            AS ends_on, e.title, e.titles, NULL AS activity_kind, NULL AS campaign_id, NULL AS via
        FROM linked AS l JOIN (SELECT e.* """
    + _EVENTS
    + """) AS e ON l.kind = 'event' AND e.id = l.thing_id
    UNION ALL
    SELECT l.action_id, 'campaign', c.id, c.starts_on, c.ends_on, c.title, c.titles, NULL, c.id,
            NULL
        FROM linked AS l JOIN campaigns AS c ON l.kind = 'campaign' AND c.id = l.thing_id
        WHERE c.state = 'published'
    UNION ALL
    SELECT l.action_id, 'activity', v.id, v.held_on, v.held_on, NULL, '{}', v.kind, v.campaign_id,
            iif(l.kind = 'campaign', l.thing_id, NULL)
        FROM linked AS l JOIN (SELECT v.* """
    + _ACTIVITIES
    + """) AS v ON (l.kind = 'activity' AND v.id = l.thing_id)
            OR (l.kind = 'campaign' AND v.campaign_id = l.thing_id)
    ORDER BY 1, 4, 2, 3
"""
)

_OFFERED = (
    """
    SELECT * FROM (SELECT 'event' AS kind, e.id, e.title, e.titles, NULL AS activity_kind,
        e.starts_on """
    + _EVENTS
    + """ AND coalesce(e.ends_on, e.starts_on) >= :first AND e.starts_on <= :last
        ORDER BY e.starts_on DESC LIMIT 60)
    UNION ALL
    SELECT * FROM (SELECT 'campaign', c.id, c.title, c.titles, NULL, c.starts_on
        FROM campaigns AS c WHERE c.state = 'published' AND c.starts_on <= :last
        AND coalesce(c.ends_on, :last) >= :first ORDER BY c.starts_on DESC LIMIT 60)
    UNION ALL
    SELECT * FROM (SELECT 'activity', v.id, c.title, c.titles, v.kind, v.held_on """
    + _ACTIVITIES
    + " AND v.held_on BETWEEN :first AND :last ORDER BY v.held_on DESC LIMIT 60)"
)

_LINKABLE = {
    "event": "SELECT count(*) " + _EVENTS + " AND e.id = :id",
    "campaign": "SELECT count(*) FROM campaigns WHERE state = 'published' AND id = :id",
    "activity": "SELECT count(*) " + _ACTIVITIES + " AND v.id = :id",
}


def find_serving(db: Database, actor: Actor, today: date, plan_id: str) -> list[Serving]:
    """What serves the actions of a plan, as far as this person sees it, the oldest first."""
    return fetch(db, Serving, _SERVING, **_asker(actor, today), plan=plan_id)


def find_offered(db: Database, actor: Actor, today: date, first: date, last: date) -> list[Offered]:
    """What is published and lies in a time: the newest 60 of each kind."""
    asked = {**_asker(actor, today), "first": first.isoformat(), "last": last.isoformat()}
    return fetch(db, Offered, _OFFERED, **asked)


def may_serve(db: Database, actor: Actor, today: date, kind: str, thing_id: str) -> bool:
    """Whether there is such a thing and it is published."""
    sql = _LINKABLE.get(kind)
    return sql is not None and count(db, sql, **_asker(actor, today), id=thing_id) > 0


def _asker(actor: Actor, today: date) -> dict[str, object]:
    inside = actor.role in ("member", "coordinator")
    return {"inside": inside, "today": today.isoformat()}
