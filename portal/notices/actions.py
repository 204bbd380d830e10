"""Queue what somebody has to be told."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from portal.clock import stamp
from portal.notices.queries import find_welcome
from portal.notices.rules import SAYS


def notify(
    db: Database,
    at: datetime,
    kind: str,
    entity_id: str,
    *,
    account_id: str | None = None,
    practitioner_id: str | None = None,
    purpose: str | None = None,
) -> None:
    """Queue one notice, inside the transaction it tells of; the same one waiting is not doubled.

    `purpose` is that of the link somebody asked for.
    """
    if kind not in SAYS:
        raise KeyError(kind)
    to = {"account_id": account_id, "practitioner_id": practitioner_id}
    same = (
        "kind = ? AND entity_id = ? AND account_id IS ? AND practitioner_id IS ?"
        " AND purpose IS ? AND sent_at IS NULL"
    )
    table = db.table("notices")
    if not table.count_where(same, [kind, entity_id, account_id, practitioner_id, purpose]):
        row = {"kind": kind, "entity_id": entity_id, "purpose": purpose, "made_at": stamp(at)}
        table.insert({**to, **row})


def notify_welcome(
    db: Database,
    at: datetime,
    kind: str,
    practitioner_id: str,
    account_ids: Iterable[str],
    *,
    about: str | None = None,
) -> None:
    """Tell these accounts of something about a practitioner, but nobody whom she excludes.

    `about` is what the notice names, when it is not her record.
    """
    # security: a notice that leads to "not found" would say who excludes whom
    for account_id in find_welcome(db, at.date(), practitioner_id, account_ids):
        notify(db, at, kind, about or practitioner_id, account_id=account_id)
