"""A link that opens nothing any more, and the way to another one.

Other rooms answer `page(request, "link_over.html", block="content", status=404, purpose=…)`.
"""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portal.accounts.rules import folded_name
from portal.errors import Invalid
from portal.forms import read_form
from portal.links.actions import ask_again
from portal.links.forms import Asked
from portal.links.rules import ASKED_AGAIN, ask_keys
from portal.web.errors import said_of
from portal.web.page import page
from portal.web.session import visitor_of
from portal.web.site import language_of, site_of

Requested = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]


@get("/links/again", sync_to_thread=False, include_in_schema=False)
def again(request: Requested) -> Response[bytes]:
    """How to get another link; after asking, when it comes."""
    return _again(request, request.query_params.get("purpose", ""))


@post("/links/again", sync_to_thread=True, status_code=303, opt={"signs_in": True})
def again_posted(request: Requested, sent: Sent) -> Response[Any]:
    """Ask for another link: one answer, whether or not anybody of that name is known."""
    site = site_of(request)
    try:
        form = read_form(Asked, sent)
    except Invalid as problem:
        return _again(request, sent.get("purpose", ""), sent.get("to", "")[:300], problem)
    to = folded_name(form.to)
    keys = ask_keys(site.settings.secret, visitor_of(request, site.settings), to)
    with site.store.transaction() as db:
        ask_again(db, site.clock(), keys, to, form.purpose)
    return Redirect(f"/{language_of(request).code}/links/again?asked=1", status_code=303)


def _again(
    request: Requested, purpose: str, typed: str = "", problem: Invalid | None = None
) -> Response[bytes]:
    return page(
        request,
        "link_again.html",
        block="content",
        asked=problem is None and "asked" in request.query_params,
        purpose=purpose if purpose in ASKED_AGAIN else ASKED_AGAIN[-1],
        typed=typed,
        **said_of(request, problem),
    )


router = Router("/", route_handlers=[again, again_posted])
