"""The criteria and principles of the network, for everybody to read: now, earlier, what changed."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.forms import Since
from portal.charter.queries import (
    Charter,
    CharterChanges,
    VersionList,
    find_before,
    find_changes,
    find_charter,
    find_draft,
    for_reader,
    get_version_for,
    list_versions_for,
)
from portal.errors import NotFound
from portal.forms import read_form
from portal.web.documented import answers
from portal.web.page import actor_of, page
from portal.web.site import language_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/criteria", sync_to_thread=True, **answers(Charter))
def criteria(request: Asked, db: Db, actor: Who) -> Response[Any]:
    """The version that stands now; where there is none yet, coordinators may begin one."""
    charter = find_charter(db)
    if charter is not None:
        return _charter(request, db, for_reader(charter, actor))
    if actor.is_coordinator:
        return Redirect(f"/{language_of(request).code}/criteria/draft", status_code=303)
    raise NotFound


@get("/criteria/versions", sync_to_thread=True, **answers(VersionList))
def versions(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The versions that were adopted; to coordinators the draft too."""
    found = list_versions_for(db, actor)
    draft = find_draft(db) if actor.is_coordinator else None
    return page(
        request, "charter_versions.html", block="content", json=found, found=found, draft=draft
    )


@get("/criteria/versions/{version:int}", sync_to_thread=True, **answers(Charter))
def one_version(request: Asked, version: FromPath[int], db: Db, actor: Who) -> Response[bytes]:
    """One version, as it was adopted."""
    return _charter(request, db, get_version_for(db, actor, version))


@get(
    "/criteria/versions/{version:int}/changes",
    sync_to_thread=True,
    **answers(CharterChanges, Since),
)
def version_changes(request: Asked, version: FromPath[int], db: Db, actor: Who) -> Response[bytes]:
    """What a version changed, word by word."""
    wanted = read_form(Since, request.query_params)
    found = find_changes(db, actor, version, wanted.since)
    charter = get_version_for(db, actor, version)
    others = [each for each in list_versions_for(db, actor).results if each.version != version]
    return page(
        request,
        "charter_changes.html",
        block="content",
        json=found,
        found=found,
        charter=charter,
        others=others,
    )


def _charter(request: Asked, db: Database, charter: Charter) -> Response[bytes]:
    newest = find_charter(db)
    draft = find_draft(db) if actor_of(request).is_coordinator else None
    return page(
        request,
        "charter.html",
        block="content",
        json=charter,
        charter=charter,
        stands=newest.version if newest else None,
        draft=draft,
        before=find_before(db, charter.version),
    )


router = Router("/", route_handlers=[criteria, versions, one_version, version_changes])
