"""What waits for those who gave a material: reasons, old drafts, consents that end."""

from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.contributing.queries import NEWEST, Given
from portal.db import fetch
from portal.i18n.language import Message
from portal.papers.rules import REMIND_DAYS_BEFORE
from portal.waiting import Waiting

DRAFTS_WAIT = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=14)


class Ending(msgspec.Struct, frozen=True):
    """A consent that ends within the days of the first reminder, or has run out."""

    id: int
    material_id: str
    organisation_id: str | None
    title: str
    until: date


def find_ending(db: Database, today: date) -> list[Ending]:
    """Consents of works that are published, which nobody has renewed and which end soon."""
    sql = """
        SELECT c.id, c.material_id, w.organisation_id, w.title, c.until
        FROM image_consents AS c JOIN materials AS w ON w.id = c.material_id
        WHERE c.ended_at IS NULL AND c.until <= :last AND w.published_version IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM image_consents AS n WHERE n.material_id = c.material_id
            AND n.whose = c.whose AND n.id > c.id AND n.ended_at IS NULL AND n.until > c.until)
        ORDER BY c.until, c.id
    """
    last = today + timedelta(days=max(REMIND_DAYS_BEFORE))
    return fetch(db, Ending, sql, last=last.isoformat())


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """What was sent back, drafts nobody touched for a week, image consents that end."""
    if actor.organisation_id is None or actor.role not in ("member", "coordinator"):
        return []
    lines = [_waiting(each) for each in _find_stuck(db, actor, at)]
    for each in find_ending(db, today):
        if each.organisation_id == actor.organisation_id:
            path = ("contribute", each.material_id, "consents")
            says = Message("The consent of people in a picture ends")
            until = each.until.isoformat()
            lines.append(Waiting("check", says, path, until, until, (each.title,)))
    return lines


def _find_stuck(db: Database, actor: Actor, at: datetime) -> list[Given]:
    sql = (
        """
        SELECT w.id, w.title, w.titles, w.kind, o.name AS organisation, w.visibility, v.number,
            1 AS is_own, s.state, s.reason, s.at AS since
        """
        + NEWEST
        + " AND (s.state = 'returned' OR (s.state = 'draft' AND s.at < :old)) ORDER BY s.at, w.id"
    )
    old = stamp(at - DRAFTS_WAIT)
    asked = {"own": actor.organisation_id, "coordinator": False, "state": None, "old": old}
    return fetch(db, Given, sql, **asked)


def _waiting(each: Given) -> Waiting:
    path = ("contribute", each.id)
    if each.state == "draft":
        return Waiting("check", Message("A material is still a draft"), path, each.since)
    due = stamp(each.moment + ANSWER_WITHIN)
    says = Message("A material came back with a reason")
    return Waiting("answer", says, path, each.since, due, (each.title,))
