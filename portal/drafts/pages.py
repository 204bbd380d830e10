"""What was typed while a session ran out: look at it, send it now, or throw it away."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.drafts.actions import drop_draft, use_draft
from portal.drafts.queries import find_drafts
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of

Asked = Request[Any, Any, Any]


@get("/kept", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def kept(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """One's own kept text."""
    site = site_of(request)
    drafts = find_drafts(db, site.settings.secret, actor, site.clock())
    return page(request, "kept.html", block="content", drafts=drafts)


@post("/kept/{draft_id:str}/send", sync_to_thread=True, guards=[signed_in], status_code=307)
def send_kept(request: Asked, draft_id: FromPath[str], actor: NamedDependency[Actor]) -> Redirect:
    """On to where it was sent first: 307 lets the browser send the same fields there."""
    site = site_of(request)
    with site.store.transaction() as db:
        path = use_draft(db, site.settings.secret, actor, site.clock(), draft_id)
    return Redirect(path, status_code=307)


@post("/kept/{draft_id:str}/drop", sync_to_thread=True, guards=[signed_in], status_code=303)
def drop_kept(request: Asked, draft_id: FromPath[str], actor: NamedDependency[Actor]) -> Redirect:
    """Throw it away."""
    site = site_of(request)
    with site.store.transaction() as db:
        drop_draft(db, site.settings.secret, actor, site.clock(), draft_id)
    return Redirect(f"/{language_of(request).code}/kept", status_code=303)


router = Router("/", route_handlers=[kept, send_kept, drop_kept])
