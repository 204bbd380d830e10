"""The words of a material, its texts, and until when the people in its pictures agree."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.contributing.actions import Moved, add_consent, reword, stop_consent, write
from portal.contributing.answers import Fields, Sheet, licence_of, stored_fields
from portal.contributing.forms import read_consent, read_reworded, read_written
from portal.contributing.queries import (
    Consent,
    Opened,
    find_campaigns,
    find_texts_of,
    get_kept_for,
    get_opened_for,
)
from portal.contributing.rules import licences_after, stamp_of
from portal.errors import Invalid
from portal.materials.queries import Work
from portal.materials.registry import Text, Title, find_campaign
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.markdown import render
from portal.web.page import actor_of, page
from portal.web.receiving import FIELD_BYTES, receive, receiving
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
SentLists = NamedDependency[dict[str, list[str]]]
Material = FromPath[str]


@get("/words", sync_to_thread=True, **answers(Work))
def words(request: Asked, material_id: Material, db: Db) -> Response[bytes]:
    """Its words as a form."""
    return _words(request, db, material_id)


@post("/words", sync_to_thread=True, status_code=303)
def reworded(
    request: Asked, material_id: Material, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Change the words, or show both texts."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            now = get_kept_for(db, actor, material_id)
            wanted = read_reworded(sent_lists, site.terms, site.settings.languages, None)
            reword(db, actor, site.clock(), now.id, wanted)
    except Invalid as problem:
        with site.store.read() as reading:
            return _words(request, reading, material_id, sent_lists, problem)
    return _to(request, material_id)


@get("/text", sync_to_thread=True, **answers(list[Text]))
def text(request: Asked, material_id: Material, db: Db) -> Response[bytes]:
    """Its text in a language, as a form."""
    return _text(request, db, material_id)


@post("/text", status_code=303, **receiving(FIELD_BYTES))
async def written(request: Asked, material_id: Material, actor: Who) -> Response[Any]:
    """Look at the text, or save it."""
    await run_sync(_kept, request, actor, material_id)
    async with receive(request, FIELD_BYTES) as got:
        return await run_sync(_write, request, material_id, got.fields)


@get("/consents", sync_to_thread=True, **answers(list[Consent]))
def consents(request: Asked, material_id: Material, db: Db) -> Response[bytes]:
    """Until when the people in the pictures agree."""
    return _consents(request, db, material_id)


@post("/consents", sync_to_thread=True, status_code=303)
def consent_noted(
    request: Asked, material_id: Material, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Note one more consent."""
    site, today = site_of(request), today_of(request)
    _kept(request, actor, material_id)
    try:
        consent = read_consent(sent_lists, site.terms, today)
        with site.store.transaction() as db:
            add_consent(db, actor, site.clock(), material_id, consent)
    except Invalid as problem:
        with site.store.read() as reading:
            return _consents(request, reading, material_id, sent_lists, problem)
    return _to(request, material_id, "consents")


@post("/consents/{consent_id:int}/end", sync_to_thread=True, status_code=303)
def consent_ended(
    request: Asked, material_id: Material, consent_id: FromPath[int], actor: Who
) -> Redirect:
    """Note that the people in a picture agree no longer."""
    site = site_of(request)
    with site.store.transaction() as db:
        stop_consent(db, actor, site.clock(), material_id, consent_id)
    return _to(request, material_id, "consents")


def _words(
    request: Asked,
    db: Database,
    material_id: str,
    fields: Fields | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    """The words of a material as a form; beside what one typed what somebody else has written."""
    opened = _opened(request, db, material_id)
    typed = stored_fields(opened.work) if fields is None else {**fields}
    theirs = problem.theirs if isinstance(problem, Moved) else {}
    # what the form shows of the other's words now, its writer has seen
    if theirs or fields is None:
        typed["seen"] = [opened.seen]
    said: dict[str, Any] = {"json": opened.work, **said_of(request, problem)}
    original = opened.work.adapted_from
    return page(
        request,
        "wording_words.html",
        block="content",
        opened=opened,
        sheet=Sheet(typed),
        theirs=theirs,
        campaigns=_campaigns(db, actor_of(request), opened),
        licences=licences_after(licence_of(db, original)) if original else None,
        **said,
    )


def _campaigns(db: Database, actor: Actor, opened: Opened) -> list[Title]:
    """What the work may belong to, and what it belongs to."""
    work = opened.work
    found = find_campaigns(db, work.organisation_id)
    now = find_campaign(db, actor, work.campaign_id) if work.campaign_id else None
    return found if now is None or now in found else [now, *found]


def _text(
    request: Asked,
    db: Database,
    material_id: str,
    fields: Fields | None = None,
    problem: Invalid | None = None,
    *,
    look: bool = False,
) -> Response[bytes]:
    """The text of a material in a language as a form, and as it will look."""
    opened = _opened(request, db, material_id)
    code = request.query_params.get("language") or opened.work.language
    bodies = {each.language: each.body for each in find_texts_of(db, opened.version_id)}
    stored = bodies.get(code)
    typed = {**fields} if fields is not None else {"language": [code], "body": [stored or ""]}
    theirs = problem.theirs.get("body") if isinstance(problem, Moved) else None
    if theirs is not None:
        typed["seen"] = [stamp_of({"body": theirs})]
    elif fields is None and stored is not None:
        typed["seen"] = [stamp_of({"body": stored})]
    sheet = Sheet(typed)
    said: dict[str, Any] = {"json": opened.texts, **said_of(request, problem)}
    return page(
        request,
        "wording_text.html",
        block="content",
        opened=opened,
        sheet=sheet,
        theirs=theirs,
        shown=render(sheet.texts.get("body", "")) if look else None,
        **said,
    )


def _consents(
    request: Asked,
    db: Database,
    material_id: str,
    fields: Fields | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    """Until when the people in the pictures agree, and a form for one more consent."""
    opened = _opened(request, db, material_id)
    said: dict[str, Any] = {"json": opened.consents, **said_of(request, problem)}
    sheet = Sheet(fields or {})
    return page(
        request, "wording_consents.html", block="content", opened=opened, sheet=sheet, **said
    )


def _write(request: Asked, material_id: str, fields: Fields) -> Response[Any]:
    """Save a text, or show how it will look."""
    site, actor = site_of(request), actor_of(request)
    try:
        wanted = read_written(fields, site.terms)
        if wanted.act == "save":
            with site.store.transaction() as db:
                write(db, actor, site.clock(), material_id, wanted)
            return _to(request, material_id)
    except Invalid as problem:
        with site.store.read() as reading:
            return _text(request, reading, material_id, fields, problem)
    with site.store.read() as reading:
        return _text(request, reading, material_id, fields, look=True)


def _opened(request: Asked, db: Database, material_id: str) -> Opened:
    at = site_of(request).clock()
    return get_opened_for(db, actor_of(request), at, today_of(request), material_id)


def _kept(request: Asked, actor: Actor, material_id: str) -> None:
    """`NotFound` for strangers, before anything else of theirs is looked at."""
    with site_of(request).store.read() as db:
        get_kept_for(db, actor, material_id)


def _to(request: Asked, material_id: str, *below: str) -> Redirect:
    """On to the page of a material."""
    path = "/".join(("", language_of(request).code, "contribute", material_id, *below))
    return Redirect(path, status_code=303)


router = Router(
    "/contribute/{material_id:str}",
    guards=[signed_in],
    route_handlers=[words, reworded, text, written, consents, consent_noted, consent_ended],
)
