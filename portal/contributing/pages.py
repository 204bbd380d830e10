"""Give a material: what one's organisation gave, the form for a new one, or for an adaptation."""

import secrets
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.contributing.actions import give
from portal.contributing.answers import Fields, Sheet, looked_at, lost_file
from portal.contributing.forms import Wanted, read_given
from portal.contributing.queries import Found, find_campaigns, find_given, has_public_card
from portal.contributing.rules import licences_after
from portal.errors import Invalid, NotAllowed, NotFound
from portal.forms import read_form
from portal.materials.queries import Work, get_work_for
from portal.materials.rules import may_contribute, why_not_adapt
from portal.uploads.rules import MOST_BYTES_OF_A_FILM
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.receiving import Received, receive, receiving
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Material = FromPath[str]


def works_on_materials(
    connection: ASGIConnection[Any, Any, Any, Any], at: BaseRouteHandler
) -> None:
    """Somebody of an organisation that may give, or a coordinator."""
    signed_in(connection, at)
    actor = actor_of(connection)  # type: ignore[arg-type]
    if not (may_contribute(actor) or actor.is_coordinator):
        raise NotAllowed


def gives(connection: ASGIConnection[Any, Any, Any, Any], at: BaseRouteHandler) -> None:
    """Somebody of an organisation that may give."""
    signed_in(connection, at)
    if not may_contribute(actor_of(connection)):  # type: ignore[arg-type]
        raise NotAllowed


@get("/", sync_to_thread=True, **answers(Found, Wanted))
def contribute(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What one's organisation gave, and for coordinators all that waits."""
    wanted = read_form(Wanted, request.query_params)
    found = find_given(db, actor, wanted)
    gives = may_contribute(actor)
    shown: dict[str, Any] = {"found": found, "wanted": wanted, "gives": gives}
    return page(request, "contribute.html", block="content", json=found, **shown)


@get("/new", sync_to_thread=True, guards=[gives], include_in_schema=False)
def new(request: Asked) -> Response[bytes]:
    """The form for a new material."""
    return _new(request, {"language": [language_of(request).code]})


@post("/new", guards=[gives], status_code=303, **receiving(MOST_BYTES_OF_A_FILM))
async def given(request: Asked) -> Response[Any]:
    """Save what was given, once; with its file, or nothing of it."""
    async with receive(request, MOST_BYTES_OF_A_FILM) as got:
        return await run_sync(_give, request, got)


@get("/{material_id:str}/adapt", sync_to_thread=True, guards=[gives], include_in_schema=False)
def adapt(request: Asked, material_id: Material, db: Db, actor: Who) -> Response[bytes]:
    """The form for an adaptation, where the licence allows one."""
    original = _original(db, actor, material_id)
    titles = {f"title_{code}": [title] for code, title in original.titles.items()}
    stored = {"audiences": original.audiences, "topics": original.topics, **titles}
    fields = {"title": [original.title], "kind": [original.kind], **stored}
    allowed = licences_after(original.licence)
    fields["licence"] = [original.licence] if original.licence in allowed else allowed[:1]
    fields["visibility"] = [original.visibility]
    return _new(request, fields, original=original)


@post(
    "/{material_id:str}/adapt",
    guards=[gives],
    status_code=303,
    **receiving(MOST_BYTES_OF_A_FILM),
)
async def adapted(request: Asked, material_id: Material, actor: Who) -> Response[Any]:
    """Save the adaptation as a work of one's own organisation."""
    original = await run_sync(_find_original, request, actor, material_id)
    async with receive(request, MOST_BYTES_OF_A_FILM) as got:
        return await run_sync(_give, request, got, original)


def _new(
    request: Asked,
    fields: Fields,
    problem: Invalid | None = None,
    original: Work | None = None,
) -> Response[bytes]:
    """The form for a new material, or for the adaptation of one."""
    sheet = Sheet({"key": [secrets.token_hex(16)], **fields})
    licences = None if original is None else licences_after(original.licence)
    why = why_not_adapt(original.licence) if original is not None else None
    with site_of(request).store.read() as db:
        is_named = has_public_card(db, actor_of(request).organisation_id)
        campaigns = find_campaigns(db, actor_of(request).organisation_id)
    body = {"licences": licences or site_of(request).terms.codes("licences")}
    said: dict[str, Any] = {"json": body, **said_of(request, problem)}
    return page(
        request,
        "contribute_new.html",
        block="content",
        sheet=sheet,
        original=original,
        licences=licences,
        is_named=is_named,
        campaigns=campaigns,
        why_not=why and language_of(request).say(why),
        **said,
    )


def _give(request: Asked, got: Received, original: Work | None = None) -> Response[Any]:
    """Save a new work with its file, or show the form again with all that was typed."""
    site, actor, today = site_of(request), actor_of(request), today_of(request)
    licences = None if original is None else licences_after(original.licence)
    try:
        if original is not None and (why := why_not_adapt(original.licence)):
            raise Invalid({"all": [why]})
        wanted = read_given(got.fields, site.terms, site.settings.languages, today, licences)
        with looked_at(site.settings, got) as found, site.store.transaction() as db:
            made = give(
                db,
                actor,
                site.clock(),
                wanted,
                folder=site.settings.files,
                found=found,
                adapted_from=original.id if original else None,
            )
    except Invalid as problem:
        return _new(request, got.fields, lost_file(problem, got), original)
    return _to_work(request, made)


def _to_work(request: Asked, material_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/contribute/{material_id}", status_code=303)


def _find_original(request: Asked, actor: Actor, material_id: str) -> Work:
    with site_of(request).store.read() as db:
        return _original(db, actor, material_id)


def _original(db: Database, actor: Actor, material_id: str) -> Work:
    found = get_work_for(db, actor, material_id)
    if found.version is None:
        raise NotFound
    return found


router = Router(
    "/contribute",
    guards=[works_on_materials],
    route_handlers=[contribute, new, given, adapt, adapted],
)
