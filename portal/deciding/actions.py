"""Decide on an application: the organisation is admitted, or declined with a reason per criterion.

Nothing here opens the directory: a year's access is asked for by itself, by two people.
"""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.applications.actions import close, complete_card, queue_letter
from portal.clock import stamp
from portal.deciding.forms import Decided
from portal.deciding.queries import find_hindrance, find_made, find_verdicts
from portal.deciding.rules import (
    WHY_NOT,
    may_be_decided,
    missing_points,
    outcome,
)
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.membership.actions import move
from portal.outbox import announce
from portal.reviews.queries import find_criteria, get_readable_for
from portal.reviews.rules import PURPOSE, is_unanswered
from portal.reviews.standing import Standing

_LACKS = {
    "met": Message("Decide whether this criterion is met."),
    "reason": Message("Write the reason: the organisation reads it."),
}


def decide_application(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, decided: Decided
) -> None:
    """Close an application by its criteria; a double click decides once."""
    standing = get_readable_for(db, by, today, application_id)
    made = find_made(db, standing)
    if made is not None and made.by == by.account_id:
        return
    check_decision(db, by, at, today, standing, decided)
    verdict = outcome(decided.points)
    _write(db, by, at, standing, decided, verdict)
    organisation = str(standing.organisation_id)
    move(db, by, at, organisation, verdict, application_id=standing.id)
    if verdict == "admitted":
        # the day of the admission, on the network's own calendar
        db.table("organisations").update(organisation, {"joined_on": today.isoformat()})
        complete_card(db, by, at, standing.id)
        announce(db, "organisations", organisation)
    close(db, by, at, standing.id)
    end_links(db, at, PURPOSE, standing.id)
    queue_letter(db, at, standing.id, verdict)


def check_decision(
    db: Database, by: Actor, at: datetime, today: date, standing: Standing, decided: Decided
) -> None:
    """`Invalid` unless this person may decide so now, each criterion with what it needs."""
    if not may_be_decided(standing, at):
        told = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")
        raise Invalid({"all": [told]})
    why = find_hindrance(db, by, today, standing)
    if why == "role":
        raise NotAllowed
    if why is not None:
        raise Invalid({"all": [WHY_NOT[why]]})
    codes = [each.code for each in find_criteria(db, standing.id)]
    lacks = missing_points(codes, decided.points, find_verdicts(db, standing))
    if lacks or not codes:
        raise Invalid({f"{what}-{code}": [_LACKS[what]] for code, what in lacks.items()})
    if is_unanswered(standing, at) and outcome(decided.points) == "admitted":
        told = Message("Nobody is admitted with a question open: say which criterion is not met.")
        raise Invalid({"all": [told]})


def _write(
    db: Database, by: Actor, at: datetime, standing: Standing, decided: Decided, verdict: str
) -> None:
    decision_id = f"d-{secrets.token_hex(6)}"
    db.table("decisions").insert(
        {
            "id": decision_id,
            "application_id": standing.id,
            "is_appeal": int(standing.is_appeal),
            "by": by.account_id,
            "organisation_id": by.organisation_id,
            "at": stamp(at),
            "verdict": verdict,
            "note": decided.note,
        }
    )
    db.table("decision_points").insert_all(
        {"decision_id": decision_id, "code": code, "met": int(each.met), "reason": each.reason}
        for code, each in decided.points.items()
    )
    told = {"decision": decision_id, "verdict": verdict}
    audit.record(db, by, at, "decide", "applications", standing.id, **told)
