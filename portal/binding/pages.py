"""A coordinator says that an applicant is an organisation of the register already."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.binding.actions import bind
from portal.binding.forms import read_bound
from portal.binding.queries import find_choices, is_bound_to
from portal.errors import Invalid
from portal.organisations.queries import Alike
from portal.reviews.answers import seen
from portal.reviews.queries import get_readable_for
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]


class NamesakesShown(msgspec.Struct, frozen=True):
    """Organisations called like an applicant: it may be one of `known`, and none of `others`."""

    known: list[Alike]
    others: list[Alike]


@get(
    "/applications/{application_id:str}/binding",
    sync_to_thread=True,
    guards=[is_coordinator],
    **answers(NamesakesShown),
)
def binding(
    request: Asked,
    application_id: Id,
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """The organisations of the same name, beside what the application says."""
    return _binding(request, db, actor, application_id)


@post(
    "/applications/{application_id:str}/binding",
    sync_to_thread=True,
    guards=[is_coordinator],
    status_code=303,
)
def bound(
    request: Asked, application_id: Id, actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Bind the application to the one that was chosen."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            _bind(request, db, actor, application_id, sent)
    except Invalid as problem:
        with site.store.read() as db:
            return _binding(request, db, actor, application_id, problem, sent)
    path = f"/{language_of(request).code}/applications/{application_id}"
    return Redirect(path, status_code=303)


def _bind(
    request: Asked, db: Database, actor: Actor, application_id: str, sent: dict[str, str]
) -> None:
    at, today = site_of(request).clock(), today_of(request)
    standing = get_readable_for(db, actor, today, application_id)
    # a second click finds nothing to choose any more, and is none the worse for it
    if is_bound_to(db, application_id, sent.get("organisation", "")):
        return
    bind(db, actor, at, today, standing.id, read_bound(sent))


def _binding(
    request: Asked,
    db: Database,
    actor: Actor,
    application_id: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
) -> Response[bytes]:
    standing = get_readable_for(db, actor, today_of(request), application_id)
    found = find_choices(db, actor, standing)
    return page(
        request,
        "binding.html",
        block="content",
        **{"json": NamesakesShown(found.known, found.others), **said_of(request, problem)},
        standing=standing,
        application=seen(db, standing, language_of(request)).application,
        known=found.known,
        others=found.others,
        typed=sent or {},
    )


router = Router("/", route_handlers=[binding, bound])
