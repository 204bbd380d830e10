"""What stands of an indicator when its definition is changed, and what may be chosen."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.approvals.queries import find_open
from portal.db import column, count
from portal.errors import NotFound
from portal.indicators.locks import last_closed
from portal.indicators.periods import period_of, read_period
from portal.indicators.queries import Definition, find_versions

QUARTERS_AHEAD = 9
YEARS = range(-2, 5)


class Standing(msgspec.Struct, frozen=True):
    """The newest version, and what can be done about it."""

    definition: Definition
    versions: int
    is_reported: bool
    ended_on: date | None
    approval_id: str | None


def get_standing(db: Database, code: str, at: datetime) -> Standing:
    """How an indicator stands; `NotFound` when there is none of this code."""
    versions = find_versions(db, code)
    if not versions:
        raise NotFound
    newest = versions[0]
    sql = "SELECT count(*) FROM results WHERE code = :code AND version = :version"
    ended = column(db, "SELECT ended_on FROM indicators WHERE code = :code", code=code)[0]
    return Standing(
        newest,
        len(versions),
        count(db, sql, code=code, version=newest.version) > 0,
        date.fromisoformat(ended) if ended else None,
        find_opening(db, at, newest),
    )


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
