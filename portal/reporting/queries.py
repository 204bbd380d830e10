"""Questions of the pages on which quarters are reported: which there are, and all of one."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.counting.queries import find_known
from portal.db import column
from portal.errors import NotFound
from portal.forms import Paged
from portal.i18n.language import Message
from portal.indicators.locks import Reopened, is_locked
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import Definition, find_definitions
from portal.projects.queries import Project, find_own_projects
from portal.reporting.rules import VOCABULARIES, Sheet, place_of
from portal.reports.queries import (
    OWN_ROLES,
    Note,
    Report,
    as_asked,
    find_asked,
    find_notes,
    find_open_again,
    find_report,
    find_reports,
    find_written,
    get_report_for,
    owes,
    quarter_due,
)
from portal.reports.rules import (
    NOT_WRITTEN,
    ReportState,
    Written,
    due_on,
    periods_asked,
    wrong_report,
)
from portal.vocabularies.terms import Terms

# so many quarters back a report that never came is still asked for
ASKED_BACK = 4


class ReportsWanted(Paged, frozen=True):
    """Which reports of other organisations a coordinator looks at; `all` is every state."""

    period: Annotated[str, msgspec.Meta(max_length=7)] | None = None
    state: ReportState | Literal["all"] = "submitted"


class OwnQuarter(msgspec.Struct, frozen=True):
    """A quarter of one's own organisation; without a report it is not begun."""

    quarter: Period
    report: Report | None
    is_locked: bool
    is_late: bool
    open_again: Reopened | None = None

    @property
    def due_on(self) -> date:
        """The last day on which its report is on time."""
        return due_on(self.quarter)

    @property
    def waits(self) -> bool:
        """Whether its organisation has something to do."""
        return not self.is_locked and (self.report is None or self.report.is_editable)


class AlreadyCounted(msgspec.Struct, frozen=True):
    """What the portal counts of an organisation itself; `room` is where it is corrected."""

    code: str
    title: str
    titles: dict[str, str]
    numerator: float
    room: str


class Opened(msgspec.Struct, frozen=True):
    """All of one report: what is asked, what was written, what was before, what was noted."""

    report: Report
    definitions: list[Definition]
    sheets: list[Sheet]
    written: list[Written]
    before: list[Written]
    notes: list[Note]
    own_region: str
    is_locked: bool
    known: list[AlreadyCounted]
    own_projects: list[Project]
    open_again: Reopened | None = None

    @property
    def projects(self) -> list[Project]:
        """The projects of its organisation that run in the quarter."""
        return [each for each in self.own_projects if _runs(each, self.report.quarter)]

    @property
    def problems(self) -> dict[str, Message]:
        """By field all that keeps it from being handed in."""
        return wrong_report(as_asked(self.definitions), self.report.quarter, self.written)

    @property
    def unfitting(self) -> dict[str, Message]:
        """Of these the ones of lines that are written, and do not fit together yet."""
        return {field: said for field, said in self.problems.items() if said != NOT_WRITTEN}


def find_own_quarters(
    db: Database, organisation_id: str, today: date, timezone: str
) -> list[OwnQuarter]:
    """The quarters of an organisation, the newest first: reports, and those that never came."""
    reports = {each.period: each for each in find_reports(db, organisation_id=organisation_id)}
    again = find_open_again(db, organisation_id, today)
    quarter, asked = quarter_due(today), [*again]
    for _ in range(ASKED_BACK):
        if quarter.code in reports or owes(db, organisation_id, quarter, timezone):
            asked.append(quarter.code)
        quarter = quarter.before
    return [
        _own_quarter(
            db, organisation_id, read_period(code), reports.get(code), today, again.get(code)
        )
        for code in sorted({*reports, *asked}, reverse=True)
    ]


def find_others(db: Database, actor: Actor, wanted: ReportsWanted) -> list[Report]:
    """Reports of other organisations for a coordinator; what waits longest comes first."""
    if not actor.is_coordinator:
        return []
    found = [
        each
        for each in find_reports(db, period=wanted.period)
        if each.organisation_id != actor.organisation_id and wanted.state in ("all", each.state)
    ]
    return sorted(found, key=lambda each: each.state_at)


def find_shut(db: Database, reports: Sequence[Report], today: date) -> set[str]:
    """Which of these reports wait for something that their closed quarter does not let happen."""
    return {
        each.id
        for each in reports
        if each.state != "accepted" and is_locked(db, each.quarter, each.organisation_id, today)
    }


def find_report_periods(db: Database) -> list[str]:
    """The quarters of which there is a report, the newest first."""
    return column(db, "SELECT DISTINCT period FROM reports ORDER BY period DESC")


def get_opened(
    db: Database, actor: Actor, report_id: str, today: date, terms: Terms, timezone: str
) -> Opened:
    """A report with all that belongs to it; strangers get `NotFound`."""
    report = get_report_for(db, actor, report_id)
    definitions = find_asked(db, report.quarter)
    return Opened(
        report,
        definitions,
        sheets_of(definitions, report.quarter, terms),
        find_written(db, report.id),
        _before(db, report),
        find_notes(db, report.id),
        _own_region(db, report.organisation_id),
        is_locked(db, report.quarter, report.organisation_id, today),
        find_already_counted(db, report.organisation_id, report.quarter, timezone),
        find_own_projects(db, report.organisation_id),
        find_open_again(db, report.organisation_id, today).get(report.period),
    )


def find_already_counted(
    db: Database, organisation_id: str, quarter: Period, timezone: str
) -> list[AlreadyCounted]:
    """What the portal knows of a quarter of an organisation, by the indicators that say it."""
    counted = {each.counter: each for each in find_definitions(db, quarter.first) if each.counter}
    return [
        AlreadyCounted(
            about.code, about.title, about.titles, each.numerator, place_of(each.counter)
        )
        for each in find_known(db, organisation_id, quarter, timezone)
        if (about := counted.get(each.counter))
    ]


def writes_in(actor: Actor, report: Report) -> bool:
    """Whether somebody belongs to the organisation whose report it is."""
    return actor.role in OWN_ROLES and actor.organisation_id == report.organisation_id


def reports_at_all(actor: Actor) -> Actor:
    """The same person, whom reports concern; `NotFound` for all others."""
    if actor.is_coordinator or (actor.role in OWN_ROLES and actor.organisation_id):
        return actor
    raise NotFound


def sheets_of(definitions: Sequence[Definition], quarter: Period, terms: Terms) -> list[Sheet]:
    """What a quarter's report asks for, with the codes of its parts."""
    found = []
    for each in definitions:
        periods = tuple(one.code for one in periods_asked(quarter, each.frequency))
        codes = {
            name: tuple(terms.codes(vocabulary))
            for name, vocabulary in VOCABULARIES.items()
            if name in each.dimensions
        }
        if periods:
            regions = "region" in each.dimensions
            found.append(Sheet(each.code, each.rules, periods, regions, codes))
    return found


def _own_quarter(
    db: Database,
    organisation_id: str,
    quarter: Period,
    report: Report | None,
    today: date,
    again: Reopened | None,
) -> OwnQuarter:
    locked = is_locked(db, quarter, organisation_id, today)
    is_late = today > due_on(quarter) and (report is None or report.handed_in_at is None)
    return OwnQuarter(quarter, report, locked, is_late, again)


def _runs(project: Project, quarter: Period) -> bool:
    """Whether a project runs on one day of a quarter at least."""
    ends = min((day for day in (project.ends_on, project.cancelled_on) if day), default=date.max)
    return bool(project.starts_on and project.starts_on <= quarter.last and ends >= quarter.first)


def _before(db: Database, report: Report) -> list[Written]:
    """What the organisation wrote of the quarter before, and with a year's last one a year ago."""
    quarters = [report.quarter.before]
    if report.quarter.number == 4:
        quarters.append(Period(report.quarter.year - 1, 4, "quarter"))
    found = [find_report(db, report.organisation_id, each.code) for each in quarters]
    return [cell for each in found if each for cell in find_written(db, each.id)]


def _own_region(db: Database, organisation_id: str) -> str:
    sql = """
        SELECT p.region FROM organisations AS o JOIN places AS p ON p.id = o.place_id
        WHERE o.id = :id
    """
    return next(iter(column(db, sql, id=organisation_id)), None) or ""
