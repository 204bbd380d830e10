"""What waits on `/work` of reports: one's own that is due, and for coordinators others'."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.i18n.language import InPeriod, Message
from portal.indicators.locks import Reopened, is_locked
from portal.indicators.periods import Period
from portal.reporting.queries import ReportsWanted, find_others
from portal.reports.queries import (
    OWN_ROLES,
    Report,
    find_open_again,
    find_reports,
    owes,
    quarter_due,
)
from portal.reports.registry import may_decide
from portal.reports.rules import due_on
from portal.waiting import Waiting

DUE = Message("Report your organisation’s quarter.")
RETURNED = Message("Your organisation’s report came back with notes: correct it.")
OPEN_AGAIN = Message("A closed quarter is open again for your organisation.")
CORRECTION = Message("You have begun to correct a report: hand it in.")
TO_LOOK_AT = Message("A quarterly report waits: accept it or send it back.")


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work`: a report that is due or came back; for coordinators what waits for them."""
    lines = []
    if actor.role in OWN_ROLES and actor.organisation_id:
        lines += _own(db, actor.organisation_id, today)
    return lines + [
        Waiting("check", TO_LOOK_AT, ("reports", each.id, "review"), each.state_at, about=_of(each))
        for each in find_others(db, actor, ReportsWanted())
        if may_decide(db, actor, each, today) and not _is_shut(db, each, today)
    ]


def _own(db: Database, organisation_id: str, today: date) -> list[Waiting]:
    quarter = quarter_due(today)
    due = due_on(quarter).isoformat()
    reports = {each.period: each for each in find_reports(db, organisation_id=organisation_id)}
    again = find_open_again(db, organisation_id, today)
    lines = [
        Waiting(
            "confirm",
            RETURNED if each.state == "returned" else CORRECTION,
            ("reports", each.id),
            each.state_at,
            again[each.period].until.isoformat() if each.period in again else None,
            _when(each.quarter),
        )
        for each in reports.values()
        if _is_begun_again(each) and not _is_shut(db, each, today)
    ]
    lines += [
        _open_again(each, reports.get(period))
        for period, each in again.items()
        if period not in reports or _may_begin(reports[period], each)
    ]
    report = reports.get(quarter.code)
    is_open = report is None or (report.state == "draft" and report.handed_in_at is None)
    # a few hours at the end of a quarter say nothing of who is a member
    is_open = is_open and quarter.code not in again and owes(db, organisation_id, quarter, "UTC")
    if is_open and not is_locked(db, quarter, organisation_id, today):
        path = ("reports", report.id) if report else ("reports",)
        since = quarter.next.first.isoformat()
        lines.append(Waiting("confirm", DUE, path, since, due, about=_when(quarter)))
    return lines


def _is_begun_again(report: Report) -> bool:
    """Whether it was handed in before and is with its organisation now."""
    return report.state == "returned" or (report.state == "draft" and bool(report.handed_in_at))


def _may_begin(report: Report, again: Reopened) -> bool:
    """Whether nothing was done yet of what it was opened again for."""
    stood = report.state == "accepted" and report.state_at < again.at
    return stood or (report.state == "draft" and not report.handed_in_at)


def _open_again(again: Reopened, report: Report | None) -> Waiting:
    path = ("reports", report.id) if report else ("reports",)
    when = (InPeriod(again.period),)
    return Waiting("confirm", OPEN_AGAIN, path, again.at, again.until.isoformat(), when)


def _is_shut(db: Database, report: Report, today: date) -> bool:
    return is_locked(db, report.quarter, report.organisation_id, today)


def _of(report: Report) -> tuple[str | InPeriod, ...]:
    return (report.name, *_when(report.quarter))


def _when(quarter: Period) -> tuple[InPeriod]:
    return (InPeriod(quarter.code),)
