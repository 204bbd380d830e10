"""The desk where organisations say which materials they need, and others answer."""

import secrets
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.desk.actions import answer_wish, close_wish, wish
from portal.desk.forms import Closing, Filters, read_answer, read_filters, read_wish
from portal.desk.queries import Details, Found, find_offered, find_wishes, get_wish_for
from portal.desk.rules import writes_at_desk
from portal.errors import Invalid, NotAllowed
from portal.forms import read_form
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/desk", sync_to_thread=True, guards=[signed_in], **answers(Found, Filters))
def desk(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What is wanted, and how quickly answers come."""
    site = site_of(request)
    wanted = read_filters(request.query_params, site.terms)
    found = find_wishes(db, actor, site.clock(), wanted)
    writes = writes_at_desk(actor)
    return page(request, "desk.html", json=found, found=found, wanted=wanted, writes=writes)


@get("/desk/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def new_wish(request: Asked, actor: Who) -> Response[bytes]:
    """The form of a wish."""
    return _form(request, actor, {})


@post("/desk", sync_to_thread=True, guards=[signed_in], status_code=303)
def wished(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Put a wish on the desk."""
    site = site_of(request)
    try:
        wanted = read_wish(sent, site.terms, today_of(request))
        with site.store.transaction() as db:
            wish_id = wish(db, actor, site.clock(), wanted)
    except Invalid as problem:
        return _form(request, actor, sent, problem)
    return _to(request, wish_id)


@get("/desk/{wish_id:str}", sync_to_thread=True, guards=[signed_in], **answers(Details))
def one_wish(request: Asked, wish_id: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """One wish and its answers."""
    return _wish(request, db, actor, wish_id)


@post("/desk/{wish_id:str}/answer", sync_to_thread=True, guards=[signed_in], status_code=303)
def wish_answered(request: Asked, wish_id: FromPath[str], actor: Who, sent: Sent) -> Response[Any]:
    """Offer a material, or words."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            answer_wish(db, actor, site.clock(), wish_id, read_answer(sent))
    except Invalid as problem:
        with site.store.read() as db:
            return _wish(request, db, actor, wish_id, sent, problem)
    return _to(request, wish_id)


@post("/desk/{wish_id:str}/close", sync_to_thread=True, guards=[signed_in], status_code=303)
def wish_closed(request: Asked, wish_id: FromPath[str], actor: Who, sent: Sent) -> Response[Any]:
    """Found, or not needed any more."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            close_wish(db, actor, site.clock(), wish_id, read_form(Closing, sent).state)
    except Invalid as problem:
        with site.store.read() as db:
            return _wish(request, db, actor, wish_id, {}, problem)
    return _to(request, wish_id)


def _form(
    request: Asked, actor: Actor, sent: dict[str, str], problem: Invalid | None = None
) -> Response[bytes]:
    if not writes_at_desk(actor):
        raise NotAllowed
    key = sent.get("key") or secrets.token_hex(8)
    said = said_of(request, problem)
    return page(request, "wish_new.html", block="content", sent=sent, key=key, **said)


def _wish(
    request: Asked,
    db: Database,
    actor: Actor,
    wish_id: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found = get_wish_for(db, actor, wish_id)
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    language = language_of(request)
    offered = [
        (each.id, language.of(each.title, each.titles))
        for each in find_offered(db, actor, found.wish)
    ]
    return page(
        request,
        "wish.html",
        block="content",
        found=found,
        offered=offered,
        sent=sent or {},
        writes=writes_at_desk(actor),
        closes=actor.is_coordinator or actor.organisation_id == found.wish.organisation_id,
        **said,
    )


def _to(request: Asked, wish_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/desk/{wish_id}", status_code=303)


router = Router("/", route_handlers=[desk, new_wish, wished, one_wish, wish_answered, wish_closed])
