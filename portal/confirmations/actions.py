"""Confirm that details are right; remind those who can, before the clock hides somebody."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.actions import set_confirmation
from portal.capacity.actions import set_times
from portal.capacity.forms import Wanted
from portal.capacity.queries import get_kept_for
from portal.clock import stamp
from portal.confirmations.forms import Confirmed
from portal.confirmations.queries import find_keeping_accounts, find_proposed_at, is_open
from portal.confirmations.rules import (
    refusal_by_telephone,
    reminder_due,
    seen_details,
    way_of,
)
from portal.db import fetch
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.links.actions import use_link
from portal.notices.actions import notify, notify_welcome
from portal.practitioners.queries import Details
from portal.practitioners.rules import FRESH_DAYS


def herself(practitioner_id: str) -> Actor:
    """A practitioner who acts by a link: nobody is signed in."""
    return Actor(role="practitioner", practitioner_id=practitioner_id)


def confirm(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    how: str,
    reference: str | None = None,
) -> None:
    """Record that her details are right today and that she takes visits; once for each way.

    `Invalid` while there is no consent to stand on. Nothing else renews a confirmation.
    """
    if not is_open(db, practitioner_id):
        raise Invalid(
            {"all": [Message("There is nothing to confirm before the consent is given.")]}
        )
    day = today.isoformat()
    set_confirmation(db, by, at, practitioner_id, day, how=how, reference=reference)


def confirm_by_link(
    db: Database, at: datetime, today: date, code: str, form: Confirmed, times: Wanted | None
) -> None:
    """Use a link up for one confirmation; `NotFound` when it is not good."""
    link = use_link(db, at, "confirm", code)
    by = herself(link.subject_id)
    _correct(db, by, at, today, link.subject_id, form, times)
    confirm(db, by, at, today, link.subject_id, "link", str(link.id))


def confirm_signed_in(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    form: Confirmed,
    times: Wanted | None,
) -> None:
    """Confirm one's own details, or those of somebody one has just spoken with."""
    way = way_of(by, practitioner_id)
    _correct(db, by, at, today, practitioner_id, form, times)
    if way == "telephone":
        refusal = refusal_by_telephone(by, find_proposed_at(db, practitioner_id), at)
        if refusal is not None:
            raise Invalid({"all": [refusal]})
        if not form.spoke:
            raise Invalid(
                {"spoke": [Message("Call first: only the practitioner can say that all is right.")]}
            )
    confirm(db, by, at, today, practitioner_id, way)


def refuse_unseen(found: Details, seen: str) -> None:
    """`Invalid` when the details are not those that somebody was shown."""
    if seen != seen_details(found):
        said = Message("The details were changed meanwhile. Look at them again, then confirm.")
        raise Invalid({"all": [said]})


def _correct(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    form: Confirmed,
    times: Wanted | None,
) -> None:
    refuse_unseen(get_kept_for(db, by, today, practitioner_id), form.seen)
    if times is not None:
        set_times(db, by, at, practitioner_id, times)


class Ageing(msgspec.Struct, frozen=True):
    """A confirmation that is not fresh, and the last reminder of it."""

    practitioner_id: str
    organisation_id: str
    confirmed_on: date
    reminded: int


def remind(db: Database, _by: Actor, at: datetime, today: date) -> int:
    """Remind of every confirmation that reached the next step; how many were.

    Only who has a listing, and so agreement and consent, is reminded. A step that was passed while
    nothing ran is not made up for when a later one is due, and none comes twice.
    """
    sql = """
        SELECT l.practitioner_id, l.organisation_id, l.confirmed_on, coalesce(
            (SELECT max(age) FROM confirmation_reminders AS r
             WHERE r.practitioner_id = l.practitioner_id AND r.confirmed_on = l.confirmed_on), 0
        ) AS reminded
        FROM listings AS l WHERE l.confirmed_on < :fresh_since ORDER BY l.practitioner_id
    """
    fresh_since = date.fromordinal(today.toordinal() - FRESH_DAYS).isoformat()
    ageing = fetch(db, Ageing, sql, fresh_since=fresh_since)
    return sum(_remind(db, at, today, each) for each in ageing)


def _remind(db: Database, at: datetime, today: date, each: Ageing) -> bool:
    step = reminder_due(each.confirmed_on, today)
    if step is None or step <= each.reminded:
        return False
    row = {"practitioner_id": each.practitioner_id, "confirmed_on": each.confirmed_on.isoformat()}
    db.table("confirmation_reminders").insert({**row, "age": step, "at": stamp(at)})
    mine = each.practitioner_id
    notify(db, at, "confirm", mine, practitioner_id=mine)
    # one line a mail, however many of an organisation's people are due
    keeping, own = find_keeping_accounts(db, each.organisation_id, today), each.organisation_id
    notify_welcome(db, at, "confirm_people", mine, keeping, about=own)
    return True
