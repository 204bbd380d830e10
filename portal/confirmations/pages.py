"""Confirm by a link, from one's account or on the telephone; whose confirmations are due."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.forms import Wanted as Times
from portal.capacity.forms import is_sent, parted, read_times, shown_times
from portal.capacity.queries import get_kept_for, get_week
from portal.confirmations.actions import confirm_by_link, confirm_signed_in, herself
from portal.confirmations.forms import Confirmed, Wanted
from portal.confirmations.queries import (
    Found,
    find_due,
    find_last,
    find_returning,
    is_open,
    was_just_confirmed,
)
from portal.confirmations.rules import seen_details, way_of
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.links.queries import find_link
from portal.practitioners.queries import Details
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import may_use_directory, signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]

BY_LINK = "/confirm/{code:str}"
HERE = "/practitioners/{practitioner_id:str}/confirm"


@get(BY_LINK, sync_to_thread=True, include_in_schema=False)
def open_link(
    request: Asked, code: FromPath[str], db: NamedDependency[Database]
) -> Response[bytes]:
    """Her details as members see them, and one button; looking changes nothing."""
    link = find_link(db, "confirm", code, site_of(request).clock())
    if link is None or not is_open(db, link.subject_id):
        return _over(request)
    return _confirm(request, db, herself(link.subject_id), link.subject_id, "link")


@post(BY_LINK, sync_to_thread=True, status_code=303, opt={"signs_in": True})
def use_link(request: Asked, code: FromPath[str], sent: Sent) -> Response[Any]:
    """One tap: confirmed, and the link is used up."""
    site, today = site_of(request), today_of(request)
    try:
        form, times = _read(request, sent)
        with site.store.transaction() as db:
            confirm_by_link(db, site.clock(), today, code, form, times)
    except NotFound:
        return _second_tap(request, code)
    except Invalid as problem:
        return _link_again(request, code, sent, problem)
    return _thanks(request)


@get("/confirm/thanks", sync_to_thread=False, include_in_schema=False)
def thanks(request: Asked) -> Response[bytes]:
    """What a used link leads to; it names nobody."""
    return page(request, "confirm_thanks.html", block="content")


@get(HERE, sync_to_thread=True, guards=[signed_in], **answers(Details))
def confirm(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """The same page for herself, and for those whom she tells it on the telephone."""
    return _confirm(request, db, actor, practitioner_id, way_of(actor, practitioner_id))


@post(HERE, sync_to_thread=True, guards=[signed_in], status_code=303)
def confirm_posted(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Confirmed, by whom and how."""
    site, today, mine = site_of(request), today_of(request), practitioner_id
    try:
        with site.store.transaction() as db:
            get_kept_for(db, actor, today, mine)
            confirm_signed_in(db, actor, site.clock(), today, mine, *_read(request, sent))
    except Invalid as problem:
        with site.store.read() as db:
            return _confirm(request, db, actor, mine, way_of(actor, mine), sent, problem)
    path = f"/{language_of(request).code}/practitioners/{mine}/confirm?done=1"
    return Redirect(path, status_code=303)


@get("/confirmations", sync_to_thread=True, guards=[may_use_directory], **answers(Found, Wanted))
def confirmations(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Whose details are to be confirmed, and who comes back soon."""
    today, wanted = today_of(request), read_form(Wanted, request.query_params)
    found = find_due(db, actor, today, wanted)
    returning = find_returning(db, actor, today)
    return page(
        request,
        "confirmations.html",
        block="content",
        json=found,
        found=found,
        returning=returning,
        today=today,
    )


def _read(request: Asked, sent: dict[str, str]) -> tuple[Confirmed, Times | None]:
    terms = site_of(request).terms
    of_week, others = parted(sent, terms)
    times = read_times(of_week, terms) if is_sent(of_week) else None
    return read_form(Confirmed, others), times


def _confirm(
    request: Asked,
    db: Database,
    by: Actor,
    practitioner_id: str,
    way: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found: Details = get_kept_for(db, by, today_of(request), practitioner_id)
    week = get_week(db, practitioner_id)
    said = {"json": found, **said_of(request, problem)}
    return page(
        request,
        "confirm.html",
        block="content",
        **said,
        found=found,
        week=week,
        times=shown_times(sent or {}, week.times),
        sent=sent or {},
        seen=seen_details(found),
        last=find_last(db, practitioner_id),
        is_open=is_open(db, practitioner_id),
        way=way,
        today=today_of(request),
        done="done" in request.query_params,
    )


def _link_again(
    request: Asked, code: str, sent: dict[str, str], problem: Invalid
) -> Response[bytes]:
    site = site_of(request)
    with site.store.read() as db:
        link = find_link(db, "confirm", code, site.clock())
        if link is None or not is_open(db, link.subject_id):
            return _over(request)
        by = herself(link.subject_id)
        return _confirm(request, db, by, link.subject_id, "link", sent, problem)


def _second_tap(request: Asked, code: str) -> Response[Any]:
    site = site_of(request)
    with site.store.read() as db:
        if was_just_confirmed(db, code, site.clock()):
            return _thanks(request)
    return _over(request)


def _thanks(request: Asked) -> Redirect:
    return Redirect(f"/{language_of(request).code}/confirm/thanks", status_code=303)


def _over(request: Asked) -> Response[bytes]:
    return page(request, "link_over.html", block="content", status=404, purpose="confirm")


router = Router(
    "/", route_handlers=[open_link, use_link, thanks, confirm, confirm_posted, confirmations]
)
