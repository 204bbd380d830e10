"""Questions about invitations."""

from datetime import datetime
from typing import Literal

import msgspec
from sqlite_utils import Database

from portal.accounts.rules import folded_name
from portal.actor import Role
from portal.clock import moment_of
from portal.credentials.rules import code_hash
from portal.db import count, fetch_one
from portal.invitations.rules import is_good


class Invitation(msgspec.Struct, frozen=True):
    """An invitation that is good now, and how far it was accepted."""

    id: str
    kind: Literal["first", "return"]
    name: str
    called: str | None
    email: str | None
    role: Role
    organisation_id: str | None
    organisation_kind: str | None
    practitioner_id: str | None
    account_id: str | None
    made_at: str
    sign_in_name: str | None
    password: str | None
    salt: str | None
    directory: bool
    organisation: str | None

    @property
    def waits_for_phone(self) -> bool:
        """Name and password are chosen; the phone is next."""
        return self.salt is not None


def find_invitation(db: Database, code: str, at: datetime) -> Invitation | None:
    """The invitation of a link; None when it is unknown, used, too old, or its account locked."""
    sql = """
        SELECT i.id, i.kind, i.name, i.called, i.email, i.role, i.organisation_id,
            i.practitioner_id, i.account_id, i.made_at, i.password, i.salt,
            o.kind AS organisation_kind,
            coalesce(a.sign_in_name, i.sign_in_name) AS sign_in_name,
            coalesce(i.directory, 0) AS directory, o.name AS organisation
        FROM invitations AS i
        LEFT JOIN accounts AS a ON a.id = i.account_id
        LEFT JOIN organisations AS o ON o.id = i.organisation_id
        WHERE i.hash = :hash AND i.ended_at IS NULL AND a.locked_at IS NULL
    """
    found = fetch_one(db, Invitation, sql, hash=code_hash(code))
    if found is None or not is_good(moment_of(found.made_at), at):
        return None
    return found


def is_taken(db: Database, name: str) -> bool:
    """Whether somebody signs in with this name or e-mail address."""
    sql = "SELECT count(*) FROM accounts WHERE sign_in_name = :name OR email = :name"
    return count(db, sql, name=folded_name(name)) > 0


class WantedInvitation(msgspec.Struct, frozen=True):
    """Somebody who is to be invited once a second person agrees."""

    id: str
    name: str
    role: Role
    organisation_id: str | None
    practitioner_id: str | None
    directory: bool


def find_wanted(db: Database, wanted_id: str) -> WantedInvitation | None:
    """Who is to be invited; None when it was done, refused or forgotten."""
    sql = """
        SELECT id, name, role, organisation_id, practitioner_id, directory
        FROM wanted_invitations WHERE id = :id
    """
    return fetch_one(db, WantedInvitation, sql, id=wanted_id)


def find_address(db: Database, name: str) -> tuple[str | None, str | None]:
    """Where an invitation of this name may be mailed, and the language its reader signs in with.

    A name that looks like an address is one.
    """
    sql = "SELECT email, language FROM accounts WHERE sign_in_name = :name OR email = :name"
    known = db.execute(sql, {"name": folded_name(name)}).fetchone()
    email, language = known or (None, None)
    return email or (folded_name(name) if "@" in name else None), language
