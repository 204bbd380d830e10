"""Questions about cards: whose, how many codes are left, and what was done with them."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.cards.rules import FEW_LEFT
from portal.clock import moment_of
from portal.db import count, fetch, fetch_one
from portal.i18n.language import Message
from portal.practitioners.queries import WELCOME, asker
from portal.requests.forms import Filters
from portal.requests.queries import Line, find_requests
from portal.waiting import Waiting
from search.folding import fold

FOUND_AT_MOST = 30


class Card(msgspec.Struct, frozen=True):
    """The card that a practitioner holds now."""

    id: str
    name: str
    made_at: str
    made_by: str
    made_by_name: str
    failures: int
    is_locked: bool
    unused: list[int]

    def asks(self, actor: Actor) -> bool:
        """Whether a code of it can be asked for by this person, who has not printed it."""
        return not self.is_locked and bool(self.unused) and self.made_by != actor.account_id


class Kept(msgspec.Struct, frozen=True):
    """One code of a card."""

    number: int
    hash: str
    used_at: str | None
    used_by: str | None
    used_for: str | None


class Person(msgspec.Struct, frozen=True):
    """A practitioner in the list, and the card she holds."""

    id: str
    name: str
    profession: str
    organisation: str
    place: str
    has_account: bool
    left: int | None
    is_locked: bool


class Done(msgspec.Struct, frozen=True):
    """Something that was done on her behalf."""

    at: str
    by: str
    by_id: str
    detail: dict[str, Any]

    @property
    def moment(self) -> datetime:
        """When."""
        return moment_of(self.at)


_PEOPLE = (
    """
    SELECT p.id, p.name, p.profession, o.name AS organisation, places.name AS place,
        EXISTS (SELECT 1 FROM accounts WHERE practitioner_id = p.id) AS has_account,
        CASE WHEN card.id IS NOT NULL THEN
            (SELECT count(*) FROM card_codes WHERE card_id = card.id AND used_at IS NULL)
        END AS "left",
        card.locked_at IS NOT NULL AS is_locked
    FROM practitioners AS p
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
    LEFT JOIN cards AS card ON card.practitioner_id = p.id AND card.ended_at IS NULL
    WHERE (:coordinator OR (:directory AND p.organisation_id IS :own AND
    """
    + WELCOME
    + "))"
)


def find_card(db: Database, practitioner_id: str) -> Card | None:
    """The card she holds; None when she was given none."""
    sql = """
        SELECT c.id, p.name, c.made_at, c.made_by, coalesce(made.name, '') AS made_by_name,
            c.failures, c.locked_at IS NOT NULL AS is_locked,
            (SELECT json_group_array(number) FROM (SELECT number FROM card_codes
             WHERE card_id = c.id AND used_at IS NULL ORDER BY number)) AS unused
        FROM cards AS c JOIN practitioners AS p ON p.id = c.practitioner_id
        LEFT JOIN accounts AS made ON made.id = c.made_by
        WHERE c.practitioner_id = :id AND c.ended_at IS NULL
    """
    return fetch_one(db, Card, sql, id=practitioner_id)


def find_code(db: Database, card_id: str, number: int) -> Kept | None:
    """One code of a card by its number."""
    sql = "SELECT * FROM card_codes WHERE card_id = :card AND number = :number"
    return fetch_one(db, Kept, sql, card=card_id, number=number)


def find_people(db: Database, actor: Actor, today: date, who: str | None) -> list[Person]:
    """Those this person looks after: by a part of the name, else those who hold a card."""
    asked = asker(actor, today)
    if who is None:
        sql = _PEOPLE + " AND card.id IS NOT NULL ORDER BY p.sort_name, p.id LIMIT :limit"
        return fetch(db, Person, sql, **asked, limit=FOUND_AT_MOST)
    words = fold(who).split()
    people = fetch(db, Person, _PEOPLE + " ORDER BY p.sort_name, p.id", **asked)
    found = [each for each in people if all(word in fold(each.name) for word in words)]
    return found[:FOUND_AT_MOST]


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work`: people to whom a new card has to be brought."""
    if not actor.may_use_directory:
        return []
    sql = "SELECT * FROM (" + _PEOPLE + ') WHERE is_locked OR "left" <= :few ORDER BY id'
    people = fetch(db, Person, sql, **asker(actor, today), few=FEW_LEFT)
    if not people:
        return []
    says = Message(
        "Bring %(n)s person a new card of codes.",
        {"n": len(people)},
        "Bring %(n)s people a new card of codes.",
    )
    return [Waiting("card", says, ("cards",), today.isoformat())]


def find_done(db: Database, practitioner_id: str) -> list[Done]:
    """What was done on her behalf, the newest first, from the audit itself."""
    sql = """
        SELECT a.at, coalesce(account.name, a."by") AS "by",
            a."by" AS by_id, a.detail
        FROM audit AS a LEFT JOIN accounts AS account ON account.id = a."by"
        WHERE a.verb = 'on_behalf' AND a.entity = 'practitioners' AND a.entity_id = :id
        ORDER BY a.id DESC LIMIT 100
    """
    return fetch(db, Done, sql, id=practitioner_id)


def find_her_requests(
    db: Database, practitioner_id: str, at: datetime, told: set[str]
) -> list[Line]:
    """What is offered to her, as far as she may know it; accepted ones only among those `told`.

    The settlement of an accepted request is read to her by whoever took that call, and shown to
    nobody else for it.
    """
    her = Actor(role="practitioner", practitioner_id=practitioner_id)
    found = find_requests(db, her, at, Filters(per_page=100)).results
    return [each for each in found if each.mine == "offered" or each.id in told]


def has_consent(db: Database, practitioner_id: str) -> bool:
    """Whether her newest consent stands."""
    sql = """
        SELECT count(*) FROM consents WHERE withdrawn_on IS NULL
            AND id = (SELECT max(id) FROM consents WHERE practitioner_id = :id)
    """
    return count(db, sql, id=practitioner_id) > 0
