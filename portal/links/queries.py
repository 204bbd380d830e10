"""What a link stands for."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import stamp
from portal.credentials.rules import code_hash
from portal.db import fetch_one


class Link(msgspec.Struct, frozen=True):
    """A link that is good now."""

    id: int
    purpose: str
    subject_id: str


def find_link(db: Database, purpose: str, code: str, at: datetime) -> Link | None:
    """The good link of a code; None when it is unknown, used, too old, or from the future.

    A clock that was set back revives nothing: a link is good from when it was made.
    """
    sql = """
        SELECT id, purpose, subject_id FROM links
        WHERE hash = :hash AND purpose = :purpose AND used_at IS NULL
            AND made_at <= :now AND :now < until
    """
    return fetch_one(db, Link, sql, hash=code_hash(code), purpose=purpose, now=stamp(at))
