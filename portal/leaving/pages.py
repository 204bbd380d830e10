"""Suspend a member, let it leave, lead it back, record who founded the network."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Language, load_language
from portal.leaving.actions import (
    ask_founding,
    ask_readmission,
    leave,
    make_farewell,
    suspend_member,
)
from portal.leaving.forms import Ending, read_ending, read_founding, read_own
from portal.leaving.letters import mail_farewell
from portal.leaving.queries import (
    count_touched,
    find_addresses_of,
    find_language_of,
    get_standing,
)
from portal.leaving.rules import LINK_GOOD_FOR, LONGEST_NOTE, MEMBER, PURPOSE, may_found, may_leave
from portal.membership.rules import REASONS
from portal.web.errors import said_of
from portal.web.guards import is_coordinator, signed_in
from portal.web.page import actor_of, page
from portal.web.session import clear_session
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

MEMBERSHIP = "/memberships/{organisation_id:str}"
END: dict[str, Callable[[Database, Actor, datetime, str, Ending], str | None]] = {
    "suspended": suspend_member,
    "left": leave,
}
# the last part of the address, by the state it leads to
ENDS = {"suspended": "suspend", "left": "leave"}


def _guarded(path: str, **more: Any) -> dict[str, Any]:
    """What every door of a coordinator's has in common."""
    common = {"sync_to_thread": True, "guards": [is_coordinator], "include_in_schema": False}
    return {"path": f"{MEMBERSHIP}/{path}", **common, **more}


@get(**_guarded("suspend"))
def suspend_form(request: Asked, organisation_id: Id, db: Db) -> Response[bytes]:
    """What a suspension closes, and why it is."""
    return _ending(request, db, organisation_id, "suspended")


@post(**_guarded("suspend", status_code=200))
def suspend_posted(request: Asked, organisation_id: Id, sent: Sent) -> Response[Any]:
    """Suspend, at once and alone."""
    return _end(request, organisation_id, "suspended", sent)


@get(**_guarded("leave"))
def leave_form(request: Asked, organisation_id: Id, db: Db) -> Response[bytes]:
    """Record that an organisation leaves: what ends with it, and why it is."""
    return _ending(request, db, organisation_id, "left")


@post(**_guarded("leave", status_code=200))
def leave_posted(request: Asked, organisation_id: Id, sent: Sent) -> Response[Any]:
    """Record that an organisation leaves."""
    return _end(request, organisation_id, "left", sent)


@post(**_guarded("farewell", status_code=200))
def farewell_posted(request: Asked, organisation_id: Id, actor: Who) -> Response[Any]:
    """Another link to the export, shown this once; the earlier one ends."""
    site = site_of(request)
    with site.store.transaction() as db:
        code = make_farewell(db, actor, site.clock(), organisation_id)
    return _farewell(request, organisation_id, code)


@get(**_guarded("readmit"))
def readmit_form(request: Asked, organisation_id: Id, db: Db) -> Response[bytes]:
    """What the end of a suspension brings back, and what it does not."""
    return _readmit(request, db, organisation_id)


@post(**_guarded("readmit", status_code=303))
def readmit_posted(request: Asked, organisation_id: Id, db: Db, actor: Who) -> Response[Any]:
    """Ask a second person to end a suspension."""
    site = site_of(request)
    try:
        with site.store.transaction() as writing:
            item = ask_readmission(writing, actor, site.clock(), organisation_id)
    except Invalid as problem:
        return _readmit(request, db, organisation_id, problem)
    return _to(request, "approvals", item)


@get(**_guarded("founding"))
def founding_form(request: Asked, organisation_id: Id, db: Db) -> Response[bytes]:
    """The day and the minute of a founding member."""
    return _founding(request, db, organisation_id)


@post(**_guarded("founding", status_code=303))
def founding_posted(
    request: Asked, organisation_id: Id, db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Ask a second person to record a founding member."""
    site = site_of(request)
    try:
        founding = read_founding(sent, today_of(request))
        with site.store.transaction() as writing:
            item = ask_founding(writing, actor, site.clock(), organisation_id, founding)
    except Invalid as problem:
        return _founding(request, db, organisation_id, sent, problem)
    return _to(request, "approvals", item)


@get("/membership/leave", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def own_leave(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Everything that follows when one's own organisation leaves, before anything is done."""
    return _own(request, db, actor)


@post("/membership/leave", sync_to_thread=True, guards=[signed_in], status_code=200)
def own_leave_posted(request: Asked, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Leave, and be signed out."""
    own, site = _own_organisation(actor), site_of(request)
    try:
        found = get_standing(db, own)
        read_own(sent, (found.name, *found.names.values()))
        with site.store.transaction() as writing:
            code = leave(writing, actor, site.clock(), own, Ending("own_wish"))
    except Invalid as problem:
        return _own(request, db, actor, problem, sent)
    return _farewell(request, own, code)


def _end(request: Asked, organisation_id: str, state: str, sent: dict[str, str]) -> Response[Any]:
    site, actor = site_of(request), actor_of(request)
    try:
        why = read_ending(sent, state)
        with site.store.transaction() as db:
            code = END[state](db, actor, site.clock(), organisation_id, why)
    except Invalid as problem:
        with site.store.read() as db:
            return _ending(request, db, organisation_id, state, sent, problem)
    return _farewell(request, organisation_id, code)


def _ending(
    request: Asked,
    db: Database,
    organisation_id: str,
    state: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found = get_standing(db, organisation_id)
    return page(
        request,
        "membership_end.html",
        block="content",
        found=found,
        wanted=state,
        is_open=found.state == "admitted" or (state == "left" and found.state in MEMBER),
        door=ENDS[state],
        touched=count_touched(db, organisation_id, today_of(request)),
        reasons=REASONS[state],
        longest=LONGEST_NOTE,
        sent=sent or {},
        is_own=found.id == actor_of(request).organisation_id,
        **said_of(request, problem),
    )


def _own_organisation(actor: Actor) -> str:
    if not may_leave(actor):
        raise NotAllowed
    return str(actor.organisation_id)


def _own(
    request: Asked,
    db: Database,
    actor: Actor,
    problem: Invalid | None = None,
    sent: dict[str, str] | None = None,
) -> Response[bytes]:
    found = get_standing(db, _own_organisation(actor))
    touched = count_touched(db, found.id, today_of(request))
    is_open, said = found.state in MEMBER, said_of(request, problem)
    known: dict[str, Any] = {"found": found, "touched": touched, "is_open": is_open, **said}
    known["sent"] = sent or {}
    return page(request, "membership_leave.html", block="content", **known)


def _readmit(
    request: Asked, db: Database, organisation_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    found, said = get_standing(db, organisation_id), said_of(request, problem)
    return page(request, "readmit.html", block="content", found=found, **said)


def _founding(
    request: Asked,
    db: Database,
    organisation_id: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found, today = get_standing(db, organisation_id), today_of(request).isoformat()
    may = may_found(found.state) and not found.is_founder
    known: dict[str, Any] = {"found": found, "sent": sent or {}, "may_found": may, "today": today}
    return page(request, "founding.html", block="content", **known, **said_of(request, problem))


def _farewell(request: Asked, organisation_id: str, code: str | None) -> Response[Any]:
    """The link goes to the organisation; whoever closed their own account is signed out by this.

    A coordinator sees it only when no letter could carry it; who leaves sees it, for it is theirs.
    """
    site, at, language = site_of(request), site_of(request).clock(), language_of(request)
    with site.store.read() as db:
        found = get_standing(db, organisation_id)
        addresses = find_addresses_of(db, organisation_id)
        theirs = _language(request, find_language_of(db, organisation_id))
    way = f"{language.code}/{PURPOSE}/{code}" if code else None
    link = f"{site.settings.base_url}/{theirs.code}/{PURPOSE}/{code}"
    mailed = bool(code) and mail_farewell(site.settings, theirs, addresses, link, at)
    is_out = may_leave(actor_of(request)) and actor_of(request).organisation_id == organisation_id
    if is_out:
        # what the page shows is what the public may see: the session has ended
        request.scope["user"] = PUBLIC
    until = language.moment(at + LINK_GOOD_FOR, site.settings.timezone)
    known: dict[str, Any] = {"found": found, "way": way, "mailed": mailed, "is_out": is_out}
    known |= {"link": link, "until": until, "is_gone": found.state == "left"}
    answer = page(request, "membership_ended.html", block="content", **known)
    answer.headers["Cache-Control"] = "no-store"
    if is_out:
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        clear_session(answer, site.settings)
    return answer


def _language(request: Asked, code: str | None) -> Language:
    known = code is not None and code in site_of(request).settings.languages
    return load_language(str(code)) if known else language_of(request)


def _to(request: Asked, *parts: str) -> Redirect:
    return Redirect("/".join(("", language_of(request).code, *parts)), status_code=303)


router = Router(
    "/",
    route_handlers=[
        suspend_form,
        suspend_posted,
        leave_form,
        leave_posted,
        farewell_posted,
        readmit_form,
        readmit_posted,
        founding_form,
        founding_posted,
        own_leave,
        own_leave_posted,
    ],
)
