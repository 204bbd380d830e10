"""Questions about accounts: who is behind a session, where else somebody is signed in."""

from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.accounts.rules import folded_name, has_run_out, is_over, session_hash
from portal.actor import PUBLIC, Actor, Role, SignedBy
from portal.clock import moment_of
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.web.forgery import token_for

SEEN_EVERY = timedelta(seconds=60)


class Session(msgspec.Struct, frozen=True):
    """A session with what its account may do today."""

    hash: str
    started_at: str
    seen_at: str
    by: SignedBy
    account_id: str
    name: str
    role: Role
    organisation_id: str | None
    organisation_kind: str | None
    practitioner_id: str | None
    directory: bool


# an acting coordinator is one until that day, and then by the clock alone no longer
ROLE_NOW = "CASE WHEN a.acting_until >= :today THEN 'coordinator' ELSE a.role END"

_SESSION = (
    """
    SELECT s.hash, s.started_at, s.seen_at, s."by", a.id AS account_id, a.name, """
    + ROLE_NOW
    + """ AS role,
        a.organisation_id, a.practitioner_id, o.kind AS organisation_kind,
        coalesce(a.directory_until >= :today AND o.directory_until >= :today
                 AND coalesce(m.state, '') = 'admitted', 0) AS directory
    FROM sessions AS s
    JOIN accounts AS a ON a.id = s.account_id
    LEFT JOIN organisations AS o ON o.id = a.organisation_id
    LEFT JOIN membership_now AS m ON m.organisation_id = o.id
    WHERE s.hash = :hash AND a.locked_at IS NULL
    """
)


def find_session(db: Database, token: str, at: datetime, today: date) -> Session | None:
    """The living session of a token; None when it is unknown, over, or its account locked."""
    found = fetch_one(db, Session, _SESSION, hash=session_hash(token), today=today.isoformat())
    if found is None or is_over(moment_of(found.started_at), moment_of(found.seen_at), at):
        return None
    return found


def is_due(session: Session, at: datetime) -> bool:
    """Whether it is time to note that the session is in use; not at every request."""
    return at - moment_of(session.seen_at) >= SEEN_EVERY


def actor_of_session(session: Session | None, secret: str) -> Actor:
    """Who a session stands for; the public when there is none."""
    if session is None:
        return PUBLIC
    return Actor(
        role=session.role,
        account_id=session.account_id,
        name=session.name,
        organisation_id=session.organisation_id,
        organisation_kind=session.organisation_kind,
        practitioner_id=session.practitioner_id,
        directory_access=session.directory,
        csrf=token_for(secret, session.hash),
        signed_by=session.by,
        signed_at=moment_of(session.started_at),
    )


class Ended(msgspec.Struct, frozen=True):
    """A session that ran out a short while ago."""

    hash: str
    account_id: str


def find_ended(db: Database, token: str, at: datetime) -> Ended | None:
    """The session of a token that ended by its age alone, not by anybody's will."""
    sql = """
        SELECT s.hash, s.account_id, s.started_at, s.seen_at
        FROM sessions AS s JOIN accounts AS a ON a.id = s.account_id
        WHERE s.hash = ? AND a.locked_at IS NULL
    """
    for ended, account_id, started, seen in db.execute(sql, [session_hash(token)]):
        if has_run_out(moment_of(started), moment_of(seen), at):
            return Ended(ended, account_id)
    return None


class Account(msgspec.Struct, frozen=True):
    """Somebody who may sign in."""

    id: str
    sign_in_name: str
    name: str
    role: Role


def get_account(db: Database, account_id: str | None) -> Account:
    """An account by its id."""
    sql = "SELECT id, sign_in_name, name, role FROM accounts WHERE id = :id"
    found = fetch_one(db, Account, sql, id=account_id)
    if found is None:
        raise NotFound
    return found


def find_account_id(db: Database, name: str) -> str:
    """The id of a sign-in name or e-mail address; `NotFound` says that there is none."""
    sql = "SELECT id FROM accounts WHERE sign_in_name = :name OR email = :name"
    found = column(db, sql, name=folded_name(name))
    if not found:
        raise NotFound(f"Nobody signs in as {name}.")
    return str(found[0])


class Belonging(msgspec.Struct, frozen=True):
    """An organisation some of whose people have accounts."""

    id: str
    name: str


def find_organisations_with_accounts(db: Database) -> list[Belonging]:
    """Organisations whose people may be signed in, by name."""
    sql = """
        SELECT id, name FROM organisations
        WHERE id IN (SELECT organisation_id FROM accounts) ORDER BY name
    """
    return fetch(db, Belonging, sql)


def find_coordinators(db: Database, today: date) -> list[str]:
    """The accounts of those who keep the registers honest today, acting ones included."""
    sql = "SELECT a.id FROM accounts AS a WHERE a.locked_at IS NULL AND "
    sql += ROLE_NOW + " = 'coordinator' ORDER BY a.id"
    return column(db, sql, today=today.isoformat())


def count_coordinating(db: Database, today: date) -> int:
    """How many different organisations coordinators come from today, acting ones included."""
    sql = "SELECT count(DISTINCT coalesce(a.organisation_id, '')) FROM accounts AS a"
    sql += " WHERE a.locked_at IS NULL AND " + ROLE_NOW + " = 'coordinator'"
    return count(db, sql, today=today.isoformat())


def find_members_of(db: Database, organisation_id: str) -> list[str]:
    """The accounts of an organisation's own members and coordinators."""
    sql = """
        SELECT id FROM accounts WHERE organisation_id = :organisation
        AND role IN ('member', 'coordinator') AND locked_at IS NULL ORDER BY id
    """
    return column(db, sql, organisation=organisation_id)


def is_locked(db: Database, account_id: str) -> bool:
    """Whether there is such an account and nobody signs in with it."""
    sql = "SELECT count(*) FROM accounts WHERE id = :id AND locked_at IS NOT NULL"
    return count(db, sql, id=account_id) > 0


class Device(msgspec.Struct, frozen=True):
    """One of somebody's own sessions."""

    id: str
    name: str
    started_at: str
    seen_at: str
    is_this: bool

    @property
    def started(self) -> datetime:
        """When it was signed in with."""
        return moment_of(self.started_at)

    @property
    def seen(self) -> datetime:
        """When it was last used."""
        return moment_of(self.seen_at)


def find_devices(db: Database, account_id: str, token: str, at: datetime) -> list[Device]:
    """Where an account is signed in now, the device that asks first."""
    sql = """
        SELECT substr(hash, 1, 16) AS id, device AS name, started_at, seen_at,
            hash = :this AS is_this
        FROM sessions WHERE account_id = :account ORDER BY is_this DESC, seen_at DESC
    """
    found = fetch(db, Device, sql, account=account_id, this=session_hash(token))
    return [each for each in found if not is_over(each.started, each.seen, at)]
