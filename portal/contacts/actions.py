"""Look at a contact: with a purpose, logged, capped; and forget old looks."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_coordinators
from portal.actor import Actor
from portal.clock import day_of, stamp
from portal.contacts.forms import Wanted
from portal.contacts.queries import (
    Contact,
    Way,
    count_looks,
    get_contact,
    get_reachable_for,
    get_way,
    is_repeated,
)
from portal.contacts.rules import (
    KEPT_FOR,
    Cap,
    Given,
    Reason,
    Wish,
    cap_reached,
    is_night,
    local_time,
    reason_against,
    wait_until_free,
)
from portal.errors import TooOften
from portal.notices.actions import notify
from portal.requests.queries import has_accepted


class Shown(msgspec.Struct, frozen=True):
    """What one look brings: her contact, or her organisation's number and the reason."""

    shown: Given
    why: Reason | None = None
    contact: Contact = Contact()
    hours: str | None = None
    duty_phone: str | None = None


class Stopped(msgspec.Struct, frozen=True):
    """A cap was reached: nothing is shown, and `error` says how long to wait."""

    cap: Cap
    error: TooOften


def look(
    db: Database, by: Actor, at: datetime, timezone: str, practitioner_id: str, wanted: Wanted
) -> Shown | Stopped:
    """One look at one contact, counted and logged in the transaction that reads it.

    `NotFound` when she is not listed for this person now. Stopped is an answer and no error: what
    is recorded of it must be saved.
    """
    today = day_of(at, timezone)
    get_reachable_for(db, by, today, practitioner_id)
    repeated = is_repeated(db, by, at, practitioner_id, wanted.purpose, wanted.key)
    looks = count_looks(db, by, at, today)
    cap = None if repeated else cap_reached(looks)
    if cap:
        _stop(db, by, at, today, cap)
        return Stopped(cap, TooOften(wait_until_free(cap, looks, at, timezone)))
    shown = _decide(db, by, at, timezone, practitioner_id)
    if not repeated:
        record_look(db, by, at, timezone, practitioner_id, wanted, shown.shown)
    return shown


def _decide(db: Database, by: Actor, at: datetime, timezone: str, practitioner_id: str) -> Shown:
    way = get_way(db, by, day_of(at, timezone), practitioner_id)
    accepted = has_accepted(db, by, practitioner_id)
    why = reason_against(_wish(way, is_accepted=accepted), local_time(at, timezone))
    contact = Contact() if why else get_contact(db, practitioner_id)
    if why is None and not (contact.phone or contact.email):
        why = "no_contact"
    if why is None:
        return Shown("contact", None, contact, way.contact_hours or None, way.duty_phone)
    # the hours are told only where they are the reason
    hours = way.contact_hours if why in ("outside_hours", "unclear_hours") else None
    return Shown("duty" if way.duty_phone else "nothing", why, Contact(), hours, way.duty_phone)


def _wish(way: Way, *, is_accepted: bool) -> Wish:
    # security: an excluded coordinator is told what everybody else may be told, and not why
    policy = "via_organisation" if way.is_excluded else way.contact_policy
    return Wish(policy, way.contact_hours, bool(way.phone_shared), is_accepted)


def record_look(
    db: Database,
    by: Actor,
    at: datetime,
    timezone: str,
    practitioner_id: str,
    wanted: Wanted,
    shown: Given,
) -> None:
    """Log what one look brought, tell the practitioner, and say so in the audit."""
    row = {
        "practitioner_id": practitioner_id,
        "account_id": by.account_id,
        "organisation_id": by.organisation_id,
        "purpose": wanted.purpose,
        "at": stamp(at),
        "day": day_of(at, timezone).isoformat(),
        "is_night": is_night(local_time(at, timezone)),
        "shown": shown,
        "form_key": wanted.key,
    }
    look_id = db.table("contact_looks").insert(row).last_pk
    detail = {"purpose": wanted.purpose, "shown": shown}
    audit.record(db, by, at, "look_at_contact", "practitioners", practitioner_id, **detail)
    notify(db, at, "contact_looked", str(look_id), practitioner_id=practitioner_id)


def _stop(db: Database, by: Actor, at: datetime, today: date, cap: Cap) -> None:
    """Tell the coordinators, once a day of one person."""
    stopped = db.execute(
        "INSERT OR IGNORE INTO contact_stops (account_id, day, cap, at) VALUES (?, ?, ?, ?)",
        [by.account_id, today.isoformat(), cap, stamp(at)],
    )
    if stopped.rowcount != 1:
        return
    audit.record(db, by, at, "stop_looking", "accounts", str(by.account_id), cap=cap)
    for coordinator in find_coordinators(db, today):
        notify(db, at, "contacts_stopped", str(by.account_id), account_id=coordinator)


def forget_old_looks(db: Database, by: Actor, at: datetime, today: date) -> int:
    """Delete looks, and the days somebody was stopped on, that are older than a year."""
    oldest = (today - KEPT_FOR).isoformat()
    gone = db.execute("DELETE FROM contact_looks WHERE day < ?", [oldest]).rowcount
    db.execute("DELETE FROM contact_stops WHERE day < ?", [oldest])
    if gone:
        audit.record(db, by, at, "forget", "contact_looks", "", rows=gone)
    return gone
