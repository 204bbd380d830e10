"""The dashboard in the reader's language: a tile for each indicator, and what it says."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.dashboard.forms import DashboardWanted
from portal.dashboard.queries import (
    Calendar,
    Dashboard,
    Figures,
    IndicatorTile,
    QuarterlyReport,
    find_own_seen,
    find_seen,
)
from portal.dashboard.rules import (
    GROUPS,
    Known,
    Shown,
    compared,
    group_of,
    is_better,
    is_measured,
    line_of,
    shown,
    trend,
)
from portal.i18n.language import Language
from portal.indicators.periods import Period
from portal.indicators.queries import (
    Aim,
    Definition,
    find_definitions,
    nearest_aim,
)
from portal.indicators.rules import Figure, has_reached, progress, value_of
from portal.indicators.sight import find_seen_aims, sees_some
from portal.reports.queries import find_accepted, find_expected
from portal.settings import Settings


def find_dashboard(
    db: Database,
    actor: Actor,
    calendar: Calendar,
    view: Period,
    wanted: DashboardWanted,
    language: Language,
) -> Dashboard:
    """The tiles of a quarter or a year that fit the filters."""
    tiles = find_tiles(db, actor, calendar, view, wanted, language)
    tiles.sort(key=lambda each: (not each.is_open, GROUPS.index(each.group)))
    here = tiles[wanted.offset : wanted.offset + wanted.per_page]
    return Dashboard(len(tiles), wanted.page, wanted.per_page, here)


def find_tiles(
    db: Database,
    actor: Actor,
    calendar: Calendar,
    view: Period,
    wanted: DashboardWanted,
    language: Language,
) -> list[IndicatorTile]:
    """A tile for every definition that holds, in the order of the list."""
    region = wanted.region or ""
    definitions = [
        each
        for each in find_definitions(db, calendar.newest_within(view).first)
        if wanted.group in (None, group_of(each.code, each.source))
        and (not region or "region" in each.dimensions)
    ]
    asked = (definitions, view, region)
    seen, own = find_seen(db, actor, *asked), find_own_seen(db, actor, calendar, *asked)
    aim_of = _aim_finder(find_seen_aims(db, actor), region)
    return [_tile(each, actor, calendar, view, seen, own, aim_of, language) for each in definitions]


def find_quarterly(
    db: Database,
    actor: Actor,
    calendar: Calendar,
    view: Period,
    language: Language,
    settings: Settings,
) -> QuarterlyReport:
    """What the reader may see of a quarter, all of it on one page."""
    tiles = find_tiles(db, actor, calendar, view, DashboardWanted(), language)
    rows = sorted((e for e in tiles if e.is_open), key=lambda each: GROUPS.index(each.group))
    expected = {each.id for each in find_expected(db, view, settings.timezone)}
    accepted = find_accepted(db, view.code)
    return QuarterlyReport(
        network=settings.network_name,
        period=view.code,
        provisional=not calendar.is_closed(view),
        reports_accepted=len(expected & accepted),
        reports_expected=len(expected),
        total=len(rows),
        page=1,
        per_page=len(rows),
        results=rows,
    )


AimOf = Callable[[str, Period], Aim | None]


def _tile(
    definition: Definition,
    actor: Actor,
    calendar: Calendar,
    view: Period,
    seen: Figures,
    own: Figures,
    aim_of: AimOf,
    language: Language,
) -> IndicatorTile:
    rules, frequency, code = definition.rules, definition.frequency, definition.code
    is_open = sees_some(actor, [definition])
    known = seen.get(code, {}) if is_open else {}
    mine = own.get(code, {})
    now = shown(rules, frequency, view, known if is_open else mine)
    its_own = compared(rules, frequency, now, now.period, mine) if is_open else now
    told: dict[str, Any] = {}
    if is_open:
        told |= _said_of(definition, calendar, now)
        aim = aim_of(code, now.period)
        told |= _against_before(
            definition, now, known, has_target=aim is not None and aim.target is not None
        )
        told |= _against_target(definition, now, aim)
        if definition.source != "quoted":
            told["line"] = line_of(rules, frequency, view, known)
    return IndicatorTile(
        code=code,
        title=language.of(definition.title, definition.titles),
        description=language.of(definition.descriptions.get("en", ""), definition.descriptions),
        group=group_of(code, definition.source),
        unit=definition.unit,
        kind=definition.kind,
        direction=definition.direction,
        frequency=frequency,
        period_rule=definition.period_rule,
        is_open=is_open,
        period=now.period.code,
        own=value_of(definition.kind, its_own.figure) if its_own else None,
        **told,
    )


def _said_of(definition: Definition, calendar: Calendar, now: Shown) -> dict[str, Any]:
    value = value_of(definition.kind, now.figure)
    rests_on = now.rests_on or (now.period,)
    is_whole = definition.source == "quoted" or all(map(calendar.is_closed, rests_on))
    return {
        "value": value,
        "reported": now.figure.reported,
        "expected": now.figure.expected,
        "partial": now.figure.is_partial,
        "provisional": value is not None and not is_whole,
        "rests_on": [each.code for each in now.rests_on],
    }


def _against_before(
    definition: Definition, now: Shown, known: Known, *, has_target: bool
) -> dict[str, Any]:
    if definition.source == "quoted":
        # each was published of another country or for another part of a year
        return {}
    rules, frequency = definition.rules, definition.frequency
    before = compared(rules, frequency, now, now.period.before, known)
    yearly = Period(now.period.year - 1, now.period.number, now.period.frequency)
    year_before = compared(rules, frequency, now, yearly, known)
    was = value_of(rules.kind, before.figure) if before else None
    way = trend(was, value_of(rules.kind, now.figure))
    figures = [now.figure, before.figure if before else Figure()]
    return {
        "before_period": before.period.code if before else None,
        "before": was,
        "trend": way,
        "better": is_better(rules, way, *figures) if has_target else None,
        "year_before": value_of(rules.kind, year_before.figure) if year_before else None,
    }


def _against_target(definition: Definition, now: Shown, aim: Aim | None) -> dict[str, Any]:
    if aim is None:
        return {}
    value, told = value_of(definition.kind, now.figure), {"baseline": aim.baseline}
    told["target"] = aim.target
    if aim.target is None or not is_measured(definition.rules, definition.frequency, now.period):
        return told
    way = progress(definition.direction, aim.baseline, aim.target, value)
    is_there = value is not None and has_reached(definition.direction, aim.target, value)
    return {**told, "measured": value is not None, "progress": way, "reached": is_there}


def _aim_finder(aims: Iterable[Aim], region: str) -> AimOf:
    by_code: dict[str, list[Aim]] = {}
    for each in aims:
        by_code.setdefault(each.code, []).append(each)
    return lambda code, period: nearest_aim(by_code.get(code, []), code, region, period)
