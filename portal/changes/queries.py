"""Questions about changes and versions, for those who may change the practitioner's details."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.changes.rules import LABELS, WAITS_FOR, Side, may_approve
from portal.clock import moment_of, stamp
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.i18n.fields import FIELDS
from portal.i18n.language import Message
from portal.notices.queries import find_welcome
from portal.practitioners.queries import WELCOME, asker, get_practitioner_for
from portal.practitioners.rules import Person, is_same_person
from portal.versions.queries import MOST, Diff
from portal.waiting import Waiting


class Editable(msgspec.Struct, frozen=True):
    """A practitioner whose details somebody may change, and on whose side they stand."""

    id: str
    name: str
    profession: str
    version: int
    country: str
    is_withdrawn: bool
    stands: bool
    side: Side = "herself"

    @property
    def person(self) -> Person:
        """The practitioner herself, as the rule about two people compares her."""
        return Person(name=self.name, practitioner_id=self.id)


class Change(msgspec.Struct, frozen=True):
    """A change that was asked for, and what became of it."""

    practitioner_id: str
    number: int
    kind: str
    side: str
    base: int
    diff: Diff
    why: str | None
    made_at: str
    made_by: str
    made_by_name: str | None
    state: str
    decided_at: str
    decided_by: str
    decided_side: str | None
    decided_by_name: str | None
    reason: str | None
    version: int | None
    undoes: int | None

    @property
    def maker(self) -> Person:
        """Who asked for it."""
        return Person(self.made_by, self.made_by_name or "")

    @property
    def made(self) -> datetime:
        """When it was asked for."""
        return moment_of(self.made_at)

    @property
    def decided(self) -> datetime:
        """When it came to its present state."""
        return moment_of(self.decided_at)


class Changes(msgspec.Struct, frozen=True):
    """The changes of one practitioner, newest first."""

    total: int
    page: int
    per_page: int
    results: list[Change]


# a record that was agreed to, or that she consented to, is what a second person looked at
_EDITABLE = """
    SELECT p.id, p.name, p.profession, p.version, places.country,
        coalesce(c.withdrawn_on IS NOT NULL, 0) AS is_withdrawn,
        coalesce(agreed.state IN ('agreed', 'suspended')
            OR (c.id IS NOT NULL AND c.withdrawn_on IS NULL), 0) AS stands
    FROM practitioners AS p JOIN places ON places.id = p.place_id
    LEFT JOIN consents AS c ON c.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
    LEFT JOIN agreement_states AS agreed ON agreed.id =
        (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
    WHERE p.id = :id
"""

_CHANGE = """
    SELECT c.*, made.name AS made_by_name, decided.name AS decided_by_name
    FROM changes_now AS c
    LEFT JOIN accounts AS made ON made.id = c.made_by
    LEFT JOIN accounts AS decided ON decided.id = c.decided_by
"""


def get_editable_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> Editable:
    """The practitioner herself, somebody of her own organisation, or a coordinator: nobody else."""
    seen = get_practitioner_for(db, actor, today, practitioner_id)
    side = _side_of(actor, seen.id, seen.organisation_id)
    found = fetch_one(db, Editable, _EDITABLE, id=practitioner_id)
    if side is None or found is None:
        raise NotFound
    return msgspec.structs.replace(found, side=side)


def _side_of(actor: Actor, practitioner_id: str, organisation_id: str) -> Side | None:
    if actor.practitioner_id == practitioner_id:
        return "herself"
    if actor.is_coordinator:
        return "coordinator"
    is_own = actor.organisation_id == organisation_id
    return "organisation" if actor.may_use_directory and is_own else None


def find_changes(db: Database, practitioner_id: str, page: int, per_page: int) -> Changes:
    """One page of a practitioner's changes, newest first."""
    sql = (
        _CHANGE + " WHERE c.practitioner_id = :id ORDER BY c.number DESC LIMIT :limit OFFSET :skip"
    )
    total = count(
        db,
        "SELECT count(*) FROM practitioner_changes WHERE practitioner_id = :id",
        id=practitioner_id,
    )
    asked = {"id": practitioner_id, "limit": per_page, "skip": (page - 1) * per_page}
    return Changes(total, page, per_page, fetch(db, Change, sql, **asked))


def get_change(db: Database, practitioner_id: str, number: int) -> Change:
    """One change; whether it may be seen is asked by `get_editable_for`."""
    sql = _CHANGE + " WHERE c.practitioner_id = :id AND c.number = :number"
    found = fetch_one(db, Change, sql, id=practitioner_id, number=min(number, MOST))
    if found is None:
        raise NotFound
    return found


def find_open(db: Database, practitioner_id: str) -> list[Change]:
    """The changes that wait for a second person, oldest first."""
    sql = _CHANGE + " WHERE c.practitioner_id = :id AND c.state = 'waiting' ORDER BY c.number"
    return fetch(db, Change, sql, id=practitioner_id)


def newest_number(db: Database, practitioner_id: str) -> int:
    """The number of the newest change, 0 before there is one."""
    sql = "SELECT max(number) FROM practitioner_changes WHERE practitioner_id = :id"
    return count(db, sql, id=practitioner_id)


def new_values(db: Database, change: Change) -> dict[str, Any]:
    """What a change would set, its contacts and licences among it where they are still kept."""
    values = {field: pair[1] for field, pair in change.diff.items() if pair is not None}
    sql = (
        "SELECT field, new FROM practitioner_changes_apart WHERE practitioner_id = ? AND number = ?"
    )
    return {**values, **dict(db.execute(sql, [change.practitioner_id, change.number]).fetchall())}


def is_newest_applied(db: Database, change: Change) -> bool:
    """Whether no later change took effect and still stands."""
    sql = """
        SELECT max(number) FROM changes_now
        WHERE practitioner_id = :id AND state = 'applied' AND kind <> 'undo'
    """
    return count(db, sql, id=change.practitioner_id) == change.number


def find_overdue(db: Database, at: datetime) -> list[Change]:
    """Changes that nobody decided in 30 days, of a withdrawn consent, or of a locked account."""
    sql = (
        _CHANGE
        + """
        LEFT JOIN consents AS consent ON consent.id =
            (SELECT max(id) FROM consents WHERE practitioner_id = c.practitioner_id)
        WHERE c.state IN ('waiting', 'returned')
            AND (c.made_at <= :oldest OR consent.withdrawn_on IS NOT NULL
                OR made.locked_at IS NOT NULL)
    """
    )
    return fetch(db, Change, sql, oldest=stamp(at - WAITS_FOR))


def find_second_people(db: Database, editable: Editable, today: date) -> list[str]:
    """The accounts to tell of a change that the practitioner made: her organisation's people.

    Coordinators where her organisation has nobody else whom she does not exclude.
    """
    if editable.side != "herself":
        return []
    sql = """
        SELECT a.id AS account_id, a.name, a.practitioner_id
        FROM accounts AS a JOIN practitioners AS p ON p.id = :id
        WHERE a.locked_at IS NULL AND CASE WHEN :own
            THEN a.role = 'member' AND a.organisation_id = p.organisation_id
            ELSE a.role = 'coordinator' END
    """
    for own in (True, False):
        people = fetch(db, Person, sql, id=editable.id, own=own)
        others = [str(p.account_id) for p in people if not is_same_person(p, editable.person)]
        if found := find_welcome(db, today, editable.id, others):
            return found
    return []


_STILL = (
    """
    SELECT count(*) FROM accounts AS a
    LEFT JOIN organisations AS o ON o.id = a.organisation_id
    LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
    WHERE a.id = :maker AND a.locked_at IS NULL
        AND CASE WHEN :side = 'herself' THEN a.practitioner_id IS :id ELSE """
    + ROLE_NOW
    + """ = 'coordinator' OR (:side = 'organisation' AND a.role = 'member'
            AND m.state = 'admitted' AND a.directory_until >= :today AND o.directory_until >= :today
            AND o.id = (SELECT organisation_id FROM practitioners WHERE id = :id)) END
    """
)


def is_maker_gone(db: Database, change: Change, today: date) -> bool:
    """Whether who asked for a change is locked, excluded, or not on that side any more."""
    her, maker, side = change.practitioner_id, change.made_by, change.side
    if not count(db, _STILL, maker=maker, side=side, id=her, today=today.isoformat()):
        return True
    return change.side != "herself" and not find_welcome(db, today, her, [maker])


_WAITING = (
    """
    SELECT c.practitioner_id, c.number, c.side, c.made_by, c.made_at, c.state, p.name,
        p.organisation_id, c.decided_at, c.diff, made.name AS made_by_name
    FROM changes_now AS c JOIN practitioners AS p ON p.id = c.practitioner_id
    LEFT JOIN accounts AS made ON made.id = c.made_by
    WHERE c.state IN ('waiting', 'returned') AND c.made_at > :since
        AND (:coordinator OR p.id IS :self OR (p.organisation_id IS :own AND """
    + WELCOME
    + """
            AND NOT EXISTS (SELECT 1 FROM consents AS w WHERE w.withdrawn_on IS NOT NULL AND w.id =
                (SELECT max(id) FROM consents WHERE practitioner_id = p.id)))) ORDER BY c.made_at
    """
)


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """Changes that wait for this person's approval, and those that came back to them."""
    found = fetch(db, _Open, _WAITING, **asker(actor, today), since=stamp(at - WAITS_FOR))
    return [line for each in found if (line := _waits(actor, each))]


class _Open(msgspec.Struct, frozen=True):
    practitioner_id: str
    number: int
    side: str
    made_by: str
    made_at: str
    state: str
    name: str
    organisation_id: str
    decided_at: str
    made_by_name: str | None
    diff: Diff

    @property
    def about(self) -> tuple[Message, ...]:
        """Which fields would change; not to what."""
        names = (LABELS.get(field, field) for field in self.diff)
        return tuple(FIELDS[name] for name in names if name in FIELDS)


def _waits(actor: Actor, each: _Open) -> Waiting | None:
    side = _side_of(actor, each.practitioner_id, each.organisation_id)
    path = ("practitioners", each.practitioner_id, "changes", str(each.number))
    due = stamp(moment_of(each.made_at) + WAITS_FOR)
    if side is None:
        return None
    if each.state == "returned":
        said = Message("%(name)s: your change came back with a reason.", {"name": each.name})
        is_mine = each.made_by == actor.account_id
        return Waiting("changes", said, path, each.decided_at, due, each.about) if is_mine else None
    said = Message("%(name)s: a change of the details waits for you.", {"name": each.name})
    her = Person(name=each.name, practitioner_id=each.practitioner_id)
    maker = Person(each.made_by, each.made_by_name or "")
    if not may_approve(maker, each.side, actor, side, her):
        return None
    return Waiting("changes", said, path, each.made_at, due, each.about)
