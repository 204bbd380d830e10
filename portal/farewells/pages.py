"""An organisation's own export: from an account, or by the link of its farewell."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import moment_of
from portal.errors import NotAllowed
from portal.farewells.drawing import archive_of, pieces_of
from portal.farewells.rules import ARCHIVE
from portal.files import Shelf
from portal.leaving.queries import Standing, get_standing
from portal.leaving.rules import GONE, PURPOSE, may_leave
from portal.links.queries import find_link
from portal.membership.queries import find_history
from portal.web.giving import GIVES, attachment, box_in
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]


@post(
    "/membership/export",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=200,
    include_in_schema=False,
    **GIVES,
)
def own_export(request: Asked, db: Db, actor: NamedDependency[Actor]) -> Response[Any]:
    """The archive, for the people of the organisation."""
    if not may_leave(actor):
        raise NotAllowed
    return _give(request, db, actor)


@get("/farewell/{code:str}", sync_to_thread=True, include_in_schema=False)
def farewell(request: Asked, code: FromPath[str], db: Db) -> Response[bytes]:
    """How the membership stands and why, and the archive, as often as the link is opened."""
    found = _find(request, db, code)
    if found is None:
        return _over(request)
    newest = find_history(db, found.id)[0]
    known: dict[str, Any] = {"found": found, "newest": newest, "since": moment_of(newest.at)}
    answer = page(request, "farewell.html", block="content", code=code, **known)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@post(
    "/farewell/{code:str}/export",
    sync_to_thread=True,
    status_code=200,
    include_in_schema=False,
    opt={**GIVES["opt"], "signs_in": True},
)
def farewell_export(request: Asked, code: FromPath[str], db: Db) -> Response[Any]:
    """The archive, for whoever holds the link."""
    found = _find(request, db, code)
    if found is None:
        return _over(request)
    by = Actor("visitor", PURPOSE, organisation_id=found.id, organisation_kind=found.kind)
    return _give(request, db, by)


def _find(request: Asked, db: Database, code: str) -> Standing | None:
    link = find_link(db, PURPOSE, code, site_of(request).clock())
    found = get_standing(db, link.subject_id) if link else None
    # security: an organisation that is back takes its export with its accounts
    return found if found is not None and found.state in GONE else None


def _give(request: Asked, db: Database, asks: Actor) -> Response[Any]:
    site, kind = site_of(request), "application/zip"
    box_in(request)
    headers = {"Content-Disposition": attachment(ARCHIVE), "Cache-Control": "no-store"}
    pieces = pieces_of(db, asks, today_of(request), language_of(request))
    with site.store.transaction() as writing:
        # what leaves in bulk is written down before it does
        own = str(asks.organisation_id)
        audit.record(writing, asks, site.clock(), "export", "organisations", own)
    given = archive_of(pieces, Shelf(site.settings.files))
    return Stream(given, headers=headers, media_type=kind)


def _over(request: Asked) -> Response[bytes]:
    return page(request, "link_over.html", block="content", status=404, purpose=PURPOSE)


router = Router("/", route_handlers=[own_export, farewell, farewell_export])
