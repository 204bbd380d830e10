"""What waits for a person among the applications: to review, to finish, to find somebody for."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.i18n.language import Coded, Message
from portal.membership.queries import find_joined_on
from portal.reviews.queries import find_open, find_reviewer, find_reviewers
from portal.reviews.rules import asked_at, due, exclusion, hindrance, may_invite, waits_for_link
from portal.reviews.standing import Reviewer, Standing
from portal.waiting import About, Waiting

TO_TAKE = Message("An organisation asks to join.")
TO_TAKE_ANEW = Message("An organisation appeals.")
APPEAL = Message("appeal")
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
            since = asked_at(each)
            waiting.append(_line(TO_INVITE, each, since, due(since), *part))
        if not me.may_read:
            continue
        mine = each.of_account(me.account_id)
        if mine is not None and not mine.is_sent and each.state == "under_review":
            # of a later round: since the applicant has answered
            since = max(mine.taken_at, each.state_at if mine.asked is not None else "")
            waiting.append(_line(TO_SEND, each, since, due(since), "review"))
        elif hindrance(me, each, everybody) is None:
            says = TO_TAKE_ANEW if each.is_appeal else TO_TAKE
            waiting.append(_line(says, each, asked_at(each), _take_by(db, me, each)))
    return waiting


def _may_invite(me: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> bool:
    if me.role == "coordinator" and exclusion(me, standing, everybody) is not None:
        return False
    return may_invite(me, standing, everybody)


def about(standing: Standing) -> tuple[About, ...]:
    """What tells one application from another: no more than every member sees in the list."""
    where = (Coded("regions", standing.region),) if standing.region is not None else ()
    return (standing.name, *where, *((APPEAL,) if standing.is_appeal else ()))


def _take_by(db: Database, me: Reviewer, standing: Standing) -> datetime:
    """Nobody is late for what was asked before their own organisation was admitted."""
    by = due(asked_at(standing))
    joined = find_joined_on(db, me.organisation_id) if me.organisation_id else None
    return max(by, due(f"{joined}T00:00:00Z")) if joined else by


def _line(says: Message, standing: Standing, since: str, by: datetime, *part: str) -> Waiting:
    path = ("applications", standing.id, *part)
    return Waiting("answer", says, path, since, stamp(by), about(standing))
