"""Keep what was typed while a session ran out; use it, throw it away, forget it."""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.drafts.queries import get_draft_for
from portal.drafts.rules import KEPT_FOR, MOST_KEPT, USED_FOR, Typed, seal


def keep_draft(db: Database, secret: str, at: datetime, account_id: str, typed: Typed) -> None:
    """Keep a form for an account; of several the newest few."""
    forget_old(db, at)
    draft_id = f"f-{secrets.token_hex(6)}"
    sealed = seal(secret, account_id, typed)
    row = {"id": draft_id, "account_id": account_id, "sealed": sealed, "made_at": stamp(at)}
    db.table("drafts").insert(row)
    db.execute(
        "DELETE FROM drafts WHERE account_id = ? AND id NOT IN (SELECT id FROM drafts"
        " WHERE account_id = ? ORDER BY made_at DESC, rowid DESC LIMIT ?)",
        [account_id, account_id, MOST_KEPT],
    )
    audit.record(db, Actor(account_id=account_id), at, "keep_draft", "drafts", draft_id)


def use_draft(db: Database, secret: str, by: Actor, at: datetime, draft_id: str) -> str:
    """Where a draft of one's own is sent to; the text is forgotten here and now."""
    draft = get_draft_for(db, secret, by, at, draft_id)
    emptied = seal(secret, str(by.account_id), Typed(draft.path, []))
    db.table("drafts").update(draft.id, {"sealed": emptied, "used_at": stamp(at)})
    audit.record(db, by, at, "use_draft", "drafts", draft.id)
    return draft.path


def drop_draft(db: Database, secret: str, by: Actor, at: datetime, draft_id: str) -> None:
    """Throw a draft of one's own away."""
    draft = get_draft_for(db, secret, by, at, draft_id)
    db.table("drafts").delete(draft.id)
    audit.record(db, by, at, "drop_draft", "drafts", draft.id)


def end_drafts(db: Database, account_id: str) -> None:
    """Forget all of an account: it signed out, was locked, or lost a phone."""
    db.execute("DELETE FROM drafts WHERE account_id = ?", [account_id])


def forget_old(db: Database, at: datetime) -> int:
    """Forget what is older than a day, and what was used; how many that were."""
    forgotten = db.execute(
        "DELETE FROM drafts WHERE made_at <= ? OR used_at <= ?",
        [stamp(at - KEPT_FOR), stamp(at - USED_FOR)],
    )
    return forgotten.rowcount


def forget_by_the_clock(db: Database, _by: Actor, at: datetime, _today: date) -> int:
    """The job: what nobody came back for is forgotten."""
    return forget_old(db, at)
