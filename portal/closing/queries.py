"""Which reports of a quarter are there: of whom somebody may read it, and in all."""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of, moment_of
from portal.closing.forms import CompletenessWanted
from portal.closing.rules import (
    HANDED_IN,
    NOT_HANDED_IN,
    QUARTERS,
    Mark,
    in_outline,
    mark_of,
)
from portal.db import column, fetch
from portal.errors import NotFound
from portal.indicators.locks import find_closed, find_reopened
from portal.indicators.periods import Period
from portal.organisations.queries import SHOWN, tier
from portal.reports.queries import (
    Expected,
    Report,
    find_accepted,
    find_expected,
    find_reports,
    quarter_due,
)


class ReportStanding(msgspec.Struct, frozen=True):
    """How one organisation's report of a quarter stands, and how the quarters before did.

    While an accepted one is corrected, what was accepted counts.

    Others than coordinators and its own people read of it only whether it was handed in, and when.
    """

    organisation_id: str
    name: str
    names: dict[str, str]
    state: str
    report_id: str | None
    handed_in_on: date | None
    is_late: bool
    is_corrected: bool
    open_until: date | None
    quarters: dict[str, Mark]


class ExceptionMade(msgspec.Struct, frozen=True):
    """For whom a closed quarter was opened again: why, until when, by whom."""

    organisation_id: str
    name: str
    names: dict[str, str]
    reason: str
    until: date
    at: str
    who: str | None


class Completeness(msgspec.Struct, frozen=True):
    """The board of a quarter; the counts are of all organisations, whoever reads it."""

    total: int
    page: int
    per_page: int
    results: list[ReportStanding]
    period: str
    closed_on: date | None
    expected: int
    reported: int
    on_time: int
    accepted: int
    waiting: int
    quarters: list[str]
    exceptions: list[ExceptionMade]


def may_read_board(actor: Actor) -> bool:
    """Whether somebody may know how complete the reports are."""
    return actor.is_coordinator or actor.role in ("member", "observer")


def find_board(
    db: Database,
    actor: Actor,
    today: date,
    timezone: str,
    quarter: Period,
    wanted: CompletenessWanted,
) -> Completeness:
    """The board of a quarter for somebody; strangers get `NotFound`."""
    if not may_read_board(actor):
        raise NotFound
    every = find_standings(db, today, timezone, quarter)
    seen = _seen(db, actor, every)
    fitting = [each for each in seen if _fits(each, wanted.state)]
    shown = fitting[wanted.offset : wanted.offset + wanted.per_page]
    quarters = last_quarters(today)
    handed_in = [each for each in every if each.handed_in_on]
    closed = {each.period: each.at for each in find_closed(db)}.get(quarter.code)
    return Completeness(
        total=len(fitting),
        page=wanted.page,
        per_page=wanted.per_page,
        results=_with_quarters(db, actor, timezone, shown, quarters),
        period=quarter.code,
        closed_on=day_of(moment_of(closed), timezone) if closed else None,
        expected=len(every),
        reported=len(handed_in),
        on_time=sum(not each.is_late for each in handed_in),
        accepted=sum(each.state == "accepted" or each.is_corrected for each in every),
        waiting=sum(each.state == "submitted" for each in every),
        quarters=[each.code for each in quarters],
        exceptions=find_exceptions(db, quarter) if actor.is_coordinator else [],
    )


def find_standings(
    db: Database, today: date, timezone: str, quarter: Period
) -> list[ReportStanding]:
    """How each expected organisation's report stands, by name; for who may know it all."""
    reports = {each.organisation_id: each for each in find_reports(db, period=quarter.code)}
    accepted = find_accepted(db, quarter.code)
    open_until: dict[str, date] = {}
    for each in find_reopened(db, quarter.code):
        if each.until >= today:
            later = max(each.until, open_until.get(each.organisation_id, each.until))
            open_until[each.organisation_id] = later
    return [
        _standing(
            each,
            quarter,
            timezone,
            reports.get(each.id),
            open_until.get(each.id),
            was_accepted=each.id in accepted,
        )
        for each in find_expected(db, quarter, timezone)
    ]


def last_quarters(today: date) -> list[Period]:
    """The quarters that have ended last, oldest first."""
    quarters = [quarter_due(today)]
    while len(quarters) < QUARTERS:
        quarters.insert(0, quarters[0].before)
    return quarters


def find_exceptions(db: Database, quarter: Period) -> list[ExceptionMade]:
    """Every exception of a quarter, the newest first; for coordinators."""
    sql = """
        SELECT r.organisation_id, o.name, o.names, r.reason, r.until, r.at, a.name AS who
        FROM reopened_periods AS r JOIN organisations AS o ON o.id = r.organisation_id
        LEFT JOIN accounts AS a ON a.id = r."by"
        WHERE r.period = :period ORDER BY r.id DESC
    """
    return fetch(db, ExceptionMade, sql, period=quarter.code)


def _standing(
    each: Expected,
    quarter: Period,
    timezone: str,
    report: Report | None,
    open_until: date | None,
    *,
    was_accepted: bool,
) -> ReportStanding:
    handed_in = _handed_in(report, timezone)
    return ReportStanding(
        organisation_id=each.id,
        name=each.name,
        names=each.names,
        state=report.state if report else "missing",
        report_id=report.id if report else None,
        handed_in_on=handed_in,
        is_late=mark_of(quarter, None, handed_in) == "late",
        is_corrected=was_accepted and report is not None and report.state != "accepted",
        open_until=open_until,
        quarters={},
    )


def _handed_in(report: Report | None, timezone: str) -> date | None:
    if report is None or report.handed_in_at is None:
        return None
    return day_of(moment_of(report.handed_in_at), timezone)


def _seen(db: Database, actor: Actor, every: list[ReportStanding]) -> list[ReportStanding]:
    if actor.is_coordinator:
        return every
    if actor.role == "member":
        return [each for each in every if each.organisation_id == actor.organisation_id]
    # security: to observers no organisation that the public may not see, and of none its drafts
    shown = set(column(db, "SELECT o.id " + SHOWN, **tier(actor)))
    return [_outline(each) for each in every if each.organisation_id in shown]


def _outline(each: ReportStanding) -> ReportStanding:
    state = HANDED_IN if each.handed_in_on else NOT_HANDED_IN
    outline = {"report_id": None, "is_corrected": False, "open_until": None}
    return msgspec.structs.replace(each, state=state, **outline)


def _fits(each: ReportStanding, wanted: str | None) -> bool:
    if wanted == "late":
        return each.is_late
    if wanted == "open":
        return each.open_until is not None
    return wanted in (None, each.state)


def _with_quarters(
    db: Database,
    actor: Actor,
    timezone: str,
    shown: Sequence[ReportStanding],
    quarters: Sequence[Period],
) -> list[ReportStanding]:
    marks: dict[str, dict[str, Mark]] = {each.organisation_id: {} for each in shown}
    for quarter in quarters:
        reports = {each.organisation_id: each for each in find_reports(db, period=quarter.code)}
        expected = {each.id for each in find_expected(db, quarter, timezone)}
        for organisation_id, row in marks.items():
            report = reports.get(organisation_id)
            state = report.state if report else None
            mark = mark_of(quarter, state, _handed_in(report, timezone))
            told = in_outline(mark) if actor.role == "observer" else mark
            row[quarter.code] = told if organisation_id in expected else "none"
    return [msgspec.structs.replace(each, quarters=marks[each.organisation_id]) for each in shown]
