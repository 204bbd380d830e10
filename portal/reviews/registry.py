"""What waits for a person among the applications: to review, to finish, to find somebody for."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.i18n.language import Coded, Message
from portal.reviews.queries import find_open, find_reviewer, find_reviewers
from portal.reviews.rules import due, exclusion, hindrance, may_invite, waits_for_link
from portal.reviews.standing import Reviewer, Standing
from portal.waiting import About, Waiting

TO_TAKE = Message("An organisation asks to join.")
TO_SEND = Message("A review that you have taken is not sent yet.")
TO_INVITE = Message("An application needs a reviewer from outside.")


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """One line for each application that this person can do something for."""
    me = find_reviewer(db, actor, today)
    if not me.may_read and me.role != "admin":
        return []
    everybody, waiting = find_reviewers(db, today), []
    for each in find_open(db):
        if waits_for_link(each, everybody, at) and _may_invite(me, each, everybody):
            part = ("outside",) if me.role == "admin" else ()
            waiting.append(_line(TO_INVITE, each, each.submitted_at, *part))
        if not me.may_read:
            continue
        mine = each.of_account(me.account_id)
        if mine is not None and not mine.is_sent and each.state == "under_review":
            # of a later round: since the applicant has answered
            since = max(mine.taken_at, each.state_at if mine.asked is not None else "")
            waiting.append(_line(TO_SEND, each, since, "review"))
        elif hindrance(me, each, everybody) is None:
            waiting.append(_line(TO_TAKE, each, each.submitted_at))
    return waiting


def _may_invite(me: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> bool:
    if me.role == "coordinator" and exclusion(me, standing, everybody) is not None:
        return False
    return may_invite(me, standing, everybody)


def _line(says: Message, standing: Standing, since: str, *part: str) -> Waiting:
    about: tuple[About, ...] = (
        (Coded("regions", standing.region),) if standing.region is not None else ()
    )
    path = ("applications", standing.id, *part)
    return Waiting("answer", says, path, since, stamp(due(since)), about)
