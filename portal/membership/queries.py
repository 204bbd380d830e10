"""Questions about membership: what an organisation is now, what it was, who founded the network."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import column, fetch, fetch_one


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


def is_closed(db: Database, account_id: str) -> bool:
    """Whether an account was closed with its organisation's membership, which has not come back."""
    sql = """
        SELECT c.account_id FROM closed_accounts AS c
        JOIN membership_now AS m ON m.organisation_id = c.organisation_id
        WHERE c.account_id = :id AND m.state IN ('suspended', 'left')
    """
    return bool(column(db, sql, id=account_id))
