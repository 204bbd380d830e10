"""Take a review, stand aside, say what is met, hand it in; let somebody from outside look."""

from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.links.actions import make_link, use_link
from portal.links.queries import find_link
from portal.reviews.acts import (
    begin,
    end,
    hand_in,
    next_outside,
    open_codes,
    refuse_missing,
    refuse_other,
    tell_coordinators,
    write,
)
from portal.reviews.forms import Verdicts
from portal.reviews.queries import (
    find_reviewer,
    find_reviewers,
    get_readable_for,
    get_standing,
    get_standing_for,
)
from portal.reviews.rules import (
    OUTSIDE_GOOD_FOR,
    PURPOSE,
    WHY_NOT,
    disqualified,
    hindrance,
    is_among,
    may_be_released,
    may_invite,
    outside_missing,
)
from portal.reviews.standing import Review, Standing

MAKER_DECIDES = Message(
    "Whoever makes this link does not decide, and no other coordinator is left who could: an"
    " administrator makes it."
)

OUTSIDE = Actor(role="visitor", account_id="outside_reviewer")


def take(db: Database, by: Actor, at: datetime, today: date, application_id: str) -> str:
    """Take one of the two places; the review's id. Who has it already keeps it.

    Of two who reach for the last place the second is refused.
    """
    standing = get_standing_for(db, by, today, application_id)
    mine = standing.of_account(by.account_id)
    if mine is not None:
        return mine.id
    me = find_reviewer(db, by, today)
    why = hindrance(me, standing, find_reviewers(db, today))
    if why is not None:
        raise Invalid({"all": [WHY_NOT[why]]})
    return begin(db, by, at, standing, by.account_id, me.organisation_id)


def step_back(db: Database, by: Actor, at: datetime, today: date, application_id: str) -> None:
    """Give a place back that one has not used; what was saved goes with it."""
    standing = get_readable_for(db, by, today, application_id)
    mine = standing.of_account(by.account_id)
    if mine is None or not standing.is_open:
        raise NotFound
    if mine.is_sent:
        raise Invalid({"all": [Message("You have sent it already: it stays as it is.")]})
    end(db, by, at, standing.id, mine)


def declare_conflict(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, reason: str
) -> None:
    """Let one's organisation stand aside: nobody of it reviews, and what was sent does not count.

    Declared once; a double click changes nothing.
    """
    standing = get_standing_for(db, by, today, application_id)
    me = find_reviewer(db, by, today)
    if me.organisation_id is None or not me.is_member or not standing.is_open:
        raise NotAllowed
    if me.organisation_id in standing.conflicts:
        return
    row = {"organisation_id": me.organisation_id, "account_id": by.account_id, "reason": reason}
    db.table("conflicts").insert({"application_id": standing.id, **row, "at": stamp(at)})
    told = {"organisation": me.organisation_id, "reason": reason}
    audit.record(db, by, at, "declare_conflict", "applications", standing.id, **told)
    for each in standing.reviews:
        if each.organisation_id == me.organisation_id and each.ended_at is None:
            end(db, by, at, standing.id, each)


def answer_review(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, said: Verdicts
) -> None:
    """Save what a reviewer says so far, or hand it in: then it is locked.

    Sent again as it was, nothing changes; anything else is refused.
    """
    standing = get_readable_for(db, by, today, application_id)
    mine = standing.of_account(by.account_id)
    if mine is None or not standing.is_open:
        raise NotFound
    if mine.is_sent:
        return refuse_other(db, standing, mine, said)
    if standing.state != "under_review":
        raise Invalid({"all": [WHY_NOT["closed"]]})
    # security: whoever may not review any more hands nothing in
    me = find_reviewer(db, by, today)
    why = disqualified(me, standing, find_reviewers(db, today))
    if why is None and is_among(me, [each for each in standing.taken if each.id != mine.id]):
        why = "twice"
    if why is not None:
        raise Invalid({"all": [WHY_NOT[why]]})
    codes = open_codes(db, standing, mine)
    if said.act == "send":
        refuse_missing(codes, said)
    write(db, mine.id, codes, said)
    audit.record(db, by, at, f"{said.act}_review", "applications", standing.id, review=mine.id)
    if said.act == "send":
        hand_in(db, by, at, today, standing.id, mine)
    return None


def make_outside_link(
    db: Database, by: Actor, at: datetime, today: date, application_id: str
) -> str:
    """A link by which somebody from outside takes the place nobody here can; told this once.

    Whoever makes it does not decide, and all coordinators hear of it. A new link for a place that
    is invited for ends the old one.
    """
    standing, everybody = get_inviting(db, by, today, application_id), find_reviewers(db, today)
    waiting = next_outside(standing)
    if waiting is None and not outside_missing(standing, everybody):
        told = Message("Enough organisations of the network can review this.")
        raise Invalid({"all": [told]})
    if waiting is None and at < standing.opens_outside:
        told = Message("Somebody from outside may be asked after 7 days without anybody here.")
        raise Invalid({"all": [told]})
    # security: whoever holds a link could use it; somebody else decides
    if not may_invite(find_reviewer(db, by, today), standing, everybody):
        raise Invalid({"all": [MAKER_DECIDES]})
    place = waiting.id if waiting is not None else begin(db, by, at, standing, None, None)
    db.table("reviews").update(place, {"invited_by": by.account_id})
    audit.record(db, by, at, "invite_reviewer", "applications", standing.id, review=place)
    tell_coordinators(db, at, today, "application_goes_out", standing.id)
    return make_link(db, at, PURPOSE, standing.id, OUTSIDE_GOOD_FOR)


def get_inviting(db: Database, by: Actor, today: date, application_id: str) -> Standing:
    """An application for which this person might make a link; else `NotFound`.

    Administrators learn of it when no coordinator may make one.
    """
    if by.role != "admin":
        standing = get_readable_for(db, by, today, application_id)
        if not by.is_coordinator:
            raise NotAllowed
        return standing
    standing, everybody = get_standing(db, application_id), find_reviewers(db, today)
    is_open = next_outside(standing) is not None or outside_missing(standing, everybody) > 0
    if not is_open or not may_invite(find_reviewer(db, by, today), standing, everybody):
        raise NotFound
    return standing


def answer_outside(db: Database, at: datetime, today: date, code: str, said: Verdicts) -> None:
    """What somebody from outside says: handed in whole, and the link is used up."""
    standing, place = get_invited(db, at, code)
    codes = open_codes(db, standing, place)
    refuse_missing(codes, said)
    use_link(db, at, PURPOSE, code)
    write(db, place.id, codes, said)
    audit.record(db, OUTSIDE, at, "send_review", "applications", standing.id, review=place.id)
    hand_in(db, OUTSIDE, at, today, standing.id, place)
    tell_coordinators(db, at, today, "application_reviewed", standing.id)


def get_invited(db: Database, at: datetime, code: str) -> tuple[Standing, Review]:
    """The application of a link and the place that waits for its holder; else `NotFound`."""
    link = find_link(db, PURPOSE, code, at)
    if link is None:
        raise NotFound
    standing = get_standing(db, link.subject_id)
    place = next_outside(standing)
    if place is None or standing.state != "under_review" or not standing.is_open:
        raise NotFound
    return standing, place


def release_review(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, review_id: str
) -> None:
    """Free the place of a reviewer who does not send, so that nobody waits for ever."""
    standing = get_readable_for(db, by, today, application_id)
    if not by.is_coordinator:
        raise NotAllowed
    found = [each for each in standing.taken if each.id == review_id]
    if not found or not standing.is_open:
        raise NotFound
    if not may_be_released(found[0], at):
        told = Message("This reviewer has 14 days; only then does the place become free.")
        raise Invalid({"all": [told]})
    end(db, by, at, standing.id, found[0])
