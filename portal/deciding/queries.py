"""Questions about decisions: what was decided, by whom, and what waits to be."""

from datetime import date

from sqlite_utils import Database

from portal.actor import Actor
from portal.applications.registry import Decision, find_decision
from portal.deciding.rules import hindrance, reviews_decided_on
from portal.reviews.queries import find_reviewer, find_reviewers, find_said
from portal.reviews.standing import Standing


def find_made(db: Database, standing: Standing) -> Decision | None:
    """The decision that stands: none while it is open, an appeal included."""
    return None if standing.is_open else find_decision(db, standing.id)


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
