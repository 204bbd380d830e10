"""Questions about the charter: the version that stands, an earlier one, a draft."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.rules import (
    KINDS,
    CharterText,
    Piece,
    Point,
    differences,
    fields_changed,
    is_reordered,
)
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound


class CharterVersion(msgspec.Struct, frozen=True):
    """A version as it stands in the list; a draft has no day on which it was adopted."""

    version: int
    adopted_on: date | None
    notes: dict[str, str]
    minute: str | None = None


class Charter(CharterVersion, frozen=True):
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


class VersionList(msgspec.Struct, frozen=True):
    """The adopted versions, newest first; they are few and stand on one page."""

    total: int
    page: int
    per_page: int
    results: list[CharterVersion]


class PointChanged(msgspec.Struct, frozen=True):
    """A point that differs between two versions: how, and word by word in each language."""

    code: str
    how: str
    before: Point | None
    after: Point | None
    words: dict[str, dict[str, list[Piece]]]


class CharterChanges(msgspec.Struct, frozen=True):
    """What a version changed since another one; since nothing, where it is the first."""

    version: int
    since: int | None
    results: list[PointChanged]
    is_reordered: bool = False


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


def find_versions(db: Database) -> list[CharterVersion]:
    """The adopted versions, newest first."""
    sql = _VERSION + "WHERE adopted_on IS NOT NULL ORDER BY version DESC"
    return fetch(db, CharterVersion, sql)


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
    found = find_heading(db, version)
    if found is None:
        return None
    return Charter(**msgspec.structs.asdict(found), points=_points(db, version))


def find_heading(db: Database, version: int) -> CharterVersion | None:
    """A version without its points, which a draft may still have unfinished."""
    return fetch_one(db, CharterVersion, _VERSION + "WHERE version = :version", version=version)


def find_unfinished(db: Database, version: int) -> list[str]:
    """The codes of points without a title, a text or, of a criterion, what shows it."""
    sql = """
        SELECT DISTINCT p.code FROM charter_points AS p
        JOIN (SELECT 'title' AS field UNION SELECT 'text' UNION SELECT 'evidence') AS f
        WHERE p.version = :version AND (f.field <> 'evidence' OR p.kind = 'criterion')
            AND NOT EXISTS (SELECT 1 FROM charter_texts AS t
                WHERE t.version = p.version AND t.code = p.code AND t.field = f.field
                AND t.state = 'original' AND trim(t.text) <> '')
        ORDER BY p.position
    """
    return column(db, sql, version=version)


def count_criteria(db: Database, version: int) -> int:
    """How many criteria a version has."""
    sql = "SELECT count(*) FROM charter_points WHERE version = :version AND kind = 'criterion'"
    return count(db, sql, version=version)


def get_version_for(db: Database, actor: Actor, version: int) -> Charter:
    """One version, if this person may see it: of a draft nobody hears but coordinators."""
    found = find_version(db, version)
    # security: what is not adopted is not the network's word yet
    if found is None or (found.adopted_on is None and not actor.is_coordinator):
        raise NotFound
    return for_reader(found, actor)


def for_reader(charter: Charter, actor: Actor) -> Charter:
    """A version without the minute's reference, where that is not for this person."""
    return charter if actor.may_use_directory else msgspec.structs.replace(charter, minute=None)


def list_versions_for(db: Database, actor: Actor) -> VersionList:
    """The adopted versions as this person may see them."""
    found = find_versions(db)
    if not actor.may_use_directory:
        found = [msgspec.structs.replace(each, minute=None) for each in found]
    return VersionList(len(found), 1, max(len(found), 1), found)


def find_before(db: Database, version: int) -> int | None:
    """The adopted version that stood before this one; None for the first."""
    sql = """
        SELECT max(version) FROM charter_versions
        WHERE adopted_on IS NOT NULL AND version < :version
    """
    return count(db, sql, version=version) or None


def find_changes(db: Database, actor: Actor, version: int, since: int | None) -> CharterChanges:
    """What a version changed since another, by default since the one before."""
    after = get_version_for(db, actor, version)
    since = find_before(db, version) if since is None else since
    before = get_version_for(db, actor, since).points if since is not None else []
    found = [
        PointChanged(each.code, each.how, each.before, each.after, fields_changed(each))
        for each in differences(before, after.points)
    ]
    return CharterChanges(version, since, found, is_reordered(before, after.points))


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


def _text(rows: list[_Row]) -> CharterText:
    original = next(row for row in rows if row.state == "original")
    others = {row.language: row.text for row in rows if row is not original}
    states = {row.language: row.state for row in rows}
    return CharterText(original.text, original.language, others, states)
