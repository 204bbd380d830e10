"""The forms by which member organisations keep their campaigns and record what was done."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigning import actions
from portal.campaigning.forms import Recorded, read_activity, read_campaign
from portal.campaigning.queries import (
    find_partners,
    find_place,
    find_settlements,
    get_held_for,
    get_joined_for,
    get_kept_for,
    keep_unseen,
    partners_kept,
    typed_activity,
    typed_campaign,
    values_of,
)
from portal.campaigns.queries import Sides, find_used_materials, get_campaign_for, get_sides
from portal.campaigns.rules import gives
from portal.errors import Invalid, NotAllowed
from portal.web.errors import said_of
from portal.web.guards import Connection, signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
SentLists = NamedDependency[dict[str, list[str]]]
Id = FromPath[str]

ONE = "/campaigns/{campaign_id:str}"
ACTIVITY = ONE + "/activities/{activity_id:str}"


def may_begin(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who gives campaigns to the network: people of organisations."""
    signed_in(connection, handler)
    if not gives(actor_of(connection)):  # type: ignore[arg-type]
        raise NotAllowed


@get("/campaigns/new", sync_to_thread=True, guards=[may_begin], include_in_schema=False)
def new(request: Asked, db: Db) -> Response[bytes]:
    """The empty form of a campaign."""
    return _campaign(request, db, None, {})


@post("/campaigns/new", sync_to_thread=True, guards=[may_begin], status_code=303)
def begun(request: Asked, actor: Who, sent_lists: SentLists) -> Response[Any]:
    """Keep it as a draft."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            written = read_campaign(sent_lists, site.terms, find_partners(db, actor))
            made = actions.begin(db, actor, site.clock(), written, written.partners)
    except Invalid as problem:
        with site.store.read() as db:
            return _campaign(request, db, None, sent_lists, problem)
    return _to(request, made)


@get(ONE + "/edit", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def edit(request: Asked, campaign_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The same form, filled."""
    get_kept_for(db, actor, today_of(request), campaign_id)
    return _campaign(request, db, campaign_id, typed_campaign(db, campaign_id))


@post(ONE + "/edit", sync_to_thread=True, status_code=303)
def edited(
    request: Asked, campaign_id: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Keep what was changed."""
    get_kept_for(db, actor, today_of(request), campaign_id)
    site = site_of(request)
    try:
        with site.store.transaction() as writing:
            written = read_campaign(sent_lists, site.terms, find_partners(writing, actor))
            partners = partners_kept(writing, actor, campaign_id, written.partners)
            actions.rewrite(writing, actor, site.clock(), campaign_id, written, partners)
    except Invalid as problem:
        return _campaign(request, db, campaign_id, sent_lists, problem)
    return _to(request, campaign_id)


@post(ONE + "/send", sync_to_thread=True, status_code=303)
def send(request: Asked, campaign_id: Id) -> Response[Any]:
    """Ask a second person to publish it."""
    return _move(request, campaign_id, actions.send)


@post(ONE + "/take-back", sync_to_thread=True, status_code=303)
def take_back(request: Asked, campaign_id: Id) -> Response[Any]:
    """Ask no more."""
    return _move(request, campaign_id, actions.take_back)


@post(ONE + "/withdraw", sync_to_thread=True, status_code=303)
def withdraw(request: Asked, campaign_id: Id) -> Response[Any]:
    """Hide it at once."""
    return _move(request, campaign_id, actions.withdraw)


@get(ONE + "/activities/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def new_activity(request: Asked, campaign_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The empty form of an activity."""
    get_joined_for(db, actor, today_of(request), campaign_id)
    return _activity(request, db, campaign_id, None, {})


@post(ONE + "/activities/new", sync_to_thread=True, status_code=303)
def recorded(
    request: Asked, campaign_id: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Keep what was done."""
    sides = get_joined_for(db, actor, today_of(request), campaign_id)
    try:
        form, place_id = _read(request, db, campaign_id, sides, sent_lists)
        with site_of(request).store.transaction() as writing:
            at = site_of(request).clock()
            actions.record(writing, actor, at, campaign_id, form, place_id)
    except Invalid as problem:
        return _activity(request, db, campaign_id, None, sent_lists, problem)
    return _to(request, campaign_id)


@get(ACTIVITY, sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def activity(
    request: Asked, campaign_id: Id, activity_id: Id, db: Db, actor: Who
) -> Response[bytes]:
    """One activity as a form, to correct it."""
    get_held_for(db, actor, today_of(request), campaign_id, activity_id)
    typed = typed_activity(db, actor, activity_id)
    return _activity(request, db, campaign_id, activity_id, typed)


@post(ACTIVITY, sync_to_thread=True, status_code=303)
def corrected(
    request: Asked, campaign_id: Id, activity_id: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Keep the correction."""
    sides = get_held_for(db, actor, today_of(request), campaign_id, activity_id)
    try:
        form, place_id = _read(request, db, campaign_id, sides, sent_lists, activity_id)
        with site_of(request).store.transaction() as writing:
            at = site_of(request).clock()
            actions.correct(writing, actor, at, campaign_id, activity_id, form, place_id)
    except Invalid as problem:
        return _activity(request, db, campaign_id, activity_id, sent_lists, problem)
    return _to(request, campaign_id)


@post(ACTIVITY + "/remove", sync_to_thread=True, status_code=303)
def remove(request: Asked, campaign_id: Id, activity_id: Id) -> Response[Any]:
    """Take it away; it can be put back."""
    return _move(request, campaign_id, actions.remove, activity_id)


@post(ACTIVITY + "/restore", sync_to_thread=True, status_code=303)
def restore(request: Asked, campaign_id: Id, activity_id: Id) -> Response[Any]:
    """Put a removed one back."""
    return _move(request, campaign_id, actions.restore, activity_id)


def _move(
    request: Asked, campaign_id: str, act: Callable[..., object], *further: str
) -> Response[Any]:
    site, actor = site_of(request), actor_of(request)
    with site.store.transaction() as db:
        get_campaign_for(db, actor, today_of(request), campaign_id)
        act(db, actor, site.clock(), campaign_id, *further)
    return _to(request, campaign_id)


def _read(
    request: Asked,
    db: Database,
    campaign_id: str,
    sides: Sides,
    sent: Mapping[str, Any],
    activity_id: str | None = None,
) -> tuple[Recorded, str | None]:
    """The form and the id of its settlement; what one does not see stays as it is."""
    site, actor = site_of(request), actor_of(request)
    seen = {each.id for each in find_used_materials(db, actor, campaign_id)}
    form = read_activity(sent, site.terms, today_of(request), sides, seen)
    if activity_id is not None:
        unseen = keep_unseen(db, actor, campaign_id, activity_id)
        form = msgspec.structs.replace(form, materials=[*form.materials, *unseen])
    return form, find_place(db, site.engine, actor, form, activity_id)


def _campaign(
    request: Asked,
    db: Database,
    campaign_id: str | None,
    typed: Mapping[str, Any],
    problem: Invalid | None = None,
) -> Response[bytes]:
    return page(
        request,
        "campaign_form.html",
        block="content",
        campaign_id=campaign_id,
        is_public=campaign_id is not None and get_sides(db, campaign_id).state == "published",
        partners=find_partners(db, actor_of(request)),
        **_filled(request, typed, problem),
    )


def _activity(
    request: Asked,
    db: Database,
    campaign_id: str,
    activity_id: str | None,
    typed: Mapping[str, Any],
    problem: Invalid | None = None,
) -> Response[bytes]:
    actor, today = actor_of(request), today_of(request)
    settlement = next(iter(values_of(typed, "settlement")), None)
    return page(
        request,
        "activity_form.html",
        block="content",
        campaign=get_campaign_for(db, actor, today, campaign_id),
        activity_id=activity_id,
        today=today.isoformat(),
        settlements=find_settlements(db, campaign_id, settlement),
        materials=find_used_materials(db, actor, campaign_id),
        **_filled(request, typed, problem),
    )


def _filled(request: Asked, typed: Mapping[str, Any], problem: Invalid | None) -> dict[str, Any]:
    """What a form is filled with: `one` value of a field, or `all_of` them."""
    return {
        "one": lambda name: next(iter(reversed(values_of(typed, name))), ""),
        "all_of": lambda name: values_of(typed, name),
        "key": next(iter(values_of(typed, "key")), secrets.token_hex(12)),
        **said_of(request, problem),
    }


def _to(request: Asked, campaign_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/campaigns/{campaign_id}", status_code=303)


router = Router(
    "/",
    route_handlers=[
        new,
        begun,
        edit,
        edited,
        send,
        take_back,
        withdraw,
        new_activity,
        recorded,
        activity,
        corrected,
        remove,
        restore,
    ],
)
