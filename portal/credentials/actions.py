"""Prove who one is; set a password, a phone app, printed codes."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.credentials.queries import Credentials, find_credentials
from portal.credentials.rules import (
    FORGET_AFTER,
    STEP_SECONDS,
    TRIES_OF_A_NETWORK,
    TRIES_OF_ONE,
    attempt_key,
    code_hash,
    is_near,
    key_of,
    looks_like_phone,
    network_of,
    password_matches,
    plain_code,
    random_code,
    refusal,
    step_of,
    step_shown,
    wait_after,
)
from portal.db import Store
from portal.errors import Invalid, TooOften

CODES = 10
GROUPS = 4
KNOWN_FOR = timedelta(days=30)


class Claim(msgspec.Struct, frozen=True):
    """Who somebody says they are, and from which network they say it."""

    name: str
    password: str
    code: str
    visitor: str

    def keys(self, secret: str) -> tuple[str, str]:
        """What the try is counted under: this name from this network, and the network."""
        return visit_keys(secret, self.visitor, self.name.strip().casefold())


class Proof(msgspec.Struct, frozen=True):
    """What came of a claim: the account when all was right, else perhaps how far the clock is."""

    account_id: str | None = None
    with_printed_code: bool = False
    seconds_off: int | None = None


class Verdict(msgspec.Struct, frozen=True):
    """Whether a code was right; it is used up then."""

    is_right: bool = False
    seconds_off: int | None = None


def visit_keys(secret: str, visitor: str, name: str) -> tuple[str, str]:
    """The keys of a name from a visitor's network, and of the network."""
    network = network_of(visitor)
    return attempt_key(secret, network, name), attempt_key(secret, network)


def prove(store: Store, secret: str, claim: Claim, at: datetime) -> Proof:
    """One try with name, password and code; `TooOften` while the last failures weigh.

    The try is counted before it is judged, in a transaction of its own, so that a hundred at once
    are not free; the password is hashed between the two, while others may write.
    """
    keys = claim.keys(secret)
    with store.transaction() as db:
        count_try(db, keys, at)
    with store.read() as db:
        known = find_credentials(db, claim.name)
    # security: unknown, locked and wrong take the same road, with one Argon2 verification
    is_right = password_matches(known.password if known else None, claim.password)
    with store.transaction() as db:
        known = known if is_right and _still_so(db, claim, known) else None
        return _judge(db, secret, known, claim.code, keys, at)


def prove_or_refuse(store: Store, secret: str, claim: Claim, at: datetime) -> Proof:
    """`prove`, where a proof of nothing is `Invalid`, with the same words whatever was wrong."""
    proof = prove(store, secret, claim, at)
    if proof.account_id is None:
        raise Invalid({"all": [refusal(proof.seconds_off)]})
    return proof


def _still_so(db: Database, claim: Claim, known: Credentials | None) -> bool:
    present = find_credentials(db, claim.name)
    if known is None or present is None or present.is_locked:
        return False
    return present.password == known.password


def _judge(
    db: Database,
    secret: str,
    known: Credentials | None,
    code: str,
    keys: tuple[str, str],
    at: datetime,
) -> Proof:
    verdict = use_code(db, secret, known.account_id if known else "", code, at)
    if known is None or not verdict.is_right:
        return Proof(seconds_off=verdict.seconds_off if known else None)
    forgive_try(db, keys, at)
    printed = not looks_like_phone(plain_code(code))
    return Proof(account_id=known.account_id, with_printed_code=printed)


def use_code(db: Database, secret: str, account_id: str, code: str, at: datetime) -> Verdict:
    """Use up a phone's or a printed code; one that was used, or is older, is not right."""
    code = plain_code(code)
    if not looks_like_phone(code):
        return _use_printed(db, account_id, code, at)
    rows = db.execute(
        "SELECT salt, last_step FROM authenticators WHERE account_id = ?", [account_id]
    )
    salt, last_step = rows.fetchone() or ("", step_of(at))
    verdict, step = judge_phone(key_of(secret, salt), code, at, last_step)
    if verdict.is_right:
        db.table("authenticators").update(account_id, {"last_step": step})
    return verdict


def judge_phone(key: str, code: str, at: datetime, last_step: int) -> tuple[Verdict, int]:
    """Whether a phone's code is right now, else how far its clock is off, and its step."""
    step = step_shown(key, plain_code(code), at)
    # security: a code works once, and none from before it works: not with the clock set back either
    if step is None or step <= last_step:
        return Verdict(), last_step
    if is_near(step, at):
        return Verdict(is_right=True), step
    return Verdict(seconds_off=(step - step_of(at)) * STEP_SECONDS), last_step


def _use_printed(db: Database, account_id: str, code: str, at: datetime) -> Verdict:
    used = db.execute(
        "UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND hash = ?"
        " AND used_at IS NULL",
        [stamp(at), account_id, code_hash(code)],
    )
    if used.rowcount != 1:
        return Verdict()
    audit.record(db, Actor(account_id=account_id), at, "use_code", "accounts", account_id)
    return Verdict(is_right=True)


def count_try(db: Database, keys: tuple[str, str], at: datetime) -> None:
    """Count a try as failed until it proves right; `TooOften` says how long to wait first.

    Nobody is kept out by what others do elsewhere: tries count for one name from one network. Who
    came in from a network before is not held up by its other people's failures either.
    """
    oldest = stamp(at - KNOWN_FOR)
    db.execute(
        "DELETE FROM attempts WHERE max(coalesce(failed_at, ''), coalesce(right_at, '')) < ?",
        [oldest],
    )
    mine, network = (_tries(db, key, at) for key in keys)
    wait = _left(mine, TRIES_OF_ONE, at)
    if mine["right_at"] is None:
        wait = max(wait, _left(network, TRIES_OF_A_NETWORK, at))
    if wait > timedelta():
        raise TooOften(wait)
    for row in (mine, network):
        row["failures"] += 1
        db.table("attempts").upsert({**row, "failed_at": stamp(at)}, pk="key")


def count_begun(db: Database, key: str) -> int:
    """How often something was counted under a key that names its day."""
    row = next(db.table("attempts").rows_where("key = ?", [key]), None)
    return int(row["failures"]) if row else 0


def count_one(db: Database, key: str, at: datetime) -> None:
    """Count once more under a key that names its day; it is forgotten like every other try."""
    row = {"key": key, "failures": count_begun(db, key) + 1, "failed_at": stamp(at)}
    db.table("attempts").upsert(row, pk="key")


def _tries(db: Database, key: str, at: datetime) -> dict[str, Any]:
    blank: dict[str, Any] = {"key": key, "failures": 0, "failed_at": None, "right_at": None}
    row = next(db.table("attempts").rows_where("key = ?", [key]), blank)
    if row["failed_at"] and _since(row["failed_at"], at) > FORGET_AFTER:
        row["failures"] = 0
    return row


def _left(row: dict[str, Any], free: int, at: datetime) -> timedelta:
    if not row["failed_at"]:
        return timedelta()
    return wait_after(row["failures"], free) - _since(row["failed_at"], at)


def _since(stamped: str, at: datetime) -> timedelta:
    """However the clock was set, nobody waits longer than the wait."""
    return abs(at - moment_of(stamped))


def forgive_try(db: Database, keys: tuple[str, str], at: datetime) -> None:
    """The try was right: the name's failures are forgotten, the network's are one fewer."""
    mine, network = keys
    db.execute("UPDATE attempts SET failures = 0, right_at = ? WHERE key = ?", [stamp(at), mine])
    db.execute("UPDATE attempts SET failures = max(failures - 1, 0) WHERE key = ?", [network])


def set_password(db: Database, by: Actor, at: datetime, account_id: str, hashed: str) -> None:
    """Put a password, already hashed, in place of the one before."""
    row = {"account_id": account_id, "hash": hashed, "set_at": stamp(at)}
    db.table("passwords").upsert(row, pk="account_id")
    audit.record(db, by, at, "set_password", "accounts", account_id)


def set_authenticator(
    db: Database, by: Actor, at: datetime, account_id: str, salt: str, step: int
) -> None:
    """Put a phone app in place of the one before; `step` is that of the code that proved it."""
    row = {"account_id": account_id, "salt": salt, "last_step": step, "set_at": stamp(at)}
    db.table("authenticators").upsert(row, pk="account_id")
    audit.record(db, by, at, "set_phone", "accounts", account_id)


def make_recovery_codes(db: Database, by: Actor, at: datetime, account_id: str) -> list[str]:
    """Ten new printed codes, shown this once; those from before open nothing any more."""
    codes = [random_code(GROUPS) for _ in range(CODES)]
    db.execute("DELETE FROM recovery_codes WHERE account_id = ?", [account_id])
    db.table("recovery_codes").insert_all(
        {"account_id": account_id, "hash": code_hash(code), "made_at": stamp(at)} for code in codes
    )
    audit.record(db, by, at, "make_codes", "accounts", account_id)
    return codes
