"""What follows when all is written: send it, take it back, read the decision, appeal."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect

from portal.applications.actions import appeal, queue_letter, submit, withdraw
from portal.applications.rules import ask_keys
from portal.applying.answers import (
    LinkOver,
    Opened,
    Sealed,
    Sheet,
    changing,
    open_link,
    over,
    overview,
    sealed,
    standing_of,
    unkept,
)
from portal.applying.forms import read_appeal
from portal.credentials.actions import count_try
from portal.errors import Invalid, NotFound
from portal.files import Shelf
from portal.web.errors import said_of
from portal.web.page import address, page
from portal.web.receiving import Asked
from portal.web.session import visitor_of
from portal.web.site import language_of, site_of

Sent = NamedDependency[dict[str, str]]
Opening = NamedDependency[Opened]

BY_LINK: dict[str, Any] = {"sync_to_thread": True, "status_code": 303, "opt": {"signs_in": True}}


def _opened(request: Asked, code: FromPath[str]) -> Opened:
    return open_link(request, code)


@get("/apply/{code:str}/send", sync_to_thread=True, include_in_schema=False)
def send(request: Asked, opened: Opening) -> Response[Any]:
    """What is sent, to whom, and what happens then."""
    standing = standing_of(request, opened)
    if not standing.may_be_sent:
        return _on(request, opened.code)
    return page(request, "apply_send.html", block="content", standing=standing)


@post("/apply/{code:str}/send", **BY_LINK)
def send_posted(request: Asked, opened: Opening) -> Response[Any]:
    """Send it; the page says what is missing if anything is."""
    try:
        with changing(request, opened) as db:
            submit(db, site_of(request).clock(), opened.application.id)
    except Invalid as problem:
        return overview(request, opened, problem)
    return _on(request, opened.code)


@get("/apply/{code:str}/withdraw", sync_to_thread=True, include_in_schema=False)
def withdrawal(request: Asked, opened: Opening) -> Response[bytes]:
    """What taking it back means."""
    if not opened.application.may_be_withdrawn:
        raise Sealed(opened)
    standing = standing_of(request, opened)
    return page(request, "apply_withdraw.html", block="content", standing=standing)


@post("/apply/{code:str}/withdraw", **BY_LINK)
def withdrawn(request: Asked, opened: Opening) -> Response[Any]:
    """Take it back; of one that was not sent nothing is left."""
    site = site_of(request)
    if not opened.application.may_be_withdrawn:
        raise Sealed(opened)
    with changing(request, opened) as db:
        withdraw(db, Shelf(site.settings.files), site.clock(), opened.application.id)
    if opened.application.is_sent:
        return _on(request, opened.code)
    here = address(f"/{language_of(request).code}/apply", {"erased": "1"})
    return Redirect(here, status_code=303)


@get("/apply/{code:str}/letter", sync_to_thread=True, include_in_schema=False)
def letter(request: Asked, opened: Opening) -> Response[bytes]:
    """The decision with its reasons, to be printed."""
    standing = standing_of(request, opened)
    if standing.decision is None or not standing.is_decided:
        raise NotFound
    return page(request, "apply_letter.html", block="content", standing=standing)


@get("/apply/{code:str}/appeal", sync_to_thread=True, include_in_schema=False)
def appealing(request: Asked, opened: Opening) -> Response[bytes]:
    """The form for an appeal, while one is possible."""
    return _appeal(request, opened)


@post("/apply/{code:str}/appeal", **BY_LINK)
def appealed(request: Asked, opened: Opening, sent: Sent) -> Response[Any]:
    """Appeal: others look at the decision."""
    try:
        words = read_appeal(sent)
        with changing(request, opened) as db:
            appeal(db, site_of(request).clock(), opened.application.id, words)
    except Invalid as problem:
        return _appeal(request, opened, sent, problem)
    return _on(request, opened.code)


@post("/apply/{code:str}/invitation", **BY_LINK)
def invite_again(request: Asked, opened: Opening) -> Response[Any]:
    """Mail another invitation, to the address on record alone."""
    site = site_of(request)
    visitor = visitor_of(request, site.settings)
    if not standing_of(request, opened).may_be_invited:
        raise Sealed(opened)
    about = f"invitation {opened.application.id}"
    keys = ask_keys(site.settings.secret, visitor, about, site.clock())
    with changing(request, opened) as db:
        count_try(db, keys, site.clock())
        queue_letter(db, site.clock(), opened.application.id, "admitted")
    return _on(request, opened.code, invited="1")


def _appeal(
    request: Asked,
    opened: Opened,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    standing = standing_of(request, opened)
    if not standing.may_appeal:
        raise Sealed(opened)
    shown: dict[str, Any] = {"standing": standing}
    shown |= {"sheet": Sheet({name: [text] for name, text in (sent or {}).items()})}
    said = said_of(request, problem)
    return page(request, "apply_appeal.html", block="content", **shown, **said)


def _on(request: Asked, code: str, **query: str) -> Redirect:
    here = "/".join(("", language_of(request).code, "apply", code))
    return Redirect(address(here, query), status_code=303)


router = Router(
    "/",
    route_handlers=[
        send,
        send_posted,
        withdrawal,
        withdrawn,
        letter,
        appealing,
        appealed,
        invite_again,
    ],
    dependencies={"opened": Provide(_opened, sync_to_thread=True)},
    exception_handlers={LinkOver: over, Sealed: sealed},
    after_request=unkept,
)
