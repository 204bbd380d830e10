"""The dashboard of all indicators, and the report of a quarter on one sheet of paper."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.dashboard.answers import find_dashboard, find_quarterly
from portal.dashboard.drawing import table_of
from portal.dashboard.forms import (
    DashboardWanted,
    QuarterWanted,
    chosen_period,
    read_filters,
    read_quarter,
)
from portal.dashboard.queries import Dashboard, QuarterlyReport, find_calendar
from portal.dashboard.rules import (
    GROUP_NAMES,
    HEIGHT,
    WIDTH,
    parts_words,
    sparkline,
    written,
)
from portal.indicators.periods import read_period
from portal.sheets import MEDIA_TYPES, WRITERS
from portal.web.documented import answers
from portal.web.giving import attachment
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/indicators", sync_to_thread=True, **answers(Dashboard, DashboardWanted))
def dashboard(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """A tile for each indicator, of the newest closed quarter or another period."""
    language, today = language_of(request), today_of(request)
    calendar, regions = find_calendar(db, actor, today), _regions(request)
    wanted = read_filters(request.query_params, [code for code, _ in regions], calendar.offered)
    view = chosen_period(wanted.period, calendar.offered, today)
    found = find_dashboard(db, actor, calendar, view, wanted, language)
    context: dict[str, Any] = {"found": found, "wanted": wanted, "view": view, "regions": regions}
    open_now = [] if calendar.is_closed(view) else [calendar.newest_within(view).code]
    context["is_over"] = lambda code: calendar.is_closed(read_period(code))
    context |= {"calendar": calendar, "open_now": open_now, **_words(request)}
    return page(request, "dashboard.html", json=found, **context)


@get("/indicators/quarter", sync_to_thread=True, **answers(QuarterlyReport, QuarterWanted))
def quarter(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """One quarter as a table to print."""
    found = _quarterly(request, db, actor)
    offered = find_calendar(db, actor, today_of(request)).offered
    context: dict[str, Any] = {"found": found, "offered": offered, **_words(request)}
    return page(request, "dashboard_quarter.html", block="content", json=found, **context)


@get("/indicators/quarter.csv", sync_to_thread=True, include_in_schema=False)
def quarter_csv(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The same table for a spreadsheet."""
    found = _quarterly(request, db, actor)
    return _file(request, found, "csv")


@get("/indicators/quarter.xlsx", sync_to_thread=True, include_in_schema=False)
def quarter_workbook(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The same table as a workbook."""
    found = _quarterly(request, db, actor)
    return _file(request, found, "xlsx")


def _quarterly(request: Asked, db: Database, actor: Actor) -> QuarterlyReport:
    today, settings = today_of(request), site_of(request).settings
    calendar = find_calendar(db, actor, today)
    wanted = read_quarter(request.query_params, calendar.offered)
    view = chosen_period(wanted.period, calendar.offered, today)
    return find_quarterly(db, actor, calendar, view, language_of(request), settings)


def _file(request: Asked, found: QuarterlyReport, ending: str) -> Response[bytes]:
    body = WRITERS[ending](table_of(found, *_named(request)))
    name = attachment(f"indicators-{found.period}-{language_of(request).code}.{ending}")
    headers = {"Content-Disposition": name, "Vary": "Cookie"}
    return Response(body, media_type=MEDIA_TYPES[ending], headers=headers)


def _named(request: Asked) -> tuple[Any, Any]:
    language, terms = language_of(request), site_of(request).terms
    return language, lambda code: terms.name("indicator_units", code, language.code)


def _regions(request: Asked) -> list[tuple[str, str]]:
    """The countries of the network and their regions."""
    language, site = language_of(request), site_of(request)
    countries = [(code, language.country(code)) for code in site.settings.countries]
    regions = [(each.code, each.name(language.code)) for each in site.terms.all("regions")]
    return [*countries, *regions]


def _words(request: Asked) -> dict[str, Any]:
    """What the templates say figures and periods with."""
    language = language_of(request)
    return {
        "groups": [(code, language.say(name)) for code, name in GROUP_NAMES.items()],
        "parts_words": lambda periods: parts_words(periods, language),
        "written": lambda value, unit: written(value, unit, language),
        "small_line": {"width": WIDTH, "height": HEIGHT, "path": sparkline},
    }


router = Router("/", route_handlers=[dashboard, quarter, quarter_csv, quarter_workbook])
