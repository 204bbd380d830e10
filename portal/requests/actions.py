"""Ask for a consultation, offer it in order, answer it, end it.

An offer goes from one to the next until somebody accepts. Whoever is next is looked at again at
that moment: listed, not excluding the asker, coming to the place.
"""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import day_of, moment_of, stamp
from portal.credentials.rules import random_code
from portal.db import column, count
from portal.errors import Invalid, NotFound
from portal.geo import BANDS
from portal.i18n.language import Message
from portal.nearby.actions import count_requests
from portal.nearby.queries import find_match
from portal.nearby.rules import month_of, week_of
from portal.notices.actions import notify
from portal.requests.queries import count_taken, get_kept, get_wish
from portal.requests.rules import (
    MOST_OFFERS,
    Kept,
    Wanted,
    answer_by,
    evening_of,
    is_prompt,
    may_become,
)

CODE_GROUPS = 3
ANY_NUMBER = 1_000_000


def create(
    db: Database, by: Actor, at: datetime, wanted: Wanted, practitioner_ids: tuple[str, ...] = ()
) -> str:
    """A new request, offered at once when somebody is named; its code. The same form saves once."""
    sql = "SELECT id FROM requests WHERE form_key = :key AND account_id = :account"
    for same in column(db, sql, key=wanted.form_key, account=by.account_id):
        return str(same)
    request_id = random_code(CODE_GROUPS)
    row = msgspec.to_builtins(wanted)
    asker = {"account_id": by.account_id, "organisation_id": by.organisation_id}
    db.table("requests").insert({**row, **asker, "id": request_id, "created_at": stamp(at)})
    _write_state(db, by, at, request_id, "open")
    audit.record(db, by, at, "create", "requests", request_id)
    if practitioner_ids:
        offer(db, by, at, request_id, practitioner_ids)
    return request_id


def offer(
    db: Database, by: Actor, at: datetime, request_id: str, practitioner_ids: tuple[str, ...]
) -> None:
    """Ask these practitioners one after the other; a request that is offered already stays so."""
    kept = get_kept(db, request_id)
    if kept.state == "offered":
        return
    _refuse_move(kept, "offered")
    _refuse_unfit(db, at, kept, practitioner_ids)
    last = count(db, "SELECT max(position) FROM request_offers WHERE request_id = :id", id=kept.id)
    for position, practitioner_id in enumerate(practitioner_ids, last + 1):
        row = {"request_id": kept.id, "practitioner_id": practitioner_id, "position": position}
        db.table("request_offers").insert({**row, "visit_on": kept.wished_on.isoformat()})
    audit.record(db, by, at, "offer", "requests", kept.id, number=len(practitioner_ids))
    offer_next(db, by, at, kept)


def offer_next(db: Database, by: Actor, at: datetime, kept: Kept) -> None:
    """Hand the request to the next who may still be asked; back to the asker when nobody may."""
    sql = """
        SELECT id, practitioner_id FROM request_offers
        WHERE request_id = :id AND offered_at IS NULL AND over_at IS NULL ORDER BY position
    """
    for offer_id, practitioner_id in db.conn.execute(sql, {"id": kept.id}).fetchall():
        band = _fits(db, at, kept, practitioner_id)
        if band is None:
            db.table("request_offers").update(offer_id, {"over_at": stamp(at), "answer": "passed"})
            continue
        until = stamp(answer_by(at, kept.timezone))
        row = {"offered_at": stamp(at), "answer_by": until, "distance_band": band or None}
        db.table("request_offers").update(offer_id, row)
        count_requests(db, practitioner_id)
        db.execute("UPDATE requests SET asked = asked + 1 WHERE id = ?", [kept.id])
        move(db, by, at, kept, "offered")
        notify(db, at, "request_offered", kept.id, practitioner_id=practitioner_id)
        return
    move(db, by, at, kept, "open")
    notify(db, at, "request_open", kept.id, account_id=kept.account_id)


def accept(db: Database, by: Actor, at: datetime, request_id: str, practitioner_id: str) -> None:
    """Take a request on, while it is offered to this practitioner and she has a visit left.

    Whoever is first has it: later, or by another hand, it is not offered any more.
    """
    kept = get_kept(db, request_id)
    offer_id, answer = _held(db, kept.id, practitioner_id)
    if answer == "accepted":
        return
    _refuse_move(kept, "accepted")
    _refuse_full(db, kept, practitioner_id)
    db.table("request_offers").update(offer_id, {"answer": "accepted"})
    prompt = is_prompt(moment_of(kept.created_at), at)
    is_home = kept.mode == "home"
    row = {
        "answered_in_48h": prompt if kept.answered_in_48h is None else kept.answered_in_48h,
        "return_by": stamp(evening_of(kept.wished_on, kept.timezone)) if is_home else None,
    }
    db.table("requests").update(kept.id, row)
    move(db, by, at, kept, "accepted")
    audit.record(db, by, at, "answer", "requests", kept.id)
    notify(db, at, "request_accepted", kept.id, account_id=kept.account_id)


def decline(
    db: Database, by: Actor, at: datetime, request_id: str, practitioner_id: str, reason: str
) -> None:
    """Not this time, or, once accepted, not after all: the next is asked. Declining twice is once.

    The audit says that an answer was given, not which.
    """
    kept = get_kept(db, request_id)
    if _has_declined(db, kept.id, practitioner_id):
        return
    offer_id, _answer = _held(db, kept.id, practitioner_id)
    row = {"answer": "declined", "reason": reason, "over_at": stamp(at)}
    db.table("request_offers").update(offer_id, row)
    count_requests(db, practitioner_id)
    db.table("requests").update(kept.id, {"return_by": None, "returned_at": None})
    audit.record(db, by, at, "answer", "requests", kept.id)
    offer_next(db, by, at, kept)


def cancel(db: Database, by: Actor, at: datetime, request_id: str, *, nobody: bool = False) -> None:
    """End a request that is not needed any more, or for which nobody can come."""
    kept = get_kept(db, request_id)
    if kept.state in ("cancelled", "declined"):
        return
    end(db, by, at, kept, "declined" if nobody else "cancelled")
    audit.record(db, by, at, "cancel", "requests", kept.id)


def end(db: Database, by: Actor, at: datetime, kept: Kept, state: str) -> None:
    """Move a request to an end, and tell the practitioner who still holds it, if not by herself."""
    _refuse_move(kept, state)
    sql = """
        SELECT practitioner_id FROM request_offers
        WHERE request_id = :id AND offered_at IS NOT NULL AND over_at IS NULL
    """
    held = column(db, sql, id=kept.id)
    db.execute(
        "UPDATE request_offers SET over_at = ? WHERE request_id = ? AND over_at IS NULL",
        [stamp(at), kept.id],
    )
    for practitioner_id in held:
        count_requests(db, practitioner_id)
        if practitioner_id != by.practitioner_id:
            notify(db, at, "request_ended", kept.id, practitioner_id=practitioner_id)
    if kept.answered_in_48h is None and not is_prompt(moment_of(kept.created_at), at):
        db.table("requests").update(kept.id, {"answered_in_48h": False})
    move(db, by, at, kept, state)
    db.table("requests").update(kept.id, {"ended_at": stamp(at)})


def release_offers_of(db: Database, by: Actor, at: datetime, practitioner_id: str) -> int:
    """Take a practitioner who is listed no longer out of all requests; how many were touched.

    What stood with her goes to the next; of what she had accepted the asker is told, once.
    """
    sql = """
        SELECT id, request_id, answer, offered_at FROM request_offers
        WHERE practitioner_id = :id AND over_at IS NULL AND told_at IS NULL
    """
    found = db.conn.execute(sql, {"id": practitioner_id}).fetchall()
    for offer_id, request_id, answer, offered_at in found:
        kept = get_kept(db, request_id)
        if answer == "accepted":
            db.table("request_offers").update(offer_id, {"told_at": stamp(at)})
            notify(db, at, "request_changed", kept.id, account_id=kept.account_id)
            continue
        db.table("request_offers").update(offer_id, {"answer": "passed", "over_at": stamp(at)})
        count_requests(db, practitioner_id)
        if offered_at:
            offer_next(db, by, at, kept)
    return len(found)


def move_on(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """Clocked: offers whose time is over, or whose practitioner is unlisted, go to the next."""
    unlisted = """
        SELECT DISTINCT practitioner_id FROM request_offers WHERE over_at IS NULL
        AND told_at IS NULL AND practitioner_id NOT IN (SELECT practitioner_id FROM listings)
    """
    done = sum(release_offers_of(db, by, at, each) for each in column(db, unlisted))
    late = """
        SELECT id, request_id, practitioner_id FROM request_offers
        WHERE over_at IS NULL AND answer IS NULL AND answer_by <= :now
    """
    for offer_id, request_id, hers in db.conn.execute(late, {"now": stamp(at)}).fetchall():
        db.table("request_offers").update(offer_id, {"answer": "late", "over_at": stamp(at)})
        count_requests(db, hers)
        offer_next(db, by, at, get_kept(db, request_id))
        done += 1
    return done


def move(db: Database, by: Actor, at: datetime, kept: Kept, state: str) -> None:
    """Write the next state of a request; nothing when it is the one it has."""
    if get_kept(db, kept.id).state != state:
        _write_state(db, by, at, kept.id, state)


def _write_state(db: Database, by: Actor, at: datetime, request_id: str, state: str) -> None:
    row = {"state": state, "at": stamp(at), "by": by.account_id or by.role}
    db.table("request_states").insert({"request_id": request_id, **row})


def _refuse_move(kept: Kept, state: str) -> None:
    if not may_become(kept.state, state):
        raise Invalid({"all": [Message("This request has moved on. Look at it again.")]})


def _refuse_unfit(
    db: Database, at: datetime, kept: Kept, practitioner_ids: tuple[str, ...]
) -> None:
    sql = "SELECT practitioner_id FROM request_offers WHERE request_id = :id"
    before = set(column(db, sql, id=kept.id))
    twice = len(set(practitioner_ids)) < len(practitioner_ids) or before & {*practitioner_ids}
    if twice or not 0 < len(practitioner_ids) <= MOST_OFFERS:
        raise Invalid({"first": [Message("Choose each practitioner once.")]})
    for practitioner_id in practitioner_ids:
        if _fits(db, at, kept, practitioner_id) is None:
            told = Message("One of them cannot be asked for this. Choose from the list again.")
            raise Invalid({"first": [told]})


def _fits(db: Database, at: datetime, kept: Kept, practitioner_id: str) -> str | None:
    """The distance band of a practitioner who may be asked now, empty where nobody travels."""
    wish, today = get_wish(db, kept.id), day_of(at, kept.timezone)
    match = find_match(db, kept.asker, wish, today, practitioner_id)
    if match is None:
        return None
    return BANDS[match.band][0] if kept.mode == "home" else ""


def _held(db: Database, request_id: str, practitioner_id: str) -> tuple[int, str | None]:
    """The offer that this practitioner holds now, and her answer; `NotFound` when there is none."""
    sql = """
        SELECT id, answer FROM request_offers WHERE request_id = ? AND practitioner_id = ?
        AND offered_at IS NOT NULL AND over_at IS NULL
    """
    found = db.conn.execute(sql, [request_id, practitioner_id]).fetchone()
    if found is None:
        raise NotFound
    return int(found[0]), found[1]


def _has_declined(db: Database, request_id: str, practitioner_id: str) -> bool:
    sql = """
        SELECT count(*) FROM request_offers WHERE request_id = :id
        AND practitioner_id = :practitioner AND answer = 'declined'
    """
    return count(db, sql, id=request_id, practitioner=practitioner_id) > 0


def _refuse_full(db: Database, kept: Kept, practitioner_id: str) -> None:
    sql = "SELECT coalesce(weekly_visits, :any), coalesce(monthly_cap, :any) FROM practitioners"
    limits = db.execute(sql + " WHERE id = :id", {"id": practitioner_id, "any": ANY_NUMBER})
    spans = (week_of(kept.wished_on), month_of(kept.wished_on))
    for most, (first, last) in zip(limits.fetchone(), spans, strict=True):
        if count_taken(db, practitioner_id, first, last) >= most:
            told = Message("No visits are left that week or month. Raise the number, or decline.")
            raise Invalid({"all": [told]})
