"""What stands of an indicator when its definition is changed, and what may be chosen."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.approvals.queries import find_open
from portal.clock import moment_of
from portal.db import column, fetch
from portal.errors import NotFound
from portal.indicators.locks import last_closed
from portal.indicators.periods import period_of, read_period
from portal.indicators.queries import Definition, find_versions, is_reported

QUARTERS_AHEAD = 9
YEARS = range(-2, 5)
SHOWN = 20


class Standing(msgspec.Struct, frozen=True):
    """The newest version, whether one is open, and what can be done about it."""

    definition: Definition
    versions: int
    is_reported: bool
    is_open: bool
    ended_on: date | None
    approval_id: str | None


def get_standing(db: Database, code: str, at: datetime) -> Standing:
    """How an indicator stands; `NotFound` when there is none of this code."""
    versions = find_versions(db, code)
    if not versions:
        raise NotFound
    newest = versions[0]
    ended = column(db, "SELECT ended_on FROM indicators WHERE code = :code", code=code)[0]
    return Standing(
        newest,
        len(versions),
        is_reported(db, newest),
        any(each.is_open for each in versions),
        date.fromisoformat(ended) if ended else None,
        find_opening(db, at, newest),
    )


class Change(msgspec.Struct, frozen=True):
    """What stood before somebody wrote over it."""

    version: int | None
    what: str
    was: dict[str, Any]
    at: str
    name: str

    @property
    def made(self) -> datetime:
        """When it was written over."""
        return moment_of(self.at)


def find_changes(db: Database, code: str) -> list[Change]:
    """The newest changes of a definition and its aims, for coordinators."""
    sql = """
        SELECT c.version, c.what, c.was, c.at, coalesce(a.name, c.by) AS name
        FROM indicator_changes AS c LEFT JOIN accounts AS a ON a.id = c.by
        WHERE c.code = :code ORDER BY c.id DESC LIMIT :limit
    """
    return fetch(db, Change, sql, code=code, limit=SHOWN)


def find_opening(db: Database, at: datetime, definition: Definition) -> str | None:
    """The item by which a second coordinator is asked to open a version."""
    return find_open(db, at, "open_indicator", opens(definition))


def opens(definition: Definition) -> str:
    """How a version is called among what waits for a second person."""
    return f"{definition.code}/{definition.version}"


def is_known(db: Database, code: str) -> bool:
    """Whether there is an indicator of this code."""
    return bool(find_versions(db, code))


def find_quarters(db: Database, today: date) -> list[str]:
    """The quarters with which a version may begin: not closed, and at most two years ahead."""
    ahead = find_ends(today)
    closed, quarter = last_closed(db), read_period(ahead[0])
    found: list[str] = []
    if closed is not None:
        quarter = min(quarter, closed.next)
    while quarter.code <= ahead[-1]:
        found.append(quarter.code)
        quarter = quarter.next
    return [each for each in found if closed is None or each > closed.code]


def find_further(db: Database, today: date, code: str) -> list[str]:
    """The quarters with which a further version may begin: after all that was reported."""
    sql = "SELECT DISTINCT period FROM results WHERE code = :code"
    reported = [read_period(each).last for each in column(db, sql, code=code)]
    last = max(reported, default=date.min)
    return [each for each in find_quarters(db, today) if read_period(each).first > last]


def find_ends(today: date) -> list[str]:
    """The quarters from which on nobody may be asked any more: what was asked stays asked."""
    quarter = period_of(today, "quarter")
    found: list[str] = []
    for _ in range(QUARTERS_AHEAD):
        found.append(quarter.code)
        quarter = quarter.next
    return found


def find_aim_periods(today: date) -> list[str]:
    """The years and quarters for which a target may be set."""
    years = [str(today.year + n) for n in YEARS]
    quarters = [f"{today.year + n}-Q{q}" for n in (-1, 0, 1) for q in (1, 2, 3, 4)]
    return [*years, *quarters]
