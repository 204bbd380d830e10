"""Whether a prepared release may still be said: what changed meanwhile changes the next (D11)."""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.clock import moment_of
from portal.db import as_json, column, fetch_one
from portal.i18n.language import Message
from portal.practitioners.queries import LISTED, asker

GOOD_FOR = timedelta(days=14)

WITHDRAWN = Message("Meanwhile somebody withdrew; prepare it anew.")
CHANGED = Message("Meanwhile results or definitions were changed; prepare it anew.")
OVERTAKEN = Message("Meanwhile another release was published; prepare it anew.")
OLD = Message("It was prepared more than 14 days ago; prepare it anew.")

# what a failed release keeps as its reason, and how it is said
WHY_STALE = {
    "withdrawn": WITHDRAWN,
    "changed": CHANGED,
    "overtaken": OVERTAKEN,
    "old": OLD,
}


class _Prepared(msgspec.Struct, frozen=True):
    prepared_at: str | None
    released_on: date
    counted: str | None
    made_of: str | None
    is_overtaken: bool


# the same people as in the counts: listed that day, and willing to be counted in public figures
_COUNTED = (
    """
    SELECT l.practitioner_id FROM listings AS l
    JOIN consents AS c ON c.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = l.practitioner_id)
    WHERE c.scope = 'public' AND c.withdrawn_on IS NULL AND
    """
    + LISTED
    + " ORDER BY 1"
)


def find_counted(db: Database, on: date) -> list[str]:
    """The practitioners whom the figures of a day are made of; asked in the same transaction."""
    return column(db, _COUNTED, **asker(PUBLIC, on))


# a result that is accepted, corrected or reopened, a version that is defined, opened or kept
_MADE_OF = """
    SELECT json_array(
        (SELECT json_array(count(*), max(id), total(replaced_at IS NOT NULL))
         FROM results WHERE accepted_at IS NOT NULL),
        (SELECT count(*) FROM closed_periods),
        (SELECT json_group_array(json_array(code, version, starts, counts_people)) FROM
         (SELECT code, version, starts, counts_people FROM indicator_versions ORDER BY 1, 2)))
"""


def find_made_of(db: Database) -> str:
    """A fingerprint of the results and definitions that figures are made of."""
    (said,) = column(db, _MADE_OF)
    return sha256(str(said).encode()).hexdigest()


def keep_counted(db: Database, release_id: int, counted: list[str], made_of: str) -> None:
    """Remember until it is published of whom, and of what, a release was made."""
    row = {"counted": as_json(counted), "made_of": made_of}
    db.table("releases").update(release_id, row)


def forget_counted(db: Database, release_id: int) -> None:
    """Nobody needs to know of whom a release was made once it is published, or never will be."""
    db.table("releases").update(release_id, {"counted": None})


def why_stale(db: Database, release_id: int, at: datetime) -> str | None:
    """Why a prepared release may not be said any more, a key of `WHY_STALE`, or None.

    What only time does, a confirmation that lapses, is no withdrawal: the day is that of then.
    """
    sql = """
        SELECT prepared_at, released_on, counted, made_of, EXISTS
            (SELECT 1 FROM release_states WHERE state = 'published' AND release_id > r.id)
            AS is_overtaken
        FROM releases AS r WHERE id = :id
    """
    kept = fetch_one(db, _Prepared, sql, id=release_id)
    if kept is None or kept.prepared_at is None:
        return None
    if set(json.loads(kept.counted or "[]")) - set(find_counted(db, kept.released_on)):
        return "withdrawn"
    if kept.made_of is not None and kept.made_of != find_made_of(db):
        return "changed"
    if kept.is_overtaken:
        return "overtaken"
    return "old" if at - moment_of(kept.prepared_at) > GOOD_FOR else None
