"""Queue a letter to an applicant."""

from datetime import datetime

from sqlite_utils import Database

from portal.applications.rules import LETTERS
from portal.clock import stamp


def queue_letter(db: Database, at: datetime, application_id: str, kind: str) -> None:
    """Queue a letter, inside the transaction it tells of; the same one waiting is not doubled."""
    if kind not in LETTERS:
        raise KeyError(kind)
    table = db.table("application_letters")
    same = "application_id = ? AND kind = ? AND sent_at IS NULL"
    if not table.count_where(same, [application_id, kind]):
        table.insert({"application_id": application_id, "kind": kind, "made_at": stamp(at)})
