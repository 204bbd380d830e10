"""Questions about events: past ones are public, coming ones only when flagged open.

One that is closed is seen inside the network alone, past or coming, until two people open it.
"""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.events.forms import Wanted
from portal.materials import queries as materials
from portal.organisations.queries import NAMED as ORGANISATION_NAMED
from portal.organisations.queries import SHOWN as ORGANISATION_SHOWN
from portal.organisations.queries import tier


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
    evaluation_words: dict[str, dict[str, str]] = {}
    organiser_names: dict[str, str] = {}
    cancelled: bool = False
    open: bool | None = None
    women: int | None = None
    men: int | None = None
    girls: int | None = None
    boys: int | None = None
    is_asked: bool = False


class Found(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Event]


class Session(msgspec.Struct, frozen=True):
    """A part of the programme; the organisation is the speaker's, where the asker may see it."""

    id: str
    day: int
    starts_at: str | None
    ends_at: str | None
    title: str
    titles: dict[str, str]
    organisation: str | None
    organisation_names: dict[str, str]


class Used(msgspec.Struct, frozen=True):
    """A material of an event that the asker may see."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str


class Details(Event, frozen=True):
    """One event with its programme and its materials."""

    programme: list[Session] = []
    materials: list[Used] = []


class Kept(msgspec.Struct, frozen=True):
    """What those who keep an event need of it."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    starts_on: str
    ends_on: str | None
    place_id: str | None
    organisation_id: str | None
    summary: str | None
    summaries: dict[str, str]
    participants: int | None
    women: int | None
    men: int | None
    girls: int | None
    boys: int | None
    open: bool
    closed: bool
    cancelled: bool
    already_published: bool


# A yearly event (`--03-03`) sorts before every year and counts as past.
PUBLIC = "(NOT e.closed AND (e.open OR coalesce(e.ends_on, e.starts_on) < :today))"

_INSIDE = "(:members OR coalesce(e.organisation_id = :keeper, 0))"

# security: participants of our own meetings are people counted, so the public reads only figures
# that are flagged as quoted from somebody's own publication (D0)
_QUOTED = "(e.already_published OR " + _INSIDE + ")"

_SEEN = (
    """
    FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id
    WHERE ("""
    + _INSIDE
    + " OR "
    + PUBLIC
    + """)
    AND (:kind IS NULL OR e.kind = :kind)
    AND (:region IS NULL OR p.region = :region)
"""
)

_ORGANISER = ORGANISATION_SHOWN + " AND o.id = e.organisation_id"
_SPEAKER = ORGANISATION_SHOWN + " AND o.id = s.organisation_id"
_ONCE_ORGANISER = ORGANISATION_NAMED + " AND o.id = e.organisation_id"
_ONCE_SPEAKER = ORGANISATION_NAMED + " AND o.id = s.organisation_id"

_EVENT = (
    """
    SELECT e.id, e.title, e.titles, e.kind, e.starts_on, e.ends_on, p.region,
        coalesce(e.organiser, (SELECT o.name """
    + _ORGANISER
    + "), (SELECT o.name "
    + _ONCE_ORGANISER
    + """)) AS organiser,
        coalesce(CASE WHEN e.organiser IS NULL THEN coalesce((SELECT o.names """
    + _ORGANISER
    + "), (SELECT o.names "
    + _ONCE_ORGANISER
    + """)) END, '{}') AS organiser_names,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place,
        CASE WHEN """
    + _QUOTED
    + """ THEN e.participants END AS participants,
        CASE WHEN """
    + _QUOTED
    + """ THEN e.evaluation ELSE '{}' END AS evaluation,
        CASE WHEN """
    + _QUOTED
    + """ THEN e.evaluation_words ELSE '{}' END AS evaluation_words,
        e.summary, e.summaries, e.source, e.cancelled_at IS NOT NULL AS cancelled,
        CASE WHEN """
    + _INSIDE
    + " THEN "
    + PUBLIC
    + """ END AS open,
        CASE WHEN """
    + _INSIDE
    + """ THEN e.women END AS women,
        CASE WHEN """
    + _INSIDE
    + """ THEN e.men END AS men,
        CASE WHEN """
    + _INSIDE
    + """ THEN e.girls END AS girls,
        CASE WHEN """
    + _INSIDE
    + """ THEN e.boys END AS boys,
        """
    + _QUOTED
    + """ AND EXISTS (SELECT 1 FROM evaluation_questions AS q WHERE q.event_id = e.id)
            AS is_asked,
        coalesce(e.ends_on, e.starts_on) >= :today AS coming
"""
)


def find_events(db: Database, actor: Actor, today: date, wanted: Wanted) -> Found:
    """One page of events, newest first."""
    asked = {**_asker(actor, today), "kind": wanted.kind, "region": wanted.region}
    total = count(db, "SELECT count(*) " + _SEEN, **asked)
    sql = _EVENT + _SEEN + "ORDER BY e.starts_on DESC, e.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Event, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_event_for(db: Database, actor: Actor, today: date, event_id: str) -> Details:
    """One event, if this person may see it."""
    asked = {**_asker(actor, today), "kind": None, "region": None, "id": event_id}
    found = fetch_one(db, Details, _EVENT + _SEEN + "AND e.id = :id", **asked)
    if found is None:
        raise NotFound
    return msgspec.structs.replace(
        found,
        programme=find_sessions(db, actor, event_id),
        materials=find_materials(db, actor, event_id),
    )


def find_sessions(db: Database, actor: Actor, event_id: str) -> list[Session]:
    """The programme of an event, in its order; whether the event is seen is decided before."""
    sql = (
        """
        SELECT s.id, s.day, s.starts_at, s.ends_at, s.title, s.titles,
            coalesce((SELECT o.name """
        + _SPEAKER
        + "), (SELECT o.name "
        + _ONCE_SPEAKER
        + """)) AS organisation,
            coalesce((SELECT o.names """
        + _SPEAKER
        + "), (SELECT o.names "
        + _ONCE_SPEAKER
        + """), '{}') AS organisation_names
        FROM event_sessions AS s WHERE s.event_id = :id
        ORDER BY s.day, s.starts_at IS NULL, s.starts_at, s.id
    """
    )
    return fetch(db, Session, sql, **tier(actor), id=event_id)


def find_materials(db: Database, actor: Actor, event_id: str) -> list[Used]:
    """The materials of an event that this person may see."""
    sql = (
        """
        SELECT w.id, w.title, w.titles, w.kind
        FROM event_materials AS m JOIN materials AS w ON w.id = m.material_id
        WHERE m.event_id = :id AND """
        + materials.SEEN
        + " ORDER BY w.title, w.id"
    )
    return fetch(db, Used, sql, **materials.asker(actor), id=event_id)


def get_kept(db: Database, event_id: str) -> Kept:
    """One event, whoever asks: for those who have been found to keep it."""
    sql = """
        SELECT e.id, e.title, e.titles, e.kind, e.starts_on, e.ends_on, e.place_id,
            e.organisation_id, e.summary, e.summaries, e.participants, e.women, e.men, e.girls,
            e.boys, e.open, e.closed, e.cancelled_at IS NOT NULL AS cancelled, e.already_published
        FROM events AS e WHERE e.id = :id
    """
    found = fetch_one(db, Kept, sql, id=event_id)
    if found is None:
        raise NotFound
    return found


class Dated(msgspec.Struct, frozen=True):
    """An event as a calendar needs it; times of the programme only where it has but one day."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    starts_on: str
    ends_on: str | None
    place: str | None
    region: str | None
    summary: str | None
    summaries: dict[str, str]
    cancelled: bool
    changed_at: str | None
    starts_at: str | None
    ends_at: str | None


def find_dated(db: Database, today: date) -> list[Dated]:
    """The newest 500 events of the public calendar, whoever asks for it."""
    sql = (
        """
        SELECT e.id, e.title, e.titles, e.kind, e.starts_on, e.ends_on, p.region, e.summary,
            CASE WHEN p.origin = 'geonames' THEN p.name END AS place, e.summaries,
            e.cancelled_at IS NOT NULL AS cancelled, e.changed_at,
            (SELECT min(s.starts_at) FROM event_sessions AS s WHERE s.event_id = e.id) AS starts_at,
            (SELECT max(s.ends_at) FROM event_sessions AS s WHERE s.event_id = e.id) AS ends_at
        FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id WHERE """
        + PUBLIC
        + " ORDER BY e.starts_on DESC, e.id LIMIT 500"
    )
    return fetch(db, Dated, sql, today=today.isoformat())


def _asker(actor: Actor, today: date) -> dict[str, object]:
    keeper = actor.organisation_id if actor.role == "member" else None
    return {**tier(actor), "keeper": keeper, "today": today.isoformat()}
