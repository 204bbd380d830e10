"""Questions about decisions: what was decided, by whom, and what waits to be."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of
from portal.db import fetch, fetch_one
from portal.deciding.rules import DecidedPoint, hindrance, reviews_decided_on
from portal.reviews.queries import find_reviewer, find_reviewers, find_said
from portal.reviews.standing import Standing


class DecisionMade(msgspec.Struct, frozen=True):
    """What was decided, and by whom."""

    id: str
    is_appeal: bool
    by: str
    at: str
    verdict: str
    note: str | None

    @property
    def moment(self) -> datetime:
        """When it was decided."""
        return moment_of(self.at)


class _Row(msgspec.Struct, frozen=True):
    code: str
    met: bool
    reason: str | None


def find_newest(db: Database, standing: Standing) -> DecisionMade | None:
    """The decision that stands: none while it is open, an appeal included."""
    sql = """
        SELECT id, is_appeal, "by", at, verdict, note FROM decisions
        WHERE application_id = :id ORDER BY at DESC, rowid DESC LIMIT 1
    """
    return None if standing.is_open else fetch_one(db, DecisionMade, sql, id=standing.id)


def find_points(db: Database, decision_id: str) -> dict[str, DecidedPoint]:
    """What a decision says of each criterion."""
    sql = "SELECT code, met, reason FROM decision_points WHERE decision_id = :id"
    rows = fetch(db, _Row, sql, id=decision_id)
    return {each.code: DecidedPoint(each.met, each.reason) for each in rows}


def find_hindrance(db: Database, actor: Actor, today: date, standing: Standing) -> str | None:
    """Why this person may not decide on an application, or None when they may."""
    return hindrance(find_reviewer(db, actor, today), standing, find_reviewers(db, today))


def find_verdicts(db: Database, standing: Standing) -> list[dict[str, str]]:
    """What each of the reviews that count says, by criterion."""
    said = find_said(db, standing.id)
    return [
        {code: each.verdict for code, each in said.get(review.id, {}).items()}
        for review in reviews_decided_on(standing)
    ]
