"""Trainings, forums, conferences and tournaments, for everybody."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.charts import draw_chart, size_of
from portal.errors import NotFound
from portal.events.answers import write_calendar
from portal.events.drawing import answers_of, draw_answers
from portal.events.forms import Wanted, read_filters
from portal.events.queries import (
    Details,
    Found,
    find_dated,
    find_events,
    get_event_for,
    get_kept,
)
from portal.events.rules import may_keep, may_organise
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from portal.web.tagged import answer_tagged

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/events", sync_to_thread=True, **answers(Found, Wanted))
def events(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The list, newest first, with its filters: kind and region."""
    wanted = read_filters(request.query_params, site_of(request).terms)
    found = find_events(db, actor, today_of(request), wanted)
    organises = may_organise(actor)
    return page(
        request, "events.html", json=found, found=found, wanted=wanted, may_organise=organises
    )


@get("/events/feed", sync_to_thread=True, include_in_schema=False)
def feed(request: Asked, db: Db) -> Response[bytes]:
    """The public calendar, whoever asks: what is for members only is in no calendar."""
    site, today = site_of(request), today_of(request)
    body = write_calendar(
        find_dated(db, today),
        language_of(request),
        site.terms,
        site.settings.base_url,
        site.settings.timezone,
        today,
    )
    answer = answer_tagged(request, body, "text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="events.ics"'
    return answer


@get("/events/{event_id:str}", sync_to_thread=True, **answers(Details))
def event(request: Asked, event_id: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """One event with its programme, its materials and its evaluation."""
    found = get_event_for(db, actor, today_of(request), event_id)
    return page(
        request,
        "event.html",
        block="content",
        json=found,
        found=found,
        said=answers_of(found, language_of(request)),
        size=size_of(draw_answers(found, language_of(request))),
        keeps=may_keep(actor, get_kept(db, found.id).organisation_id),
    )


@get("/events/{event_id:str}/evaluation.svg", sync_to_thread=True, include_in_schema=False)
def evaluation_chart(
    request: Asked, event_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """The quoted answers as a picture, beside a table of the same numbers."""
    found = get_event_for(db, actor, today_of(request), event_id)
    if not found.evaluation:
        raise NotFound
    chart = draw_chart(draw_answers(found, language_of(request)))
    return answer_tagged(request, chart.encode(), "image/svg+xml")


router = Router("/", route_handlers=[events, feed, event, evaluation_chart])
