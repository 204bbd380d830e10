"""Sign in, stay signed in, sign out."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_account_id, find_ended, get_account, is_locked
from portal.accounts.rules import ABSOLUTE, ANOTHER, RAN_OUT_WITHIN, session_hash
from portal.actor import Actor, Role, SignedBy
from portal.clock import stamp
from portal.db import column
from portal.drafts.actions import end_drafts, keep_draft
from portal.drafts.queries import has_drafts
from portal.drafts.rules import Typed, worth_keeping
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.web import forgery
from portal.web.forgery import token_for


class Opened(msgspec.Struct, frozen=True):
    """A session that has begun: the token for the browser, and where to go from here."""

    token: str
    role: Role
    has_kept: bool


def let_in(
    db: Database,
    account_id: str,
    at: datetime,
    by: SignedBy,
    *,
    device: str = "",
    before: str = "",
    language: str | None = None,
) -> Opened:
    """Begin a session in a browser, whose session of before (its token) ends."""
    end_session(db, before, at)
    token = start_session(db, account_id, at, device, by, language)
    role = get_account(db, account_id).role
    return Opened(token, role, has_drafts(db, account_id, at))


def start_session(
    db: Database,
    account_id: str,
    at: datetime,
    device: str = "",
    by: SignedBy = "password",
    language: str | None = None,
) -> str:
    """A new session with an id of our own making; the token that the browser keeps.

    Sessions that are over by their age are swept away, once no typed text can come from them. The
    language of the page is remembered for the mails of this person.
    """
    token = secrets.token_urlsafe(32)
    oldest = stamp(at - ABSOLUTE - RAN_OUT_WITHIN)
    db.execute("DELETE FROM sessions WHERE started_at < ?", [oldest])
    db.table("sessions").insert(
        {
            "hash": session_hash(token),
            "account_id": account_id,
            "started_at": stamp(at),
            "seen_at": stamp(at),
            "device": device,
            "by": by,
        }
    )
    row = {"seen_on": at.date().isoformat()} | ({"language": language} if language else {})
    db.table("accounts").update(account_id, row)
    audit.record(
        db, Actor(account_id=account_id), at, "sign_in", "accounts", account_id, signed_by=by
    )
    return token


def note_seen(db: Database, hash_of_session: str, at: datetime) -> None:
    """The session was used: its idle time begins anew."""
    db.execute("UPDATE sessions SET seen_at = ? WHERE hash = ?", [stamp(at), hash_of_session])
    db.execute(
        "UPDATE accounts SET seen_on = ?"
        " WHERE id = (SELECT account_id FROM sessions WHERE hash = ?)",
        [at.date().isoformat(), hash_of_session],
    )


def sign_out(db: Database, token: str, at: datetime) -> None:
    """End a session because the person says so: what was kept of typed text goes too."""
    for account_id in column(
        db, "SELECT account_id FROM sessions WHERE hash = :hash", hash=session_hash(token)
    ):
        end_drafts(db, account_id)
    end_session(db, token, at)


def keep_typed(
    db: Database, secret: str, at: datetime, token: str, sent: Sequence[tuple[str, str]], path: str
) -> bool:
    """Keep a form that came with a session which had just run out; whether it was kept.

    # security: the form carries that session's own token, so nobody else plants a draft.
    """
    ended, fields = find_ended(db, token, at), worth_keeping(sent)
    if ended is None or not fields:
        return False
    if not forgery.matches(dict(sent).get("csrf", ""), token_for(secret, ended.hash)):
        return False
    keep_draft(db, secret, at, ended.account_id, Typed(path, fields))
    return True


def end_session(db: Database, token: str, at: datetime) -> None:
    """The session is deleted, and its token opens nothing any more."""
    ended = session_hash(token)
    for account_id in column(db, "SELECT account_id FROM sessions WHERE hash = :hash", hash=ended):
        audit.record(db, Actor(account_id=account_id), at, "sign_out", "accounts", account_id)
    db.execute("DELETE FROM sessions WHERE hash = ?", [ended])


def end_device(db: Database, by: Actor, at: datetime, device_id: str) -> None:
    """End one of one's own sessions; `NotFound` when it is nobody's or somebody else's."""
    ended = db.execute(
        "DELETE FROM sessions WHERE account_id = ? AND substr(hash, 1, 16) = ?",
        [by.account_id, device_id],
    )
    if ended.rowcount != 1:
        raise NotFound
    audit.record(db, by, at, "end_session", "accounts", str(by.account_id))


def end_others(db: Database, by: Actor, at: datetime, token: str) -> None:
    """End all of one's own sessions but the one of this token."""
    db.execute(
        "DELETE FROM sessions WHERE account_id = ? AND hash <> ?",
        [by.account_id, session_hash(token)],
    )
    audit.record(db, by, at, "end_other_sessions", "accounts", str(by.account_id))


def end_all_of(db: Database, by: Actor, at: datetime, account_id: str) -> None:
    """End every session of a person, whose phone was lost perhaps."""
    db.execute("DELETE FROM sessions WHERE account_id = ?", [account_id])
    end_drafts(db, account_id)
    audit.record(db, by, at, "end_all_sessions", "accounts", account_id)


def end_all_of_organisation(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """End every session of an organisation's people."""
    sql = "SELECT id FROM accounts WHERE organisation_id = :id"
    for account_id in column(db, sql, id=organisation_id):
        db.execute("DELETE FROM sessions WHERE account_id = ?", [account_id])
        end_drafts(db, account_id)
    audit.record(db, by, at, "end_all_sessions", "organisations", organisation_id)


def end_all_named(
    db: Database, by: Actor, at: datetime, name: str | None, organisation_id: str | None
) -> None:
    """End the sessions of a person by sign-in name, or of an organisation's people."""
    if organisation_id is not None:
        if not column(db, "SELECT id FROM organisations WHERE id = :id", id=organisation_id):
            raise Invalid({"organisation": [Message("There is no such organisation.")]})
        return end_all_of_organisation(db, by, at, organisation_id)
    try:
        return end_all_of(db, by, at, find_account_id(db, str(name)))
    except NotFound as error:
        raise Invalid({"name": [Message("Nobody signs in by this name.")]}) from error


def lock(db: Database, by: Actor, at: datetime, name: str) -> str:
    """Lock an account and end its sessions at once; its id."""
    account_id = find_account_id(db, name)
    lock_account(db, by, at, account_id)
    return account_id


def lock_account(db: Database, by: Actor, at: datetime, account_id: str) -> None:
    """Lock an account by its id; one that is locked keeps the moment at which it was."""
    db.execute(
        "UPDATE accounts SET locked_at = coalesce(locked_at, ?) WHERE id = ?",
        [stamp(at), account_id],
    )
    audit.record(db, by, at, "lock", "accounts", account_id)
    end_all_of(db, by, at, account_id)


def unlock(db: Database, by: Actor, at: datetime, name: str) -> str:
    """Let an account sign in again; its id."""
    account_id = find_account_id(db, name)
    unlock_account(db, by, at, account_id)
    return account_id


def unlock_account(db: Database, by: Actor, at: datetime, account_id: str) -> None:
    """Let an account sign in again, by its id."""
    db.table("accounts").update(account_id, {"locked_at": None})
    audit.record(db, by, at, "unlock", "accounts", account_id)


def set_role(db: Database, by: Actor, at: datetime, account_id: str, role: Role) -> None:
    """Give an account another role; it acts on the next request."""
    db.table("accounts").update(account_id, {"role": role})
    audit.record(db, by, at, "set_role", "accounts", account_id, role=role)


def grant_directory(
    db: Database, by: Actor, at: datetime, account_id: str, until: date | None
) -> None:
    """Open the directory to a person until a day; None shuts it at once."""
    day = until.isoformat() if until else None
    db.table("accounts").update(account_id, {"directory_until": day})
    audit.record(db, by, at, "grant_directory", "accounts", account_id, until=day)


def appoint_acting(db: Database, by: Actor, at: datetime, account_id: str, until: date) -> None:
    """Let somebody stand in as coordinator until a day, and be what they were afterwards."""
    db.table("accounts").update(account_id, {"acting_until": until.isoformat()})
    audit.record(db, by, at, "appoint", "accounts", account_id, until=until.isoformat())


def find_or_make_demo_account(
    db: Database, role: Role, organisation_id: str | None, today: date
) -> str:
    """The id of the demo's account of a role, made when it is first used.

    `NotFound` when the organisation asked for is not there; `another` is one that the demo's member
    does not belong to, so that one person can try what two are needed for. A locked account stays
    with the organisation whose membership has ended.
    """
    account_id = "-".join(filter(None, ["demo", role, organisation_id]))
    if is_locked(db, account_id):
        return account_id
    belongs = organisation_id or role in ("member", "practitioner")
    chosen = _organisation(db, organisation_id) if belongs else None
    practitioner = _practitioner(db, account_id, chosen) if role == "practitioner" else None
    db.table("accounts").upsert(
        {
            "id": account_id,
            "sign_in_name": account_id,
            "name": _demo_name(role, organisation_id),
            "role": role,
            "organisation_id": chosen,
            "practitioner_id": practitioner,
            "directory_until": (today + timedelta(days=365)).isoformat(),
        }
    )
    return account_id


def _demo_name(role: Role, organisation_id: str | None) -> str:
    """A name of its own for each: names that share two words count as one person's."""
    first = "Second" if organisation_id == ANOTHER else organisation_id or "Demo"
    return f"{first} {role}"


def _organisation(db: Database, wanted: str | None) -> str:
    sql = """
        SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND (:wanted IS NULL OR o.id = :wanted)
        ORDER BY o.directory_until IS NULL, o.id LIMIT 1 OFFSET :skip
    """
    another = wanted == ANOTHER
    found = column(db, sql, wanted=None if another else wanted, skip=int(another))
    if not found:
        raise NotFound
    return str(found[0])


def _practitioner(db: Database, account_id: str, organisation_id: str | None) -> str | None:
    """Whom the demo's practitioner is: the same record for as long as there is one."""
    kept = """
        SELECT p.id FROM accounts AS a JOIN practitioners AS p ON p.id = a.practitioner_id
        WHERE a.id = :account
    """
    newest = """
        SELECT l.practitioner_id FROM listings AS l
        WHERE l.organisation_id = :organisation
        ORDER BY l.confirmed_on DESC, l.practitioner_id LIMIT 1
    """
    found = column(db, kept, account=account_id) or column(db, newest, organisation=organisation_id)
    return str(found[0]) if found else None
