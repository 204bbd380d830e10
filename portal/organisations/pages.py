"""The register of organisations, for everybody."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.organisations.forms import Wanted, read_filters
from portal.organisations.queries import Details, Found, find_organisations, get_organisation_for
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import site_of


@get("/organisations", sync_to_thread=True, **answers(Found, Wanted))
def organisations(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The list with its filters: region, service, kind."""
    wanted = read_filters(request.query_params, site_of(request).terms)
    found = find_organisations(db, actor, wanted)
    return page(request, "organisations.html", json=found, found=found, wanted=wanted)


@get("/organisations/{organisation_id:str}", sync_to_thread=True, **answers(Details))
def organisation(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One organisation's card, with its services."""
    found = get_organisation_for(db, actor, organisation_id)
    return page(request, "organisation.html", block="content", json=found, found=found)


router = Router("/", route_handlers=[organisations, organisation])
