"""The draft of the charter: its points, what it is in a sentence, and asking for its adoption."""

import secrets
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.forms import Overtaken
from portal.charter.queries import find_before, find_charter, find_draft, find_unfinished
from portal.charter.rules import KINDS, mark_of
from portal.chartering.actions import (
    add_point,
    ask_adoption,
    begin,
    change_point,
    discard,
    move_point,
    note,
    remove_point,
    take_back,
)
from portal.chartering.forms import (
    AdoptionAsked,
    Begun,
    Moving,
    NewPoint,
    PointWords,
    read_notes,
    read_words,
)
from portal.chartering.queries import find_waiting, get_draft_for, get_point
from portal.chartering.rules import lagging, words_of
from portal.errors import Invalid
from portal.forms import read_form
from portal.web.errors import said_of
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]


@get("/", sync_to_thread=True, include_in_schema=False)
def draft(request: Asked, db: Db) -> Response[bytes]:
    """The draft with all that can be done about it, or a way to begin one."""
    return _draft(request, db)


@post("/", sync_to_thread=True, status_code=303)
def begun(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Begin a draft."""
    site = site_of(request)
    try:
        wanted = read_form(Begun, sent)
        with site.store.transaction() as db:
            begin(db, actor, site.clock(), wanted.begin_from)
    except Invalid as problem:
        return _draft_again(request, problem)
    return _to(request)


@post("/discard", sync_to_thread=True, status_code=303)
def discarded(request: Asked, actor: Who) -> Response[Any]:
    """Throw the draft away."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            discard(db, actor, site.clock())
    except Invalid as problem:
        return _draft_again(request, problem)
    return _to(request)


@get("/notes", sync_to_thread=True, include_in_schema=False)
def notes(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What the version is, in a sentence, as a form."""
    return _notes(request, db, actor)


@post("/notes", sync_to_thread=True, status_code=303)
def noted(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Say in a sentence what the version is."""
    site = site_of(request)
    try:
        wanted = read_notes(sent, site.settings.languages)
        with site.store.transaction() as db:
            note(db, actor, site.clock(), wanted, sent.get("seen"))
    except Invalid as problem:
        with site.store.read() as reading:
            return _notes(request, reading, actor, sent, problem)
    return _to(request)


@get("/add", sync_to_thread=True, include_in_schema=False)
def new_point(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """A new point as a form."""
    kind = request.query_params.get("kind", "")
    typed = {"kind": kind if kind in KINDS else KINDS[0], "key": secrets.token_hex(12)}
    return _point(request, db, actor, None, typed)


@post("/points", sync_to_thread=True, status_code=303)
def point_added(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Add a point."""
    site = site_of(request)
    try:
        words = read_words(NewPoint, sent, site.settings.languages)
        with site.store.transaction() as db:
            code = add_point(db, actor, site.clock(), words)
    except Invalid as problem:
        with site.store.read() as reading:
            return _point(request, reading, actor, None, sent, problem)
    return _to(request, code)


@get("/points/{code:str}", sync_to_thread=True, include_in_schema=False)
def point(request: Asked, code: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """A point as a form."""
    return _point(request, db, actor, code)


@post("/points/{code:str}", sync_to_thread=True, status_code=303)
def point_changed(request: Asked, code: FromPath[str], actor: Who, sent: Sent) -> Response[Any]:
    """Decide a point anew, or see both texts."""
    site = site_of(request)
    try:
        words = read_words(PointWords, sent, site.settings.languages)
        with site.store.transaction() as db:
            change_point(db, actor, site.clock(), code, words)
    except Invalid as problem:
        with site.store.read() as reading:
            return _point(request, reading, actor, code, sent, problem)
    return _to(request, code)


@post("/points/{code:str}/remove", sync_to_thread=True, status_code=303)
def point_removed(request: Asked, code: FromPath[str], actor: Who) -> Response[Any]:
    """Take a point out."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            remove_point(db, actor, site.clock(), code)
    except Invalid as problem:
        return _draft_again(request, problem)
    return _to(request)


@post("/points/{code:str}/move", sync_to_thread=True, status_code=303)
def point_moved(request: Asked, code: FromPath[str], actor: Who, sent: Sent) -> Response[Any]:
    """Move a point up or down."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            get_point(get_draft_for(db, actor), code)
            move_point(db, actor, site.clock(), code, read_form(Moving, sent).to)
    except Invalid as problem:
        return _draft_again(request, problem)
    return _to(request, code)


@get("/adoption", sync_to_thread=True, include_in_schema=False)
def adoption(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Asking for adoption as a form."""
    return _adoption(request, db, actor)


@post("/adoption", sync_to_thread=True, status_code=303)
def adoption_asked(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Ask a second coordinator."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            get_draft_for(db, actor)
            wanted = read_form(AdoptionAsked, sent)
            ask_adoption(db, actor, site.clock(), today_of(request), wanted)
    except Invalid as problem:
        with site.store.read() as reading:
            return _adoption(request, reading, actor, sent, problem)
    return _to(request)


@post("/take-back", sync_to_thread=True, status_code=303)
def taken_back(request: Asked, actor: Who) -> Redirect:
    """Go back to writing."""
    site = site_of(request)
    with site.store.transaction() as db:
        take_back(db, actor, site.clock())
    return _to(request)


def _draft(request: Asked, db: Database, problem: Invalid | None = None) -> Response[bytes]:
    site, found = site_of(request), find_draft(db)
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    return page(
        request,
        "draft.html",
        block="content",
        draft=found,
        standing=find_charter(db),
        before=find_before(db, found.version) if found else None,
        waiting=find_waiting(db, site.clock(), found.version) if found else None,
        unfinished=find_unfinished(db, found.version) if found else [],
        states=lagging(found.points, site.settings.languages) if found else {},
        **said,
    )


def _draft_again(request: Asked, problem: Invalid) -> Response[bytes]:
    with site_of(request).store.read() as db:
        return _draft(request, db, problem)


def _notes(
    request: Asked,
    db: Database,
    actor: Actor,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    """The sentence in each language; beside what one typed what somebody else has written."""
    found = get_draft_for(db, actor)
    stored = {f"note_{code}": text for code, text in found.notes.items()}
    typed = {**(stored if sent is None else sent)}
    if sent is None or isinstance(problem, Overtaken):
        typed["seen"] = mark_of(found.notes)
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    theirs = problem.theirs if isinstance(problem, Overtaken) else {}
    return page(request, "draft_notes.html", block="content", typed=typed, theirs=theirs, **said)


def _point(
    request: Asked,
    db: Database,
    actor: Actor,
    code: str | None,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    """A point, new or not, as a form; beside what one typed what somebody else has written."""
    found = get_draft_for(db, actor)
    known = get_point(found, code) if code is not None else None
    stored = words_of(known) if known else {}
    typed: dict[str, object] = {**(stored if sent is None else sent)}
    if known and (sent is None or isinstance(problem, Overtaken)):
        typed["seen"] = mark_of(stored)
    said: dict[str, Any] = {"json": known, **said_of(request, problem)}
    theirs = problem.theirs if isinstance(problem, Overtaken) else {}
    more: dict[str, Any] = {"point": known, "typed": typed, "theirs": theirs}
    return page(request, "draft_point.html", block="content", **more, **said)


def _adoption(
    request: Asked,
    db: Database,
    actor: Actor,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found = get_draft_for(db, actor)
    said: dict[str, Any] = {"json": found, "typed": sent or {}, **said_of(request, problem)}
    said["states"] = lagging(found.points, site_of(request).settings.languages)
    return page(request, "draft_adoption.html", block="content", draft=found, **said)


def _to(request: Asked, code: str = "") -> Redirect:
    """On to the draft, at the point that was worked on."""
    anchor = f"#{code}" if code else ""
    return Redirect(f"/{language_of(request).code}/criteria/draft{anchor}", status_code=303)


router = Router(
    "/criteria/draft",
    guards=[is_coordinator],
    route_handlers=[
        draft,
        begun,
        discarded,
        notes,
        noted,
        new_point,
        point_added,
        point,
        point_changed,
        point_removed,
        point_moved,
        adoption,
        adoption_asked,
        taken_back,
    ],
)
