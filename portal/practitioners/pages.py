"""The register of practitioners, for those who may use the directory."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.practitioners.forms import Wanted, read_filters
from portal.practitioners.queries import Details, Found, find_practitioners, get_practitioner_for
from portal.web.documented import answers
from portal.web.guards import may_use_directory, signed_in
from portal.web.page import page
from portal.web.site import site_of, today_of


@get("/practitioners", sync_to_thread=True, guards=[may_use_directory], **answers(Found, Wanted))
def practitioners(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The list with its filters: profession and region."""
    wanted = read_filters(request.query_params, site_of(request).terms)
    found = find_practitioners(db, actor, today_of(request), wanted)
    return page(request, "practitioners.html", json=found, found=found, wanted=wanted)


@get(
    "/practitioners/{practitioner_id:str}",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Details),
)
def practitioner(
    request: Request[Any, Any, Any],
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One practitioner, without her contact."""
    found = get_practitioner_for(db, actor, today_of(request), practitioner_id)
    return page(request, "practitioner.html", block="content", json=found, found=found)


router = Router("/", route_handlers=[practitioners, practitioner])
