"""Applications as their reviewers see them: the queue, one of them, the review, a conflict."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.deciding.queries import find_hindrance
from portal.deciding.rules import WHY_NOT as CANNOT_DECIDE
from portal.deciding.rules import may_be_decided
from portal.errors import Invalid, NotFound
from portal.forms import read_form, refuse_unknown
from portal.reviews import actions
from portal.reviews.answers import (
    ApplicationShown,
    ApplicationsQueued,
    coordinated,
    criteria_of,
    own_part,
    queued,
    said_before,
    seen,
    shown,
    typed_of,
)
from portal.reviews.forms import Conflict, Filters, Released, read_verdicts
from portal.reviews.queries import (
    find_queue,
    find_reviewer,
    find_reviewers,
    get_readable_for,
    get_standing_for,
)
from portal.reviews.rules import may_be_released, reads_answers
from portal.reviews.standing import Standing
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

READS: dict[str, Any] = {"sync_to_thread": True, "guards": [signed_in]}
WRITES: dict[str, Any] = {**READS, "status_code": 303}

# ten notes of 2,000 letters that each take six characters to send
REVIEW_BYTES = 256 * 1024


@get("/applications", **READS, **answers(ApplicationsQueued, Filters))
def applications(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Which organisations ask to join, the oldest first."""
    wanted, today = read_form(Filters, request.query_params), today_of(request)
    total, standing = find_queue(db, actor, today, wanted)
    me, everybody = find_reviewer(db, actor, today), find_reviewers(db, today)
    about = (language_of(request), today, site_of(request).settings.timezone)
    rows = [queued(each, me, everybody, *about) for each in standing]
    found = ApplicationsQueued(total, wanted.page, wanted.per_page, rows)
    return page(request, "applications.html", json=found, found=found, wanted=wanted)


@get("/applications/{application_id:str}", **READS, **answers(ApplicationShown))
def application(request: Asked, application_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """One application: the head for members, all of it for its reviewers and coordinators."""
    return _application(request, db, actor, application_id)


@post("/applications/{application_id:str}/take", **WRITES)
def taken(request: Asked, application_id: Id, actor: Who) -> Response[Any]:
    """Take one of the two places."""
    return _done(request, actor, actions.take, application_id, to="review")


@post("/applications/{application_id:str}/step-back", **WRITES)
def stepped_back(request: Asked, application_id: Id, actor: Who) -> Response[Any]:
    """Give the place back."""
    return _done(request, actor, actions.step_back, application_id, query="?stepped-back=1")


@post("/applications/{application_id:str}/release", **WRITES)
def released(request: Asked, application_id: Id, actor: Who, sent: Sent) -> Response[Any]:
    """Free the place of somebody who does not send."""
    _known(request, actor, application_id)
    review_id = read_form(Released, sent).review
    return _done(request, actor, actions.release_review, application_id, review_id)


@get("/applications/{application_id:str}/conflict", **READS, include_in_schema=False)
def conflict(request: Asked, application_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """Why one's organisation would rather stand aside, and what that means."""
    return _conflict(request, db, actor, application_id)


@post("/applications/{application_id:str}/conflict", **WRITES)
def conflict_declared(request: Asked, application_id: Id, actor: Who, sent: Sent) -> Response[Any]:
    """Let one's organisation stand aside."""
    try:
        _known(request, actor, application_id)
        reason = read_form(Conflict, sent).reason
        refuse_unknown({"reason": (reason, site_of(request).terms.codes("conflict_reasons"))})
    except Invalid as problem:
        with site_of(request).store.read() as db:
            return _conflict(request, db, actor, application_id, problem)
    return _done(request, actor, actions.declare_conflict, application_id, reason)


@get("/applications/{application_id:str}/review", **READS, include_in_schema=False)
def review(request: Asked, application_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The form: criterion by criterion, on one page."""
    return _review(request, db, actor, application_id)


@post("/applications/{application_id:str}/review", **WRITES, request_max_body_size=REVIEW_BYTES)
def review_sent(request: Asked, application_id: Id, actor: Who, sent: Sent) -> Response[Any]:
    """Save what is said so far, or hand it in."""
    site, today = site_of(request), today_of(request)
    try:
        with site.store.transaction() as db:
            standing = get_readable_for(db, actor, today, application_id)
            codes = [each.code for each in criteria_of(db, standing.id, language_of(request))]
            said = read_verdicts(sent, codes)
            actions.answer_review(db, actor, site.clock(), today, application_id, said)
    except Invalid as problem:
        with site.store.read() as db:
            return _review(request, db, actor, application_id, problem, sent)
    if said.act == "save":
        return _to(request, application_id, "review", "?saved=1")
    return _to(request, application_id)


def _application(
    request: Asked, db: Database, actor: Actor, application_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    site, today, language = site_of(request), today_of(request), language_of(request)
    at = site.clock()
    standing = get_standing_for(db, actor, today, application_id)
    me, everybody = find_reviewer(db, actor, today), find_reviewers(db, today)
    mine = standing.of_account(actor.account_id)
    head = queued(standing, me, everybody, language, today, site.settings.timezone)
    # security: what was written is fetched for nobody else
    found = seen(db, standing, language) if reads_answers(me, standing, everybody) else None
    coordinates = found is not None and actor.is_coordinator
    return page(
        request,
        "application.html",
        block="content",
        **{"json": shown(head, standing, found), **said_of(request, problem)},
        head=head,
        standing=standing,
        found=found,
        mine=mine,
        before=said_before(standing, mine, found.said) if mine and found else {},
        stepped_back=mine is None and "stepped-back" in request.query_params,
        coordinates=coordinates,
        for_coordinators=coordinated(db, standing, me, everybody, at, site.settings.timezone),
        **_deciding(request, db, actor, standing),
        may_stand_aside=standing.is_open
        and me.is_member
        and me.organisation_id not in standing.conflicts,
        releasable=[each for each in standing.taken if may_be_released(each, at)],
    )


def _deciding(request: Asked, db: Database, actor: Actor, standing: Standing) -> dict[str, Any]:
    """Whether the decision is open to this coordinator, and why not where another one decides."""
    waits = may_be_decided(standing, site_of(request).clock())
    why = find_hindrance(db, actor, today_of(request), standing) if waits else None
    said = language_of(request).say(CANNOT_DECIDE[why]) if why else None
    return {
        "decision_opens": (waits and why is None) or not standing.is_open,
        "other_decides": said,
    }


def _conflict(
    request: Asked, db: Database, actor: Actor, application_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    today = today_of(request)
    standing = get_standing_for(db, actor, today, application_id)
    me = find_reviewer(db, actor, today)
    if not standing.is_open or not me.is_member or me.organisation_id in standing.conflicts:
        raise NotFound
    known = {"mine": standing.of_account(actor.account_id), **said_of(request, problem)}
    return page(request, "conflict.html", block="content", standing=standing, **known)


def _review(
    request: Asked,
    db: Database,
    actor: Actor,
    application_id: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
) -> Response[bytes]:
    standing = get_readable_for(db, actor, today_of(request), application_id)
    mine = standing.of_account(actor.account_id)
    if mine is None:
        raise NotFound
    found = seen(db, standing, language_of(request))
    before, said = said_before(standing, mine, found.said), found.said.get(mine.id, {})
    return page(
        request,
        "application_review.html",
        block="content",
        standing=standing,
        found=found,
        mine=mine,
        asked=own_part(found.criteria, mine),
        before=before,
        own={**before, **said},
        typed=dict(sent) if sent is not None else typed_of(said),
        saved=problem is None and "saved" in request.query_params,
        is_open=standing.state == "under_review" and not mine.is_sent,
        **said_of(request, problem),
    )


def _known(request: Asked, actor: Actor, application_id: str) -> None:
    """Strangers learn nothing from a form that is wrong."""
    with site_of(request).store.read() as db:
        get_standing_for(db, actor, today_of(request), application_id)


def _done(
    request: Asked,
    actor: Actor,
    act: Callable[..., Any],
    application_id: str,
    *more: Any,
    to: str = "",
    query: str = "",
) -> Response[Any]:
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            act(db, actor, site.clock(), today_of(request), application_id, *more)
    except Invalid as problem:
        return _again(request, actor, application_id, problem)
    return _to(request, application_id, to, query)


def _again(request: Asked, actor: Actor, application_id: str, problem: Invalid) -> Response[bytes]:
    with site_of(request).store.read() as db:
        return _application(request, db, actor, application_id, problem)


def _to(request: Asked, application_id: str, part: str = "", query: str = "") -> Redirect:
    parts = ["", language_of(request).code, "applications", application_id, part]
    return Redirect("/".join(parts).rstrip("/") + query, status_code=303)


router = Router(
    "/",
    route_handlers=[
        applications,
        application,
        taken,
        stepped_back,
        released,
        conflict,
        conflict_declared,
        review,
        review_sent,
    ],
)
