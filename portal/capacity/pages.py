"""A practitioner's week: her times, "not this week" in one tap, and when she is away."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.actions import come_back, go_away, not_this_week, set_times
from portal.capacity.forms import Back, read_away, read_times, shown_times
from portal.capacity.queries import Week, get_kept_for, get_week
from portal.errors import Invalid
from portal.forms import read_form
from portal.nearby.queries import find_visits_left
from portal.practitioners.queries import Details
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Change = Callable[[Database], None]

HERE = "/practitioners/{practitioner_id:str}/week"


@get(HERE, sync_to_thread=True, guards=[signed_in], **answers(dict[str, Any]))
def week(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """The week as it stands, with its forms."""
    found = get_kept_for(db, actor, today_of(request), practitioner_id)
    left = find_visits_left(db, practitioner_id, today_of(request))
    return _week(request, found, get_week(db, practitioner_id), left)


@post(HERE, sync_to_thread=True, guards=[signed_in], status_code=303)
def save_week(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Other slots, other numbers."""
    site = site_of(request)

    def change(db: Database) -> None:
        wanted = read_times(sent, site.terms)
        set_times(db, actor, site.clock(), practitioner_id, wanted)

    return _changed(request, actor, practitioner_id, change, sent)


@post(f"{HERE}/pause", sync_to_thread=True, guards=[signed_in], status_code=303)
def pause(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Not this week."""
    at, today = site_of(request).clock(), today_of(request)

    def change(db: Database) -> None:
        not_this_week(db, actor, at, today, practitioner_id)

    return _changed(request, actor, practitioner_id, change)


@post(f"{HERE}/away", sync_to_thread=True, guards=[signed_in], status_code=303)
def away(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Away from one day to another."""
    at, today = site_of(request).clock(), today_of(request)

    def change(db: Database) -> None:
        go_away(db, actor, at, practitioner_id, read_away(sent, today))

    return _changed(request, actor, practitioner_id, change, sent)


@post(f"{HERE}/back", sync_to_thread=True, guards=[signed_in], status_code=303)
def back(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """An absence taken back, or ended early."""
    at, today = site_of(request).clock(), today_of(request)

    def change(db: Database) -> None:
        starts_on = read_form(Back, sent).starts_on
        come_back(db, actor, at, today, practitioner_id, starts_on)

    return _changed(request, actor, practitioner_id, change, sent)


def _changed(
    request: Asked,
    actor: Actor,
    practitioner_id: str,
    change: Change,
    sent: dict[str, str] | None = None,
) -> Response[Any]:
    """Do a change of one whom this person keeps, and show the week; a problem keeps the text."""
    site, today = site_of(request), today_of(request)
    try:
        with site.store.transaction() as db:
            get_kept_for(db, actor, today, practitioner_id)
            change(db)
    except Invalid as problem:
        with site.store.read() as db:
            found = get_kept_for(db, actor, today, practitioner_id)
            left = find_visits_left(db, practitioner_id, today)
            return _week(request, found, get_week(db, practitioner_id), left, sent, problem)
    path = f"/{language_of(request).code}/practitioners/{practitioner_id}/week?saved=1"
    return Redirect(path, status_code=303)


def _week(
    request: Asked,
    found: Details,
    week: Week,
    left: int | None,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    sent, today = sent or {}, today_of(request)
    said = {"json": week, **said_of(request, problem)}
    return page(
        request,
        "week.html",
        block="content",
        **said,
        found=found,
        week=week,
        left=left,
        times=shown_times(sent, week.times),
        sent=sent,
        is_conflict=problem is not None and "week_seen" in sent and "all" in problem.fields,
        today=today,
        saved="saved" in request.query_params,
    )


router = Router("/", route_handlers=[week, save_week, pause, away, back])
