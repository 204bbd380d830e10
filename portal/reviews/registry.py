"""What waits for a person among the applications: to review, to finish, to find somebody for."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.i18n.language import Coded, Message
from portal.reviews.queries import find_open, find_reviewer, find_reviewers
from portal.reviews.rules import Standing, due, exclusion, hindrance, outside_missing
from portal.waiting import About, Waiting

TO_TAKE = Message("An organisation asks to join.")
TO_SEND = Message("A review that you have taken is not sent yet.")
TO_INVITE = Message("An application needs a reviewer from outside.")


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """One line for each application that this person can do something for."""
    me = find_reviewer(db, actor, today)
    if not me.may_read:
        return []
    everybody, waiting = find_reviewers(db, today), []
    for each in find_open(db):
        mine = each.of_account(me.account_id)
        if mine is not None and not mine.is_sent and each.state == "under_review":
            # of a later round: since the applicant has answered
            since = max(mine.taken_at, each.state_at if mine.asked is not None else "")
            waiting.append(_line(TO_SEND, each, since, "review"))
        elif hindrance(me, each, everybody) is None:
            waiting.append(_line(TO_TAKE, each, each.submitted_at))
        may_invite = me.role == "coordinator" and exclusion(me, each) is None
        if may_invite and outside_missing(each, everybody):
            waiting.append(_line(TO_INVITE, each, each.submitted_at))
    return waiting


def _line(says: Message, standing: Standing, since: str, *part: str) -> Waiting:
    about: tuple[About, ...] = (
        (Coded("regions", standing.region),) if standing.region is not None else ()
    )
    path = ("applications", standing.id, *part)
    return Waiting("answer", says, path, since, stamp(due(since)), about)
