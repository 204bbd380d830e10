"""Events as their organiser keeps them: what is said of them, the programme, how many came."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotAllowed
from portal.events.queries import Kept, find_materials, find_sessions
from portal.events.rules import may_organise
from portal.forms import read_form
from portal.organising import actions
from portal.organising.answers import Sheet, counted, filled, named, sent_again
from portal.organising.forms import Act, Came, Chosen, read_event, read_session
from portal.organising.queries import (
    Organised,
    count_done,
    find_speakers,
    find_usable,
    find_waiting,
    get_organised_for,
)
from portal.organising.rules import is_public, may_certify, may_count
from portal.places.queries import resolve_place, sees_local
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

FIRST_DAY = {"session_day": "1"}


@get("/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def new(request: Asked, actor: Who) -> Response[bytes]:
    """The form of a new event."""
    if not may_organise(actor):
        raise NotAllowed
    return _form(request, None, Sheet())


@post("/new", sync_to_thread=True, guards=[signed_in], status_code=303)
def new_posted(request: Asked, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Save it; only the network sees it."""
    if not may_organise(actor):
        raise NotAllowed
    try:
        row = _read(request, db, actor, sent)
    except Invalid as problem:
        return _form(request, None, sent_again(sent), problem)
    with site_of(request).store.transaction() as writing:
        event_id = actions.new_event(writing, actor, site_of(request).clock(), row)
    return _to(request, event_id, "organise")


@get("/{event_id:str}/organise", sync_to_thread=True, guards=[signed_in], **answers(Organised))
def organise(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What there is to do with an event."""
    return _organise(request, db, actor, event_id)


@get("/{event_id:str}/edit", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def edit(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """An event as a form."""
    found = get_organised_for(db, actor, today_of(request), event_id)
    return _form(request, found, filled(db, found))


@post("/{event_id:str}/edit", sync_to_thread=True, guards=[signed_in], status_code=303)
def edit_posted(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Save what was changed; what everybody saw is closed until two people open it again."""
    today = today_of(request)
    found = get_organised_for(db, actor, today, event_id)
    try:
        row = _read(request, db, actor, sent)
        with site_of(request).store.transaction() as writing:
            actions.change_event(writing, actor, site_of(request).clock(), today, event_id, row)
    except Invalid as problem:
        return _form(request, found, sent_again(sent), problem)
    return _to(request, event_id, "organise")


@get("/{event_id:str}/programme", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def programme(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The programme, and a form for one more session."""
    return _programme(request, db, actor, event_id, Sheet(FIRST_DAY))


@post("/{event_id:str}/programme", sync_to_thread=True, guards=[signed_in], status_code=303)
def programme_posted(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Add a session."""
    today = today_of(request)
    get_organised_for(db, actor, today, event_id)
    try:
        speakers = [each.id for each in find_speakers(db, actor)]
        row = read_session(sent, site_of(request).settings.languages, speakers)
        with site_of(request).store.transaction() as writing:
            actions.add_session(writing, actor, site_of(request).clock(), today, event_id, row)
    except Invalid as problem:
        return _programme(request, db, actor, event_id, sent_again(sent), problem)
    return _to(request, event_id, "programme")


@post("/{event_id:str}/programme/drop", sync_to_thread=True, guards=[signed_in], status_code=303)
def session_dropped(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Take a session out."""
    get_organised_for(db, actor, today_of(request), event_id)
    try:
        chosen = read_form(Chosen, sent).chosen
        _do(request, actor, actions.drop_session, event_id, chosen)
    except Invalid as problem:
        return _programme(request, db, actor, event_id, Sheet(FIRST_DAY), problem)
    return _to(request, event_id, "programme")


@get(
    "/{event_id:str}/participants", sync_to_thread=True, guards=[signed_in], include_in_schema=False
)
def participants(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """How many came, as a form."""
    found = get_organised_for(db, actor, today_of(request), event_id)
    return _participants(request, found, counted(found))


@post("/{event_id:str}/participants", sync_to_thread=True, guards=[signed_in], status_code=303)
def participants_posted(
    request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Save how many came."""
    found = get_organised_for(db, actor, today_of(request), event_id)
    try:
        came = read_form(Came, sent)
    except Invalid as problem:
        return _participants(request, found, sent_again(sent), problem)
    _do(request, actor, actions.count_people, event_id, came)
    return _to(request, event_id, "organise")


@get("/{event_id:str}/materials", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def materials(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The materials of an event, and others to choose from."""
    return _materials(request, db, actor, event_id)


@post("/{event_id:str}/materials", sync_to_thread=True, guards=[signed_in], status_code=303)
def material_added(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Link a material."""
    get_organised_for(db, actor, today_of(request), event_id)
    try:
        chosen = read_form(Chosen, sent).chosen
    except Invalid as problem:
        return _materials(request, db, actor, event_id, problem)
    _do(request, actor, actions.add_material, event_id, chosen)
    return _to(request, event_id, "materials")


@post("/{event_id:str}/materials/drop", sync_to_thread=True, guards=[signed_in], status_code=303)
def material_dropped(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Take a link to a material away."""
    get_organised_for(db, actor, today_of(request), event_id)
    _do(request, actor, actions.drop_material, event_id, read_form(Chosen, sent).chosen)
    return _to(request, event_id, "materials")


@post("/{event_id:str}/organise", sync_to_thread=True, guards=[signed_in], status_code=303)
def organised(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Ask a second person to open it to everybody; close it again; say that it is not held."""
    get_organised_for(db, actor, today_of(request), event_id)
    try:
        _do(request, actor, actions.ACTS[read_form(Act, sent).act], event_id)
    except Invalid as problem:
        return _organise(request, db, actor, event_id, problem)
    return _to(request, event_id, "organise")


def _do(request: Asked, actor: Actor, act: Callable[..., Any], event_id: str, *more: Any) -> None:
    site, today = site_of(request), today_of(request)
    with site.store.transaction() as db:
        act(db, actor, site.clock(), today, event_id, *more)


def _read(request: Asked, db: Database, actor: Actor, sent: dict[str, str]) -> dict[str, Any]:
    site = site_of(request)

    def find_place(text: str) -> str:
        return resolve_place(db, site.engine, text, local=sees_local(actor)).id

    return read_event(sent, site.terms, site.settings.languages, find_place)


def _to(request: Asked, event_id: str, part: str) -> Redirect:
    return Redirect(
        f"/{language_of(request).code}/events/{event_id}/{part}?saved=1", status_code=303
    )


def _is_saved(request: Asked) -> bool:
    return "saved" in request.query_params


def _form(
    request: Asked, event: Kept | None, sheet: Sheet, problem: Invalid | None = None
) -> Response[bytes]:
    public = event is not None and is_public(event, today_of(request))
    said = {"is_public": public, **said_of(request, problem)}
    return page(request, "event_form.html", block="content", event=event, sheet=sheet, **said)


def _organise(
    request: Asked, db: Database, actor: Actor, event_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    today = today_of(request)
    event = get_organised_for(db, actor, today, event_id)
    waiting = find_waiting(db, site_of(request).clock(), event_id)
    certifies = may_certify(event, today) and actor.may_use_directory
    done = count_done(db, actor, event_id)
    found = Organised(event, is_public(event, today), waiting, certifies, may_count(event), done)
    said = {"json": found, "saved": _is_saved(request), **said_of(request, problem)}
    return page(request, "event_organise.html", block="content", found=found, event=event, **said)


def _programme(
    request: Asked,
    db: Database,
    actor: Actor,
    event_id: str,
    sheet: Sheet,
    problem: Invalid | None = None,
) -> Response[bytes]:
    event = get_organised_for(db, actor, today_of(request), event_id)
    return page(
        request,
        "event_programme.html",
        block="content",
        event=event,
        sheet=sheet,
        sessions=find_sessions(db, actor, event_id),
        speakers=named(find_speakers(db, actor), language_of(request).code),
        is_public=is_public(event, today_of(request)),
        saved=_is_saved(request),
        **said_of(request, problem),
    )


def _participants(
    request: Asked, event: Kept, sheet: Sheet, problem: Invalid | None = None
) -> Response[bytes]:
    given = {"event": event, "sheet": sheet, **said_of(request, problem)}
    return page(request, "event_participants.html", block="content", **given)


def _materials(
    request: Asked, db: Database, actor: Actor, event_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    event = get_organised_for(db, actor, today_of(request), event_id)
    return page(
        request,
        "event_materials.html",
        block="content",
        event=event,
        used=find_materials(db, actor, event_id),
        usable=named(find_usable(db, actor, event_id), language_of(request).code),
        saved=_is_saved(request),
        **said_of(request, problem),
    )


router = Router(
    "/events",
    route_handlers=[
        new,
        new_posted,
        organise,
        edit,
        edit_posted,
        programme,
        programme_posted,
        session_dropped,
        participants,
        participants_posted,
        materials,
        material_added,
        material_dropped,
        organised,
    ],
)
