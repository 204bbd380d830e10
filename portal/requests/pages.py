"""Requests: the register, the form, one request, and what may be done with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.credentials.rules import random_code
from portal.errors import Invalid, NotAllowed
from portal.forms import read_form
from portal.i18n.language import Message
from portal.nearby.answers import Voice
from portal.nearby.forms import read_nearby, wish_of
from portal.places.queries import Place, get_place, label, resolve_place
from portal.practitioners.queries import get_practitioner_for
from portal.requests import actions
from portal.requests.answers import Shown, find_referred, show
from portal.requests.forms import (
    Ended,
    Filters,
    Prefilled,
    Submitted,
    read_chosen,
    read_filters,
    read_reason,
    read_request,
)
from portal.requests.queries import Found, find_place_of, find_requests, get_request_for
from portal.requests.rules import AHEAD, Wanted
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import Connection, may_use_directory, signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

KEY_GROUPS = 5


def has_requests(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who may ask for a consultation, or be asked for one."""
    signed_in(connection, handler)
    actor: Actor = actor_of(connection)  # type: ignore[arg-type]
    if not (actor.may_use_directory or actor.practitioner_id):
        raise NotAllowed


@get("/requests", sync_to_thread=True, guards=[has_requests], **answers(Found, Filters))
def requests(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The register: one's organisation's own, or those one is asked about."""
    site = site_of(request)
    wanted = read_filters(request.query_params, site.terms)
    found = find_requests(db, actor, site.clock(), wanted)
    return page(request, "requests.html", json=found, found=found, wanted=wanted)


@get("/requests/new", sync_to_thread=True, guards=[may_use_directory], include_in_schema=False)
def new(request: Asked, db: NamedDependency[Database]) -> Response[bytes]:
    """The empty form, or one for a practitioner whose page leads here."""
    return _form(request, db, read_form(Prefilled, request.query_params))


@post("/requests/new", sync_to_thread=True, guards=[may_use_directory], status_code=200)
def new_from_nearby(request: Asked, db: NamedDependency[Database], sent: Sent) -> Response[bytes]:
    """The form filled from a search; nothing of it stands in an address."""
    return _form(request, db, read_form(Prefilled, sent))


@post("/requests", sync_to_thread=True, guards=[may_use_directory], status_code=303)
def create(request: Asked, actor: NamedDependency[Actor], sent: Sent) -> Response[Any]:
    """Make a request; when somebody is named it is offered at once."""
    site = site_of(request)
    try:
        form = read_request(sent, site.terms, today_of(request))
        with site.store.transaction() as db:
            wanted = _wanted(request, db, actor, form)
            named = (form.practitioner,) if form.practitioner else ()
            made = actions.create(db, actor, site.clock(), wanted, named)
    except Invalid as problem:
        with site.store.read() as db:
            return _form(request, db, sent, _at_its_field(problem))
    return _to(request, made)


@get("/requests/{request_id:str}", sync_to_thread=True, guards=[has_requests], **answers(Shown))
def one(request: Asked, request_id: Id, db: NamedDependency[Database]) -> Response[bytes]:
    """One request, as far as this person may see it."""
    return _show(request, db, request_id)


@post("/requests/{request_id:str}/offer", sync_to_thread=True, status_code=303)
def offer(request: Asked, request_id: Id, sent: Sent) -> Response[Any]:
    """Ask these practitioners, one after the other."""

    def act(db: Database, actor: Actor, at: datetime) -> None:
        actions.offer(db, actor, at, request_id, read_chosen(sent))

    return _as_asker(request, request_id, act)


@post("/requests/{request_id:str}/cancel", sync_to_thread=True, status_code=303)
def cancel(request: Asked, request_id: Id, sent: Sent) -> Response[Any]:
    """End a request."""

    def act(db: Database, actor: Actor, at: datetime) -> None:
        actions.cancel(db, actor, at, request_id, nobody=read_form(Ended, sent).nobody)

    return _as_asker(request, request_id, act)


@post("/requests/{request_id:str}/accept", sync_to_thread=True, status_code=303)
def accept(request: Asked, request_id: Id, actor: NamedDependency[Actor]) -> Response[Any]:
    """Take it on."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            actions.accept(db, actor, site.clock(), request_id, actor.practitioner_id or "")
    except Invalid as problem:
        with site.store.read() as db:
            return _show(request, db, request_id, problem)
    return _to(request, request_id)


@post("/requests/{request_id:str}/decline", sync_to_thread=True, status_code=303)
def decline(
    request: Asked, request_id: Id, actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Not this time; it is seen no more afterwards."""
    site, own = site_of(request), actor.practitioner_id or ""
    reason = read_reason(sent, site.terms)
    with site.store.transaction() as db:
        actions.decline(db, actor, site.clock(), request_id, own, reason)
    return Redirect(f"/{language_of(request).code}/requests", status_code=303)


@get("/requests/referral", sync_to_thread=False, include_in_schema=False)
def search_again(request: Asked) -> Redirect:
    """The sheet is made by POST and kept nowhere: this address alone leads to the search."""
    return Redirect(f"/{language_of(request).code}/nearby", status_code=303)


@post("/requests/referral", sync_to_thread=True, guards=[may_use_directory], status_code=200)
def referral(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[bytes]:
    """A sheet for the person helped, in the language of the address; nothing is stored."""
    site, today = site_of(request), today_of(request)
    form = read_nearby(sent, site.terms, today)
    if form.place is None:
        raise Invalid({"place": [Message("Name a settlement.")]})
    place = resolve_place(db, site.engine, form.place, local=True)
    lines = find_referred(db, actor, wish_of(form, place, site.terms, today), today)
    return page(request, "request_referral.html", block="content", json=lines, lines=lines)


def _as_asker(
    request: Asked, request_id: str, act: Callable[[Database, Actor, datetime], None]
) -> Response[Any]:
    site, actor = site_of(request), actor_of(request)
    try:
        with site.store.transaction() as db:
            if get_request_for(db, actor, site.clock(), request_id).side != "asker":
                raise NotAllowed
            act(db, actor, site.clock())
    except Invalid as problem:
        with site.store.read() as db:
            return _show(request, db, request_id, problem)
    return _to(request, request_id)


def _show(
    request: Asked, db: Database, request_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    site, actor = site_of(request), actor_of(request)
    found = get_request_for(db, actor, site.clock(), request_id)
    voice = Voice(language_of(request), site.terms)
    today = today_of(request)
    shown = show(db, actor, site.clock(), today, found, voice)
    said = {"json": shown, **said_of(request, problem)}
    return page(request, "request.html", block="content", found=shown, today=today, **said)


def _form(
    request: Asked,
    db: Database,
    filled: Prefilled | dict[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    typed = msgspec.structs.asdict(filled) if isinstance(filled, Prefilled) else filled
    form = {**dict.fromkeys(Submitted.__struct_fields__), **typed}
    form["form_key"] = form["form_key"] or random_code(KEY_GROUPS)
    today, actor = today_of(request), actor_of(request)
    form["place"] = form["place"] and _named_place(request, db, form["place"])
    named = form["practitioner"]
    person = get_practitioner_for(db, actor, today, named) if named else None
    bounds = {"first": today.isoformat(), "last": (today + AHEAD).isoformat()}
    said = said_of(request, problem)
    return page(
        request, "request_new.html", block="content", form=form, person=person, days=bounds, **said
    )


def _named_place(request: Asked, db: Database, text: str) -> str:
    """A settlement by its name, where a search handed on its id; other words as they were typed."""
    try:
        place = resolve_place(db, site_of(request).engine, text, local=True)
    except Invalid:
        return text
    return label(db, place, local=True)


def _wanted(request: Asked, db: Database, actor: Actor, form: Submitted) -> Wanted:
    site = site_of(request)
    told = {name: getattr(form, name) for name in Wanted.__struct_fields__ if hasattr(form, name)}
    if form.place:
        place = resolve_place(db, site.engine, form.place, local=True)
    else:
        place = _own_place(db, actor)
    return Wanted(
        **told,
        region=place.region,
        place_id=place.id if form.place else None,
        wished_on=form.date,
        timezone=site.settings.timezone,
    )


def _own_place(db: Database, actor: Actor) -> Place:
    own = find_place_of(db, actor.organisation_id)
    if own is None:
        raise Invalid({"place": [Message("Name a settlement.")]})
    return get_place(db, own, local=True)


def _at_its_field(problem: Invalid) -> Invalid:
    """Who is named stands in no field of the form: it is said at the top."""
    fields = {("all" if name == "first" else name): said for name, said in problem.fields.items()}
    return Invalid(fields, problem.candidates)


def _to(request: Asked, request_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/requests/{request_id}", status_code=303)


router = Router(
    "/",
    route_handlers=[
        requests,
        new,
        new_from_nearby,
        create,
        one,
        offer,
        accept,
        decline,
        cancel,
        search_again,
        referral,
    ],
)
