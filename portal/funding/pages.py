"""The forms of those who keep a project: what it is, its logframe, what it pays for."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotAllowed, NotFound
from portal.forms import read_form
from portal.funding.answers import (
    ProjectSheet,
    filled,
    find_countable,
    find_linkable,
    sent_again,
)
from portal.projects import actions
from portal.projects.answers import find_links_for, in_words, words_of
from portal.projects.forms import (
    Dropped,
    read_line,
    read_link,
    read_outcome,
    read_project,
)
from portal.projects.queries import (
    Project,
    find_aims,
    find_owners,
    get_kept_for,
)
from portal.projects.registry import audience_of, find_outcomes
from portal.projects.rules import (
    CURRENCIES,
    ORGANISATION_TYPES,
    SECTORS,
    may_read,
    may_start,
)
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Lists = NamedDependency[dict[str, list[str]]]
Id = FromPath[str]

NEW = ProjectSheet({"sector": "15160", "counts": "project"})


@get("/new", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def project_new(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The form of a new project."""
    _refuse_others(actor)
    return _form(request, db, actor, None, NEW)


@post("/new", sync_to_thread=True, guards=[signed_in], status_code=303)
def project_new_posted(request: Asked, db: Db, actor: Who, sent_lists: Lists) -> Response[Any]:
    """Save it."""
    _refuse_others(actor)
    try:
        row = _read(request, db, actor, sent_lists)
        with site_of(request).store.transaction() as writing:
            project_id = actions.new_project(writing, actor, site_of(request).clock(), row)
    except Invalid as problem:
        return _form(request, db, actor, None, sent_again(sent_lists), problem)
    return _to(request, project_id, "logframe")


@get("/{project_id:str}/edit", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def project_edit(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """A project as a form."""
    found = get_kept_for(db, actor, project_id)
    return _form(request, db, actor, found, filled(found))


@post("/{project_id:str}/edit", sync_to_thread=True, guards=[signed_in], status_code=303)
def project_edited(
    request: Asked, project_id: Id, db: Db, actor: Who, sent_lists: Lists
) -> Response[Any]:
    """Save what was changed."""
    found = get_kept_for(db, actor, project_id)
    try:
        row = _read(request, db, actor, sent_lists)
        _do(request, actor, actions.change_project, project_id, row)
    except Invalid as problem:
        return _form(request, db, actor, found, sent_again(sent_lists), problem)
    return _to(request, project_id)


@get("/{project_id:str}/logframe", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def logframe(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What a project aims at, and forms for one more aim and one more line."""
    return _logframe(request, db, actor, project_id, NEW)


@post("/{project_id:str}/logframe/outcome", sync_to_thread=True, guards=[signed_in])
def outcome_added(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """One more impact, outcome or output."""
    get_kept_for(db, actor, project_id)
    try:
        row = read_outcome(sent, site_of(request).settings.languages)
        _do(request, actor, actions.add_outcome, project_id, row)
    except Invalid as problem:
        return _logframe(request, db, actor, project_id, ProjectSheet(sent), problem)
    return _to(request, project_id, "logframe")


@post("/{project_id:str}/logframe/line", sync_to_thread=True, guards=[signed_in])
def line_added(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """One more indicator with its target."""
    found = get_kept_for(db, actor, project_id)
    today = today_of(request)
    try:
        outcomes = [each.id for each in find_aims(db, found.id)]
        known = {each.code: each.kind == "percent" for each in find_countable(db, today)}
        row = read_line(sent, outcomes, known)
        _do(request, actor, actions.add_line, project_id, row)
    except Invalid as problem:
        return _logframe(request, db, actor, project_id, ProjectSheet(sent), problem)
    return _to(request, project_id, "logframe")


@post("/{project_id:str}/logframe/drop", sync_to_thread=True, guards=[signed_in])
def aim_dropped(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Take a line out, or an aim that has none."""
    get_kept_for(db, actor, project_id)
    try:
        form = read_form(Dropped, sent)
        verb = {"outcome": actions.drop_outcome, "line": actions.drop_line}.get(form.kind)
        if verb is None:
            raise NotFound
        _do(request, actor, verb, project_id, form.chosen)
    except Invalid as problem:
        return _logframe(request, db, actor, project_id, NEW, problem)
    return _to(request, project_id, "logframe")


@get("/{project_id:str}/links", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def links(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What was done with a project's money, and more to choose from."""
    return _links(request, db, actor, project_id)


@post("/{project_id:str}/links", sync_to_thread=True, guards=[signed_in], status_code=303)
def link_added(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Link a record that one keeps."""
    get_kept_for(db, actor, project_id)
    site = site_of(request)
    try:
        kind, record_id = read_link(sent)
        with site.store.transaction() as writing:
            about = (today_of(request), project_id, kind, record_id)
            actions.add_link(writing, actor, site.clock(), *about)
    except Invalid as problem:
        return _links(request, db, actor, project_id, problem)
    return _to(request, project_id, "links")


@post("/{project_id:str}/links/drop", sync_to_thread=True, guards=[signed_in], status_code=303)
def link_dropped(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Take a link away."""
    get_kept_for(db, actor, project_id)
    try:
        kind, record_id = read_link(sent)
    except Invalid as problem:
        return _links(request, db, actor, project_id, problem)
    _do(request, actor, actions.drop_link, project_id, kind, record_id)
    return _to(request, project_id, "links")


def _refuse_others(actor: Actor) -> None:
    if not may_read(actor):
        raise NotFound
    if not may_start(actor):
        raise NotAllowed


def _do(request: Asked, actor: Actor, act: Callable[..., Any], *about: Any) -> None:
    site = site_of(request)
    with site.store.transaction() as db:
        act(db, actor, site.clock(), *about)


def _read(request: Asked, db: Database, actor: Actor, sent: dict[str, list[str]]) -> dict[str, Any]:
    site = site_of(request)
    several = ("countries", "in_regions")
    return read_project(
        {name: v if name in several else v[-1] for name, v in sent.items() if v},
        codes=site.settings.languages,
        countries=site.settings.countries,
        regions=site.terms.codes("regions"),
        organisations=[each.id for each in find_owners(db, actor)],
    )


def _to(request: Asked, *parts: str) -> Redirect:
    where = "/".join(("", language_of(request).code, "projects", *parts))
    return Redirect(f"{where}?saved=1", status_code=303)


def _said(request: Asked, words: Any) -> list[tuple[str, str]]:
    return [*in_words(language_of(request), words).items()]


def _form(
    request: Asked,
    db: Database,
    actor: Actor,
    found: Project | None,
    sheet: ProjectSheet,
    problem: Invalid | None = None,
) -> Response[bytes]:
    code = language_of(request).code
    owners = [(each.id, each.names.get(code) or each.name) for each in find_owners(db, actor)]
    return page(
        request,
        "project_form.html",
        block="content",
        found=found,
        sheet=sheet,
        owners=owners,
        countries=[(each, each) for each in site_of(request).settings.countries],
        types=_said(request, ORGANISATION_TYPES),
        sectors=_said(request, SECTORS),
        currencies=[(each, each) for each in CURRENCIES],
        **said_of(request, problem),
    )


def _logframe(
    request: Asked,
    db: Database,
    actor: Actor,
    project_id: str,
    sheet: ProjectSheet,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found, today = get_kept_for(db, actor, project_id), today_of(request)
    of = language_of(request).of
    return page(
        request,
        "project_logframe.html",
        block="content",
        found=found,
        logframe=find_outcomes(db, found, audience_of(actor, found), today),
        indicators=[(e.code, of(e.title, e.titles)) for e in find_countable(db, today)],
        sheet=sheet,
        saved="saved" in request.query_params,
        words=words_of(language_of(request)),
        **said_of(request, problem),
    )


def _links(
    request: Asked, db: Database, actor: Actor, project_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    found = get_kept_for(db, actor, project_id)
    return page(
        request,
        "project_links.html",
        block="content",
        found=found,
        links=find_links_for(db, actor, today_of(request), project_id),
        usable=find_linkable(db, actor, found),
        saved="saved" in request.query_params,
        words=words_of(language_of(request)),
        **said_of(request, problem),
    )


router = Router(
    "/projects",
    route_handlers=[
        project_new,
        project_new_posted,
        project_edit,
        project_edited,
        logframe,
        outcome_added,
        line_added,
        aim_dropped,
        links,
        link_added,
        link_dropped,
    ],
)
