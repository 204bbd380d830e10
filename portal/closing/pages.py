"""The board of who has reported, and where a coordinator closes a quarter or opens it again."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.closing.answers import ClosingPreview, preview_closing
from portal.closing.forms import CompletenessWanted, Opening, quarter_of, read_wanted
from portal.closing.queries import (
    Completeness,
    find_board,
    find_exceptions,
    last_quarters,
    may_read_board,
)
from portal.closing.rules import HANDED_IN, MARKS, NOT_HANDED_IN, OPEN_FOR
from portal.counting.actions import close_quarter, may_reopen, reopen_for, why_not
from portal.counting.rules import LONGEST_OPEN, MOST_REASON
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.indicators.locks import is_closed
from portal.indicators.periods import Period
from portal.reports.queries import find_expected
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Code = FromPath[str]

CLOSE, REOPEN = "/completeness/{period:str}/close", "/completeness/{period:str}/reopen"


@get(
    "/completeness",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Completeness, CompletenessWanted),
)
def completeness(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Who has reported of a quarter, and of the eleven before."""
    if not may_read_board(actor):
        raise NotFound
    today, zone = today_of(request), site_of(request).settings.timezone
    wanted, quarter = read_wanted(request.query_params, today)
    found = find_board(db, actor, today, zone, quarter, wanted)
    return page(
        request,
        "completeness.html",
        json=found,
        found=found,
        wanted=wanted,
        offered=_offered(quarter, last_quarters(today)),
        marks=MARKS,
        outline=(HANDED_IN, NOT_HANDED_IN),
        may_close=actor.is_coordinator and why_not(db, quarter, today) is None,
        done=request.query_params.get("done"),
    )


@get(CLOSE, sync_to_thread=True, guards=[signed_in], **answers(ClosingPreview))
def closing(request: Asked, period: Code, db: Db, actor: Who) -> Response[bytes]:
    """What closing a quarter would do, for coordinators."""
    return _closing(request, db, actor, period)


@post(CLOSE, sync_to_thread=True, guards=[signed_in], status_code=303)
def closed(request: Asked, period: Code, actor: Who) -> Response[Any]:
    """Close it."""
    site, today = site_of(request), today_of(request)
    quarter = _quarter(request, actor, period)
    try:
        with site.store.transaction() as writing:
            zone = site.settings.timezone
            close_quarter(writing, actor, site.clock(), today, quarter, zone)
    except Invalid as problem:
        with site.store.read() as db:
            return _closing(request, db, actor, period, problem)
    return _to_board(request, period, "closed")


@get(REOPEN, sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def reopening(request: Asked, period: Code, db: Db, actor: Who) -> Response[bytes]:
    """For whom a closed quarter is opened again."""
    chosen = request.query_params.get("organisation", "")
    return _reopening(request, db, actor, period, {"organisation": chosen})


@post(REOPEN, sync_to_thread=True, guards=[signed_in], status_code=303)
def reopened(request: Asked, period: Code, actor: Who, sent: Sent) -> Response[Any]:
    """Open it."""
    site, today = site_of(request), today_of(request)
    quarter = _quarter(request, actor, period)
    try:
        form = read_form(Opening, sent)
        given = (form.organisation, form.open_reason, form.open_until)
        with site.store.transaction() as writing:
            reopen_for(writing, actor, site.clock(), today, quarter, *given)
    except Invalid as problem:
        with site.store.read() as db:
            return _reopening(request, db, actor, period, sent, problem)
    return _to_board(request, period, "opened")


def _closing(
    request: Asked, db: Database, actor: Actor, period: str, problem: Invalid | None = None
) -> Response[bytes]:
    quarter, site = _quarter(request, actor, period), site_of(request)
    language = language_of(request)
    today, zone = today_of(request), site.settings.timezone
    found = preview_closing(db, today, zone, quarter, language.say)
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    return page(request, "closing.html", block="content", found=found, **said)


def _reopening(
    request: Asked,
    db: Database,
    actor: Actor,
    period: str,
    sent: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    quarter, today = _quarter(request, actor, period), today_of(request)
    if not is_closed(db, quarter):
        raise NotFound
    expected = find_expected(db, quarter, site_of(request).settings.timezone)
    return page(
        request,
        "reopening.html",
        block="content",
        period=period,
        offered=[each for each in expected if may_reopen(db, actor, each.id, today)],
        exceptions=find_exceptions(db, quarter),
        sent=sent,
        soon=(today + OPEN_FOR).isoformat(),
        latest=(today + LONGEST_OPEN).isoformat(),
        today=today.isoformat(),
        most=MOST_REASON,
        **said_of(request, problem),
    )


def _quarter(request: Asked, actor: Actor, period: str) -> Period:
    if not actor.is_coordinator:
        raise NotFound
    return quarter_of(period, today_of(request))


def _offered(quarter: Period, last: list[Period]) -> list[str]:
    """The quarters to choose from, the newest first; the one that is shown is among them."""
    codes = {each.code for each in [*last, quarter]}
    return sorted(codes, reverse=True)


def _to_board(request: Asked, period: str, done: str) -> Redirect:
    path = f"/{language_of(request).code}/completeness?period={period}&done={done}"
    return Redirect(path, status_code=303)


router = Router("/", route_handlers=[completeness, closing, closed, reopening, reopened])
