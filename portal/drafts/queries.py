"""Questions about what was typed while a session ran out."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.db import column, count, fetch, fetch_one
from portal.drafts.rules import KEPT_FOR, USED_FOR, Fields, is_kept, unseal
from portal.errors import NotFound
from portal.i18n.language import Message
from portal.waiting import Waiting


class Draft(msgspec.Struct, frozen=True):
    """A form that came too late."""

    id: str
    path: str
    fields: Fields
    made: datetime


class _Row(msgspec.Struct, frozen=True):
    id: str
    account_id: str
    sealed: str
    made_at: str


def find_drafts(db: Database, secret: str, by: Actor, at: datetime) -> list[Draft]:
    """One's own, the newest first."""
    sql = """
        SELECT id, account_id, sealed, made_at FROM drafts
        WHERE account_id = :account AND used_at IS NULL ORDER BY made_at DESC, rowid DESC
    """
    rows = fetch(db, _Row, sql, account=by.account_id)
    return [draft for row in rows if (draft := _opened(secret, row, at))]


def get_draft_for(db: Database, secret: str, by: Actor, at: datetime, draft_id: str) -> Draft:
    """One of one's own, just used ones included; `NotFound` when it is somebody else's or gone."""
    sql = """
        SELECT id, account_id, sealed, made_at FROM drafts
        WHERE id = :id AND account_id = :account AND (used_at IS NULL OR used_at > :lately)
    """
    lately = stamp(at - USED_FOR)
    row = fetch_one(db, _Row, sql, id=draft_id, account=by.account_id, lately=lately)
    draft = _opened(secret, row, at) if row else None
    if draft is None:
        raise NotFound
    return draft


def has_drafts(db: Database, account_id: str, at: datetime) -> bool:
    """Whether something waits for somebody."""
    sql = """
        SELECT count(*) FROM drafts
        WHERE account_id = :account AND used_at IS NULL
            AND made_at > :oldest AND made_at <= :now
    """
    oldest, now = stamp(at - KEPT_FOR), stamp(at)
    return count(db, sql, account=account_id, oldest=oldest, now=now) > 0


def find_waiting(db: Database, actor: Actor, at: datetime, _today: date) -> list[Waiting]:
    """Typed text waits to be sent or thrown away."""
    says = Message("What you typed when your session ended was kept.")
    sql = "SELECT made_at FROM drafts WHERE account_id = :account AND used_at IS NULL"
    found = column(db, sql, account=actor.account_id)
    return [
        Waiting("draft", says, ("kept",), made, stamp(moment_of(made) + KEPT_FOR))
        for made in found
        if is_kept(moment_of(made), at)
    ]


def _opened(secret: str, row: _Row, at: datetime) -> Draft | None:
    made = moment_of(row.made_at)
    typed = unseal(secret, row.account_id, row.sealed) if is_kept(made, at) else None
    return Draft(row.id, typed.path, typed.fields, made) if typed else None
