"""Propose a practitioner; send or print the link by which she consents."""

import secrets
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.queries import get_paper_for
from portal.agreements.rules import may_keep
from portal.db import as_json
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.places.queries import resolve_place
from portal.practitioners.queries import Practitioner
from portal.practitioners.registry import find_alike
from portal.proposals.actions import ask_consent, propose
from portal.proposals.forms import Written, read_proposal
from portal.proposals.rules import LINK_GOOD_FOR, id_of_form
from portal.web.errors import said_of
from portal.web.guards import may_use_directory
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
SentLists = NamedDependency[dict[str, list[str]]]


@get(
    "/practitioners/propose",
    sync_to_thread=True,
    guards=[may_use_directory],
    include_in_schema=False,
)
def propose_form(request: Asked, actor: NamedDependency[Actor]) -> Response[bytes]:
    """The empty form."""
    _refuse_without_organisation(actor)
    return _form(request, {"key": secrets.token_hex(16)}, {})


@post("/practitioners/propose", sync_to_thread=True, guards=[may_use_directory], status_code=303)
def propose_posted(
    request: Asked,
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: NamedDependency[dict[str, str]],
    sent_lists: SentLists,
) -> Response[Any]:
    """Propose her; the link is mailed, or shown this once to print and hand over."""
    _refuse_without_organisation(actor)
    alike: list[Practitioner] = []
    try:
        written = read_proposal(sent, sent_lists, site_of(request).terms)
        alike = _alike(request, db, actor, written)
        details = _details(request, db, written)
        alike = _alike(request, db, actor, written, details["place_id"])
        _refuse_alike(alike, written)
    except Invalid as problem:
        return _form(request, sent, sent_lists, problem, alike)
    return _propose(request, actor, id_of_form(actor.account_id, written.form.key), details)


@post(
    "/practitioners/{practitioner_id:str}/consent/link",
    sync_to_thread=True,
    guards=[may_use_directory],
    status_code=303,
)
def new_link(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Another link, by mail or to print; the earlier one ends."""
    paper = get_paper_for(db, actor, today_of(request), practitioner_id)
    if not may_keep(actor, paper.organisation_id):
        raise NotAllowed
    site = site_of(request)
    with site.store.transaction() as writing:
        code = ask_consent(writing, actor, site.clock(), paper.id)
    return _asked(request, paper.id, code)


def _refuse_without_organisation(actor: Actor) -> None:
    if actor.organisation_id is None:
        raise NotAllowed


def _details(request: Asked, db: Database, written: Written) -> dict[str, Any]:
    form = written.form
    place = resolve_place(db, site_of(request).engine, form.place, local=True)
    return {
        "name": form.full_name,
        "profession": form.profession,
        "gender": form.gender,
        "place_id": place.id,
        "travel_km": form.travel_km,
        "languages": as_json(written.languages),
        "modes": as_json(written.modes),
        "phone": form.phone,
        "email": form.email,
    }


def _alike(
    request: Asked, db: Database, actor: Actor, written: Written, place_id: str | None = None
) -> list[Practitioner]:
    """Whom it might be already; what this very form made is no other."""
    form, today = written.form, today_of(request)
    made = id_of_form(actor.account_id, form.key)
    where: dict[str, str | None] = {"organisation_id": actor.organisation_id, "place_id": place_id}
    found = find_alike(db, actor, today, form.full_name, form.profession, **where)
    return [] if made in {each.id for each in found} else found


def _refuse_alike(alike: list[Practitioner], written: Written) -> None:
    if alike and not written.form.is_another:
        told = Message("Perhaps this person is in the register already. Look first.")
        raise Invalid({"is_another": [told]})


def _propose(
    request: Asked, actor: Actor, practitioner_id: str, details: dict[str, Any]
) -> Response[Any]:
    site = site_of(request)
    with site.store.transaction() as db:
        code = propose(db, actor, site.clock(), practitioner_id, details)
    return _asked(request, practitioner_id, code)


def _asked(request: Asked, practitioner_id: str, code: str | None) -> Response[Any]:
    """Back to the papers after a mail; a link to print is shown here, in no address, only once."""
    language, site = language_of(request), site_of(request)
    if code is None:
        here = f"/{language.code}/practitioners/{practitioner_id}/agreement"
        return Redirect(here, status_code=303)
    link = f"{site.settings.base_url}/{language.code}/consent/{code}"
    until = language.moment(site.clock() + LINK_GOOD_FOR, site.settings.timezone)
    context: dict[str, Any] = {"link": link, "until": until, "practitioner_id": practitioner_id}
    return page(request, "consent_link.html", block="content", **context)


def _form(
    request: Asked,
    sent: dict[str, str],
    ticked: dict[str, list[str]],
    problem: Invalid | None = None,
    alike: list[Practitioner] | None = None,
) -> Response[bytes]:
    said = said_of(request, problem)
    context: dict[str, Any] = {"sent": sent, "ticked": ticked, "alike": alike or []}
    return page(request, "propose.html", block="content", **context, **said)


router = Router("/", route_handlers=[propose_form, propose_posted, new_link])
