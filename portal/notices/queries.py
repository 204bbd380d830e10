"""Whom a notice about a practitioner may go to."""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor, Role
from portal.db import as_json, count, fetch
from portal.practitioners.queries import WELCOME, asker


class _Account(msgspec.Struct, frozen=True):
    """Somebody who might be told."""

    account_id: str
    name: str
    role: Role
    organisation_id: str | None
    organisation_kind: str | None


_ACCOUNTS = (
    "SELECT a.id AS account_id, a.name, "
    + ROLE_NOW
    + """ AS role, a.organisation_id, o.kind AS organisation_kind
    FROM accounts AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id
    WHERE a.id IN (SELECT value FROM json_each(:ids)) ORDER BY a.id
    """
)

_WELCOME = "SELECT count(*) FROM practitioners AS p WHERE p.id = :id AND (:coordinator OR "


def find_welcome(
    db: Database, today: date, practitioner_id: str, account_ids: Iterable[str]
) -> list[str]:
    """Those of these accounts whom a practitioner does not exclude; coordinators see all."""
    ids = as_json(sorted(account_ids))
    found = fetch(db, _Account, _ACCOUNTS, ids=ids, today=today.isoformat())
    sql = _WELCOME + WELCOME + ")"
    return [
        each.account_id
        for each in found
        if count(db, sql, **asker(_actor(each), today), id=practitioner_id)
    ]


def _actor(each: _Account) -> Actor:
    own, kind = each.organisation_id, each.organisation_kind
    return Actor(each.role, each.account_id, each.name, own, kind)
