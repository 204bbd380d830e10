"""Questions about the charter: the version that stands, an earlier one, a draft."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.charter.rules import KINDS, Point, Text
from portal.db import column, fetch, fetch_one


class Version(msgspec.Struct, frozen=True):
    """A version as it stands in the list; a draft has no day on which it was adopted."""

    version: int
    adopted_on: date | None
    notes: dict[str, str]
    minute: str | None = None


class Charter(Version, frozen=True):
    """One version with its points."""

    points: list[Point] = []

    @property
    def criteria(self) -> list[Point]:
        """The points that an applicant answers one by one."""
        return [each for each in self.points if each.kind == "criterion"]

    @property
    def principles(self) -> list[Point]:
        """The points that are accepted as a whole."""
        return [each for each in self.points if each.kind == "principle"]


class _Row(msgspec.Struct, frozen=True):
    code: str
    kind: str
    position: int
    asks_file: bool
    field: str
    language: str
    text: str
    state: str


_VERSION = "SELECT version, adopted_on, notes, minute FROM charter_versions "


def find_versions(db: Database) -> list[Version]:
    """The adopted versions, newest first."""
    sql = _VERSION + "WHERE adopted_on IS NOT NULL ORDER BY version DESC"
    return fetch(db, Version, sql)


def find_charter(db: Database) -> Charter | None:
    """The version that stands now; None while the network has none."""
    newest = column(db, "SELECT max(version) FROM charter_versions WHERE adopted_on IS NOT NULL")
    return find_version(db, newest[0]) if newest[0] is not None else None


def find_draft(db: Database) -> Charter | None:
    """The version that is being written, or None."""
    found = column(db, "SELECT max(version) FROM charter_versions WHERE adopted_on IS NULL")
    return find_version(db, found[0]) if found[0] is not None else None


def find_version(db: Database, version: int) -> Charter | None:
    """One version, drafts included; None when there is none of that number."""
    found = fetch_one(db, Version, _VERSION + "WHERE version = :version", version=version)
    if found is None:
        return None
    return Charter(**msgspec.structs.asdict(found), points=_points(db, version))


def _points(db: Database, version: int) -> list[Point]:
    """Criteria first, then principles, each in their order."""
    sql = """
        SELECT p.code, p.kind, p.position, p.asks_file, t.field, t.language, t.text, t.state
        FROM charter_points AS p
        JOIN charter_texts AS t ON t.version = p.version AND t.code = p.code
        WHERE p.version = :version ORDER BY p.position, p.code, t.field, t.language
    """
    found: dict[str, list[_Row]] = {}
    for row in fetch(db, _Row, sql, version=version):
        found.setdefault(row.code, []).append(row)
    points = [_point(rows) for rows in found.values()]
    return sorted(points, key=lambda each: KINDS.index(each.kind))


def _point(rows: list[_Row]) -> Point:
    head = rows[0]
    texts = {
        field: _text([row for row in rows if row.field == field])
        for field in dict.fromkeys(row.field for row in rows)
    }
    return Point(head.code, head.kind, head.position, head.asks_file, **texts)


def _text(rows: list[_Row]) -> Text:
    original = next(row for row in rows if row.state == "original")
    others = {row.language: row.text for row in rows if row is not original}
    states = {row.language: row.state for row in rows}
    return Text(original.text, original.language, others, states)
