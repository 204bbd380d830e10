"""What an applicant says and shows: the answer to a criterion, and an appeal; both with files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from anyio.to_thread import run_sync
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.applications.actions import appeal
from portal.applications.acts import answer_criterion, attach, detach, draft_appeal
from portal.applications.rules import APPEAL
from portal.applying.answers import (
    LinkOver,
    Opened,
    Sealed,
    changing,
    get_point,
    looked_at,
    open_link,
    over,
    sealed,
    standing_of,
    unkept,
)
from portal.applying.drawing import Sheet
from portal.applying.forms import file_name, read_appeal, read_criterion
from portal.errors import Invalid
from portal.files import Shelf
from portal.uploads.rules import MB, MOST_BYTES
from portal.web.errors import said_of
from portal.web.page import page
from portal.web.receiving import Asked, Received, receive, receiving
from portal.web.site import language_of, site_of

Opening = NamedDependency[Opened]
Fields = Mapping[str, list[str]]

# what is written in the transaction that keeps the files, too
Write = Callable[[Database, datetime], None]

TAKES: dict[str, Any] = {"status_code": 303, **receiving(MOST_BYTES, by_link=True)}


def _opened(request: Asked, code: FromPath[str]) -> Opened:
    return open_link(request, code)


@get("/apply/{code:str}/criteria/{point:str}", sync_to_thread=True, include_in_schema=False)
def criterion(request: Asked, opened: Opening, point: FromPath[str]) -> Response[bytes]:
    """One criterion: what it says, what shows it, what was answered."""
    return _criterion(request, opened, point)


@post("/apply/{code:str}/criteria/{point:str}", **TAKES)
async def criterion_posted(request: Asked, opened: Opening, point: FromPath[str]) -> Response[Any]:
    """Save an answer, keep a file, or take one away; nothing is read for a link that is over."""
    await run_sync(_refuse_sealed, request, opened, point)
    async with receive(request, MOST_BYTES, holder=opened.application.id) as got:
        return await run_sync(_save_criterion, request, opened, point, got)


@get("/apply/{code:str}/appeal", sync_to_thread=True, include_in_schema=False)
def appealing(request: Asked, opened: Opening) -> Response[bytes]:
    """The form for an appeal, while one is possible."""
    return _appeal(request, opened)


@post("/apply/{code:str}/appeal", **TAKES)
async def appealed(request: Asked, opened: Opening) -> Response[Any]:
    """Keep what is written and shown so far, or appeal: others look at the decision."""
    await run_sync(_refuse_sealed, request, opened, APPEAL)
    async with receive(request, MOST_BYTES, holder=opened.application.id) as got:
        return await run_sync(_save_appeal, request, opened, got)


def _refuse_sealed(request: Asked, opened: Opened, code: str) -> None:
    """`Sealed` for what cannot be said now, `NotFound` for a criterion there is none of."""
    standing = standing_of(request, opened)
    if code == APPEAL:
        is_open = standing.may_appeal
    else:
        is_open = standing.may_answer(get_point(standing, code).code)
    if not is_open:
        raise Sealed(opened)


def _criterion(
    request: Asked,
    opened: Opened,
    code: str,
    sent: Fields | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    standing = standing_of(request, opened)
    point = get_point(standing, code)
    if not standing.may_be_read:
        raise Sealed(opened)
    step = next(each for each in standing.steps if each.step == f"criteria/{code}")
    shown = _shown(request, opened, code, "answer", sent, problem)
    shown |= {"point": point, "step": step, "after": standing.after(code)}
    return page(request, "apply_criterion.html", block="content", **shown)


def _appeal(
    request: Asked, opened: Opened, sent: Fields | None = None, problem: Invalid | None = None
) -> Response[bytes]:
    if not standing_of(request, opened).may_appeal:
        raise Sealed(opened)
    shown = _shown(request, opened, APPEAL, "appeal", sent, problem)
    return page(request, "apply_appeal.html", block="content", **shown)


def _shown(
    request: Asked,
    opened: Opened,
    code: str,
    field: str,
    sent: Fields | None,
    problem: Invalid | None,
) -> dict[str, Any]:
    """What both forms show: the text as it was typed or kept, and the files."""
    standing = standing_of(request, opened)
    kept = standing.answers.get(code)
    stored = {field: [kept.answer]} if kept else {}
    return {
        "standing": standing,
        "sheet": Sheet(stored if sent is None else sent),
        "files": standing.files_of(code),
        "most": MOST_BYTES // MB,
        "saved": problem is None and "saved" in request.query_params,
        **said_of(request, problem),
    }


def _save_criterion(request: Asked, opened: Opened, code: str, got: Received) -> Response[Any]:
    about = (opened.application.id, code)
    try:
        form = read_criterion(got.fields)
        write: Write = lambda db, at: answer_criterion(db, at, *about, form.answer, form.version)  # noqa: E731
        _keep(request, opened, code, got, form.remove, write)
    except Invalid as problem:
        return _criterion(request, opened, code, got.fields, problem)
    return _on(request, opened.code, f"/criteria/{code}?saved=1")


def _save_appeal(request: Asked, opened: Opened, got: Received) -> Response[Any]:
    own = opened.application.id
    try:
        form = read_appeal(got.fields)
        write: Write = lambda db, at: draft_appeal(db, at, own, form.appeal)  # noqa: E731
        send: Write = lambda db, at: appeal(db, at, own, form.appeal)  # noqa: E731
        sends = form.act == "send" and not form.remove
        _keep(request, opened, APPEAL, got, form.remove, write, send if sends else None)
    except Invalid as problem:
        return _appeal(request, opened, got.fields, problem)
    return _on(request, opened.code, "" if sends else "/appeal?saved=1")


def _keep(
    request: Asked,
    opened: Opened,
    code: str,
    got: Received,
    remove: str | None,
    write: Write,
    then: Write | None = None,
) -> None:
    """What was typed, the file that came with it, and what follows: all of it, or nothing."""
    site = site_of(request)
    about, at, shelf = (opened.application.id, code), site.clock(), Shelf(site.settings.files)
    with looked_at(site.settings, got) as found, changing(request, opened) as db:
        write(db, at)
        if remove:
            detach(db, shelf, at, *about, remove)
        if found is not None:
            attach(db, shelf, at, *about, file_name(got.files[0].name), found)
        if then is not None:
            then(db, at)


def _on(request: Asked, code: str, rest: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/apply/{code}{rest}", status_code=303)


router = Router(
    "/",
    route_handlers=[criterion, criterion_posted, appealing, appealed],
    dependencies={"opened": Provide(_opened, sync_to_thread=True)},
    exception_handlers={LinkOver: over, Sealed: sealed},
    after_request=unkept,
)
