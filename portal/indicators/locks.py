"""Closed periods: what was accepted of them stands; each exception is a row with its reason."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column, count, fetch
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.indicators.periods import Period, period_of, read_period

LOCKED = Message(
    "This period is closed. Ask a coordinator to open it for your organisation, with a reason."
)


class Closed(msgspec.Struct, frozen=True):
    """A quarter that is closed: since when, and by whom."""

    period: str
    at: str
    by: str


class Reopened(msgspec.Struct, frozen=True):
    """One exception: for whom a closed quarter was opened again, why, and until which day."""

    id: int
    period: str
    organisation_id: str
    reason: str
    until: date
    at: str
    by: str


def quarters_of(period: Period) -> list[Period]:
    """The quarters that a month lies in, that a quarter is, or that make a year."""
    if period.frequency == "year":
        return [Period(period.year, number, "quarter") for number in (1, 2, 3, 4)]
    return [period_of(period.first, "quarter")]


def is_closed(db: Database, period: Period) -> bool:
    """Whether a period is closed; a year is once its last quarter is."""
    last = quarters_of(period)[-1]
    return bool(count(db, "SELECT count(*) FROM closed_periods WHERE period = :p", p=last.code))


def is_locked(db: Database, period: Period, organisation_id: str | None, today: date) -> bool:
    """Whether nothing of a period may change for an organisation, for no exception holds today."""
    if not is_closed(db, period):
        return False
    sql = """
        SELECT count(*) FROM reopened_periods
        WHERE period = :period AND organisation_id = :id AND until >= :today
    """
    last = quarters_of(period)[-1].code
    asked = {"period": last, "id": organisation_id, "today": today.isoformat()}
    return not count(db, sql, **asked)


def refuse_locked(
    db: Database, period: Period, organisation_id: str | None, today: date, field: str = "all"
) -> None:
    """`Invalid` when nothing of a period may change for an organisation."""
    if is_locked(db, period, organisation_id, today):
        raise Invalid({field: [LOCKED]})


def find_closed(db: Database) -> list[Closed]:
    """The closed quarters, the newest first."""
    return fetch(db, Closed, 'SELECT period, at, "by" FROM closed_periods ORDER BY period DESC')


def last_closed(db: Database) -> Period | None:
    """The newest quarter that is closed; None before the first one is."""
    (code,) = column(db, "SELECT max(period) FROM closed_periods")
    return read_period(code) if code else None


def find_reopened(db: Database, period: str) -> list[Reopened]:
    """The exceptions of a quarter, the newest first."""
    sql = """
        SELECT id, period, organisation_id, reason, until, at, "by" FROM reopened_periods
        WHERE period = :period ORDER BY id DESC
    """
    return fetch(db, Reopened, sql, period=period)


def lock(db: Database, by: Actor, at: datetime, quarter: Period) -> None:
    """Write down that a quarter is closed; what belongs to it is done by who closes it."""
    row = {"period": quarter.code, "at": stamp(at), "by": by.account_id or by.role}
    db.table("closed_periods").insert(row)
    audit.record(db, by, at, "close", "periods", quarter.code)


def reopen(
    db: Database,
    by: Actor,
    at: datetime,
    quarter: Period,
    organisation_id: str,
    reason: str,
    until: date,
) -> None:
    """Open a closed quarter for one organisation until a day, which belongs to it."""
    if not is_closed(db, quarter):
        raise Invalid({"all": [Message("This period is not closed.")]})
    row = {"period": quarter.code, "organisation_id": organisation_id, "reason": reason}
    row |= {"until": until.isoformat(), "at": stamp(at), "by": by.account_id or by.role}
    db.table("reopened_periods").insert(row)
    detail = {"organisation": organisation_id, "until": until.isoformat()}
    audit.record(db, by, at, "reopen", "periods", quarter.code, **detail)
