"""Look at changes of the details, decide about them, and go back to earlier versions."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.changes import actions
from portal.changes.answers import (
    Register,
    Shown,
    Words,
    list_changes,
    list_versions,
    show_change,
    show_return,
)
from portal.changes.forms import Decided, read_reason
from portal.changes.queries import (
    find_changes,
    find_open,
    get_change,
    get_editable_for,
)
from portal.errors import Invalid
from portal.forms import Paged, read_form
from portal.versions.queries import find_versions, get_version
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Her = FromPath[str]
Number = FromPath[int]


@get("/changes", sync_to_thread=True, guards=[signed_in], **answers(Register, Paged))
def changes(request: Asked, practitioner_id: Her, db: Db, actor: Who) -> Response[bytes]:
    """All changes of a practitioner's details, newest first."""
    editable = get_editable_for(db, actor, today_of(request), practitioner_id)
    wanted = read_form(Paged, request.query_params)
    found = find_changes(db, practitioner_id, wanted.page, wanted.per_page)
    listed = list_changes(_words(request, db), found.results)
    register = Register(found.total, found.page, found.per_page, listed)
    return page(
        request,
        "changes.html",
        block="content",
        json=register,
        found=found,
        listed=listed,
        editable=editable,
    )


@get("/changes/{number:int}", sync_to_thread=True, guards=[signed_in], **answers(Shown))
def change(
    request: Asked, practitioner_id: Her, number: Number, db: Db, actor: Who
) -> Response[bytes]:
    """One change, field by field, and what one may do about it."""
    return _change(request, db, actor, (practitioner_id, number))


@post("/changes/{number:int}/approve", sync_to_thread=True, guards=[signed_in], status_code=303)
def approve(
    request: Asked, practitioner_id: Her, number: Number, actor: Who, sent: Sent
) -> Response[Any]:
    """Let a change take effect, as the second person."""

    def act(db: Database) -> None:
        version = read_form(Decided, sent).version or 0
        at, key = site_of(request).clock(), (practitioner_id, number)
        actions.approve(db, actor, at, today_of(request), key, version)

    return _decide(request, actor, (practitioner_id, number), act)


@post("/changes/{number:int}/return", sync_to_thread=True, guards=[signed_in], status_code=303)
def send_back(
    request: Asked, practitioner_id: Her, number: Number, actor: Who, sent: Sent
) -> Response[Any]:
    """Send a change back with a reason."""

    def act(db: Database) -> None:
        get_editable_for(db, actor, today_of(request), practitioner_id)
        reason = read_reason(sent, site_of(request).terms)
        at, key = site_of(request).clock(), (practitioner_id, number)
        actions.send_back(db, actor, at, today_of(request), key, reason)

    return _decide(request, actor, (practitioner_id, number), act)


@post("/changes/{number:int}/withdraw", sync_to_thread=True, guards=[signed_in], status_code=303)
def withdraw(request: Asked, practitioner_id: Her, number: Number, actor: Who) -> Response[Any]:
    """Take one's own change back."""

    def act(db: Database) -> None:
        at, key = site_of(request).clock(), (practitioner_id, number)
        actions.withdraw(db, actor, at, today_of(request), key)

    return _decide(request, actor, (practitioner_id, number), act)


@post("/changes/{number:int}/undo", sync_to_thread=True, guards=[signed_in], status_code=303)
def undo(request: Asked, practitioner_id: Her, number: Number, actor: Who) -> Response[Any]:
    """Undo the newest change that took effect; what widens waits, and is led to."""

    def act(db: Database) -> int:
        at, key = site_of(request).clock(), (practitioner_id, number)
        return actions.undo(db, actor, at, today_of(request), key)

    return _decide(request, actor, (practitioner_id, number), act)


@get("/versions", sync_to_thread=True, guards=[signed_in], **answers(Register, Paged))
def versions(request: Asked, practitioner_id: Her, db: Db, actor: Who) -> Response[bytes]:
    """All versions of a practitioner's details, newest first."""
    editable = get_editable_for(db, actor, today_of(request), practitioner_id)
    wanted = read_form(Paged, request.query_params)
    found = find_versions(db, practitioner_id, wanted.page, wanted.per_page)
    listed = list_versions(_words(request, db), found.results)
    register = Register(found.total, found.page, found.per_page, listed)
    return page(
        request,
        "versions.html",
        block="content",
        json=register,
        found=found,
        listed=listed,
        editable=editable,
        waiting=find_open(db, practitioner_id),
    )


@get("/versions/{number:int}", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def version(
    request: Asked, practitioner_id: Her, number: Number, db: Db, actor: Who
) -> Response[bytes]:
    """What going back to a version would change."""
    editable = get_editable_for(db, actor, today_of(request), practitioner_id)
    found = get_version(db, practitioner_id, number)
    lines = show_return(_words(request, db), editable, number)
    return page(
        request,
        "version.html",
        block="content",
        json=lines,
        found=found,
        lines=lines,
        editable=editable,
    )


@post("/versions/{number:int}/restore", sync_to_thread=True, guards=[signed_in], status_code=303)
def restore(request: Asked, practitioner_id: Her, number: Number, actor: Who) -> Redirect:
    """Ask for the details as they were; what only narrows takes effect at once."""
    site, today = site_of(request), today_of(request)
    with site.store.transaction() as db:
        outcome = actions.restore(db, actor, site.clock(), today, practitioner_id, number)
    return _on(request, practitioner_id, outcome.waiting or outcome.applied)


def _change(
    request: Asked,
    db: Database,
    actor: Actor,
    key: tuple[str, int],
    problem: Invalid | None = None,
) -> Response[bytes]:
    editable = get_editable_for(db, actor, today_of(request), key[0])
    found, at = get_change(db, *key), site_of(request).clock()
    shown = show_change(_words(request, db), editable, found, actor, at)
    said = {"json": shown, **said_of(request, problem)}
    return page(
        request, "change.html", block="content", editable=editable, found=found, shown=shown, **said
    )


def _decide(
    request: Asked, actor: Actor, key: tuple[str, int], act: Callable[[Database], int | None]
) -> Response[Any]:
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            made = act(db)
    except Invalid as problem:
        with site.store.read() as reading:
            return _change(request, reading, actor, key, problem)
    return _on(request, key[0], made or key[1])


def _words(request: Asked, db: Database) -> Words:
    return Words(db, language_of(request), site_of(request).terms)


def _on(request: Asked, practitioner_id: str, number: int | None) -> Redirect:
    here = f"/{language_of(request).code}/practitioners/{practitioner_id}"
    return Redirect(f"{here}/changes/{number}" if number else here, status_code=303)


router = Router(
    "/practitioners/{practitioner_id:str}",
    route_handlers=[
        changes,
        change,
        approve,
        send_back,
        withdraw,
        undo,
        versions,
        version,
        restore,
    ],
)
