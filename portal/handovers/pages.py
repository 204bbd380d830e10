"""A practitioner's question, and the list of those whom another organisation may propose."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.handovers.actions import answer_open, take_over
from portal.handovers.forms import Answered, OpenWanted
from portal.handovers.queries import (
    OpenFound,
    Question,
    find_open,
    find_question,
    get_open_for,
    may_propose,
)
from portal.proposals.rules import LINK_GOOD_FOR
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import may_use_directory, signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]

OWN = "/practitioners/{practitioner_id:str}/open-to-proposals"


@get(OWN, sync_to_thread=True, guards=[signed_in], **answers(Question))
def question(request: Asked, practitioner_id: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """Whether another organisation may propose her: for herself alone."""
    _refuse_others(actor, practitioner_id)
    return _question(request, db, practitioner_id)


@post(OWN, sync_to_thread=True, guards=[signed_in], status_code=303)
def question_answered(
    request: Asked, practitioner_id: FromPath[str], db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Yes or no; until somebody proposes her she may change it."""
    _refuse_others(actor, practitioner_id)
    site = site_of(request)
    try:
        answer = read_form(Answered, sent).answer
        with site.store.transaction() as writing:
            answer_open(writing, actor, site.clock(), practitioner_id, answer)
    except Invalid as problem:
        return _question(request, db, practitioner_id, problem)
    here = f"/{language_of(request).code}/practitioners/{practitioner_id}/open-to-proposals"
    return Redirect(f"{here}?kept=1", status_code=303)


@get(
    "/proposals/open",
    sync_to_thread=True,
    guards=[may_use_directory],
    **answers(OpenFound, OpenWanted),
)
def open_to_proposals(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Who said yes, without any contact."""
    wanted = read_form(OpenWanted, request.query_params)
    found = find_open(db, actor, today_of(request), wanted)
    known: dict[str, Any] = {"wanted": wanted, "may_propose": may_propose(db, actor)}
    return page(request, "proposals_open.html", json=found, found=found, **known)


@get(
    "/proposals/open/{practitioner_id:str}",
    sync_to_thread=True,
    guards=[may_use_directory],
    include_in_schema=False,
)
def take_over_form(
    request: Asked, practitioner_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """What it means to propose her, before the button."""
    found = get_open_for(db, actor, today_of(request), practitioner_id)
    return page(request, "take_over.html", block="content", found=found)


@post(
    "/proposals/open/{practitioner_id:str}",
    sync_to_thread=True,
    guards=[may_use_directory],
    status_code=303,
)
def take_over_posted(request: Asked, practitioner_id: FromPath[str], actor: Who) -> Response[Any]:
    """Propose her for one's own organisation; the link is mailed, or shown this once to print."""
    site, language = site_of(request), language_of(request)
    with site.store.transaction() as db:
        code = take_over(db, actor, site.clock(), today_of(request), practitioner_id)
    if code is None:
        here = f"/{language.code}/practitioners/{practitioner_id}/agreement"
        return Redirect(here, status_code=303)
    link = f"{site.settings.base_url}/{language.code}/consent/{code}"
    until = language.moment(site.clock() + LINK_GOOD_FOR, site.settings.timezone)
    context: dict[str, Any] = {"link": link, "until": until, "practitioner_id": practitioner_id}
    return page(request, "consent_link.html", block="content", **context)


def _refuse_others(actor: Actor, practitioner_id: str) -> None:
    if actor.practitioner_id != practitioner_id:
        raise NotFound


def _question(
    request: Asked, db: Database, practitioner_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    found = find_question(db, practitioner_id)
    said = {"json": found, **said_of(request, problem)}
    is_kept = "kept" in request.query_params
    context: dict[str, Any] = {"found": found, "her": practitioner_id, "is_kept": is_kept}
    return page(request, "open_to_proposals.html", block="content", **context, **said)


router = Router(
    "/",
    route_handlers=[
        question,
        question_answered,
        open_to_proposals,
        take_over_form,
        take_over_posted,
    ],
)
