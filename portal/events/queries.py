"""Questions about events: past ones are public, coming ones only when flagged open."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.events.forms import Wanted


class Event(msgspec.Struct, frozen=True):
    """A training, forum, conference or tournament."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    starts_on: str
    ends_on: str | None
    place: str | None
    region: str | None
    organiser: str | None
    participants: int | None
    summary: str | None
    summaries: dict[str, str]
    source: str | None
    evaluation: dict[str, float]
    coming: bool


class Found(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Event]


# A yearly event (`--03-03`) sorts before every year and counts as past.
# security: participants of our own meetings are people counted, so the public reads only figures
# that are flagged as quoted from somebody's own publication (D0)
_SHOWN = """
    FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id
    WHERE (:members OR e.open OR coalesce(e.ends_on, e.starts_on) < :today)
    AND (:kind IS NULL OR e.kind = :kind)
    AND (:region IS NULL OR p.region = :region)
"""

_EVENT = """
    SELECT e.id, e.title, e.titles, e.kind, e.starts_on, e.ends_on, p.region, e.organiser,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place,
        CASE WHEN e.already_published OR :members THEN e.participants END AS participants,
        CASE WHEN e.already_published OR :members THEN e.evaluation ELSE '{}' END AS evaluation,
        e.summary, e.summaries, e.source,
        coalesce(e.ends_on, e.starts_on) >= :today AS coming
"""


def find_events(db: Database, actor: Actor, today: date, wanted: Wanted) -> Found:
    """One page of events, newest first."""
    asked = {**_tier(actor, today), "kind": wanted.kind, "region": wanted.region}
    total = count(db, "SELECT count(*) " + _SHOWN, **asked)
    sql = _EVENT + _SHOWN + "ORDER BY e.starts_on DESC, e.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Event, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_event_for(db: Database, actor: Actor, today: date, event_id: str) -> Event:
    """One event, if this person may see it."""
    asked = {**_tier(actor, today), "kind": None, "region": None, "id": event_id}
    found = fetch_one(db, Event, _EVENT + _SHOWN + "AND e.id = :id", **asked)
    if found is None:
        raise NotFound
    return found


def _tier(actor: Actor, today: date) -> dict[str, object]:
    return {"members": actor.may_use_directory, "today": today.isoformat()}
