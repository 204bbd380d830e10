"""What waits for coordinators among the applications: to decide, to close what nobody answers."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.deciding.queries import find_hindrance
from portal.deciding.rules import may_be_decided
from portal.i18n.language import Message
from portal.reviews.queries import find_open
from portal.reviews.registry import about
from portal.reviews.rules import due, is_unanswered
from portal.reviews.standing import Standing
from portal.waiting import Waiting

WAITS = Message("An application waits for a decision.")
UNANSWERED = Message("An applicant has not answered for 60 days.")


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """What this coordinator may decide on now."""
    if not actor.is_coordinator:
        return []
    return [
        _line(each, at)
        for each in find_open(db)
        if may_be_decided(each, at) and find_hindrance(db, actor, today, each) is None
    ]


def _line(standing: Standing, at: datetime) -> Waiting:
    unanswered = is_unanswered(standing, at)
    sent = [str(each.submitted_at) for each in standing.taken if each.is_sent]
    since = standing.state_at if unanswered else max(sent)
    path = ("applications", standing.id, "decision")
    says = UNANSWERED if unanswered else WAITS
    by = None if unanswered else stamp(due(since))
    return Waiting("approve", says, path, since, by, about(standing))
