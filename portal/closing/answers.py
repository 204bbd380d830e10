"""What closing a quarter would do, as it is shown to a coordinator before."""

from collections.abc import Callable
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.closing.queries import ReportStanding, find_standings
from portal.counting.actions import find_silent, why_not
from portal.counting.registry import COUNTERS, count_period
from portal.counting.rules import whole_of
from portal.i18n.language import Message
from portal.indicators.periods import Period
from portal.indicators.queries import find_versions
from portal.indicators.results import Kept
from portal.indicators.rules import value_of

Say = Callable[[Message], str]


class NumberFrozen(msgspec.Struct, frozen=True):
    """What the portal counts of an indicator now, for the whole network, and how."""

    code: str
    title: str
    titles: dict[str, str]
    period: str
    kind: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    counted_so: str


class ClosingPreview(msgspec.Struct, frozen=True):
    """What stands in the way of closing, who has not reported, and what will be counted."""

    period: str
    problem: str | None
    expected: int
    not_accepted: list[ReportStanding]
    corrected: list[ReportStanding]
    not_reported: int
    counted: list[NumberFrozen]


def preview_closing(
    db: Database, today: date, timezone: str, quarter: Period, say: Say
) -> ClosingPreview:
    """What closing would do today, in the reader's language; nothing is kept by it."""
    standings = find_standings(db, today, timezone, quarter)
    problem = why_not(db, quarter, today)
    lines: dict[tuple[str, str], list[Kept]] = {}
    if problem is None:
        for each in count_period(db, quarter, today, timezone):
            lines.setdefault((each.code, each.period), []).append(each)
    silent = [] if problem else find_silent(db, quarter, timezone)
    return ClosingPreview(
        period=quarter.code,
        problem=say(problem) if problem else None,
        expected=len(standings),
        not_accepted=[e for e in standings if e.state != "accepted" and not e.is_corrected],
        corrected=[each for each in standings if each.is_corrected],
        not_reported=len({each.organisation_id for each in silent}),
        counted=[_number(db, code, cells, say) for (code, _), cells in lines.items()],
    )


def _number(db: Database, code: str, cells: list[Kept], say: Say) -> NumberFrozen:
    version = cells[0].version
    definition = next(each for each in find_versions(db, code) if each.version == version)
    figure = whole_of(definition.rules, cells)
    return NumberFrozen(
        code=code,
        title=definition.title,
        titles=definition.titles,
        period=cells[0].period,
        kind=definition.kind,
        unit=definition.unit,
        value=value_of(definition.kind, figure),
        numerator=figure.numerator,
        denominator=figure.denominator,
        counted_so=say(COUNTERS[definition.counter or code].says),
    )
