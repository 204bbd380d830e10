"""The membership of one's own organisation; for coordinators the list of members, and each one."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.belonging.answers import (
    MemberHistory,
    MembersFound,
    OwnMembership,
    show_member,
    show_members,
    show_own,
)
from portal.belonging.forms import MembersWanted, read_phone
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.organisations.actions import save_duty_phone
from portal.organisations.queries import find_duty_phone
from portal.renewals.queries import Standing, get_standing
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]


@get("/membership", sync_to_thread=True, guards=[signed_in], **answers(OwnMembership))
def membership(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """How one's own organisation stands, and what it took on."""
    at, today, say = site_of(request).clock(), today_of(request), language_of(request).say
    found = show_own(db, actor, at, today, say)
    done = request.query_params.get("done")
    context: dict[str, Any] = {"member": found.member, "today": today, "done": done}
    return page(request, "membership.html", block="content", json=found, found=found, **context)


@get(
    "/memberships", sync_to_thread=True, guards=[signed_in], **answers(MembersFound, MembersWanted)
)
def memberships(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """All members, those that are late first."""
    wanted = read_form(MembersWanted, request.query_params)
    at, today = site_of(request).clock(), today_of(request)
    found = show_members(db, actor, at, today, wanted)
    return page(request, "memberships.html", json=found, found=found, wanted=wanted)


@get(
    "/memberships/{organisation_id:str}",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(MemberHistory),
)
def member_of(
    request: Asked, organisation_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """One member: its states, renewals and affirmations."""
    at, today, say = site_of(request).clock(), today_of(request), language_of(request).say
    found = show_member(db, actor, at, today, organisation_id, say)
    done = request.query_params.get("done")
    member = found.member or found.former
    context: dict[str, Any] = {"member": member, "today": today, "done": done}
    return page(request, "member.html", block="content", json=found, found=found, **context)


@get("/membership/phone", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def own_phone(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The number on which one's own organisation is always reached."""
    return _phone(request, _own(request, db, actor), db)


@post("/membership/phone", sync_to_thread=True, guards=[signed_in], status_code=303)
def own_phone_sent(request: Asked, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Write it down."""
    return _keep_phone(request, _own(request, db, actor), db, sent)


@get(
    "/memberships/{organisation_id:str}/phone",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def phone_of(request: Asked, organisation_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """A member's duty phone, for coordinators."""
    return _phone(request, _member(request, db, actor, organisation_id), db)


@post(
    "/memberships/{organisation_id:str}/phone",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def phone_of_sent(
    request: Asked, organisation_id: Id, db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Write it down for a member."""
    return _keep_phone(request, _member(request, db, actor, organisation_id), db, sent)


def _own(request: Asked, db: Database, actor: Actor) -> Standing:
    # security: somebody of the organisation; a practitioner's account speaks for herself alone
    if actor.role not in ("member", "coordinator"):
        raise NotFound
    return get_standing(db, actor.organisation_id, today_of(request))


def _member(request: Asked, db: Database, actor: Actor, organisation_id: str) -> Standing:
    if not actor.is_coordinator:
        raise NotFound
    return get_standing(db, organisation_id, today_of(request))


def _keep_phone(
    request: Asked, member: Standing, db: Database, sent: dict[str, str]
) -> Response[Any]:
    site = site_of(request)
    try:
        number = read_phone(sent)
    except Invalid as problem:
        return _phone(request, member, db, sent, problem)
    with site.store.transaction() as writing:
        save_duty_phone(writing, actor_of(request), site.clock(), member.id, number)
    return Redirect(_back(request) + "?done=phone", status_code=303)


def _phone(
    request: Asked,
    member: Standing,
    db: Database,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    known: dict[str, Any] = {"member": member, "back": _back(request)}
    known["number"] = (sent or {}).get("duty_phone", find_duty_phone(db, member.id) or "")
    return page(request, "phone.html", block="content", **known, **said_of(request, problem))


def _back(request: Asked) -> str:
    """The page that the form belongs to: that of one's own membership, or of a member's."""
    return request.url.path.removesuffix("/phone")


router = Router(
    "/",
    route_handlers=[
        membership,
        memberships,
        member_of,
        own_phone,
        own_phone_sent,
        phone_of,
        phone_of_sent,
    ],
)
