"""The forms by which coordinators keep national action plans, and the tables to take along."""

import secrets
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.indicators.queries import find_definitions
from portal.planning.acts import ACTS, Act, Acting, rewrite
from portal.planning.drawing import table_of
from portal.planning.forms import (
    differing,
    refuse_personal,
    typed_action,
    typed_plan,
    values_of,
)
from portal.plans import actions
from portal.plans.answers import PlanProgress, show_plan
from portal.plans.forms import Moved, read_action, read_plan
from portal.plans.queries import (
    find_nameable,
    find_statements,
    get_action,
    get_kept_plan_for,
    get_plan_for,
    refuse_readers,
)
from portal.plans.registry import find_offered
from portal.plans.rules import MAY_SAY
from portal.sheets import MEDIA_TYPES, WRITERS
from portal.web.errors import said_of
from portal.web.giving import attachment
from portal.web.guards import signed_in
from portal.web.page import VARY, actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
SentLists = NamedDependency[dict[str, list[str]]]
Id = FromPath[str]

ONE = "/plans/{plan_id:str}"
ACTION = ONE + "/actions/{action_id:str}"


@get("/plans/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def new(request: Asked, actor: Who) -> Response[bytes]:
    """The empty form of a plan."""
    refuse_readers(actor)
    return _plan_form(request, None, {})


@post("/plans/new", sync_to_thread=True, guards=[signed_in], status_code=303)
def begun(request: Asked, actor: Who, sent_lists: SentLists) -> Response[Any]:
    """Keep it as a draft."""
    refuse_readers(actor)
    site = site_of(request)
    try:
        form = read_plan(sent_lists, site.settings.countries)
        with site.store.transaction() as db:
            made = actions.begin_plan(db, actor, site.clock(), form)
    except Invalid as problem:
        return _plan_form(request, None, sent_lists, problem)
    return _to(request, made)


@get(ONE + "/plan.csv", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def plan_csv(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The same as a table."""
    found = _found(request, db, actor, plan_id)
    return _download(request, found, "csv")


@get(ONE + "/plan.xlsx", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def plan_xlsx(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The same as a workbook."""
    found = _found(request, db, actor, plan_id)
    return _download(request, found, "xlsx")


@get(ONE + "/edit", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def edit(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The form of a plan, filled."""
    return _plan_form(request, plan_id, typed_plan(get_kept_plan_for(db, actor, plan_id)))


@post(ONE + "/edit", sync_to_thread=True, guards=[signed_in], status_code=303)
def edited(request: Asked, plan_id: Id, db: Db, actor: Who, sent_lists: SentLists) -> Response[Any]:
    """Keep what was changed."""
    stood, site = get_kept_plan_for(db, actor, plan_id), site_of(request)
    try:
        form = read_plan(sent_lists, site.settings.countries)
        with site.store.transaction() as writing:
            actions.rewrite_plan(writing, actor, site.clock(), plan_id, form)
    except Invalid as problem:
        now = typed_plan(get_kept_plan_for(db, actor, stood.id))
        return _plan_form(request, plan_id, sent_lists, problem, now)
    return _to(request, plan_id)


@post(ONE + "/state", sync_to_thread=True, guards=[signed_in], status_code=303)
def moved(request: Asked, plan_id: Id, db: Db, actor: Who, sent_lists: SentLists) -> Response[Any]:
    """Put it into force, end it, or take it back."""
    get_kept_plan_for(db, actor, plan_id)
    form, site = read_form(Moved, sent_lists), site_of(request)
    with site.store.transaction() as writing:
        actions.move_plan(writing, actor, site.clock(), plan_id, form.plan_state)
    return _to(request, plan_id)


@get(ONE + "/actions/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def new_action(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The empty form of an action; its days are the plan's until somebody says others."""
    found = get_kept_plan_for(db, actor, plan_id)
    days = {"begins_on": found.starts_on, "finishes_on": found.ends_on}
    return _action_form(request, db, plan_id, None, days)


@post(ONE + "/actions/new", sync_to_thread=True, guards=[signed_in], status_code=303)
def action_added(
    request: Asked, plan_id: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Keep a new action; what serves it is said next."""
    get_kept_plan_for(db, actor, plan_id)
    site = site_of(request)
    try:
        form = read_action(sent_lists, [each.id for each in find_nameable(db, actor)])
        refuse_personal(sent_lists)
        with site.store.transaction() as writing:
            made = actions.add_action(writing, actor, site.clock(), plan_id, form)
    except Invalid as problem:
        return _action_form(request, db, plan_id, None, sent_lists, problem)
    return _to(request, plan_id, "actions", made)


@get(ACTION, sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def action(request: Asked, plan_id: Id, action_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """One action: its words, what serves it, how it stands."""
    get_kept_plan_for(db, actor, plan_id)
    return _action_form(request, db, plan_id, action_id, {})


@post(ACTION, sync_to_thread=True, guards=[signed_in], status_code=303)
def action_changed(
    request: Asked, plan_id: Id, action_id: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Keep its words and days."""
    return _change(request, db, actor, (plan_id, action_id), sent_lists, rewrite)


@post(ACTION + "/{act:str}", sync_to_thread=True, guards=[signed_in], status_code=303)
def action_acted(
    request: Asked, plan_id: Id, action_id: Id, act: Id, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Say what serves it or measures it, or how it stands."""
    if act not in ACTS:
        raise NotFound
    return _change(request, db, actor, (plan_id, action_id), sent_lists, ACTS[act])


def _change(
    request: Asked,
    db: Database,
    actor: Actor,
    ids: tuple[str, str],
    sent: Mapping[str, Any],
    act: Act,
) -> Response[Any]:
    """Do one thing to an action; what is wrong is said on its page, with what was typed."""
    plan_id, action_id = ids
    get_kept_plan_for(db, actor, plan_id)
    get_action(db, actor, plan_id, action_id)
    site = site_of(request)
    try:
        with site.store.transaction() as writing:
            act(Acting(writing, actor, site.clock(), today_of(request), *ids), sent)
    except Invalid as problem:
        return _action_form(request, db, plan_id, action_id, sent, problem)
    return _to(request, plan_id, "actions", action_id)


def _found(request: Asked, db: Database, actor: Actor, plan_id: str) -> PlanProgress:
    return show_plan(db, actor, today_of(request), get_plan_for(db, actor, plan_id))


def _plan_form(
    request: Asked,
    plan_id: str | None,
    typed: Mapping[str, Any],
    problem: Invalid | None = None,
    now: Mapping[str, Any] | None = None,
) -> Response[bytes]:
    countries = site_of(request).settings.countries
    filled = _filled(request, typed, problem, now or typed)
    return page(
        request,
        "plan_form.html",
        block="content",
        plan_id=plan_id,
        countries=countries,
        **filled,
    )


def _action_form(
    request: Asked,
    db: Database,
    plan_id: str,
    action_id: str | None,
    typed: Mapping[str, Any],
    problem: Invalid | None = None,
) -> Response[bytes]:
    """The form of an action with, once it is there, what serves it and what was said of it."""
    actor, today = actor_of(request), today_of(request)
    found = _found(request, db, actor, plan_id)
    one = next((each for each in found.progress if each.id == action_id), None)
    if one is None and action_id is not None:
        raise NotFound
    now = typed_action(one) if one else {}
    # a form beside this one was sent: its words are not in it
    words = typed if "action_text" in typed or one is None else {**now, **typed}
    further: dict[str, Any] = {}
    if one is not None:
        further["statements"] = find_statements(db, one.id)
        further["may_say"] = sorted(MAY_SAY[one.said])
        further["indicators"] = find_definitions(db, today)
        further["offered"] = find_offered(db, actor, today, one.starts_on, one.ends_on)
    return page(
        request,
        "action_form.html",
        block="content",
        plan=found,
        action=one,
        organisations=find_nameable(db, actor),
        today=today.isoformat(),
        **further,
        **_filled(request, words, problem, now),
    )


def _filled(
    request: Asked, typed: Mapping[str, Any], problem: Invalid | None, now: Mapping[str, Any]
) -> dict[str, Any]:
    """What a form is filled with, and what stands already where somebody else changed it."""
    said = said_of(request, problem)
    is_stale = problem is not None and actions.MEANWHILE in problem.fields.get("all", [])
    return {
        "one": lambda name: next(iter(reversed(values_of(typed, name))), ""),
        "all_of": lambda name: values_of(typed, name),
        "key": next(iter(values_of(typed, "key")), secrets.token_hex(12)),
        "seen": "".join(values_of(now if is_stale else {**now, **typed}, "seen")),
        "meanwhile": differing(typed, now) if is_stale else {},
        **said,
    }


def _download(request: Asked, found: PlanProgress, ending: str) -> Response[bytes]:
    site = site_of(request)
    rows = table_of(found, language_of(request), site.terms, site.settings.timezone)
    headers = {"Content-Disposition": attachment(f"{found.id}.{ending}"), **VARY}
    return Response(WRITERS[ending](rows), media_type=MEDIA_TYPES[ending], headers=headers)


def _to(request: Asked, *parts: str) -> Redirect:
    path = "/".join(("", language_of(request).code, "plans", *parts))
    return Redirect(path, status_code=303)


router = Router(
    "/",
    route_handlers=[
        new,
        begun,
        plan_csv,
        plan_xlsx,
        edit,
        edited,
        moved,
        new_action,
        action_added,
        action,
        action_changed,
        action_acted,
    ],
)
