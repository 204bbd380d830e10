"""Releases of the figures, for coordinators: prepared, looked at, approved, rolled back."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.headcount.rules import PRACTITIONERS
from portal.indicators.queries import find_definitions
from portal.publication.queries import find_drafts
from portal.publication.staleness import WHY_STALE
from portal.releasing import actions
from portal.releasing.answers import (
    ChangesFound,
    ReleasesFound,
    ReleaseShown,
    audit_in_words,
    find_changes,
    listed,
    only,
    reason_in_words,
    show_release,
)
from portal.releasing.forms import AskSent, ChangesWanted, ReleasesWanted, WhySent
from portal.releasing.queries import (
    find_due,
    find_in_the_making,
    find_names,
    get_release_standing,
)
from portal.releasing.rules import COUNTS, KINDS, STATES
from portal.vocabularies.voice import Voice
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[int]


def of_coordinators(connection: ASGIConnection[Any, Any, Any, Any], h: BaseRouteHandler) -> None:
    """Nobody else learns that there are such pages: what is not published is not told of."""
    signed_in(connection, h)
    if not actor_of(connection).is_coordinator:  # type: ignore[arg-type]
        raise NotFound


@get("/", sync_to_thread=True, **answers(ReleasesFound, ReleasesWanted))
def releases(request: Asked, db: Db) -> Response[bytes]:
    """Every release with its state, the newest first, and when the next one is due."""
    wanted = read_form(ReleasesWanted, request.query_params)
    drafts, due, names = find_drafts(db), find_due(db, today_of(request)), find_names(db)
    shown = [
        listed(each, lambda by: names.get(by, ""))
        for each in drafts[wanted.offset : wanted.offset + wanted.per_page]
    ]
    of, on = due.quarter.code, due.on.isoformat()
    found = ReleasesFound(len(drafts), wanted.page, wanted.per_page, shown, of, on)
    context: dict[str, Any] = {"found": found, "states": STATES, "making": find_in_the_making(db)}
    return page(request, "releases.html", json=found, **context)


@post("/", sync_to_thread=True, status_code=303)
def asked(request: Asked, actor: Who, sent: Sent) -> Redirect:
    """Ask for a release: the clocked work prepares it."""
    site, _ = site_of(request), read_form(AskSent, sent)
    with site.store.transaction() as db:
        release_id = actions.ask_release(db, actor, site.clock(), today_of(request))
    return _to(request, release_id)


@get("/{release_id:int}", sync_to_thread=True, **answers(ReleaseShown))
def release(request: Asked, release_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What a release changes, what its audit says, and what may be done with it."""
    return _release(request, db, actor, release_id)


@get("/{release_id:int}/changes", sync_to_thread=True, **answers(ChangesFound, ChangesWanted))
def release_changes(request: Asked, release_id: Id, db: Db) -> Response[bytes]:
    """One page of the figures that a release changes."""
    wanted = read_form(ChangesWanted, request.query_params)
    standing = get_release_standing(db, site_of(request).clock(), release_id)
    kept = only(find_changes(db, standing.draft)[0], wanted.indicator, wanted.kind)
    shown = kept[wanted.offset : wanted.offset + wanted.per_page]
    found = ChangesFound(len(kept), wanted.page, wanted.per_page, shown)
    context: dict[str, Any] = {
        "found": found,
        "wanted": wanted,
        "draft": standing.draft,
        "kinds": KINDS,
    }
    return page(request, "release_changes.html", json=found, **context, **_words(request, db))


@post("/{release_id:int}/approval", sync_to_thread=True, status_code=303)
def sent_for_approval(request: Asked, release_id: Id, actor: Who) -> Response[Any]:
    """Ask a second coordinator to agree."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            actions.send_for_approval(db, actor, site.clock(), release_id)
    except Invalid as problem:
        return _again(request, actor, release_id, problem)
    return _to(request, release_id)


@post("/{release_id:int}/drop", sync_to_thread=True, status_code=303)
def dropped(request: Asked, release_id: Id, actor: Who) -> Response[Any]:
    """Give it up: one person is enough."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            actions.drop_release(db, actor, site.clock(), release_id)
    except Invalid as problem:
        return _again(request, actor, release_id, problem)
    return _to(request, release_id)


@post("/{release_id:int}/rollback", sync_to_thread=True, status_code=303)
def rolled_back(request: Asked, release_id: Id, actor: Who, sent: Sent) -> Response[Any]:
    """Take it out of force again: one person is enough, with a reason."""
    site = site_of(request)
    try:
        why = read_form(WhySent, sent).rolled_why
        with site.store.transaction() as db:
            actions.roll_back(db, actor, site.clock(), release_id, why)
    except Invalid as problem:
        return _again(request, actor, release_id, problem, sent)
    return _to(request, release_id)


def _release(
    request: Asked,
    db: Database,
    actor: Actor,
    release_id: int,
    problem: Invalid | None = None,
    sent: dict[str, str] | None = None,
) -> Response[bytes]:
    standing, names = get_release_standing(db, site_of(request).clock(), release_id), find_names(db)
    found = show_release(db, standing, lambda by: names.get(by, ""))
    # the newest one in force alone: what an earlier one said is copied into those that follow
    standing_ids = [each.id for each in find_drafts(db) if each.state == "published"]
    return page(
        request,
        "release.html",
        block="content",
        **{"json": found, **said_of(request, problem)},
        found=found,
        states=STATES,
        why_stale=WHY_STALE,
        is_asker=actor.account_id == standing.asked_by,
        is_in_force=standing_ids[:1] == [release_id],
        typed=(sent or {}).get("rolled_why", ""),
        **_words(request, db),
    )


def _again(
    request: Asked,
    actor: Actor,
    release_id: int,
    problem: Invalid,
    sent: dict[str, str] | None = None,
) -> Response[bytes]:
    with site_of(request).store.read() as db:
        return _release(request, db, actor, release_id, problem, sent)


def _words(request: Asked, db: Database) -> dict[str, Any]:
    """How a release says its indicators, levels and reasons."""
    language = language_of(request)
    voice = Voice(language, site_of(request).terms)
    titles = {
        each.code: language.of(each.title, each.titles)
        for each in find_definitions(db, today_of(request))
    }
    titles[COUNTS] = language.gettext("Practitioners by region and profession")
    titles[PRACTITIONERS] = language.gettext("Practitioners together: every count of them")
    return {
        "voice": voice,
        "title_of": lambda code: titles.get(code, code),
        "audit_in_words": lambda each: audit_in_words(voice, each),
        "reason_of": lambda step: reason_in_words(voice, step),
    }


def _to(request: Asked, release_id: int) -> Redirect:
    return Redirect(f"/{language_of(request).code}/releases/{release_id}", status_code=303)


router = Router(
    "/releases",
    guards=[of_coordinators],
    route_handlers=[
        releases,
        asked,
        release,
        release_changes,
        sent_for_approval,
        dropped,
        rolled_back,
    ],
)
