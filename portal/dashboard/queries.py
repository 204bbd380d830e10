"""Which figures stand on the dashboard: all of them in a few questions, however many there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.dashboard.rules import GROUPS, Trend, periods_back
from portal.db import as_json, fetch
from portal.indicators.locks import find_closed, quarters_of
from portal.indicators.periods import Frequency, Period, period_of, read_period
from portal.indicators.queries import Counted, Definition, find_network
from portal.indicators.rules import Figure
from portal.indicators.sight import only_seen, sees_some
from portal.reports.queries import may_read

# by indicator, and by period
Figures = Mapping[str, Mapping[str, Figure]]


class IndicatorTile(msgspec.Struct, frozen=True):
    """One indicator: its figure, where that is open to the reader, and how it is going.

    `rests_on` names the shorter periods that a figure was put together from; `progress` goes from
    0 to 1; a figure is `partial` when it rests on fewer reports than were expected.
    """

    code: str
    title: str
    description: str
    group: str
    unit: str
    kind: str
    direction: str
    frequency: str
    period_rule: str
    is_open: bool
    period: str
    value: float | None = None
    reported: int = 0
    expected: int = 0
    partial: bool = False
    provisional: bool = False
    rests_on: list[str] = []
    before_period: str | None = None
    before: float | None = None
    year_before: float | None = None
    trend: Trend | None = None
    better: bool | None = None
    baseline: float | None = None
    target: float | None = None
    measured: bool = False
    progress: float | None = None
    reached: bool = False
    line: list[float | None] = []
    own: float | None = None


def grouped(tiles: Iterable[IndicatorTile]) -> list[tuple[str, list[IndicatorTile]]]:
    """Tiles under the headings that have any."""
    under: dict[str, list[IndicatorTile]] = {group: [] for group in GROUPS}
    for each in tiles:
        under[each.group].append(each)
    return [(group, found) for group, found in under.items() if found]


class Dashboard(msgspec.Struct, frozen=True):
    """The tiles of a page, those whose figures are not open last."""

    total: int
    page: int
    per_page: int
    results: list[IndicatorTile]

    @property
    def groups(self) -> list[tuple[str, list[IndicatorTile]]]:
        """The open tiles under their headings."""
        return grouped(each for each in self.results if each.is_open)

    @property
    def shut(self) -> list[IndicatorTile]:
        """Those whose figures the reader may not see."""
        return [each for each in self.results if not each.is_open]


class QuarterlyReport(msgspec.Struct, frozen=True):
    """One quarter: the open tiles, and how many of the reports that were owed are accepted."""

    network: str
    period: str
    provisional: bool
    reports_accepted: int
    reports_expected: int
    total: int
    page: int
    per_page: int
    results: list[IndicatorTile]

    @property
    def groups(self) -> list[tuple[str, list[IndicatorTile]]]:
        """The rows under their headings."""
        return grouped(self.results)

    @property
    def partial(self) -> list[IndicatorTile]:
        """What rests on fewer reports than were expected."""
        return [each for each in self.results if each.partial]


class Calendar(msgspec.Struct, frozen=True):
    """Which quarters are closed, and which periods a reader may choose, the default first."""

    closed: frozenset[str]
    offered: list[Period]

    def is_closed(self, period: Period) -> bool:
        """Whether a month's or a quarter's own quarter is closed, or the last one of a year."""
        return quarters_of(period)[-1].code in self.closed

    def newest_within(self, view: Period) -> Period:
        """The newest quarter of a year that may be seen; a quarter itself."""
        there = [each for each in self.offered if each.frequency == "quarter" and view.holds(each)]
        return max(there, default=period_of(view.last, "quarter"))


def find_calendar(db: Database, actor: Actor, today: date) -> Calendar:
    """Closed quarters and their years; for coordinators those that are still open, too."""
    closed = [read_period(each.period) for each in find_closed(db)]
    open_ones: list[Period] = []
    if actor.is_coordinator:
        running = period_of(today, "quarter")
        after = closed[0].next if closed else running.before
        while after <= running:
            open_ones.append(after)
            after = after.next
    quarters = [*closed, *open_ones[::-1]] if closed else open_ones
    years = sorted({Period(each.year, 1, "year") for each in quarters}, reverse=True)
    return Calendar(frozenset(each.code for each in closed), [*quarters, *years])


def find_seen(
    db: Database,
    actor: Actor,
    definitions: Sequence[Definition],
    view: Period,
    region: str,
) -> Figures:
    """The figures of the network, or of a region, that somebody may see."""
    open_ones = [each for each in definitions if sees_some(actor, [each])]
    if region:
        rows = find_wholes(db, open_ones, view, organisation_id="", region=region)
    else:
        rows = find_network(db, _codes_of(view, {each.frequency for each in open_ones}))
    return _by_code(only_seen(db, actor, rows), open_ones)


def find_own_seen(
    db: Database,
    actor: Actor,
    calendar: Calendar,
    definitions: Sequence[Definition],
    view: Period,
    region: str,
) -> Figures:
    """The same of the reader's own organisation, of every indicator."""
    own = actor.organisation_id
    # security: an organisation's own figures are for its members and coordinators
    if own is None or not may_read(actor, own):
        return {}
    rows = find_wholes(db, definitions, view, organisation_id=own, region=region)
    quoted = {each.code for each in definitions if each.source == "quoted"}
    # security: until a quarter is closed its figures are for coordinators
    shown = [
        each
        for each in rows
        if actor.is_coordinator
        or each.code in quoted
        or calendar.is_closed(read_period(each.period))
    ]
    return _by_code(shown, definitions)


def find_wholes(
    db: Database,
    definitions: Iterable[Definition],
    view: Period,
    *,
    organisation_id: str,
    region: str,
) -> list[Counted]:
    """The wholes of one organisation or region: each found by the whole key of its row."""
    wanted = [
        (each.code, period) for each in definitions for period in _codes_of(view, {each.frequency})
    ]
    sql = """
        SELECT f.* FROM json_each(:wanted) AS w
        JOIN figures AS f ON f.code = w.value ->> 0 AND f.period = w.value ->> 1
            AND f.organisation_id = :organisation AND f.region = :region
            AND f.sex = '' AND f.age_group = '' AND f.form = ''
    """
    asked = {"organisation": organisation_id, "region": region}
    return fetch(db, Counted, sql, wanted=as_json(wanted), **asked)


def _codes_of(view: Period, frequencies: Collection[Frequency]) -> list[str]:
    return [each.code for frequency in frequencies for each in periods_back(view, frequency)]


def _by_code(
    rows: Sequence[Counted], definitions: Iterable[Definition]
) -> dict[str, dict[str, Figure]]:
    """Figures of the version that holds: what was counted by an earlier one is another thing."""
    wanted = {each.code: each.version for each in definitions}
    found: dict[str, dict[str, Figure]] = {code: {} for code in wanted}
    for each in rows:
        if wanted.get(each.code) == each.version:
            found[each.code][each.period] = each.figure
    return found
