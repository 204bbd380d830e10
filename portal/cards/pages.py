"""Cards of single-use codes: print one, and take her call on her behalf."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.queries import get_kept_for
from portal.cards.actions import Call, act_on_behalf, make_card
from portal.cards.forms import Search, read_said
from portal.cards.queries import (
    find_card,
    find_done,
    find_her_requests,
    find_people,
    has_consent,
)
from portal.cards.rules import (
    ACTS,
    DOES,
    FEW_LEFT,
    OF_A_REQUEST,
    REFUSED,
    SAYS,
    WITHOUT_CODE,
    acts_now,
    asked_number,
)
from portal.confirmations.rules import seen_details
from portal.errors import Invalid, NotAllowed
from portal.ethics.queries import version_to_sign
from portal.forms import read_form
from portal.handovers.queries import find_question
from portal.practitioners.queries import Details
from portal.web.errors import said_of
from portal.web.guards import may_use_directory, signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]

HERE = "/practitioners/{practitioner_id:str}/telephone"


@get("/cards", sync_to_thread=True, guards=[may_use_directory], include_in_schema=False)
def cards(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Who holds a card, and a search for somebody who needs one."""
    return _cards(request, db, actor, Search())


@post("/cards", sync_to_thread=True, guards=[may_use_directory], status_code=200)
def search_cards(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[bytes]:
    """Somebody by a part of her name, which so stands in no address."""
    return _cards(request, db, actor, read_form(Search, sent))


@post(
    "/practitioners/{practitioner_id:str}/card",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=200,
)
def print_card(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """A new card, shown this once to be printed and handed over in person."""
    site = site_of(request)
    with site.store.transaction() as db:
        found = get_kept_for(db, actor, today_of(request), practitioner_id)
        if actor.practitioner_id == found.id:
            raise NotAllowed
        codes = make_card(db, site.settings.secret, actor, site.clock(), found.id)
    return page(request, "card.html", block="content", found=found, codes=codes)


@get(HERE, sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def telephone(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """What she can say on the telephone, and what was done on her behalf."""
    found = get_kept_for(db, actor, today_of(request), practitioner_id)
    act = request.query_params.get("act", "")
    if act in ACTS and actor.is_coordinator:
        return _act(request, db, actor, found, act)
    return _telephone(request, db, actor, found)


@post(HERE, sync_to_thread=True, guards=[signed_in], status_code=303)
def speak(
    request: Asked, practitioner_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Do what she says: with a code of her card, or without one where it only hides."""
    site, today = site_of(request), today_of(request)
    with site.store.read() as db:
        found = get_kept_for(db, actor, today, practitioner_id)
    if not actor.is_coordinator:
        raise NotAllowed
    try:
        call = Call(actor, site.clock(), today, practitioner_id)
        _do(request, call, sent)
    except Invalid as problem:
        if sent.get("act") not in ACTS:
            raise
        with site.store.read() as db:
            return _act(request, db, actor, found, sent["act"], sent, problem)
    path = f"/{language_of(request).code}/practitioners/{practitioner_id}/telephone?done=1"
    return Redirect(path, status_code=303)


def _do(request: Asked, call: Call, sent: dict[str, str]) -> None:
    site, said = site_of(request), read_said(sent, site_of(request).terms)
    with site.store.transaction() as db:
        verdict = act_on_behalf(db, site.settings.secret, call, said)
    # outside: that a code was wrong is kept
    if verdict.refused:
        raise Invalid({"code": [REFUSED[verdict.refused]]})


def _cards(request: Asked, db: Database, actor: Actor, search: Search) -> Response[bytes]:
    people = find_people(db, actor, today_of(request), search.who)
    return page(request, "cards.html", block="content", people=people, who=search.who or "")


def _telephone(request: Asked, db: Database, actor: Actor, found: Details) -> Response[bytes]:
    done, card = find_done(db, found.id), find_card(db, found.id)
    told = {each.detail.get("request", "") for each in done if each.by_id == actor.account_id}
    at, asks = site_of(request).clock(), card is not None and card.asks(actor)
    return page(
        request,
        "telephone.html",
        block="content",
        found=found,
        card=card,
        asks=asks,
        is_printer=card is not None and card.made_by == actor.account_id,
        requests=find_her_requests(db, found.id, at, told) if actor.is_coordinator else [],
        of_a_request=OF_A_REQUEST if asks else (),
        few=FEW_LEFT,
        acts=acts_now(
            consent_stands=has_consent(db, found.id),
            with_code=asks,
            is_asked=find_question(db, found.id) is not None,
        ),
        says=SAYS,
        done=done,
        is_done="done" in request.query_params,
    )


def _act(
    request: Asked,
    db: Database,
    actor: Actor,
    found: Details,
    act: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    site, card = site_of(request), find_card(db, found.id)
    return page(
        request,
        "telephone_act.html",
        block="content",
        **said_of(request, problem),
        found=found,
        act=act,
        says=SAYS,
        does=DOES,
        card=card,
        asks=card is not None and card.asks(actor),
        is_printer=card is not None and card.made_by == actor.account_id,
        number=card and asked_number(site.settings.secret, card.id, card.unused),
        ethics=version_to_sign(db, found.id),
        needs_code=act not in WITHOUT_CODE,
        seen=seen_details(found),
        sent=sent or {},
        about=(sent or request.query_params).get("request", ""),
    )


router = Router("/", route_handlers=[cards, search_cards, print_card, telephone, speak])
