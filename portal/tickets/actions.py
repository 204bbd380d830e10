"""Report a wrong detail; say what becomes of it; forget what was written."""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_coordinators, find_members_of
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.notices.actions import notify, notify_welcome
from portal.tickets.forms import Answered, Wrong
from portal.tickets.queries import (
    Card,
    count_doubting,
    find_same,
    get_card_for,
    get_ticket_for,
)
from portal.tickets.rules import (
    FATES,
    NOTES_KEPT_FOR,
    is_doubtful,
    may_become,
)


def report(
    db: Database, by: Actor, at: datetime, today: date, kind: str, card_id: str, wrong: Wrong
) -> str:
    """Report a detail of a card one may see; the report's id.

    Whoever reports the same again, by a double click perhaps, is led to the report they made.
    """
    card = get_card_for(db, by, today, kind, card_id)
    if same := find_same(db, by, card, wrong.field, wrong.problem):
        return same
    ticket_id = "t-" + secrets.token_hex(8)
    db.table("tickets").insert(
        {
            "id": ticket_id,
            "kind": kind,
            "card_id": card_id,
            "organisation_id": card.organisation_id,
            "field": wrong.field,
            "problem": wrong.problem,
            "note": wrong.note,
            "account_id": by.account_id,
            "reporter_organisation_id": by.organisation_id,
            "opened_at": stamp(at),
        }
    )
    _enter(db, by, at, ticket_id, "open")
    _tell_who_can_mend(db, by, at, today, ticket_id, card)
    _doubt(db, at, card, wrong.problem)
    return ticket_id


def answer(
    db: Database, by: Actor, at: datetime, today: date, ticket_id: str, answered: Answered
) -> None:
    """Say that a report was seen, that the detail is mended, or why it stays as it is.

    The same answer twice is one; another answer after somebody else's is refused.
    """
    ticket = get_ticket_for(db, by, today, ticket_id)
    if not ticket.may_mend:
        raise NotAllowed
    if ticket.state == answered.state:
        return
    if not may_become(ticket.state, answered.state):
        raise Invalid({"state": [Message("Somebody has answered this report already.")]})
    reason = answered.reason if answered.state == "kept" else None
    _enter(db, by, at, ticket_id, answered.state, reason)
    if answered.state in FATES and not ticket.is_mine:
        _tell_reporter(db, at, ticket_id)


def forget_notes(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """Erase what was written in reports closed long ago; the rows stay, for the counts.

    With a practitioner’s consent goes what was written about her.
    """
    sql = """
        SELECT id FROM tickets_now AS t WHERE note IS NOT NULL AND (
            (state IN ('mended', 'kept') AND changed_at < :oldest)
            OR (kind = 'practitioners' AND card_id IN (
                SELECT c.practitioner_id FROM consents AS c WHERE c.withdrawn_on IS NOT NULL
                AND c.id = (SELECT max(id) FROM consents
                            WHERE practitioner_id = c.practitioner_id))))
    """
    forgotten = column(db, sql, oldest=stamp(at - NOTES_KEPT_FOR))
    for ticket_id in forgotten:
        db.table("tickets").update(ticket_id, {"note": None})
        audit.record(db, by, at, "forget", "tickets", ticket_id)
    return len(forgotten)


def _enter(
    db: Database, by: Actor, at: datetime, ticket_id: str, state: str, reason: str | None = None
) -> None:
    row = {"ticket_id": ticket_id, "state": state, "reason": reason, "at": stamp(at)}
    db.table("ticket_states").insert({**row, "by": by.account_id or by.role})
    audit.record(db, by, at, "record", "tickets", ticket_id, state=state, reason=reason)


def _tell_who_can_mend(
    db: Database, by: Actor, at: datetime, today: date, ticket_id: str, card: Card
) -> None:
    """Others of the card's own organisation; where nobody else has an account, coordinators."""
    members = set(find_members_of(db, card.organisation_id)) - {by.account_id}
    people = sorted(members) or find_coordinators(db, today)
    others = [account_id for account_id in people if account_id != by.account_id]
    if card.kind == "practitioners":
        notify_welcome(db, at, "ticket_opened", card.id, others, about=ticket_id)
        return
    for account_id in others:
        notify(db, at, "ticket_opened", ticket_id, account_id=account_id)


def _tell_reporter(db: Database, at: datetime, ticket_id: str) -> None:
    for account_id in column(db, "SELECT account_id FROM tickets WHERE id = :id", id=ticket_id):
        notify(db, at, "ticket_answered", ticket_id, account_id=account_id)


def _doubt(db: Database, at: datetime, card: Card, problem: str) -> None:
    """Ask for a fresh confirmation when two organisations cannot reach her."""
    if card.kind == "practitioners" and is_doubtful(problem, count_doubting(db, card.id)):
        notify(db, at, "confirm", card.id, practitioner_id=card.id)
