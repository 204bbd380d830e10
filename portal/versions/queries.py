"""Questions about the versions of a practitioner's details, for saves and changes built on them."""

from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.practitioners.queries import find_record

MOST = 1_000_000

Diff = dict[str, list[Any] | None]


class Version(msgspec.Struct, frozen=True):
    """What one save changed, by whom and when; `change` is the change it came from, if any."""

    number: int
    at: str
    by: str
    by_name: str | None
    diff: Diff
    change: int | None

    @property
    def moment(self) -> datetime:
        """When it was saved."""
        return moment_of(self.at)


class Versions(msgspec.Struct, frozen=True):
    """The versions of one practitioner, newest first."""

    total: int
    page: int
    per_page: int
    results: list[Version]


_VERSION = """
    SELECT v.number, v.at, v.by, accounts.name AS by_name, v.diff, c.number AS change
    FROM practitioner_versions AS v LEFT JOIN accounts ON accounts.id = v.by
    LEFT JOIN practitioner_changes AS c
        ON c.practitioner_id = v.practitioner_id AND c.version = v.number
    WHERE v.practitioner_id = :id
"""


def find_versions(db: Database, practitioner_id: str, page: int, per_page: int) -> Versions:
    """One page of a practitioner's versions, newest first."""
    total = count(
        db,
        "SELECT count(*) FROM practitioner_versions WHERE practitioner_id = :id",
        id=practitioner_id,
    )
    sql = _VERSION + " ORDER BY v.number DESC LIMIT :limit OFFSET :skip"
    asked = {"id": practitioner_id, "limit": per_page, "skip": (page - 1) * per_page}
    return Versions(total, page, per_page, fetch(db, Version, sql, **asked))


def get_version(db: Database, practitioner_id: str, number: int) -> Version:
    """One version by its number."""
    sql = _VERSION + " AND v.number = :number"
    found = fetch_one(db, Version, sql, id=practitioner_id, number=min(number, MOST))
    if found is None:
        raise NotFound
    return found


def values_at(db: Database, practitioner_id: str, number: int) -> dict[str, Any]:
    """The details as they were at a version, walked back from now.

    Contacts that were overwritten since are not there any more: they stay as they are now.
    """
    values = dict(find_record(db, practitioner_id) or {})
    sql = _VERSION + " AND v.number > :number ORDER BY v.number DESC"
    later = fetch(db, Version, sql, id=practitioner_id, number=min(number, MOST))
    apart = _old_apart(db, practitioner_id)
    for version in later:
        for field, pair in version.diff.items():
            if pair is not None:
                values[field] = pair[0]
            elif (version.number, field) in apart:
                values[field] = apart[version.number, field]
    return values


def _old_apart(db: Database, practitioner_id: str) -> dict[tuple[int, str], str | None]:
    sql = "SELECT number, field, old FROM practitioner_versions_apart WHERE practitioner_id = ?"
    return {(number, field): old for number, field, old in db.execute(sql, [practitioner_id])}


def kept_fields(db: Database, practitioner_id: str, version: Version) -> frozenset[str]:
    """The fields of a version whose earlier value is still known."""
    apart = _old_apart(db, practitioner_id)
    return frozenset(
        field
        for field, pair in version.diff.items()
        if pair is not None or (version.number, field) in apart
    )
