"""One page a person of what waits for them."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of, moment_of
from portal.forms import Paged, read_form
from portal.i18n.language import Coded, InPeriod, Language
from portal.waiting import About, Waiting
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from portal.work.queries import find_waiting
from portal.work.rules import GROUPS, day_written, grouped, in_order


class Line(msgspec.Struct, frozen=True):
    """One thing that waits, as scripts read it."""

    kind: str
    says: str
    about: list[str]
    address: str
    since: str
    due: str | None


class Found(msgspec.Struct, frozen=True):
    """One page of what waits."""

    total: int
    page: int
    per_page: int
    results: list[Line]


@get("/work", sync_to_thread=True, guards=[signed_in], **answers(Found, Paged))
def work(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """What waits for whoever is signed in, the late things first."""
    site, today, wanted = site_of(request), today_of(request), _paged(request)
    waits = find_waiting(db, actor, site.clock(), today)
    ordered = in_order(waits.found, today, site.settings.timezone)
    shown = ordered[wanted.offset : wanted.offset + wanted.per_page]
    lines = [_line(request, each) for each in shown]
    found = Found(len(ordered), wanted.page, wanted.per_page, lines)
    return _work(request, found, shown, waits.missing)


def _paged(request: Request[Any, Any, Any]) -> Paged:
    return read_form(Paged, request.query_params)


def _work(
    request: Request[Any, Any, Any], found: Found, shown: list[Waiting], missing: int
) -> Response[bytes]:
    site, language = site_of(request), language_of(request)
    zone = site.settings.timezone
    return page(
        request,
        "work.html",
        json=found,
        found=found,
        groups=grouped(shown),
        titles=GROUPS,
        missing=missing,
        say=lambda message: site.terms.say(language, message),
        about=lambda part: _about(request, part),
        day=lambda text: language.date(day_written(text, zone)),
        due=lambda text: _due(language, text, site.clock(), zone),
    )


def _about(request: Request[Any, Any, Any], part: About) -> str:
    language = language_of(request)
    if isinstance(part, Coded):
        return site_of(request).terms.name(part.vocabulary, part.code, language.code)
    if isinstance(part, InPeriod):
        return language.period(part.code)
    return language.day(part) if isinstance(part, date) else language.say(part)


def _due(language: Language, text: str, at: datetime, timezone: str) -> str:
    """The hour only where it matters: today and tomorrow."""
    day = day_written(text, timezone)
    is_near = "T" in text and abs(day - day_of(at, timezone)) <= timedelta(days=1)
    return language.soon(moment_of(text), at, timezone) if is_near else language.date(day)


def _line(request: Request[Any, Any, Any], each: Waiting) -> Line:
    language = language_of(request)
    return Line(
        kind=each.kind,
        says=site_of(request).terms.say(language, each.says),
        about=[_about(request, part) for part in each.about],
        address="/".join(("", language.code, *each.path)),
        since=each.since,
        due=each.due,
    )


router = Router("/", route_handlers=[work])
