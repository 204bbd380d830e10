"""What somebody who pays or watches reads first: open figures, who has reported, projects."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.clock import day_of, moment_of
from portal.indicators.locks import last_closed
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import (
    Aim,
    Counted,
    Definition,
    find_definitions,
    find_figures,
    find_network,
    find_versions,
    nearest_aim,
)
from portal.indicators.rules import progress, value_of
from portal.indicators.sight import find_seen_aims, only_seen, sees_all
from portal.reports.queries import find_accepted, find_expected, find_reports, quarter_due
from portal.reports.rules import due_on, is_on_time


class OpenFigure(msgspec.Struct, frozen=True):
    """A figure of the network that everybody may know; `progress` is from 0 to 1."""

    code: str
    titles: dict[str, str]
    kind: str
    period: str
    value: float | None
    baseline: float | None
    target: float | None
    progress: float | None
    is_quoted: bool
    is_partial: bool


class Completeness(msgspec.Struct, frozen=True):
    """How many reports of a quarter were expected, came, came in time and were accepted."""

    period: str
    due_on: date
    expected: int
    handed_in: int
    on_time: int
    accepted: int


def find_open_figures(db: Database, quarter: Period | None, today: date) -> list[OpenFigure]:
    """The newest closed quarter in figures that count no people, and what others have published.

    Coordinators read the same: it is the page that donors know.
    """
    # security: each figure is judged as the public's, by the version it was reported under
    closed = only_seen(db, PUBLIC, find_network(db, [quarter.code]) if quarter else [])
    newest = {each.code: each for each in closed}
    aims = find_seen_aims(db, PUBLIC)
    found = []
    for each in find_definitions(db, today):
        quoted = find_figures(db, code=each.code) if each.source == "quoted" else []
        shown = only_seen(db, PUBLIC, quoted[-1:]) if quoted else []
        figure = shown[-1] if shown else newest.get(each.code)
        if figure is not None and figure.numerator is not None:
            found.append(_shown(db, figure, each, aims))
        elif quarter and each.frequency == "quarter" and _is_open(db, each):
            found.append(_unknown(each, quarter))
    return found


def _shown(db: Database, figure: Counted, now: Definition, aims: list[Aim]) -> OpenFigure:
    period = read_period(figure.period)
    # a figure is read by the definition that held when it was reported
    versions = find_versions(db, figure.code)
    definition = next((each for each in versions if each.version == figure.version), now)
    aim = nearest_aim(aims, figure.code, "", period)
    value = value_of(definition.kind, figure.figure)
    gone = progress(definition.direction, aim.baseline, aim.target, value) if aim else None
    return OpenFigure(
        figure.code,
        definition.titles,
        definition.kind,
        figure.period,
        value,
        aim.baseline if aim else None,
        aim.target if aim else None,
        gone,
        now.source == "quoted",
        figure.figure.is_partial,
    )


def _is_open(db: Database, definition: Definition) -> bool:
    is_ours = definition.source != "quoted"
    return is_ours and sees_all(PUBLIC, find_versions(db, definition.code))


def _unknown(definition: Definition, quarter: Period) -> OpenFigure:
    """What the quarter was closed without: said, so that no line goes missing unseen."""
    named = (definition.code, definition.titles, definition.kind, quarter.code)
    return OpenFigure(*named, None, None, None, None, is_quoted=False, is_partial=False)


def find_completeness(db: Database, today: date, timezone: str) -> list[Completeness]:
    """The newest closed quarter and the one that is reported now, in numbers without names."""
    closed, due = last_closed(db), quarter_due(today)
    quarters = dict.fromkeys([due, *([closed] if closed else [])])
    return [_complete(db, each, timezone) for each in quarters]


def _complete(db: Database, quarter: Period, timezone: str) -> Completeness:
    expected = {each.id for each in find_expected(db, quarter, timezone)}
    reports = [
        each
        for each in find_reports(db, period=quarter.code)
        if each.organisation_id in expected and each.handed_in_at
    ]
    days = [day_of(moment_of(each.handed_in_at or ""), timezone) for each in reports]
    return Completeness(
        quarter.code,
        due_on(quarter),
        len(expected),
        len(reports),
        sum(is_on_time(quarter, day) for day in days),
        len(expected & find_accepted(db, quarter.code)),
    )
