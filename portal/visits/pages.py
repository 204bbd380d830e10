"""The sheet of a visit without names, the way back, and how it ended."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of, moment_of
from portal.errors import Invalid, NotFound
from portal.requests.queries import Details, get_kept, get_request_for
from portal.visits.actions import complete, note_returned, refuse_early
from portal.visits.forms import Completed, read_outcome
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]


@get(
    "/requests/{request_id:str}/sheet", sync_to_thread=True, guards=[signed_in], **answers(Details)
)
def sheet(request: Asked, request_id: Id, db: NamedDependency[Database]) -> Response[bytes]:
    """What to take along on an accepted home visit: a code, no name."""
    found = _visit(request, db, request_id)
    if found.mode != "home":
        raise NotFound
    today = today_of(request)
    return page(request, "visit_sheet.html", block="content", json=found, found=found, today=today)


@post("/requests/{request_id:str}/returned", sync_to_thread=True, status_code=303)
def returned(request: Asked, request_id: Id, actor: NamedDependency[Actor]) -> Redirect:
    """All are back."""
    site = site_of(request)
    with site.store.transaction() as db:
        _party(request, db, request_id)
        note_returned(db, actor, site.clock(), request_id)
    return _to(request, request_id)


@get(
    "/requests/{request_id:str}/complete",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def how_it_ended(request: Asked, request_id: Id, db: NamedDependency[Database]) -> Response[bytes]:
    """The form: visited or not, on which day, why not."""
    return _form(request, db, request_id)


@post("/requests/{request_id:str}/complete", sync_to_thread=True, status_code=303)
def completed(request: Asked, request_id: Id, sent: Sent) -> Response[Any]:
    """Count it: by the asker or by the practitioner, whoever comes first."""
    site, actor, today = site_of(request), actor_of(request), today_of(request)
    try:
        with site.store.transaction() as db:
            _party(request, db, request_id)
            kept = get_kept(db, request_id)
            refuse_early(kept, site.clock())
            created = day_of(moment_of(kept.created_at), kept.timezone)
            outcome = read_outcome(sent, site.terms, created, today)
            complete(db, actor, site.clock(), request_id, outcome)
    except Invalid as problem:
        with site.store.read() as db:
            return _form(request, db, request_id, sent, problem)
    return _to(request, request_id)


def _party(request: Asked, db: Database, request_id: str) -> Details:
    """The request, for its asker's side or the practitioner who took it on; nobody else."""
    found = get_request_for(db, actor_of(request), site_of(request).clock(), request_id)
    if found.side != "asker" and found.mine != "accepted":
        raise NotFound
    return found


def _visit(request: Asked, db: Database, request_id: str) -> Details:
    found = _party(request, db, request_id)
    if found.state != "accepted":
        raise NotFound
    return found


def _form(
    request: Asked,
    db: Database,
    request_id: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    found, today = _visit(request, db, request_id), today_of(request)
    return page(
        request,
        "visit_complete.html",
        block="content",
        found=found,
        sent={**dict.fromkeys(Completed.__struct_fields__), **(sent or {})},
        today=today,
        **said_of(request, problem),
    )


def _to(request: Asked, request_id: str) -> Redirect:
    return Redirect(f"/{language_of(request).code}/requests/{request_id}", status_code=303)


router = Router("/", route_handlers=[sheet, returned, how_it_ended, completed])
