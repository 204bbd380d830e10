"""Report a wrong detail on a card, follow what becomes of it, and say what became of it."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.forms import read_form
from portal.tickets.actions import answer, report
from portal.tickets.forms import Filters, fields_of, read_answered, read_wrong
from portal.tickets.queries import (
    Card,
    Details,
    Found,
    find_tickets,
    get_card_for,
    get_ticket_for,
)
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


class Choices(msgspec.Struct, frozen=True):
    """What a script may report of a card."""

    kind: str
    id: str
    fields: list[str]
    problems: list[str]


@get(
    "/practitioners/{practitioner_id:str}/report",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Choices),
)
def report_practitioner(
    request: Asked, practitioner_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """The form for a wrong detail of a practitioner."""
    return _form(request, get_card_for(db, actor, today_of(request), *_her(practitioner_id)))


@post(
    "/practitioners/{practitioner_id:str}/report",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def practitioner_reported(
    request: Asked, practitioner_id: FromPath[str], db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Save the report, once."""
    card = get_card_for(db, actor, today_of(request), *_her(practitioner_id))
    return _reported(request, actor, card, sent)


@get(
    "/organisations/{organisation_id:str}/report",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Choices),
)
def report_organisation(
    request: Asked, organisation_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """The form for a wrong detail of an organisation."""
    return _form(request, get_card_for(db, actor, today_of(request), *_theirs(organisation_id)))


@post(
    "/organisations/{organisation_id:str}/report",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def organisation_reported(
    request: Asked, organisation_id: FromPath[str], db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Save the report, once."""
    card = get_card_for(db, actor, today_of(request), *_theirs(organisation_id))
    return _reported(request, actor, card, sent)


@get("/tickets", sync_to_thread=True, guards=[signed_in], **answers(Found, Filters))
def tickets(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What one has reported, and what is reported about one's organisation's cards."""
    wanted = read_form(Filters, request.query_params)
    found = find_tickets(db, actor, today_of(request), wanted)
    return page(request, "tickets.html", block="content", json=found, found=found, wanted=wanted)


@get("/tickets/{ticket_id:str}", sync_to_thread=True, guards=[signed_in], **answers(Details))
def ticket(request: Asked, ticket_id: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """One report and its fate."""
    return _ticket(request, get_ticket_for(db, actor, today_of(request), ticket_id))


@post("/tickets/{ticket_id:str}", sync_to_thread=True, guards=[signed_in], status_code=303)
def ticket_answered(
    request: Asked, ticket_id: FromPath[str], actor: Who, sent: Sent
) -> Response[Any]:
    """Seen, mended, or kept as it is with the reason."""
    site, today = site_of(request), today_of(request)
    with site.store.read() as db:
        get_ticket_for(db, actor, today, ticket_id)
    try:
        answered = read_answered(sent, site.terms)
        with site.store.transaction() as writing:
            answer(writing, actor, site.clock(), today, ticket_id, answered)
    except Invalid as problem:
        with site.store.read() as db:
            return _ticket(request, get_ticket_for(db, actor, today, ticket_id), problem)
    return _to(request, ticket_id)


def _her(practitioner_id: str) -> tuple[str, str]:
    return "practitioners", practitioner_id


def _theirs(organisation_id: str) -> tuple[str, str]:
    return "organisations", organisation_id


def _form(
    request: Asked,
    card: Card,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    terms, language = site_of(request).terms, language_of(request).code
    fields = fields_of(terms, card.kind)
    body = Choices(card.kind, card.id, [f.code for f in fields], terms.codes("report_kinds"))
    said: dict[str, Any] = {"json": body, **said_of(request, problem)}
    named = [(field.code, field.name(language)) for field in fields]
    return page(
        request, "report.html", block="content", card=card, fields=named, sent=sent or {}, **said
    )


def _reported(request: Asked, actor: Actor, card: Card, sent: dict[str, str]) -> Response[Any]:
    site, today = site_of(request), today_of(request)
    try:
        wrong = read_wrong(sent, site.terms, card.kind)
    except Invalid as problem:
        return _form(request, card, sent, problem)
    with site.store.transaction() as db:
        ticket_id = report(db, actor, site.clock(), today, card.kind, card.id, wrong)
    return _to(request, ticket_id)


def _to(request: Asked, ticket_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/tickets/{ticket_id}", status_code=303)


def _ticket(request: Asked, found: Details, problem: Invalid | None = None) -> Response[bytes]:
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    return page(request, "ticket.html", block="content", found=found, **said)


router = Router(
    "/",
    route_handlers=[
        report_practitioner,
        practitioner_reported,
        report_organisation,
        organisation_reported,
        tickets,
        ticket,
        ticket_answered,
    ],
)
