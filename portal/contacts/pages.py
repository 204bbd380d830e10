"""Ask for a contact; see who asked. A contact is in the answer to one POST and nowhere else."""

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.contacts.actions import Shown, Stopped, look
from portal.contacts.forms import Filters, read_wanted
from portal.contacts.queries import (
    Found,
    find_lookers,
    find_looks,
    find_unusual,
    get_looks_for,
    get_reachable_for,
)
from portal.contacts.rules import Reason, local_time
from portal.errors import Invalid
from portal.forms import Paged, read_form
from portal.i18n.language import Message
from portal.practitioners.queries import Details
from portal.web.documented import answers
from portal.web.errors import answer_error, said_of
from portal.web.guards import is_coordinator, may_use_directory, signed_in
from portal.web.page import page, wants_json
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]

WHY: dict[Reason, Message] = {
    "via_organisation": Message("The practitioner asks to be reached through the organisation."),
    "unknown": Message(
        "We do not know how the practitioner wants to be reached, so it goes through the"
        " organisation."
    ),
    "not_accepted": Message(
        "The contact is shown once the practitioner has accepted a request of your organisation."
    ),
    "shared_phone": Message("Others use this phone too, so it is not shown."),
    "outside_hours": Message("It is outside the hours in which the practitioner takes calls."),
    "unclear_hours": Message("We cannot tell whether it is within the hours given."),
    "no_contact": Message("There is no phone or e-mail address in the portal."),
}


class Purposes(msgspec.Struct, frozen=True):
    """What a script may ask for; never a contact."""

    practitioner_id: str
    purposes: list[str]


class Answer(msgspec.Struct, frozen=True):
    """The JSON of one look; `why` says in words why the contact is not among it."""

    phone: str | None
    email: str | None
    hours: str | None
    say_when_calling: str | None
    duty_phone: str | None
    shown: str
    why: str | None


@get(
    "/practitioners/{practitioner_id:str}/contact",
    sync_to_thread=True,
    guards=[may_use_directory],
    **answers(Purposes),
)
def contact(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """What for: one button a purpose. Nothing of the contact is here."""
    return _purposes(request, get_reachable_for(db, actor, today_of(request), practitioner_id))


@post(
    "/practitioners/{practitioner_id:str}/contact",
    sync_to_thread=True,
    guards=[may_use_directory],
    status_code=200,
)
def look_at_contact(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """The contact, in this answer only; the look is logged with its purpose."""
    site = site_of(request)
    with site.store.read() as db:
        who = get_reachable_for(db, actor, today_of(request), practitioner_id)
    try:
        wanted = read_wanted(sent, site.terms)
    except Invalid as problem:
        return _purposes(request, who, problem)
    at, timezone = site.clock(), site.settings.timezone
    with site.store.transaction() as writing:
        found = look(writing, actor, at, timezone, practitioner_id, wanted)
    return _answer(request, practitioner_id, found, f"{local_time(at, timezone):%H:%M}")


@get(
    "/practitioners/{practitioner_id:str}/looked",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Found, Paged),
)
def looked(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Who looked at her contact, and why: for herself, and for coordinators to print."""
    wanted = read_form(Paged, request.query_params)
    who, found = get_looks_for(db, actor, today_of(request), practitioner_id, wanted)
    return page(request, "looked.html", block="content", json=found, found=found, who=who)


@get("/contacts", sync_to_thread=True, guards=[is_coordinator], **answers(Found, Filters))
def contacts(request: Asked, db: NamedDependency[Database]) -> Response[bytes]:
    """All looks, for coordinators; what is unusual stands first."""
    wanted = read_form(Filters, request.query_params)
    found = find_looks(db, wanted)
    return page(
        request,
        "contacts.html",
        block="content",
        json=found,
        found=found,
        wanted=wanted,
        people=[(each.id, each.name) for each in find_lookers(db)],
        unusual=find_unusual(db, today_of(request)),
    )


def _purposes(request: Asked, who: Details, problem: Invalid | None = None) -> Response[bytes]:
    body = Purposes(who.id, site_of(request).terms.codes("contact_purposes"))
    key = secrets.token_hex(16)
    said: dict[str, Any] = {"json": body, **said_of(request, problem)}
    return page(request, "contact.html", block="content", who=who, key=key, **said)


def _answer(
    request: Asked, practitioner_id: str, found: Shown | Stopped, time: str
) -> Response[Any]:
    if isinstance(found, Stopped):
        return _stopped(request, practitioner_id, found)
    why = language_of(request).say(WHY[found.why]) if found.why else None
    body = Answer(
        phone=found.contact.phone,
        email=found.contact.email,
        hours=found.hours,
        say_when_calling=found.contact.say_when_calling,
        duty_phone=found.duty_phone,
        shown=found.shown,
        why=why,
    )
    shown: dict[str, Any] = {"id": practitioner_id, "found": body, "reason": found.why}
    shown["time"] = time
    return page(request, "contact_shown.html", block="content", json=body, **shown)


def _stopped(request: Asked, practitioner_id: str, found: Stopped) -> Response[Any]:
    if wants_json(request):
        return answer_error(request, found.error)
    shown: dict[str, Any] = {"id": practitioner_id, "cap": found.cap}
    answer = page(request, "contact_stopped.html", block="content", status=429, **shown)
    for name, value in found.error.headers.items():
        answer.headers[name] = value
    return answer


router = Router("/", route_handlers=[contact, look_at_contact, looked, contacts])
