"""Somebody from outside reviews one application by a link that opens until it is sent."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotAllowed, NotFound
from portal.reviews.actions import answer_outside, get_invited, get_inviting, make_outside_link
from portal.reviews.answers import own_part, seen, typed_of
from portal.reviews.forms import read_verdicts
from portal.reviews.queries import find_criteria
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]

# ten notes of 2,000 letters that each take six characters to send
REVIEW_BYTES = 256 * 1024


@post(
    "/applications/{application_id:str}/outside",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=200,
)
def invited(
    request: Asked, application_id: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A link for somebody from outside: made now, shown this once."""
    site = site_of(request)
    with site.store.transaction() as db:
        code = make_outside_link(db, actor, site.clock(), today_of(request), application_id)
    link = f"{site.settings.base_url}/{language_of(request).code}/outside-review/{code}"
    known: dict[str, Any] = {"link": link, "application_id": application_id}
    return page(request, "outside_link.html", block="content", **known)


@get(
    "/applications/{application_id:str}/outside",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def to_invite(
    request: Asked,
    application_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """What a link is for and who may make it; nothing of what the applicant wrote."""
    get_inviting(db, actor, today_of(request), application_id)
    known: dict[str, Any] = {"link": None, "application_id": application_id}
    return page(request, "outside_link.html", block="content", **known)


@get("/outside-review/{code:str}", sync_to_thread=True, include_in_schema=False)
def outside_review(
    request: Asked, code: FromPath[str], db: NamedDependency[Database]
) -> Response[bytes]:
    """What was asked, answered and shown; not who the contact is."""
    return _review(request, db, code)


@post(
    "/outside-review/{code:str}",
    sync_to_thread=True,
    status_code=200,
    opt={"signs_in": True},
    request_max_body_size=REVIEW_BYTES,
)
def outside_review_sent(
    request: Asked, code: FromPath[str], actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """What somebody from outside says; the link is used up."""
    # security: whoever has an account here is not somebody from outside
    if actor.is_signed_in:
        raise NotAllowed
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            _answer(request, db, code, sent)
    except NotFound:
        return _over(request)
    except Invalid as problem:
        with site.store.read() as db:
            return _review(request, db, code, problem, sent)
    return page(request, "outside_done.html", block="content")


def _answer(request: Asked, db: Database, code: str, sent: dict[str, str]) -> None:
    at, today = site_of(request).clock(), today_of(request)
    standing, _place = get_invited(db, at, code)
    codes = [each.code for each in find_criteria(db, standing.id)]
    answer_outside(db, at, today, code, read_verdicts(sent, codes))


def _review(
    request: Asked,
    db: Database,
    code: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
) -> Response[bytes]:
    try:
        standing, place = get_invited(db, site_of(request).clock(), code)
    except NotFound:
        return _over(request)
    found = seen(db, standing, language_of(request))
    answer = page(
        request,
        "outside_review.html",
        block="content",
        code=code,
        standing=standing,
        found=found,
        asked=own_part(found.criteria, place),
        typed=dict(sent) if sent is not None else typed_of(found.said.get(place.id, {})),
        **said_of(request, problem),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _over(request: Asked) -> Response[bytes]:
    return page(request, "link_over.html", block="content", status=404, purpose="review")


router = Router("/", route_handlers=[invited, to_invite, outside_review, outside_review_sent])
