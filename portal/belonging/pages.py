"""The membership of one's own organisation; for coordinators the list of members, and each one."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
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
from portal.belonging.forms import MembersWanted
from portal.forms import read_form
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


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
    context: dict[str, Any] = {"member": found.member, "today": today}
    return page(request, "member.html", block="content", json=found, found=found, **context)


router = Router("/", route_handlers=[membership, memberships, member_of])
