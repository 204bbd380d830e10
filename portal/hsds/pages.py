"""Open Referral HSDS 3.0 below `/hsds`: services of organisations, for anybody's programs to read.

JSON only, in no language of its own, and for nobody in particular: a session that comes along is
not looked at, and pages of other sites may read the answers without cookies.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from portal.actor import PUBLIC
from portal.credentials.rules import network_of
from portal.errors import TooOften
from portal.forms import read_form
from portal.hsds import registry
from portal.hsds.answers import Teller
from portal.hsds.forms import (
    Alone,
    Listed,
    OfServices,
    OrganizationAsked,
    OrganizationsAsked,
    ServicesAsked,
    TermsAsked,
)
from portal.hsds.queries import Service, find_directory
from portal.hsds.rules import count_pages, cut
from portal.hsds.schema import (
    HsdsBase,
    HsdsOrganization,
    HsdsOrganizationPage,
    HsdsService,
    HsdsServiceAtLocation,
    HsdsServiceAtLocationPage,
    HsdsServicePage,
    HsdsTaxonomy,
    HsdsTaxonomyPage,
    HsdsTaxonomyTerm,
    HsdsTaxonomyTermPage,
)
from portal.web.documented import answers
from portal.web.session import visitor_of
from portal.web.site import site_of

T = TypeVar("T")

Asked = Request[Any, Any, Any]

LINES = "application/x-ndjson"

# where the standard describes itself; we have no profile of our own
STANDARD = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"


def knowing_nobody(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Everybody is the public here, and no network asks without end."""
    # security: the answers are open to all sites, so they must be the same for everybody
    connection.scope["user"] = PUBLIC
    app, request = connection.app, Request[Any, Any, Any](connection.scope)
    network = network_of(visitor_of(request, app.state.site.settings))
    wait = app.state.hsds_pace.take(network, time.monotonic())
    if wait is not None:
        raise TooOften(wait)


@get("/", sync_to_thread=True, **answers(HsdsBase, Alone))
def base(request: Asked) -> Response[bytes]:
    """Which version of HSDS this is, and where its addresses are described."""
    read_form(Alone, request.query_params)
    address = f"{site_of(request).settings.base_url}/api/openapi.json"
    return _answer(request, _teller(request), HsdsBase("3.0", STANDARD, address))


@get("/services", sync_to_thread=True, **answers(HsdsServicePage, ServicesAsked, also=LINES))
def services(request: Asked) -> Response[bytes]:
    """What organisations of the network offer, by their own declaration."""
    asked = read_form(ServicesAsked, request.query_params)
    teller = _teller(request)
    found = _selected(teller, teller.directory.services, asked)
    if asked.minimal:
        everything = asked if "per_page" in request.query_params else _all_at_once(asked, found)
        return _list(request, teller, everything, found, teller.service_by_date)
    tell = teller.service if asked.full else teller.service_in_short
    return _list(request, teller, asked, found, tell)


@get("/services/{record_id:str}", sync_to_thread=True, **answers(HsdsService, Alone))
def service(request: Asked, record_id: FromPath[str]) -> Response[bytes]:
    """One service with its organisation, area and place."""
    read_form(Alone, request.query_params)
    teller = _teller(request)
    found = registry.get(teller.directory, "service", record_id)
    return _answer(request, teller, teller.service(found))


@get(
    "/organizations",
    sync_to_thread=True,
    **answers(HsdsOrganizationPage, OrganizationsAsked, also=LINES),
)
def organizations(request: Asked) -> Response[bytes]:
    """The organisations that have a public card."""
    asked = read_form(OrganizationsAsked, request.query_params)
    teller = _teller(request)
    found = registry.search(teller.directory.organisations, asked.search)
    tell = teller.organization_in_short
    if asked.full_service:
        tell = teller.organization_with_services
    elif asked.full:
        tell = teller.organization
    return _list(request, teller, asked, found, tell)


@get(
    "/organizations/{record_id:str}",
    sync_to_thread=True,
    **answers(HsdsOrganization, OrganizationAsked),
)
def organization(request: Asked, record_id: FromPath[str]) -> Response[bytes]:
    """One organisation with its services."""
    asked = read_form(OrganizationAsked, request.query_params)
    teller = _teller(request)
    found = registry.get(teller.directory, "organization", record_id)
    tell = teller.organization_with_services if asked.full_service else teller.organization
    return _answer(request, teller, tell(found))


@get(
    "/service_at_locations",
    sync_to_thread=True,
    **answers(HsdsServiceAtLocationPage, OfServices, also=LINES),
)
def service_at_locations(request: Asked) -> Response[bytes]:
    """The same services, each at the settlement of its organisation."""
    asked = read_form(OfServices, request.query_params)
    teller = _teller(request)
    found = _selected(teller, teller.directory.placed, asked)
    tell = teller.place if asked.full else teller.place_in_short
    return _list(request, teller, asked, found, tell)


@get(
    "/service_at_locations/{record_id:str}",
    sync_to_thread=True,
    **answers(HsdsServiceAtLocation, Alone),
)
def service_at_location(request: Asked, record_id: FromPath[str]) -> Response[bytes]:
    """One service at one settlement."""
    read_form(Alone, request.query_params)
    teller = _teller(request)
    found = registry.get(teller.directory, "service_at_location", record_id)
    return _answer(request, teller, teller.place(found))


@get("/taxonomies", sync_to_thread=True, **answers(HsdsTaxonomyPage, Listed, also=LINES))
def taxonomies(request: Asked) -> Response[bytes]:
    """The code lists in which services and organisations are described."""
    asked = read_form(Listed, request.query_params)
    teller = _teller(request)
    found = registry.search_taxonomies(asked.search)
    return _list(request, teller, asked, found, teller.taxonomy)


@get("/taxonomies/{record_id:str}", sync_to_thread=True, **answers(HsdsTaxonomy, Alone))
def taxonomy(request: Asked, record_id: FromPath[str]) -> Response[bytes]:
    """One code list."""
    read_form(Alone, request.query_params)
    teller = _teller(request)
    found = registry.get(teller.directory, "taxonomy", record_id)
    return _answer(request, teller, teller.taxonomy(found))


@get(
    "/taxonomy_terms", sync_to_thread=True, **answers(HsdsTaxonomyTermPage, TermsAsked, also=LINES)
)
def taxonomy_terms(request: Asked) -> Response[bytes]:
    """The codes of these lists, all of them, whoever uses which."""
    asked = read_form(TermsAsked, request.query_params)
    teller = _teller(request)
    found = registry.select_terms(teller.directory, asked)
    return _list(request, teller, asked, found, teller.term)


@get("/taxonomy_terms/{record_id:str}", sync_to_thread=True, **answers(HsdsTaxonomyTerm, Alone))
def taxonomy_term(request: Asked, record_id: FromPath[str]) -> Response[bytes]:
    """One code."""
    read_form(Alone, request.query_params)
    teller = _teller(request)
    found = registry.get(teller.directory, "taxonomy_term", record_id)
    return _answer(request, teller, teller.term(found))


router = Router(
    "/hsds",
    route_handlers=[
        base,
        services,
        service,
        organizations,
        organization,
        service_at_locations,
        service_at_location,
        taxonomies,
        taxonomy,
        taxonomy_terms,
        taxonomy_term,
    ],
    guards=[knowing_nobody],
    tags=["HSDS 3.0"],
)


def _teller(request: Asked) -> Teller:
    settings = site_of(request).settings
    return Teller(find_directory(settings.generations), settings.base_url, settings.timezone)


def _selected(teller: Teller, among: list[Service], asked: OfServices) -> list[Service]:
    published_on = teller.directory.edition.published_on
    return registry.select_services(among, asked, published_on, teller.timezone)


def _list(
    request: Asked,
    teller: Teller,
    asked: Listed,
    found: Sequence[T],
    tell: Callable[[T], msgspec.Struct],
) -> Response[bytes]:
    """A page of what was found, or all of it as lines."""
    if asked.format == "ndjson":
        return _send(request, teller, msgspec.json.Encoder().encode_lines(map(tell, found)), LINES)
    pages = count_pages(len(found), asked.per_page)
    told = [tell(each) for each in cut(found, asked.page, asked.per_page)]
    page = {
        "total_items": len(found),
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(told),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not told,
        "contents": told,
    }
    return _answer(request, teller, page)


def _all_at_once(asked: ServicesAsked, found: Sequence[object]) -> ServicesAsked:
    return msgspec.structs.replace(asked, per_page=max(len(found), 1))


def _answer(request: Asked, teller: Teller, body: object) -> Response[bytes]:
    return _send(request, teller, msgspec.json.encode(body), "application/json")


def _send(request: Asked, teller: Teller, body: bytes, media_type: str) -> Response[bytes]:
    """The bytes under the tag of data version, address and content; 304 to whoever has them."""
    version = teller.directory.edition.version
    mark = hashlib.sha256(str(request.url.path).encode() + b"?")
    mark.update(request.url.query.encode() + b"\n" + body)
    headers = {"ETag": f'W/"{version}-{mark.hexdigest()[:24]}"', "X-Data-Version": version}
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known or "*" in known:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(body, headers=headers, media_type=media_type)
