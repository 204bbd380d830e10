"""Questions about people with accounts, for those who keep them, and about grants that end."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor, Role
from portal.approvals.queries import is_without_coordinator
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.i18n.language import Message
from portal.people.forms import Wanted
from portal.people.rules import REMIND_BEFORE
from portal.waiting import Waiting


class Person(msgspec.Struct, frozen=True):
    """Somebody with an account, as those who keep accounts see them."""

    id: str
    name: str
    role: Role
    organisation: str | None
    directory_until: date | None
    acting_until: date | None
    locked: bool
    seen_on: date | None


class Details(Person, frozen=True):
    """One person's page."""

    sign_in_name: str
    organisation_id: str | None
    organisation_kind: str | None
    practitioner_id: str | None
    # by the end of a membership, whose return opens it
    closed: bool


class Found(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Person]


_FROM = (
    """
    FROM accounts AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id
    WHERE (:role IS NULL OR """
    + ROLE_NOW
    + """ = :role) AND (:organisation IS NULL OR a.organisation_id = :organisation)
    """
)

_PERSON = (
    "SELECT a.id, a.name, "
    + ROLE_NOW
    + """ AS role, o.name AS organisation, a.directory_until, a.acting_until,
        a.locked_at IS NOT NULL AS locked, a.seen_on
    """
)


def find_people(db: Database, today: date, wanted: Wanted) -> Found:
    """One page of everybody with an account, by name."""
    asked = {"role": wanted.role, "organisation": wanted.organisation, "today": today.isoformat()}
    total = count(db, "SELECT count(*) " + _FROM, **asked)
    sql = _PERSON + _FROM + "ORDER BY a.name, a.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Person, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_person_for(db: Database, actor: Actor, today: date, account_id: str) -> Details:
    """One person, for those who keep accounts; strangers get `NotFound`."""
    sql = (
        _PERSON
        + ", a.sign_in_name, a.organisation_id, o.kind AS organisation_kind, a.practitioner_id,"
        " a.locked_at IS NOT NULL AND EXISTS (SELECT 1 FROM closed_accounts AS c"
        " WHERE c.account_id = a.id) AS closed" + _FROM + "AND a.id = :id AND :keeper"
    )
    asked = {"role": None, "organisation": None, "today": today.isoformat(), "id": account_id}
    found = fetch_one(db, Details, sql, **asked, keeper=actor.keeps_accounts)
    if found is None:
        raise NotFound
    return found


class Granted(msgspec.Struct, frozen=True):
    """A member organisation and its access to the directory."""

    id: str
    name: str
    kind: str
    directory_until: date | None
    people: int


class GrantedFound(msgspec.Struct, frozen=True):
    """One page of organisations with their grants."""

    total: int
    page: int
    per_page: int
    results: list[Granted]


_MEMBERS = """
    FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
    WHERE m.state = 'admitted'
"""


def find_granted(db: Database, wanted: Wanted) -> GrantedFound:
    """Member organisations, those whose access ends first before the others."""
    total = count(db, "SELECT count(*) " + _MEMBERS)
    sql = (
        """
        SELECT o.id, o.name, o.kind, o.directory_until,
            (SELECT count(*) FROM accounts AS a WHERE a.organisation_id = o.id) AS people
        """
        + _MEMBERS
        + "ORDER BY o.directory_until IS NULL, o.directory_until, o.sort_name"
        " LIMIT :limit OFFSET :offset"
    )
    results = fetch(db, Granted, sql, limit=wanted.per_page, offset=wanted.offset)
    return GrantedFound(total, wanted.page, wanted.per_page, results)


def get_granted(db: Database, organisation_id: str) -> str:
    """The id of a member organisation, or `NotFound`."""
    sql = "SELECT o.id " + _MEMBERS + "AND o.id = :id"
    found = db.execute(sql, {"id": organisation_id}).fetchone()
    if found is None:
        raise NotFound
    return str(found[0])


class Choice(msgspec.Struct, frozen=True):
    """Something to choose from a list."""

    id: str
    name: str


def find_member_organisations(db: Database) -> list[Choice]:
    """Member organisations by name."""
    return fetch(db, Choice, "SELECT o.id, o.name " + _MEMBERS + "ORDER BY o.sort_name")


def find_colleagues(db: Database, actor: Actor) -> list[Choice]:
    """Who of one's own member organisation could stand in as coordinator."""
    sql = """
        SELECT a.id, a.name FROM accounts AS a
        JOIN membership_now AS m ON m.organisation_id = a.organisation_id
        WHERE a.organisation_id = :own AND m.state = 'admitted'
            AND a.role = 'member' AND a.locked_at IS NULL ORDER BY a.name, a.id
    """
    return fetch(db, Choice, sql, own=actor.organisation_id)


class Ending(msgspec.Struct, frozen=True):
    """A grant that ends soon."""

    subject_id: str
    kind: str
    until: str


_ENDING = """
    SELECT a.id AS subject_id, 'account' AS kind, a.directory_until AS until FROM accounts AS a
    WHERE a.locked_at IS NULL AND a.role = 'member'
        AND a.directory_until BETWEEN :today AND :soon
    UNION ALL
    SELECT o.id, 'organisation', o.directory_until FROM organisations AS o
    JOIN membership_now AS m ON m.organisation_id = o.id
    WHERE m.state = 'admitted' AND o.directory_until BETWEEN :today AND :soon
    ORDER BY until, subject_id
"""


def find_ending(db: Database, today: date) -> list[Ending]:
    """Grants to people and organisations that end within 30 days."""
    soon = (today + REMIND_BEFORE).isoformat()
    return fetch(db, Ending, _ENDING, today=today.isoformat(), soon=soon)


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Grants that end: all for coordinators, one's own for a member; that nobody coordinates."""
    if actor.role not in ("coordinator", "member"):
        return []
    ending = find_ending(db, today)
    if actor.is_coordinator:
        return [_to_renew(each) for each in ending]
    return _own(ending, actor) + _nobody_coordinates(db, actor, today)


def _own(ending: list[Ending], actor: Actor) -> list[Waiting]:
    mine = (actor.account_id, actor.organisation_id)
    says = Message("Access to the directory ends: ask a coordinator to renew it.")
    return [
        Waiting("check", says, ("account",), each.until, each.until)
        for each in ending
        if each.subject_id in mine
    ]


def _nobody_coordinates(db: Database, actor: Actor, today: date) -> list[Waiting]:
    if not find_colleagues(db, actor) or not is_without_coordinator(db, today):
        return []
    says = Message("There is no coordinator now: two organisations can appoint one for 30 days.")
    return [Waiting("check", says, ("people", "acting"), today.isoformat())]


def _to_renew(each: Ending) -> Waiting:
    if each.kind == "organisation":
        says = Message("An organisation's access to the directory ends.")
        return Waiting("check", says, ("people", "organisations"), each.until, each.until)
    says = Message("A person's access to the directory ends.")
    return Waiting("check", says, ("people", each.subject_id), each.until, each.until)
