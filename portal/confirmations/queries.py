"""Questions about confirmations: the last one, whose are due, who comes back, who is told."""

from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.confirmations.forms import Wanted
from portal.credentials.rules import code_hash
from portal.db import column, count, fetch, fetch_one
from portal.i18n.language import Message
from portal.practitioners.queries import WELCOME, asker
from portal.practitioners.rules import FRESH_DAYS, HIDDEN_AFTER_DAYS
from portal.waiting import Waiting

# how long a second tap on the same button still gets the thanks of the first
SECOND_TAP = timedelta(minutes=5)
SOON_BACK = timedelta(days=7)
COMING_BACK_AT_MOST = 50


class Last(msgspec.Struct, frozen=True):
    """The newest confirmation, and how it came; an import does not say how."""

    confirmed_on: date | None
    how: str | None


class Due(msgspec.Struct, frozen=True):
    """Somebody whose confirmation is ageing, or so old that members do not find her."""

    id: str
    name: str
    profession: str
    organisation: str
    place: str
    confirmed_on: date

    @property
    def hides_on(self) -> date:
        """The first day on which members do not find her."""
        return self.confirmed_on + timedelta(days=HIDDEN_AFTER_DAYS + 1)


class Found(msgspec.Struct, frozen=True):
    """One page of those whose confirmation is due."""

    total: int
    page: int
    per_page: int
    results: list[Due]


class Returning(msgspec.Struct, frozen=True):
    """Somebody whose absence ends soon, or has just ended."""

    id: str
    name: str
    back_on: date


_LOOKED_AFTER = (
    """
    FROM listings AS l
    JOIN practitioners AS p ON p.id = l.practitioner_id
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
    WHERE (:coordinator OR (:directory AND p.organisation_id IS :own AND
    """
    + WELCOME
    + "))"
)


def find_last(db: Database, practitioner_id: str) -> Last:
    """The newest confirmation."""
    sql = """
        SELECT confirmed_on, how FROM confirmations
        WHERE practitioner_id = :id ORDER BY id DESC LIMIT 1
    """
    return fetch_one(db, Last, sql, id=practitioner_id) or Last(None, None)


def is_open(db: Database, practitioner_id: str) -> bool:
    """Whether there is something to confirm: her consent stands, and her agreement has no end."""
    sql = """
        SELECT count(*) FROM consents AS c
        LEFT JOIN agreement_states AS a ON a.id =
            (SELECT max(id) FROM agreement_states WHERE practitioner_id = :id)
        WHERE c.id = (SELECT max(id) FROM consents WHERE practitioner_id = :id)
            AND c.withdrawn_on IS NULL AND coalesce(a.state, '') <> 'ended'
    """
    return count(db, sql, id=practitioner_id) > 0


def find_proposed_at(db: Database, practitioner_id: str) -> datetime | None:
    """When she was last proposed; None when nobody recorded that."""
    sql = """
        SELECT at FROM agreement_states
        WHERE practitioner_id = :id AND state = 'proposed' ORDER BY id DESC LIMIT 1
    """
    found = column(db, sql, id=practitioner_id)
    return moment_of(found[0]) if found else None


def was_just_confirmed(db: Database, code: str, at: datetime) -> bool:
    """Whether this very link confirmed a moment ago: the second tap of a double one."""
    sql = """
        SELECT count(*) FROM links AS l
        JOIN confirmations AS c ON c.practitioner_id = l.subject_id AND c.how = 'link'
            AND c.reference = CAST(l.id AS TEXT)
        WHERE l.hash = :hash AND l.purpose = 'confirm' AND c.at BETWEEN :since AND :now
    """
    since = stamp(at - SECOND_TAP)
    return count(db, sql, hash=code_hash(code), since=since, now=stamp(at)) > 0


def find_due(db: Database, actor: Actor, today: date, wanted: Wanted) -> Found:
    """Whose confirmation is due among those this person looks after, the oldest first."""
    asked = {**asker(actor, today), "fresh_since": _fresh_since(today)}
    due = _LOOKED_AFTER + " AND l.confirmed_on < :fresh_since "
    total = count(db, "SELECT count(*) " + due, **asked)
    sql = (
        "SELECT p.id, p.name, p.profession, o.name AS organisation, places.name AS place,"
        " l.confirmed_on " + due + "ORDER BY l.confirmed_on, p.id LIMIT :limit OFFSET :offset"
    )
    results = fetch(db, Due, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def find_returning(db: Database, actor: Actor, today: date) -> list[Returning]:
    """Who comes back within a week among those this person looks after, the next first."""
    sql = (
        "SELECT p.id, p.name, date(away.ends_on, '+1 day') AS back_on "
        + _LOOKED_AFTER.replace(
            "JOIN places",
            "JOIN practitioner_absences AS away ON away.practitioner_id = p.id JOIN places",
        )
        + " AND away.starts_on <= :today AND away.ends_on BETWEEN :yesterday AND :soon"
        " ORDER BY away.ends_on, p.sort_name LIMIT :limit"
    )
    days = {
        "yesterday": (today - timedelta(days=1)).isoformat(),
        "soon": (today + SOON_BACK).isoformat(),
    }
    asked = {**asker(actor, today), **days}
    return fetch(db, Returning, sql, **asked, limit=COMING_BACK_AT_MOST)


def find_keeping_accounts(db: Database, organisation_id: str, today: date) -> list[str]:
    """The accounts of an organisation's people who look after its practitioners."""
    sql = """
        SELECT id FROM accounts
        WHERE organisation_id = :id AND role = 'member' AND locked_at IS NULL
            AND directory_until >= :today
        ORDER BY id
    """
    return column(db, sql, id=organisation_id, today=today.isoformat())


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work`: my confirmation, my people's, and who comes back."""
    return [*_mine(db, actor, today), *_my_peoples(db, actor, today)]


def _mine(db: Database, actor: Actor, today: date) -> list[Waiting]:
    sql = """
        SELECT confirmed_on FROM listings
        WHERE practitioner_id = :id AND confirmed_on < :fresh_since
    """
    found = column(db, sql, id=actor.practitioner_id, fresh_since=_fresh_since(today))
    return [
        _line(
            "confirm",
            Message("Confirm that your details are right."),
            ("practitioners", str(actor.practitioner_id), "confirm"),
            date.fromisoformat(day),
        )
        for day in found
    ]


def _my_peoples(db: Database, actor: Actor, today: date) -> list[Waiting]:
    if not actor.may_use_directory:
        return []
    due = find_due(db, actor, today, Wanted(per_page=1))
    lines = [
        _line(
            "confirm",
            Message(
                "Confirm the details of %(n)s person.",
                {"n": due.total},
                "Confirm the details of %(n)s people.",
            ),
            ("confirmations",),
            each.confirmed_on,
        )
        for each in due.results
    ]
    returning = find_returning(db, actor, today)
    if returning:
        says = Message(
            "%(n)s person comes back this week.",
            {"n": len(returning)},
            "%(n)s people come back this week.",
        )
        lines.append(Waiting("returning", says, ("confirmations",), today.isoformat()))
    return lines


def _line(kind: str, says: Message, path: tuple[str, ...], confirmed_on: date) -> Waiting:
    since = confirmed_on + timedelta(days=FRESH_DAYS + 1)
    due = confirmed_on + timedelta(days=HIDDEN_AFTER_DAYS)
    return Waiting(kind, says, path, since.isoformat(), due.isoformat())


def _fresh_since(today: date) -> str:
    return (today - timedelta(days=FRESH_DAYS)).isoformat()
