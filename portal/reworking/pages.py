"""Work on a material one's organisation gave: its files; send it, take it back, hide it."""

from collections.abc import Callable
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.contributing.actions import (
    add_content,
    discard,
    put_back,
    remove_content,
    renew,
    send,
    take_back,
    withdraw,
)
from portal.contributing.answers import looked_at, lost_file
from portal.contributing.forms import Sent, read_added, read_renewed
from portal.contributing.queries import Opened, get_kept_for, get_opened_for
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.i18n.language import Message
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
SentLists = NamedDependency[dict[str, list[str]]]
Material = FromPath[str]
Act = Callable[[Database], None]


@get("/", sync_to_thread=True, **answers(Opened))
def work(request: Asked, material_id: Material, db: Db) -> Response[bytes]:
    """One material as its organisation works on it."""
    return _work(request, db, material_id)


@post("/files", status_code=303, **receiving(MOST_BYTES_OF_A_FILM))
async def files(request: Asked, material_id: Material, actor: Who) -> Response[Any]:
    """Add a file, or a link, in a language."""
    await run_sync(_kept, request, actor, material_id)
    async with receive(request, MOST_BYTES_OF_A_FILM) as got:
        return await run_sync(_add, request, material_id, got)


@post("/files/{content_id:str}/remove", sync_to_thread=True, status_code=303)
def file_removed(
    request: Asked, material_id: Material, content_id: FromPath[str], actor: Who
) -> Response[Any]:
    """Take a file or link out of a draft."""
    at, folder = site_of(request).clock(), site_of(request).settings.files
    _kept(request, actor, material_id)
    return _done(
        request,
        material_id,
        lambda db: remove_content(db, actor, at, material_id, content_id, folder),
    )


@post("/version", sync_to_thread=True, status_code=303)
def renewed(
    request: Asked, material_id: Material, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Begin a newer version."""
    at = site_of(request).clock()
    _kept(request, actor, material_id)
    return _done(
        request,
        material_id,
        lambda db: renew(db, actor, at, material_id, read_renewed(sent_lists)),
    )


@post("/{act:str}", sync_to_thread=True, status_code=303)
def acted(
    request: Asked, material_id: Material, act: FromPath[str], actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Send for a second look, take that back, throw a draft away, withdraw, put back."""
    at, today = site_of(request).clock(), today_of(request)
    _kept(request, actor, material_id)

    def do(db: Database) -> None:
        match act:
            case "send":
                said = read_form(Sent, sent_lists)
                send(db, actor, at, today, material_id, pictures=said.pictures == "yes")
            case "take-back":
                take_back(db, actor, at, material_id)
            case "withdraw":
                withdraw(db, actor, at, material_id)
            case "throw-away":
                discard(db, actor, at, material_id, site_of(request).settings.files)
            case "put-back":
                put_back(db, actor, at, today, material_id)
            case _:
                raise NotFound

    return _done(request, material_id, do)


def _work(
    request: Asked, db: Database, material_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    """One material as its organisation works on it."""
    at, today = site_of(request).clock(), today_of(request)
    opened = get_opened_for(db, actor_of(request), at, today, material_id)
    said: dict[str, Any] = {"json": opened, **said_of(request, problem)}
    return page(request, "rework_work.html", block="content", opened=opened, **said)


def _add(request: Asked, material_id: str, got: Received) -> Response[Any]:
    """Add a file or a link, or say why not."""
    site, actor = site_of(request), actor_of(request)
    try:
        added = read_added(got.fields, site.terms)
        if not got.files and added.link is None:
            raise Invalid({"file": [Message("Choose a file, or give a link.")]})
        with looked_at(site.settings, got) as found, site.store.transaction() as db:
            add_content(
                db,
                actor,
                site.clock(),
                material_id,
                added.language,
                folder=site.settings.files,
                found=found,
                link=added.link,
            )
    except Invalid as problem:
        with site.store.read() as reading:
            return _work(request, reading, material_id, lost_file(problem, got))
    return _to(request, material_id)


def _done(request: Asked, material_id: str, act: Act) -> Response[Any]:
    """Do one thing with a material, and go back to it; or say there why not."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            act(db)
            is_there = db.table("materials").count_where("id = ?", [material_id])
    except Invalid as problem:
        with site.store.read() as db:
            return _work(request, db, material_id, problem)
    return _to(request, material_id if is_there else "")


def _kept(request: Asked, actor: Actor, material_id: str) -> None:
    """`NotFound` for strangers, before anything else of theirs is looked at."""
    with site_of(request).store.read() as db:
        get_kept_for(db, actor, material_id)


def _to(request: Asked, material_id: str, *below: str) -> Redirect:
    """On to the page of a material, or to all of them when it is gone."""
    path = "/".join(("", language_of(request).code, "contribute", material_id, *below))
    return Redirect(path.rstrip("/"), status_code=303)


router = Router(
    "/contribute/{material_id:str}",
    guards=[signed_in],
    route_handlers=[work, files, file_removed, renewed, acted],
)
