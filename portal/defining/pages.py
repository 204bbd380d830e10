"""Coordinators define indicators, mend their words, set targets, end them."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of
from portal.defining import actions
from portal.defining.answers import shown_aims, typed_of
from portal.defining.forms import (
    EndSent,
    aim_of,
    definition_of,
    read_aim,
    read_definition,
    refuse_code,
    refuse_contradictions,
    with_other_languages,
)
from portal.defining.queries import (
    Standing,
    find_aim_periods,
    find_changes,
    find_ends,
    find_further,
    find_quarters,
    get_standing,
)
from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.indicators.periods import period_of, read_period
from portal.web.errors import said_of
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Several = NamedDependency[dict[str, list[str]]]
Code = FromPath[str]


@get("/new", sync_to_thread=True, include_in_schema=False)
def new(request: Asked, db: Db) -> Response[bytes]:
    """A further indicator as a form."""
    return _new(request, db)


@post("/new", sync_to_thread=True, status_code=303)
def added(request: Asked, actor: Who, sent_lists: Several) -> Response[Any]:
    """Define a further indicator."""
    site = site_of(request)
    try:
        form, words = read_definition(sent_lists, site.terms, site.settings.languages)
        refuse_code(form.code)
        definition = definition_of(form, words, form.code, 1, None)
        refuse_contradictions(definition)
        with site.store.transaction() as db:
            waits = actions.add_indicator(db, actor, site.clock(), definition)
    except Invalid as problem:
        with site.store.read() as reading:
            return _new(request, reading, sent_lists, problem)
    return _done(request, form.code, waits)


@get("/{code:str}/definition", sync_to_thread=True, include_in_schema=False)
def definition(request: Asked, code: Code, db: Db) -> Response[bytes]:
    """What an indicator means now, as a form."""
    return _definition(request, db, code)


@post("/{code:str}/definition", sync_to_thread=True, status_code=303)
def changed(request: Asked, code: Code, actor: Who, sent_lists: Several) -> Response[Any]:
    """Mend the texts, change what nobody reported under, or begin a further version."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            waits = _save(request, db, actor, code, sent_lists)
    except Invalid as problem:
        with site.store.read() as reading:
            return _definition(request, reading, code, sent_lists, problem)
    return _done(request, code, waits)


@post("/{code:str}/openness", sync_to_thread=True, status_code=303)
def opened(request: Asked, code: Code, actor: Who, sent: Sent) -> Response[Any]:
    """Keep the figures to coordinators at once, or ask that they be opened."""
    site, waits = site_of(request), None
    try:
        with site.store.transaction() as db:
            newest = get_standing(db, code, site.clock()).definition
            if sent.get("act") == "open" and newest.counts_people:
                waits = actions.ask_opening(db, actor, site.clock(), newest)
            elif sent.get("act") == "keep":
                actions.keep_figures(db, actor, site.clock(), code)
    except Invalid as problem:
        with site.store.read() as reading:
            return _definition(request, reading, code, None, problem)
    return _done(request, code, waits)


@post("/{code:str}/end", sync_to_thread=True, status_code=303)
def ended(request: Asked, code: Code, actor: Who, sent: Sent) -> Response[Any]:
    """Ask nobody for it any more."""
    site = site_of(request)
    try:
        form = read_form(EndSent, sent)
        refuse_unknown({"ends": (form.ends, find_ends(today_of(request)))})
        with site.store.transaction() as db:
            actions.end(db, actor, site.clock(), code, read_period(form.ends).first)
    except Invalid as problem:
        with site.store.read() as reading:
            return _definition(request, reading, code, None, problem)
    return _done(request, code, None)


@get("/{code:str}/targets", sync_to_thread=True, include_in_schema=False)
def targets(request: Asked, code: Code, db: Db) -> Response[bytes]:
    """What is set, and a form for one more."""
    asked = {name: request.query_params.get(name, "")[:10] for name in ("region", "period")}
    return _targets(request, db, code, asked)


@post("/{code:str}/targets", sync_to_thread=True, status_code=303)
def target_set(request: Asked, code: Code, actor: Who, sent: Sent) -> Response[Any]:
    """Set a baseline and a target, or take them away."""
    site = site_of(request)
    try:
        form = read_aim(sent, site.terms)
        with site.store.transaction() as db:
            at = site.clock()
            aim = aim_of(form, get_standing(db, code, at).definition)
            actions.set_aim(db, actor, at, aim, is_sure=form.is_meant)
    except Invalid as problem:
        with site.store.read() as reading:
            return _targets(request, reading, code, sent, problem)
    return Redirect(
        f"/{language_of(request).code}/indicators/{code}/targets?saved=1", status_code=303
    )


def _save(
    request: Asked, db: Database, actor: Actor, code: str, sent: dict[str, list[str]]
) -> str | None:
    """Do what the pressed button says; the item that waits for a second person, if any."""
    site = site_of(request)
    base = get_standing(db, code, site.clock()).definition
    form, words = read_definition(sent, site.terms, site.settings.languages)
    words = with_other_languages(words, base, site.settings.languages)
    version = base.version + 1 if form.act == "version" else base.version
    wanted = definition_of(form, words, code, version, base)
    if form.act == "reword":
        return actions.mend_texts(db, actor, site.clock(), wanted)
    refuse_contradictions(wanted)
    return actions.save_definition(db, actor, site.clock(), wanted)


def _done(request: Asked, code: str, waits: str | None) -> Redirect:
    """Where the second person is asked, or the definition as it stands now."""
    lang = language_of(request).code
    here = f"approvals/{waits}" if waits else f"indicators/{code}/definition?saved=1"
    return Redirect(f"/{lang}/{here}", status_code=303)


def _new(
    request: Asked,
    db: Database,
    sent: Mapping[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    quarters = find_quarters(db, today_of(request))
    return page(
        request,
        "indicator_new.html",
        block="content",
        typed=typed_of(sent, None, quarters[0]),
        quarters=quarters,
        **said_of(request, problem),
    )


def _definition(
    request: Asked,
    db: Database,
    code: str,
    sent: Mapping[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    standing = get_standing(db, code, site_of(request).clock())
    quarters = _quarters(request, db, standing)
    return page(
        request,
        "define_indicator.html",
        block="content",
        standing=standing,
        typed=typed_of(sent, standing.definition, quarters[0]),
        quarters=quarters,
        ends=find_ends(today_of(request)),
        changes=find_changes(db, code),
        day=lambda moment: day_of(moment, site_of(request).settings.timezone),
        saved="saved" in request.query_params,
        **said_of(request, problem),
    )


def _quarters(request: Asked, db: Database, standing: Standing) -> list[str]:
    """With which quarters a version may begin; the kept one first where it may be changed."""
    it, today = standing.definition, today_of(request)
    if standing.is_reported:
        return find_further(db, today, it.code)
    own = period_of(it.starts, "quarter").code
    return [own, *(each for each in find_quarters(db, today) if each != own)]


def _targets(
    request: Asked,
    db: Database,
    code: str,
    typed: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    standing = get_standing(db, code, site_of(request).clock())
    aims, filled = shown_aims(db, code, typed)
    return page(
        request,
        "indicator_targets.html",
        block="content",
        standing=standing,
        aims=aims,
        typed=filled,
        periods=find_aim_periods(today_of(request)),
        saved="saved" in request.query_params,
        **said_of(request, problem),
    )


router = Router(
    "/indicators",
    guards=[is_coordinator],
    route_handlers=[new, added, definition, changed, opened, ended, targets, target_set],
)
