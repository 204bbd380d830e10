"""Trainings, forums, conferences and tournaments, for everybody."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.events.forms import Wanted, read_filters
from portal.events.queries import Event, Found, find_events, get_event_for
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import site_of, today_of


@get("/events", sync_to_thread=True, **answers(Found, Wanted))
def events(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The list, newest first, with its filters: kind and region."""
    wanted = read_filters(request.query_params, site_of(request).terms)
    found = find_events(db, actor, today_of(request), wanted)
    return page(request, "events.html", json=found, found=found, wanted=wanted)


@get("/events/{event_id:str}", sync_to_thread=True, **answers(Event))
def event(
    request: Request[Any, Any, Any],
    event_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One event with its evaluation."""
    found = get_event_for(db, actor, today_of(request), event_id)
    return page(request, "event.html", block="content", json=found, found=found)


router = Router("/", route_handlers=[events, event])
