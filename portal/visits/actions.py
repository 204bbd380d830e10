"""Come back from a visit, say how it ended, and forget what the request said.

What remains are codes and counts: region, profession, mode, outcome, days waited, and whether it
was answered within 48 hours.
"""

from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import day_of, moment_of, stamp
from portal.db import column
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message, WithWeekday
from portal.notices.actions import notify
from portal.requests.actions import end
from portal.requests.queries import get_kept
from portal.requests.rules import Kept, last_day, seen_since
from portal.requests.schema import ERASED
from portal.visits.rules import Outcome, days_waited


def note_returned(db: Database, by: Actor, at: datetime, request_id: str) -> None:
    """Whoever visited is back; saying so twice keeps the first time."""
    kept = get_kept(db, request_id)
    if kept.returned_at is not None:
        return
    if kept.state != "accepted" or kept.mode != "home":
        raise NotFound
    refuse_early(kept, at)
    db.table("requests").update(kept.id, {"returned_at": stamp(at)})
    audit.record(db, by, at, "return", "requests", kept.id)


def refuse_early(kept: Kept, at: datetime) -> None:
    """Before the agreed day nobody can be back from it, or say how it ended."""
    if kept.state == "accepted" and day_of(at, kept.timezone) < kept.wished_on:
        day = {"day": WithWeekday(kept.wished_on)}
        raise Invalid({"all": [Message("From %(day)s on you can say here how it ended.", day)]})


def complete(db: Database, by: Actor, at: datetime, request_id: str, outcome: Outcome) -> None:
    """Say how an accepted request ended; the second to say so changes nothing."""
    kept = get_kept(db, request_id)
    if kept.state == "completed":
        return
    refuse_early(kept, at)
    row: dict[str, object] = {
        "outcome": outcome.outcome,
        "no_visit_reason": outcome.no_visit_reason,
    }
    if outcome.visited_on is not None:
        created_on = day_of(moment_of(kept.created_at), kept.timezone)
        row["days_waited"] = days_waited(created_on, outcome.visited_on)
        row["wished_on"] = outcome.visited_on.isoformat()
        _count_visit(db, kept.id, outcome.visited_on)
    db.table("requests").update(kept.id, row)
    end(db, by, at, kept, "completed")
    audit.record(db, by, at, "complete", "requests", kept.id, outcome=outcome.outcome)
    if kept.account_id != by.account_id:
        notify(db, at, "request_completed", kept.id, account_id=kept.account_id)


def _count_visit(db: Database, request_id: str, visited_on: date) -> None:
    db.execute(
        "UPDATE request_offers SET visited = 1, visit_on = ?"
        " WHERE request_id = ? AND answer = 'accepted' AND over_at IS NULL",
        [visited_on.isoformat(), request_id],
    )


def expire(db: Database, by: Actor, at: datetime, today: date) -> int:
    """Clocked: end what nobody ends. Where everybody said "not this time", it was declined."""
    sql = "SELECT id FROM requests WHERE ended_at IS NULL AND wished_on < :today"
    done = 0
    for request_id in column(db, sql, today=today.isoformat()):
        kept = get_kept(db, request_id)
        if today <= last_day(kept.state, kept.wished_on):
            continue
        state = "declined" if kept.state == "open" and _was_offered(db, kept.id) else "expired"
        end(db, by, at, kept, state)
        audit.record(db, by, at, "expire", "requests", kept.id)
        notify(db, at, "request_over", kept.id, account_id=kept.account_id)
        done += 1
    return done


def _was_offered(db: Database, request_id: str) -> bool:
    sql = "request_id = ? AND offered_at IS NOT NULL"
    return bool(db.table("request_offers").count_where(sql, [request_id]))


def erase(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """Clocked: overwrite what a request said about the person helped, a day after its end.

    Of the offers only the visit that was made stays, without its distance: it counts for its week.
    """
    sql = "SELECT id FROM requests WHERE ended_at <= :until AND erased_at IS NULL"
    found = column(db, sql, until=stamp(seen_since(at)))
    for request_id in found:
        # security: `secure_delete` and the cut of the log take it from the disk as well
        row = {**dict.fromkeys(ERASED), "erased_at": stamp(at)}
        db.table("requests").update(request_id, row)
        db.execute(
            "DELETE FROM request_offers WHERE request_id = ? AND answer IS NOT 'accepted'",
            [request_id],
        )
        db.execute(
            "UPDATE request_offers SET distance_band = NULL, reason = NULL WHERE request_id = ?",
            [request_id],
        )
        audit.record(db, by, at, "erase", "requests", request_id)
    return len(found)
