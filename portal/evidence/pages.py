"""The files that an applicant shows: for its reviewers, coordinators, and the holder of a link."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.applications.queries import Evidence
from portal.errors import Invalid
from portal.files import Shelf
from portal.i18n.language import Message
from portal.reviews.actions import OUTSIDE, get_invited
from portal.reviews.queries import get_evidence, get_readable_for
from portal.reviews.rules import SAFE_SCANS
from portal.web.giving import GIVES, Start, Thing, give
from portal.web.guards import signed_in
from portal.web.site import Site, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Id = FromPath[str]


@get(
    "/applications/{application_id:str}/evidence/{evidence_id:str}",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
    **GIVES,
)
def evidence(
    request: Asked, application_id: Id, evidence_id: Id, db: Db, actor: NamedDependency[Actor]
) -> Response[Any]:
    """A file as it was cleaned, to be saved."""
    standing = get_readable_for(db, actor, today_of(request), application_id)
    return _given(request, actor, get_evidence(db, standing.id, evidence_id), standing.id)


@get(
    "/outside-review/{code:str}/evidence/{evidence_id:str}",
    sync_to_thread=True,
    include_in_schema=False,
    **GIVES,
)
def evidence_outside(request: Asked, code: Id, evidence_id: Id, db: Db) -> Response[Any]:
    """The same for whoever holds the link of a review."""
    standing, _place = get_invited(db, site_of(request).clock(), code)
    found = get_evidence(db, standing.id, evidence_id)
    answer = _given(request, OUTSIDE, found, standing.id)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _given(request: Asked, by: Actor, found: Evidence, application_id: str) -> Response[Any]:
    # security: nothing leaves that a scanner has not seen, or has found bad
    if found.scan not in SAFE_SCANS:
        told = Message("This file is not given out: it waits for the scanner, or it is infected.")
        raise Invalid({"all": [told]})
    site = site_of(request)
    path = Shelf(site.settings.files).path(found.hash)
    ending = f".{found.ending}"
    name = found.name.removesuffix(ending) + ending
    thing = Thing(path, found.hash, found.media_type, name)
    return give(request, thing, at_start=_noted(site, by, found.id, application_id))


def _noted(site: Site, by: Actor, evidence_id: str, application_id: str) -> Start:
    """Who opened which file is kept, by their ids."""

    async def note() -> None:
        await run_sync(_note, site, by, evidence_id, application_id)

    return note


def _note(site: Site, by: Actor, evidence_id: str, application_id: str) -> None:
    told = ("open", "application_evidence", evidence_id)
    with site.store.transaction() as db:
        audit.record(db, by, site.clock(), *told, application=application_id)


router = Router("/", route_handlers=[evidence, evidence_outside])
