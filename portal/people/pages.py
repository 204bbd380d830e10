"""People with accounts: invite, open the directory for a year, lock, unlock, lead back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import is_without_coordinator
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.i18n.language import Message
from portal.invitations.actions import Wanted as Invitation
from portal.people.actions import (
    ask_coordinator,
    ask_grant,
    ask_invitation,
    ask_organisation_grant,
    ask_unlock,
    end_grant,
    end_organisation_grant,
    lead_back,
    lock_person,
    propose_acting,
)
from portal.people.forms import Act, Invite, Proposed, Stop, Wanted
from portal.people.queries import (
    Details,
    Found,
    GrantedFound,
    find_colleagues,
    find_granted,
    find_member_organisations,
    find_people,
    get_person_for,
)
from portal.people.rules import is_ending, may_end_grant
from portal.practitioners.queries import Details as Record
from portal.practitioners.queries import get_practitioner_for
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import decides, keeps_accounts
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]

ASKED: dict[str, Callable[[Database, Actor, datetime, str], str]] = {
    "unlock": ask_unlock,
    "grant": ask_grant,
    "coordinator": ask_coordinator,
}
ALONE: dict[str, Callable[[Database, Actor, datetime, str], None]] = {
    "lock": lock_person,
    "end": end_grant,
}


@get("/people", sync_to_thread=True, guards=[keeps_accounts], **answers(Found, Wanted))
def people(request: Asked, db: NamedDependency[Database]) -> Response[bytes]:
    """Everybody with an account."""
    wanted = read_form(Wanted, request.query_params)
    found = find_people(db, today_of(request), wanted)
    organisations = find_member_organisations(db)
    return page(
        request,
        "people.html",
        json=found,
        found=found,
        wanted=wanted,
        organisations=[(each.id, each.name) for each in organisations],
    )


@get("/people/invite", sync_to_thread=True, guards=[keeps_accounts], include_in_schema=False)
def invite(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The form for an invitation; of a practitioner it starts from the record."""
    known = ("role", "organisation", "practitioner")
    sent = {name: request.query_params.get(name, "")[:60] for name in known}
    return _invite(request, db, actor, sent)


@post("/people/invite", sync_to_thread=True, guards=[keeps_accounts], status_code=303)
def invite_posted(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Ask a second person for an invitation."""
    site = site_of(request)
    try:
        wanted = _wanted(sent)
        with site.store.transaction() as writing:
            item = ask_invitation(writing, actor, site.clock(), wanted)
    except (Invalid, NotFound) as problem:
        return _invite(request, db, actor, sent, _mended(problem))
    return _to(request, "approvals", item)


@get(
    "/people/organisations",
    sync_to_thread=True,
    guards=[keeps_accounts],
    **answers(GrantedFound, Wanted),
)
def organisations(request: Asked, db: NamedDependency[Database]) -> Response[bytes]:
    """Which organisations may use the directory, and until when."""
    return _organisations(request, db)


@post(
    "/people/organisations/{organisation_id:str}",
    sync_to_thread=True,
    guards=[keeps_accounts],
    status_code=303,
)
def organisation_posted(
    request: Asked, organisation_id: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Redirect:
    """Ask for a year's access, or end it at once."""
    site, form = site_of(request), read_form(Stop, sent)
    with site.store.transaction() as db:
        if form.act == "grant":
            item = ask_organisation_grant(db, actor, site.clock(), organisation_id)
            return _to(request, "approvals", item)
        end_organisation_grant(db, actor, site.clock(), organisation_id)
    return _to(request, "people", "organisations")


@get("/people/acting", sync_to_thread=True, guards=[decides], include_in_schema=False)
def acting(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """When there is no coordinator: propose a colleague to stand in."""
    return _acting(request, db, actor)


@post("/people/acting", sync_to_thread=True, guards=[decides], status_code=303)
def acting_posted(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Ask a second organisation to appoint a colleague."""
    site = site_of(request)
    try:
        form = read_form(Proposed, sent)
        with site.store.transaction() as writing:
            item = propose_acting(writing, actor, site.clock(), form.account)
    except Invalid as problem:
        return _acting(request, db, actor, problem)
    return _to(request, "approvals", item)


@get("/people/{account_id:str}", sync_to_thread=True, guards=[keeps_accounts], **answers(Details))
def person(
    request: Asked,
    account_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One person, and what may be done."""
    return _person(request, db, actor, account_id)


@post("/people/{account_id:str}", sync_to_thread=True, guards=[keeps_accounts], status_code=303)
def person_posted(
    request: Asked,
    account_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: Sent,
) -> Response[Any]:
    """Lock or end a grant at once; ask a second person for the rest; lead somebody back."""
    try:
        return _do(request, actor, account_id, read_form(Act, sent).act)
    except Invalid as problem:
        return _person(request, db, actor, account_id, problem)


def _do(request: Asked, actor: Actor, account_id: str, act: str) -> Response[Any]:
    site = site_of(request)
    with site.store.transaction() as db:
        if act in ASKED:
            return _to(request, "approvals", ASKED[act](db, actor, site.clock(), account_id))
        if act in ALONE:
            ALONE[act](db, actor, site.clock(), account_id)
            return _to(request, "people", account_id)
        kind, found = lead_back(db, actor, site.clock(), account_id)
    if kind == "item":
        return _to(request, "approvals", found)
    link = f"{site.settings.base_url}/join/{found}"
    return page(request, "shown_once.html", block="content", link=link, purpose="join")


def _wanted(sent: dict[str, str]) -> Invitation:
    form = read_form(Invite, sent)
    form.refuse_unfit()
    return Invitation(
        form.person,
        form.role,
        form.belongs_to,
        form.practitioner,
        directory=form.role == "member" and form.directory == "yes",
    )


def _mended(problem: Exception) -> Invalid:
    """What the command line says of names and ids, in the words of this form."""
    if isinstance(problem, Invalid):
        fields = {"person" if name == "name" else name: v for name, v in problem.fields.items()}
        return Invalid(fields)
    return Invalid({"practitioner": [Message("There is no such record.")]})


def _invite(
    request: Asked,
    db: Database,
    actor: Actor,
    sent: dict[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    about: dict[str, Any] = {
        "sent": sent,
        "who": _whose_record(db, actor, today_of(request), sent.get("practitioner", "")),
        "organisations": [(each.id, each.name) for each in find_member_organisations(db)],
        **said_of(request, problem),
    }
    return page(request, "invite.html", block="content", **about)


def _whose_record(db: Database, actor: Actor, today: date, wanted_id: str) -> Record | None:
    try:
        return get_practitioner_for(db, actor, today, wanted_id)
    except NotFound:
        return None


def _organisations(request: Asked, db: Database) -> Response[bytes]:
    found = find_granted(db, read_form(Wanted, request.query_params))
    today = today_of(request)
    return page(
        request,
        "granted.html",
        json=found,
        found=found,
        ends=lambda until: is_ending(str(until) if until else None, today),
        stands=lambda until: may_end_grant(str(until) if until else None, today),
    )


def _person(
    request: Asked, db: Database, actor: Actor, account_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    today = today_of(request)
    found = get_person_for(db, actor, today, account_id)
    said = {"json": found, **said_of(request, problem)}
    return page(request, "person.html", block="content", found=found, today=today, **said)


def _acting(
    request: Asked, db: Database, actor: Actor, problem: Invalid | None = None
) -> Response[bytes]:
    if not is_without_coordinator(db, today_of(request)):
        raise NotFound
    colleagues = [(each.id, each.name) for each in find_colleagues(db, actor)]
    said = said_of(request, problem)
    return page(request, "acting.html", block="content", colleagues=colleagues, **said)


def _to(request: Asked, *parts: str) -> Redirect:
    return Redirect("/".join(("", language_of(request).code, *parts)), status_code=303)


router = Router(
    "/",
    route_handlers=[
        people,
        invite,
        invite_posted,
        organisations,
        organisation_posted,
        acting,
        acting_posted,
        person,
        person_posted,
    ],
)
