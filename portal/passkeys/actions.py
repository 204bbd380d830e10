"""Ask for a passkey's answer, judge it, add a passkey, remove one."""

import secrets
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.db import as_json, column, count
from portal.errors import NotFound, TooOften
from portal.passkeys.queries import find_held
from portal.passkeys.rules import (
    GOOD_FOR,
    MOST_CHALLENGES,
    Party,
    Purpose,
    challenge_of,
    credential_of,
    is_good,
    read_counter,
    read_made,
    ticket_hash,
)


class Asking(msgspec.Struct, frozen=True):
    """What a challenge is for, and in which session (its hash; none yet when signing in)."""

    secret: str
    purpose: Purpose
    session: str = ""


class Sent(msgspec.Struct, frozen=True):
    """An authenticator's answer, and the coarse name of the device it was sent from."""

    ticket: str
    answer: str
    device: str = ""


def make_challenge(db: Database, at: datetime, asking: Asking, network: str) -> tuple[str, bytes]:
    """A ticket for the form and the challenge that it stands for; good once, for five minutes.

    `TooOften` when one network asks for very many; strangers fill no disk.
    """
    db.execute("DELETE FROM challenges WHERE made_at <= ?", [stamp(at - GOOD_FOR)])
    db.execute("DELETE FROM challenges WHERE made_at > ?", [stamp(at)])
    sql = "SELECT count(*) FROM challenges WHERE network = :network"
    if count(db, sql, network=network) >= MOST_CHALLENGES:
        raise TooOften(GOOD_FOR)
    ticket = secrets.token_urlsafe(32)
    row = {"hash": ticket_hash(ticket), "purpose": asking.purpose, "network": network}
    db.table("challenges").insert({**row, "made_at": stamp(at)})
    return ticket, challenge_of(asking.secret, ticket, asking.purpose, asking.session)


def add_passkey(
    db: Database, by: Actor, at: datetime, asking: Asking, party: Party, sent: Sent
) -> bool:
    """Keep the public half of a new passkey; False when the answer is not a right one.

    The challenge is used up either way, so a refusal is told by the answer and not by an error.
    """
    held = find_held(db, credential_of(sent.answer))
    if held is not None:
        # a second click: what it asks for is done already
        return held.account_id == by.account_id
    challenge = _use_challenge(db, at, asking, sent.ticket)
    made = read_made(sent.answer, challenge, party) if challenge else None
    if made is None:
        return False
    row = {"id": f"k-{secrets.token_hex(6)}", "account_id": by.account_id, "device": sent.device}
    public = {**msgspec.structs.asdict(made), "transports": as_json(made.transports)}
    db.table("passkeys").insert({**row, **public, "made_at": stamp(at)})
    audit.record(db, by, at, "add_passkey", "accounts", str(by.account_id), passkey=row["id"])
    return True


def prove_passkey(
    db: Database, at: datetime, asking: Asking, party: Party, sent: Sent
) -> str | None:
    """The account that a passkey opens; None whatever was wrong with the answer."""
    challenge = _use_challenge(db, at, asking, sent.ticket)
    held = find_held(db, credential_of(sent.answer))
    if challenge is None or held is None:
        return None
    counter = read_counter(sent.answer, challenge, party, held)
    if counter is None or held.is_locked:
        return None
    db.table("passkeys").update(held.id, {"counter": counter, "used_at": stamp(at)})
    return held.account_id


def remove_passkey(db: Database, by: Actor, at: datetime, passkey_id: str) -> None:
    """Let one of one's own passkeys open nothing any more; `NotFound` when it is not one's own."""
    removed = db.execute(
        "DELETE FROM passkeys WHERE id = ? AND account_id = ?", [passkey_id, by.account_id]
    )
    if removed.rowcount != 1:
        raise NotFound
    audit.record(db, by, at, "remove_passkey", "accounts", str(by.account_id), passkey=passkey_id)


def _use_challenge(db: Database, at: datetime, asking: Asking, ticket: str) -> bytes | None:
    used, purpose = ticket_hash(ticket), asking.purpose
    sql = "SELECT made_at FROM challenges WHERE hash = :hash AND purpose = :purpose"
    made = column(db, sql, hash=used, purpose=purpose)
    db.execute("DELETE FROM challenges WHERE hash = ?", [used])
    if not made or not is_good(moment_of(made[0]), at):
        return None
    return challenge_of(asking.secret, ticket, purpose, asking.session)
