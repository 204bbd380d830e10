"""Questions about reports; each is seen by its reporter, those whose card it is, coordinators."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.i18n.language import Message
from portal.organisations.queries import get_organisation_for
from portal.practitioners.queries import (
    LISTED,
    asker,
    get_practitioner_for,
    not_excluded_by,
)
from portal.tickets.forms import Filters
from portal.tickets.rules import DOUBTS, DUE_AFTER
from portal.waiting import Waiting


class Card(msgspec.Struct, frozen=True):
    """What a report is about: a record of some register, and whose it is."""

    kind: str
    id: str
    name: str
    organisation_id: str


def _practitioner(db: Database, actor: Actor, today: date, card_id: str) -> Card:
    found = get_practitioner_for(db, actor, today, card_id)
    return Card("practitioners", found.id, found.name, found.organisation_id)


def _organisation(db: Database, actor: Actor, _today: date, card_id: str) -> Card:
    found = get_organisation_for(db, actor, card_id)
    return Card("organisations", found.id, found.name, found.id)


# a register more is a function here, fields in seed_data/vocabularies/card_fields.csv, two routes
CARDS: dict[str, Callable[[Database, Actor, date, str], Card]] = {
    "practitioners": _practitioner,
    "organisations": _organisation,
}


def get_card_for(db: Database, actor: Actor, today: date, kind: str, card_id: str) -> Card:
    """The card, if this person may see it; strangers get `NotFound`."""
    return CARDS[kind](db, actor, today, card_id)


class Ticket(msgspec.Struct, frozen=True):
    """A report as somebody may see it; the card's name only while they may see the card."""

    id: str
    kind: str
    card_id: str | None
    name: str | None
    field: str
    problem: str
    opened_at: str
    state: str
    reason: str | None
    changed_at: str
    is_mine: bool
    may_mend: bool

    @property
    def opened(self) -> datetime:
        """When it was reported."""
        return moment_of(self.opened_at)


class Step(msgspec.Struct, frozen=True):
    """One state of a report and when it came."""

    state: str
    reason: str | None
    at: str

    @property
    def moment(self) -> datetime:
        """When it came."""
        return moment_of(self.at)


class Details(Ticket, frozen=True):
    """One report with its note, from which organisation it came, and its history."""

    note: str | None
    reported_by: str | None
    history: list[Step]


class Found(msgspec.Struct, frozen=True):
    """One page of reports, the newest first."""

    total: int
    page: int
    per_page: int
    results: list[Ticket]


# her own card is a practitioner's to keep too; a member without the directory sees no practitioner,
# and a colleague whom she excludes sees nothing about her
_KEEPS = (
    """
    (:coordinator
     OR (:is_member AND t.organisation_id IS :own AND (t.kind = 'organisations' OR (:directory AND
    """
    + not_excluded_by("t.card_id")
    + """)))
     OR (t.kind = 'practitioners' AND t.card_id IS :self))
    """
)

# nobody closes a report of one's own, but for coordinators, who answer where nobody else can
_MENDS = "(" + _KEEPS + " AND (:coordinator OR t.account_id IS NOT :account))"

_SEES_CARD = (
    "(" + _KEEPS + " OR (t.kind = 'organisations' AND o.id IS NOT NULL)"
    " OR (t.kind = 'practitioners' AND :directory AND EXISTS (SELECT 1 FROM listings AS l"
    " WHERE l.practitioner_id = t.card_id AND " + LISTED + ")))"
)

_SHOWN = (
    """
    FROM tickets_now AS t
    LEFT JOIN practitioners AS p ON t.kind = 'practitioners' AND p.id = t.card_id
    LEFT JOIN organisations AS o ON t.kind = 'organisations' AND o.id = t.card_id
    LEFT JOIN organisations AS r ON r.id = t.reporter_organisation_id
    WHERE (t.account_id IS :account OR """
    + _KEEPS
    + """)
    AND (:state IS NULL OR t.state = :state)
    """
)

_TICKET = (
    """
    SELECT t.id, t.kind, t.field, t.problem, t.opened_at, t.state, t.reason, t.changed_at,
        t.account_id IS :account AS is_mine, """
    + _MENDS
    + " AS may_mend, CASE WHEN "
    + _SEES_CARD
    + " THEN coalesce(p.name, o.name) END AS name, CASE WHEN "
    + _SEES_CARD
    + " THEN t.card_id END AS card_id"
)

_DETAILS = (
    """, t.note, CASE WHEN """
    + _MENDS
    + """ THEN r.name END AS reported_by,
    (SELECT json_group_array(json_object('state', state, 'reason', reason, 'at', at))
     FROM (SELECT * FROM ticket_states WHERE ticket_id = t.id ORDER BY id)) AS history
"""
)


def find_tickets(db: Database, actor: Actor, today: date, wanted: Filters) -> Found:
    """One's own reports and those about one's organisation's cards; coordinators see all."""
    asked = {**_asker(actor, today), "state": wanted.state}
    total = count(db, "SELECT count(*) " + _SHOWN, **asked)
    sql = _TICKET + _SHOWN + "ORDER BY t.opened_at DESC, t.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Ticket, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_ticket_for(db: Database, actor: Actor, today: date, ticket_id: str) -> Details:
    """One report; strangers get `NotFound`."""
    sql = _TICKET + _DETAILS + _SHOWN + "AND t.id = :id"
    found = fetch_one(db, Details, sql, **_asker(actor, today), state=None, id=ticket_id)
    if found is None:
        raise NotFound
    return found


def find_same(db: Database, actor: Actor, card: Card, field: str, problem: str) -> str | None:
    """The report of the same thing that this person made and that has no fate yet."""
    sql = """
        SELECT id FROM tickets_now AS t
        WHERE account_id = :account AND kind = :kind AND card_id = :card AND field = :field
            AND problem = :problem AND state IN ('open', 'seen') ORDER BY opened_at LIMIT 1
    """
    asked = {"account": actor.account_id, "kind": card.kind, "card": card.id}
    found = column(db, sql, **asked, field=field, problem=problem)
    return str(found[0]) if found else None


def count_doubting(db: Database, practitioner_id: str) -> int:
    """How many organisations report, without a fate yet, what makes her confirmation doubtful."""
    sql = """
        SELECT count(DISTINCT reporter_organisation_id) FROM tickets_now
        WHERE kind = 'practitioners' AND card_id = :id AND state IN ('open', 'seen')
            AND problem IN (SELECT value FROM json_each(:doubts))
    """
    doubts = msgspec.json.encode(sorted(DOUBTS)).decode()
    return count(db, sql, id=practitioner_id, doubts=doubts)


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """One line for those who can mend: how many reports have no fate yet, the oldest first."""
    sql = "SELECT t.opened_at " + _SHOWN + "AND t.state IN ('open', 'seen') AND " + _MENDS
    opened = sorted(column(db, sql, **_asker(actor, today), state=None))
    if not opened:
        return []
    says = Message(
        "%(n)s report of a wrong detail", {"n": len(opened)}, many="%(n)s reports of wrong details"
    )
    due = stamp(moment_of(opened[0]) + DUE_AFTER)
    return [Waiting("check", says, ("tickets",), since=opened[0], due=due)]


def _asker(actor: Actor, today: date) -> dict[str, object]:
    return {**asker(actor, today), "is_member": actor.role == "member"}
