"""What was asked after an event and how many gave each answer; members read it, never who said it.

The public reads it only where the event's figures are quoted from a publication (D0).
"""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, count, fetch
from portal.errors import NotFound
from portal.evaluations.rules import GOOD_RATINGS
from portal.events.queries import Kept, get_event_for, get_kept
from portal.events.rules import TRAININGS, may_keep


class Counted(msgspec.Struct, frozen=True):
    """How many people gave an answer, before or after."""

    moment: str
    option: int
    people: int


class Asked(msgspec.Struct, frozen=True):
    """A question of an event with its counts."""

    id: str
    kind: str
    ready: str | None
    words: str | None
    others: dict[str, str]
    options: list[str]
    other_options: dict[str, list[str]]
    counts: list[Counted]


def get_evaluated_for(db: Database, actor: Actor, today: date, event_id: str) -> Kept:
    """An event whose evaluation this person may read; strangers get `NotFound`."""
    found = get_event_for(db, actor, today, event_id)
    kept = get_kept(db, found.id)
    # security: figures of our own meetings are people counted (D0)
    is_inside = actor.may_use_directory or may_keep(actor, kept.organisation_id)
    if not (is_inside or kept.already_published):
        raise NotFound
    return kept


def find_questions(db: Database, event_id: str) -> list[Asked]:
    """The questions of an event in their order."""
    sql = """
        SELECT q.id, q.kind, q.ready, q.words, q.others, q.options, q.other_options,
            (SELECT json_group_array(json_object(
                'moment', c.moment, 'option', c.option, 'people', c.people))
             FROM evaluation_counts AS c WHERE c.question_id = q.id) AS counts
        FROM evaluation_questions AS q WHERE q.event_id = :id ORDER BY q.position, q.id
    """
    return fetch(db, Asked, sql, id=event_id)


def count_useful(
    db: Database, first: date, last: date, organisation: str | None = None
) -> tuple[int, int]:
    """How many answers call our trainings useful (4 or 5 of 5), and how many answers there are.

    Of trainings and workshops that ended between two days, both included.
    """
    sql = """
        SELECT sum(c.people) FROM evaluation_counts AS c
        JOIN evaluation_questions AS q ON q.id = c.question_id
        JOIN events AS e ON e.id = q.event_id
        WHERE q.ready = 'useful' AND c.moment = 'after'
        AND c.option IN (SELECT value FROM json_each(:options))
        AND e.kind IN (SELECT value FROM json_each(:kinds)) AND e.cancelled_at IS NULL
        AND NOT e.already_published
        AND coalesce(e.ends_on, e.starts_on) BETWEEN :first AND :last
        AND (:organisation IS NULL OR e.organisation_id = :organisation)
    """
    asked = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "kinds": as_json(TRAININGS),
        "organisation": organisation,
    }
    good = count(db, sql, **asked, options=as_json(GOOD_RATINGS))
    return good, count(db, sql, **asked, options=as_json((1, 2, 3, 4, 5)))
