"""Questions about looks at contacts, and the one question that reads a contact."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.contacts.forms import Filters
from portal.contacts.rules import AHEAD, DOUBLE_CLICK, MINUTE, Looks, first_watched, is_unusual
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.forms import Paged
from portal.i18n.language import Message
from portal.practitioners.queries import WELCOME, Details, asker, get_practitioner_for
from portal.waiting import Waiting


class Contact(msgspec.Struct, frozen=True):
    """A practitioner's own phone and e-mail address, and what to say when calling."""

    phone: str | None = None
    email: str | None = None
    say_when_calling: str | None = None


class Way(msgspec.Struct, frozen=True):
    """How she wants to be reached, and the number of her organisation for everything else."""

    contact_policy: str | None
    contact_hours: str | None
    phone_shared: int | None
    duty_phone: str | None
    is_excluded: bool


class Look(msgspec.Struct, frozen=True):
    """One look: who, whose contact, why, when, and whether it was shown."""

    practitioner_id: str
    practitioner: str
    account_id: str
    name: str
    organisation: str | None
    purpose: str
    at: str
    is_night: bool
    shown: str

    @property
    def moment(self) -> datetime:
        """When it was."""
        return moment_of(self.at)


class Found(msgspec.Struct, frozen=True):
    """One page of looks, the newest first."""

    total: int
    page: int
    per_page: int
    results: list[Look]


class Unusual(msgspec.Struct, frozen=True):
    """One person's day that deserves a look."""

    account_id: str
    name: str
    day: str
    practitioners: int
    at_night: int


def get_reachable_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> Details:
    """A practitioner whose contact may be asked for: listed now, and seen by this person."""
    found = get_practitioner_for(db, actor, today, practitioner_id)
    if not found.listed:
        raise NotFound
    return found


_WAY = (
    """
    SELECT p.contact_policy, p.contact_hours, p.phone_shared, o.duty_phone, NOT ("""
    + WELCOME
    + """) AS is_excluded
    FROM practitioners AS p JOIN organisations AS o ON o.id = p.organisation_id
    WHERE p.id = :id
    """
)


def get_way(db: Database, actor: Actor, today: date, practitioner_id: str) -> Way:
    """Her contact policy; a coordinator whom she excludes sees her record, not her contact."""
    found = fetch_one(db, Way, _WAY, **asker(actor, today), id=practitioner_id)
    if found is None:
        raise NotFound
    return found


def get_contact(db: Database, practitioner_id: str) -> Contact:
    """Her contact, empty when there is none; asked by the action that logs the look alone."""
    sql = "SELECT phone, email, say_when_calling FROM practitioner_contacts"
    found = fetch_one(db, Contact, sql + " WHERE practitioner_id = :id", id=practitioner_id)
    return found or Contact()


def count_looks(db: Database, actor: Actor, at: datetime, today: date) -> Looks:
    """What counts against one more look; looks of days to come count, whatever the clock did."""
    sql = """
        SELECT
            (SELECT count(*) FROM contact_looks WHERE account_id = :account
                AND at > :minute_ago AND at < :ahead) AS minute,
            (SELECT min(at) FROM contact_looks WHERE account_id = :account
                AND at > :minute_ago AND at < :ahead) AS oldest_of_minute,
            (SELECT count(*) FROM contact_looks WHERE account_id = :account
                AND day >= :today AND at < :ahead) AS day,
            (SELECT count(*) FROM contact_looks WHERE organisation_id = :own
                AND day >= :today AND at < :ahead) AS organisation
    """
    asked = {"minute_ago": stamp(at - MINUTE), "ahead": stamp(at + AHEAD)}
    asked |= {"today": today.isoformat(), "account": str(actor.account_id)}
    (counted,) = fetch(db, Looks, sql, **asked, own=actor.organisation_id)
    return counted


def is_repeated(
    db: Database, actor: Actor, at: datetime, practitioner_id: str, purpose: str, key: str | None
) -> bool:
    """Whether this very form was sent a moment ago: a double click is one look."""
    sql = """
        SELECT count(*) FROM contact_looks
        WHERE account_id = :account AND practitioner_id = :id AND purpose = :purpose
            AND form_key = :key AND at BETWEEN :since AND :until
    """
    asked = {"since": stamp(at - DOUBLE_CLICK), "until": stamp(at), "key": key}
    asked |= {"account": actor.account_id, "id": practitioner_id, "purpose": purpose}
    return count(db, sql, **asked) > 0


_LOOKS = """
    FROM contact_looks AS k
    JOIN practitioners AS p ON p.id = k.practitioner_id
    JOIN accounts AS a ON a.id = k.account_id
    LEFT JOIN organisations AS o ON o.id = k.organisation_id
    WHERE (:practitioner IS NULL OR k.practitioner_id = :practitioner)
        AND (:person IS NULL OR k.account_id = :person)
        AND (:day IS NULL OR k.day = :day)
"""

_LOOK = """
    SELECT k.practitioner_id, p.name AS practitioner, k.account_id, a.name,
        o.name AS organisation, k.purpose, k.at, k.is_night, k.shown
"""


def find_looks(db: Database, wanted: Filters | Paged, practitioner_id: str | None = None) -> Found:
    """One page of looks: those of a filter, or those at one practitioner's contact."""
    filters = wanted if isinstance(wanted, Filters) else Filters()
    day = filters.date.isoformat() if filters.date else None
    asked = {"practitioner": practitioner_id, "person": filters.person, "day": day}
    total = count(db, "SELECT count(*) " + _LOOKS, **asked)
    sql = _LOOK + _LOOKS + "ORDER BY k.id DESC LIMIT :limit OFFSET :offset"
    results = fetch(db, Look, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_looks_for(
    db: Database, actor: Actor, today: date, practitioner_id: str, wanted: Paged
) -> tuple[Details, Found]:
    """Who looked at her contact: for herself and for coordinators, for no colleague."""
    practitioner = get_practitioner_for(db, actor, today, practitioner_id)
    if not actor.is_coordinator and actor.practitioner_id != practitioner_id:
        raise NotFound
    return practitioner, find_looks(db, wanted, practitioner_id)


class Looker(msgspec.Struct, frozen=True):
    """Somebody who has looked at a contact."""

    id: str
    name: str


def find_lookers(db: Database) -> list[Looker]:
    """Everybody whose looks are kept, by name."""
    sql = """
        SELECT id, name FROM accounts
        WHERE id IN (SELECT account_id FROM contact_looks) ORDER BY name, id
    """
    return fetch(db, Looker, sql)


def find_unusual(db: Database, today: date) -> list[Unusual]:
    """The days of the last week on which somebody looked more, or later, than one does."""
    sql = """
        SELECT k.account_id, a.name, k.day,
            count(DISTINCT k.practitioner_id) AS practitioners, sum(k.is_night) AS at_night
        FROM contact_looks AS k JOIN accounts AS a ON a.id = k.account_id
        WHERE k.day >= :since GROUP BY k.account_id, k.day ORDER BY k.day DESC, a.name
    """
    days = fetch(db, Unusual, sql, since=first_watched(today).isoformat())
    return [each for each in days if is_unusual(each.practitioners, each.at_night)]


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """One line for coordinators while there is unusual looking."""
    found = find_unusual(db, today) if actor.is_coordinator else []
    if not found:
        return []
    says = Message(
        "Unusual looking at contacts: %(n)s person on one day",
        {"n": len(found)},
        many="Unusual looking at contacts: %(n)s persons or days",
    )
    return [Waiting("contacts", says, ("contacts",), since=found[0].day)]
