"""What follows when all is written: send it, take it back, read the decision, come in."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect

from portal.applications.actions import queue_letter, submit, withdraw
from portal.applications.rules import ask_keys
from portal.applying.answers import (
    LinkOver,
    Opened,
    Sealed,
    changing,
    open_link,
    over,
    overview,
    sealed,
    standing_of,
    unkept,
)
from portal.credentials.actions import count_try
from portal.errors import Invalid, NotFound
from portal.files import Shelf
from portal.web.page import address, page
from portal.web.receiving import Asked
from portal.web.session import visitor_of
from portal.web.site import language_of, site_of

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
    """The decision with its reasons, to be printed; during an appeal the earlier one."""
    standing = standing_of(request, opened)
    if standing.decision is None or not (standing.is_decided or standing.application.is_appeal):
        raise NotFound
    return page(request, "apply_letter.html", block="content", standing=standing)


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
        invite_again,
    ],
    dependencies={"opened": Provide(_opened, sync_to_thread=True)},
    exception_handlers={LinkOver: over, Sealed: sealed},
    after_request=unkept,
)
