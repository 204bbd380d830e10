"""Apply to join, without an account: the link that was mailed carries the secret of every form."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect

from portal.applications.actions import ask
from portal.applications.acts import (
    accept_principles,
    name_contact,
    save_organisation_of,
)
from portal.applications.rules import LINK_GOOD_FOR, PURPOSE, UNTIL_TOMORROW, ask_keys, begun_key
from portal.applying.answers import (
    ApplicationSteps,
    LinkOver,
    Opened,
    Sealed,
    changing,
    open_link,
    open_unsent,
    over,
    overview,
    sealed,
    standing_of,
    unkept,
)
from portal.applying.drawing import Sheet, stored_contact, stored_organisation
from portal.applying.forms import (
    read_asked,
    read_contact,
    read_organisation,
    read_principles,
)
from portal.applying.rules import is_code
from portal.charter.queries import find_charter
from portal.errors import Invalid, TooOften
from portal.links.actions import make_link
from portal.places.queries import resolve_place
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.page import address, page
from portal.web.receiving import Asked
from portal.web.session import visitor_of
from portal.web.site import language_of, site_of

Sent = NamedDependency[dict[str, str]]
SentLists = NamedDependency[dict[str, list[str]]]
Opening = NamedDependency[Opened]
Unsent = NamedDependency[Opened]
Code = FromPath[str]

BY_LINK: dict[str, Any] = {"sync_to_thread": True, "status_code": 303, "opt": {"signs_in": True}}


def _opened(request: Asked, code: Code) -> Opened:
    return open_link(request, code)


def _unsent(request: Asked, code: Code) -> Opened:
    return open_unsent(request, code)


@get("/apply", sync_to_thread=True, include_in_schema=False)
def apply(request: Asked) -> Response[bytes]:
    """What joining means, and the form for a link; the same for who comes back."""
    return _apply(request)


@post("/apply", **BY_LINK)
def apply_posted(request: Asked, sent: Sent) -> Response[Any]:
    """Ask for a link: one answer, whether or not the address is known."""
    site, language = site_of(request), language_of(request).code
    try:
        form = read_asked(sent)
    except Invalid as problem:
        return _apply(request, sent, problem)
    secret, visitor, at = site.settings.secret, visitor_of(request, site.settings), site.clock()
    keys, begun = ask_keys(secret, visitor, form.email, at), begun_key(secret, visitor, at)
    with site.store.transaction() as db:
        found = ask(db, at, keys, begun, form.email, form.applicant, language)
        # nobody else is there to be told: the demo's letters lie in a folder
        about = (PURPOSE, found or "", LINK_GOOD_FOR)
        shown = make_link(db, at, *about, beside=True) if found and site.settings.is_demo else ""
    if found is None:
        raise TooOften(UNTIL_TOMORROW)
    query = {"asked": "1", "link": shown}
    return Redirect(address(f"/{language}/apply", query), status_code=303)


@get("/apply/{code:str}", sync_to_thread=True, **answers(ApplicationSteps))
def application(request: Asked, opened: Opening) -> Response[Any]:
    """The list of steps, or how an application stands that was sent."""
    return overview(request, opened)


@get("/apply/{code:str}/organisation", sync_to_thread=True, include_in_schema=False)
def organisation(request: Asked, unsent: Unsent) -> Response[bytes]:
    """Who applies."""
    return _organisation(request, unsent)


@post("/apply/{code:str}/organisation", **BY_LINK)
def organisation_posted(request: Asked, unsent: Unsent, sent_lists: SentLists) -> Response[Any]:
    """Save who applies."""
    site = site_of(request)
    try:
        with changing(request, unsent) as db:
            place = lambda text: resolve_place(db, site.engine, text, local=False).id  # noqa: E731
            languages = list(site.settings.languages)
            row = read_organisation(sent_lists, site.terms, languages, place)
            save_organisation_of(db, site.clock(), unsent.application.id, row)
    except Invalid as problem:
        return _organisation(request, unsent, sent_lists, problem)
    return _on(request, unsent.code)


@get("/apply/{code:str}/principles", sync_to_thread=True, include_in_schema=False)
def principles(request: Asked, unsent: Unsent) -> Response[bytes]:
    """All principles, and what happens on leaving."""
    return _principles(request, unsent)


@post("/apply/{code:str}/principles", **BY_LINK)
def principles_posted(request: Asked, unsent: Unsent, sent: Sent) -> Response[Any]:
    """Accept the principles and the terms."""
    try:
        with changing(request, unsent) as db:
            version = read_principles(sent)
            accept_principles(db, site_of(request).clock(), unsent.application.id, version)
    except Invalid as problem:
        return _principles(request, unsent, sent, problem)
    return _on(request, unsent.code)


@get("/apply/{code:str}/contact", sync_to_thread=True, include_in_schema=False)
def contact(request: Asked, unsent: Unsent) -> Response[bytes]:
    """Who answers questions."""
    return _contact(request, unsent)


@post("/apply/{code:str}/contact", **BY_LINK)
def contact_posted(request: Asked, unsent: Unsent, sent_lists: SentLists) -> Response[Any]:
    """Save who answers questions."""
    try:
        with changing(request, unsent) as db:
            row = read_contact(sent_lists)
            name_contact(db, site_of(request).clock(), unsent.application.id, row)
    except Invalid as problem:
        return _contact(request, unsent, sent_lists, problem)
    return _on(request, unsent.code)


def _apply(
    request: Asked, sent: Mapping[str, str] | None = None, problem: Invalid | None = None
) -> Response[bytes]:
    site, link = site_of(request), request.query_params.get("link", "")
    with site.store.read() as db:
        charter = find_charter(db)
    shown: dict[str, Any] = {
        "is_open": charter is not None,
        "is_erased": "erased" in request.query_params,
        "asked": problem is None and "asked" in request.query_params,
        # security: outside of the demo an address makes the page say nothing
        "link": link if site.settings.is_demo and is_code(link) else "",
        "sheet": Sheet({name: [text[:300]] for name, text in (sent or {}).items()}),
    }
    return page(request, "apply.html", block="content", **shown, **said_of(request, problem))


def _on(request: Asked, code: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/apply/{code}", status_code=303)


def _organisation(
    request: Asked,
    opened: Opened,
    sent: Mapping[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    fields = sent if sent is not None else stored_organisation(request, opened.application)
    shown = {"code": opened.code, "sheet": Sheet(fields), **said_of(request, problem)}
    return page(request, "apply_organisation.html", block="content", **shown)


def _principles(
    request: Asked,
    opened: Opened,
    sent: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    standing, said = standing_of(request, opened), said_of(request, problem)
    shown: dict[str, Any] = {"standing": standing, "sent": sent or {}, **said}
    return page(request, "apply_principles.html", block="content", **shown)


def _contact(
    request: Asked,
    opened: Opened,
    sent: Mapping[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    sheet = Sheet(stored_contact(opened.application) if sent is None else sent)
    shown = {"code": opened.code, "email": opened.application.email, **said_of(request, problem)}
    return page(request, "apply_contact.html", block="content", sheet=sheet, **shown)


router = Router(
    "/",
    route_handlers=[
        apply,
        apply_posted,
        application,
        organisation,
        organisation_posted,
        principles,
        principles_posted,
        contact,
        contact_posted,
    ],
    dependencies={
        "opened": Provide(_opened, sync_to_thread=True),
        "unsent": Provide(_unsent, sync_to_thread=True),
    },
    exception_handlers={LinkOver: over, Sealed: sealed},
    after_request=unkept,
)
