"""Questions about what proves who somebody is."""

import msgspec
from sqlite_utils import Database

from portal.accounts.rules import folded_name
from portal.db import count, fetch_one


class Credentials(msgspec.Struct, frozen=True):
    """What a sign-in is judged by."""

    account_id: str
    is_locked: bool
    password: str
    salt: str
    last_step: int


def find_credentials(db: Database, name: str) -> Credentials | None:
    """Those of a sign-in name or an e-mail address; None when there are none."""
    sql = """
        SELECT a.id AS account_id, a.locked_at IS NOT NULL AS is_locked, p.hash AS password,
            t.salt, t.last_step
        FROM accounts AS a
        JOIN passwords AS p ON p.account_id = a.id
        JOIN authenticators AS t ON t.account_id = a.id
        WHERE a.sign_in_name = :name OR a.email = :name
    """
    return fetch_one(db, Credentials, sql, name=folded_name(name))


def count_unused_codes(db: Database, account_id: str) -> int:
    """How many printed codes still open the door."""
    sql = "SELECT count(*) FROM recovery_codes WHERE account_id = :id AND used_at IS NULL"
    return count(db, sql, id=account_id)


def has_codes(db: Database, account_id: str) -> bool:
    """Whether printed codes were ever made."""
    return (
        count(db, "SELECT count(*) FROM recovery_codes WHERE account_id = :id", id=account_id) > 0
    )


def has_password(db: Database, account_id: str) -> bool:
    """Whether the account signs in with a password; the demo's people have none."""
    return count(db, "SELECT count(*) FROM passwords WHERE account_id = :id", id=account_id) > 0
