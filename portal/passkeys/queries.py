"""Questions about passkeys."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import fetch, fetch_one
from portal.passkeys.rules import Held, Known


class Passkey(msgspec.Struct, frozen=True):
    """One of somebody's own."""

    id: str
    device: str
    made_at: str
    used_at: str | None

    @property
    def made(self) -> datetime:
        """When it was added."""
        return moment_of(self.made_at)

    @property
    def used(self) -> datetime | None:
        """When it was last signed in with."""
        return moment_of(self.used_at) if self.used_at else None


def find_passkeys(db: Database, account_id: str) -> list[Passkey]:
    """An account's own, the oldest first."""
    sql = """
        SELECT id, device, made_at, used_at FROM passkeys
        WHERE account_id = :account ORDER BY made_at, rowid
    """
    return fetch(db, Passkey, sql, account=account_id)


def find_known(db: Database, account_id: str) -> list[Known]:
    """What an authenticator is told not to make twice."""
    sql = "SELECT credential_id, transports FROM passkeys WHERE account_id = :account"
    return fetch(db, Known, sql, account=account_id)


def find_held(db: Database, credential_id: str) -> Held | None:
    """The passkey of a credential id, whosever it is."""
    sql = """
        SELECT p.id, p.account_id, a.locked_at IS NOT NULL AS is_locked, p.public_key, p.counter
        FROM passkeys AS p JOIN accounts AS a ON a.id = p.account_id
        WHERE p.credential_id = :credential
    """
    return fetch_one(db, Held, sql, credential=credential_id)
