"""Questions of those who keep an event."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import find_open
from portal.db import column, fetch
from portal.errors import NotAllowed
from portal.events.queries import Kept, find_materials, get_event_for, get_kept
from portal.events.rules import may_keep
from portal.materials import queries as materials
from portal.organisations.queries import SHOWN, tier


class Named(msgspec.Struct, frozen=True):
    """Something to choose, with its names."""

    id: str
    name: str
    names: dict[str, str]


def get_organised_for(db: Database, actor: Actor, today: date, event_id: str) -> Kept:
    """An event whose keeper this person is; others who may see it get `NotAllowed`."""
    found = get_event_for(db, actor, today, event_id)
    kept = get_kept(db, found.id)
    if not may_keep(actor, kept.organisation_id):
        raise NotAllowed
    return kept


def find_waiting(db: Database, at: datetime, event_id: str) -> str | None:
    """The item by which a second person is asked to open an event."""
    return find_open(db, at, "publish_event", event_id)


class Done(msgspec.Struct, frozen=True):
    """How much of an event is there already; `answers` are those to the question most answered."""

    sessions: int
    materials: int
    questions: int
    answers: int


def count_done(db: Database, actor: Actor, event_id: str) -> Done:
    """How far an event has come, for whoever keeps it."""
    sql = """
        SELECT (SELECT count(*) FROM event_sessions WHERE event_id = :id) AS sessions,
            :materials AS materials,
            (SELECT count(*) FROM evaluation_questions WHERE event_id = :id) AS questions,
            coalesce((SELECT max(n) FROM (
                SELECT sum(c.people) AS n FROM evaluation_counts AS c
                JOIN evaluation_questions AS q ON q.id = c.question_id
                WHERE q.event_id = :id GROUP BY c.question_id, c.moment)), 0) AS answers
    """
    seen = len(find_materials(db, actor, event_id))
    return fetch(db, Done, sql, id=event_id, materials=seen)[0]


class Organised(msgspec.Struct, frozen=True):
    """What a keeper may do with an event."""

    event: Kept
    is_public: bool
    waiting: str | None
    may_certify: bool
    may_count: bool
    done: Done


def find_speakers(db: Database, actor: Actor) -> list[Named]:
    """The organisations that this person may see, in the order of the alphabet."""
    sql = "SELECT o.id, o.name, o.names " + SHOWN + " ORDER BY o.sort_name, o.id"
    return fetch(db, Named, sql, **tier(actor))


def find_usable(db: Database, actor: Actor, event_id: str) -> list[Named]:
    """Materials that this person may see and that do not belong to an event yet, newest first."""
    sql = (
        """
        SELECT w.id, w.title AS name, w.titles AS names FROM materials AS w
        WHERE w.id NOT IN (SELECT material_id FROM event_materials WHERE event_id = :event)
        AND """
        + materials.SEEN
        + " ORDER BY w.added_at DESC, w.id LIMIT 300"
    )
    return fetch(db, Named, sql, **materials.asker(actor), event=event_id)


def find_material_ids(db: Database, event_id: str) -> list[str]:
    """The materials of an event, whoever may see them."""
    sql = "SELECT material_id FROM event_materials WHERE event_id = :id ORDER BY material_id"
    return column(db, sql, id=event_id)
