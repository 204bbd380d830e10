"""Questions about membership: what an organisation is now, what it was, who founded the network."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import column, fetch, fetch_one
from portal.errors import Invalid
from portal.membership.rules import CLOSED_ROLES, OUT


class Step(msgspec.Struct, frozen=True):
    """One state of an organisation's history, for coordinators and the organisation itself."""

    state: str
    at: str
    by: str
    reason: str | None
    note: str | None
    application_id: str | None


class Founder(msgspec.Struct, frozen=True):
    """Since when an organisation is a founding member, and by which signed minute."""

    organisation_id: str
    founded_on: date
    minute: str


class Former(msgspec.Struct, frozen=True):
    """An organisation that was a member and has left."""

    id: str
    name: str
    names: dict[str, str]
    state: str
    state_at: str
    joined_on: date | None
    founded_on: date | None
    minute: str | None

    @property
    def since(self) -> datetime:
        """When it left."""
        return moment_of(self.state_at)


def find_former(db: Database, organisation_id: str | None = None) -> list[Former]:
    """Who was a member and has left, the last first; or that one organisation.

    Who took an application back never was a member.
    """
    sql = """
        SELECT o.id, o.name, o.names, s.state, s.at AS state_at, o.joined_on, f.founded_on,
            f.minute
        FROM membership_now AS m JOIN membership_states AS s ON s.id = m.id
        JOIN organisations AS o ON o.id = m.organisation_id
        LEFT JOIN founders AS f ON f.organisation_id = o.id
        WHERE m.state = 'left' AND (:id IS NULL OR o.id = :id)
            AND EXISTS (SELECT 1 FROM membership_states AS e
                        WHERE e.organisation_id = o.id AND e.state = 'admitted')
        ORDER BY s.at DESC, o.sort_name, o.id
    """
    return fetch(db, Former, sql, id=organisation_id)


def state_of(db: Database, organisation_id: str | None) -> str | None:
    """The state now; None for an organisation that never applied."""
    sql = "SELECT state FROM membership_now WHERE organisation_id = :id"
    found = column(db, sql, id=organisation_id)
    return str(found[0]) if found else None


def find_history(db: Database, organisation_id: str) -> list[Step]:
    """Every state of an organisation, newest first."""
    sql = """
        SELECT state, at, "by", reason, note, application_id FROM membership_states
        WHERE organisation_id = :id ORDER BY id DESC
    """
    return fetch(db, Step, sql, id=organisation_id)


def find_founder(db: Database, organisation_id: str) -> Founder | None:
    """Whether an organisation founded the network."""
    sql = "SELECT organisation_id, founded_on, minute FROM founders WHERE organisation_id = :id"
    return fetch_one(db, Founder, sql, id=organisation_id)


def find_joined_on(db: Database, organisation_id: str) -> date | None:
    """The day of the admission that stands, on the network's own calendar."""
    found = column(db, "SELECT joined_on FROM organisations WHERE id = :id", id=organisation_id)
    return date.fromisoformat(found[0]) if found and found[0] else None


def is_out(db: Database, organisation_id: str | None) -> bool:
    """Whether an organisation was suspended or left, and is no member again; applying anew or not.

    Its own word, not what happens to be locked: an account may have been locked before.
    """
    sql = """
        SELECT max(id) FROM membership_states WHERE organisation_id = :id
        GROUP BY organisation_id HAVING max(CASE WHEN state IN ('suspended', 'left') THEN id END)
            > coalesce(max(CASE WHEN state = 'admitted' THEN id END), 0)
    """
    return bool(column(db, sql, id=organisation_id))


def refuse_out(db: Database, role: str, organisation_id: str | None, *, field: str = "all") -> None:
    """`Invalid` when nothing may open for somebody of this role, for the organisation is out."""
    # security: asked when something is asked for, and again when it is done
    if role in CLOSED_ROLES and is_out(db, organisation_id):
        raise Invalid({field: [OUT]})


def refuse_out_account(db: Database, account_id: str, *, field: str = "all") -> None:
    """The same, for somebody who has an account."""
    sql = "SELECT role, organisation_id FROM accounts WHERE id = ?"
    for role, organisation_id in db.execute(sql, [account_id]).fetchall():
        refuse_out(db, role, organisation_id, field=field)
