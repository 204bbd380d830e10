"""What waits for a second person: the register, one item, and the way out for a small network."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.actions import decide, make_review, review, take, withdraw_approval
from portal.approvals.answers import find_asked_version
from portal.approvals.forms import Said, Wanted
from portal.approvals.queries import (
    Approval,
    Found,
    Row,
    find_approvals,
    find_eligible,
    find_hindrance,
    get_approval,
    get_approval_for,
)
from portal.approvals.rules import WHY_NOT, may_be_reviewed
from portal.clock import day_of
from portal.errors import Invalid, NotAllowed, NotFound
from portal.forms import read_form
from portal.i18n.language import load_language
from portal.invitations.letters import mail_invitation
from portal.invitations.queries import find_address, find_invitation
from portal.links.queries import find_link
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import decides, signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]


@get("/approvals", sync_to_thread=True, guards=[decides], **answers(Found, Wanted))
def approvals(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """What waits, who asked, since when."""
    wanted = read_form(Wanted, request.query_params)
    found = find_approvals(db, actor, site_of(request).clock(), wanted)
    return page(
        request, "approvals.html", json=found, found=found, wanted=wanted, day=_day(request)
    )


@get("/approvals/{approval_id:str}", sync_to_thread=True, guards=[signed_in], **answers(Row))
def approval(
    request: Asked,
    approval_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One item: what is asked, and what this person may do about it."""
    return _approval(request, db, actor, approval_id)


@post("/approvals/{approval_id:str}", sync_to_thread=True, guards=[decides], status_code=303)
def decide_posted(
    request: Asked, approval_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Agree or refuse."""
    site = site_of(request)
    try:
        said = _said(request, sent)
        with site.store.transaction() as db:
            decide(db, actor, site.clock(), approval_id, said.verdict, said.reason, said.note)
    except Invalid as problem:
        return _again(request, actor, approval_id, problem, sent)
    return _to(request, approval_id)


@post(
    "/approvals/{approval_id:str}/withdraw", sync_to_thread=True, guards=[decides], status_code=303
)
def withdraw_posted(
    request: Asked, approval_id: FromPath[str], actor: NamedDependency[Actor]
) -> Redirect:
    """Take back what one asked for oneself."""
    site = site_of(request)
    with site.store.transaction() as db:
        withdraw_approval(db, actor, site.clock(), approval_id)
    return _to(request, approval_id)


@post("/approvals/{approval_id:str}/link", sync_to_thread=True, guards=[decides], status_code=200)
def link_posted(
    request: Asked, approval_id: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """The link of an invitation that was agreed to: made now, shown this once."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            code = take(db, actor, site.clock(), approval_id)
    except Invalid as problem:
        return _again(request, actor, approval_id, problem)
    return _shown(request, f"{site.settings.base_url}/join/{code}", "join", _mailed(request, code))


@post("/approvals/{approval_id:str}/review", sync_to_thread=True, guards=[decides], status_code=200)
def review_link_posted(
    request: Asked, approval_id: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A link for somebody outside the network, for this one item; shown this once."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            code = make_review(db, actor, site.clock(), approval_id)
    except Invalid as problem:
        return _again(request, actor, approval_id, problem)
    here = f"{site.settings.base_url}/{language_of(request).code}/review/{code}"
    return _shown(request, here, "review")


@get("/review/{code:str}", sync_to_thread=True, include_in_schema=False)
def review_page(
    request: Asked, code: FromPath[str], db: NamedDependency[Database]
) -> Response[bytes]:
    """The one item of a link, without anybody's name."""
    return _review(request, db, code)


@post("/review/{code:str}", sync_to_thread=True, status_code=200, opt={"signs_in": True})
def review_posted(request: Asked, code: FromPath[str], sent: Sent) -> Response[Any]:
    """What somebody from outside says; the link is used up."""
    site = site_of(request)
    try:
        said = _said(request, sent)
        with site.store.transaction() as db:
            _refuse_asker(request, db, code)
            done = review(db, site.clock(), code, said.verdict, said.reason, said.note)
    except NotFound:
        return _over(request)
    except Invalid as problem:
        with site.store.read() as db:
            return _review(request, db, code, problem, sent)
    return page(request, "review_done.html", block="content", done=done)


def _said(request: Asked, sent: dict[str, str]) -> Said:
    said = read_form(Said, sent)
    said.refuse_without_reason(site_of(request).terms.codes("refusal_reasons"))
    return said


def _approval(
    request: Asked,
    db: Database,
    actor: Actor,
    approval_id: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
) -> Response[bytes]:
    at, today = site_of(request).clock(), today_of(request)
    item = get_approval_for(db, actor, at, approval_id)
    is_open = item.is_open(at)
    why = find_hindrance(db, actor, item, today) if is_open else None
    return page(
        request,
        "approval.html",
        block="content",
        **{"json": _row(item), **said_of(request, problem)},
        item=item,
        indicator=find_asked_version(db, item),
        day=_day(request),
        is_open=is_open,
        typed=_typed(sent),
        may_decide=is_open and why is None,
        why_not=WHY_NOT.get(why or ""),
        is_mine=item.asked_by == actor.account_id,
        may_review=is_open and _may_review(db, actor, item, request),
    )


def _may_review(db: Database, actor: Actor, item: Approval, request: Asked) -> bool:
    if not (actor.is_coordinator or item.asked_by == actor.account_id):
        return False
    eligible = len(find_eligible(db, item, today_of(request)))
    return may_be_reviewed(item.kind, item.asked, site_of(request).clock(), eligible)


def _row(item: Approval) -> Row:
    return Row(
        item.id,
        item.kind,
        item.asker,
        item.organisation,
        item.asked_at,
        item.until,
        item.verdict,
        item.title,
    )


def _again(
    request: Asked, actor: Actor, approval_id: str, problem: Invalid, sent: Sent | None = None
) -> Response[bytes]:
    with site_of(request).store.read() as db:
        return _approval(request, db, actor, approval_id, problem, sent)


def _typed(sent: Sent | None) -> dict[str, str]:
    """What stands in the fields of a refusal."""
    return {name: (sent or {}).get(name, "") for name in ("reason", "note")}


def _day(request: Asked) -> Callable[[datetime], date]:
    """The day of a moment where the network lives."""
    return lambda moment: day_of(moment, site_of(request).settings.timezone)


def _to(request: Asked, approval_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/approvals/{approval_id}", status_code=303)


def _mailed(request: Asked, code: str) -> bool:
    """Whether an invitation went by mail too: to an address, through a server, by day."""
    site, at = site_of(request), site_of(request).clock()
    with site.store.read() as db:
        found = find_invitation(db, code, at)
        address, known = find_address(db, found.name) if found else (None, None)
    language = load_language(known) if known in site.settings.languages else language_of(request)
    return bool(mail_invitation(site.settings, language, address, code, at))


def _shown(request: Asked, link: str, purpose: str, mailed: bool = False) -> Response[bytes]:
    return page(
        request, "shown_once.html", block="content", link=link, purpose=purpose, mailed=mailed
    )


def _review(
    request: Asked,
    db: Database,
    code: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
) -> Response[bytes]:
    at = site_of(request).clock()
    link = find_link(db, "review", code, at)
    if link is None:
        return _over(request)
    item = get_approval(db, at, link.subject_id)
    if not item.is_open(at):
        return _over(request)
    said = said_of(request, problem)
    known = {"code": code, "item": item, "day": _day(request), "typed": _typed(sent), **said}
    answer = page(request, "review.html", block="content", **known)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refuse_asker(request: Asked, db: Database, code: str) -> None:
    """Whoever asked is not somebody from outside."""
    link = find_link(db, "review", code, site_of(request).clock())
    if link is not None:
        asked_by = get_approval(db, site_of(request).clock(), link.subject_id).asked_by
        if actor_of(request).account_id == asked_by:
            raise NotAllowed


def _over(request: Asked) -> Response[bytes]:
    return page(request, "link_over.html", block="content", status=404, purpose="review")


router = Router(
    "/",
    route_handlers=[
        approvals,
        approval,
        decide_posted,
        withdraw_posted,
        link_posted,
        review_link_posted,
        review_page,
        review_posted,
    ],
)
