"""Who completed a training: a list to tick, and the list to print."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.certificates.actions import certify
from portal.certificates.forms import Ticked
from portal.certificates.queries import (
    Trainees,
    find_certified,
    find_trainees,
    get_training_for,
)
from portal.forms import read_form
from portal.practitioners.forms import Wanted, read_filters
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/", sync_to_thread=True, guards=[signed_in], **answers(Trainees, Wanted))
def certificates(request: Asked, event_id: FromPath[str], db: Db, actor: Who) -> Response[bytes]:
    """Who completed it, and whom of the directory to tick."""
    today = today_of(request)
    training = get_training_for(db, actor, today, event_id)
    wanted = read_filters(request.query_params, site_of(request).terms)
    found = find_trainees(db, actor, today, event_id, wanted)
    return page(
        request,
        "event_certificates.html",
        block="content",
        json=found,
        event=training,
        found=found,
        wanted=wanted,
        certified=find_certified(db, actor, today, event_id),
    )


@post("/", sync_to_thread=True, guards=[signed_in], status_code=303)
def certified(
    request: Asked,
    event_id: FromPath[str],
    actor: Who,
    sent_lists: NamedDependency[dict[str, list[str]]],
) -> Response[Any]:
    """Write it into the records of those ticked, and out of those of the others shown."""
    site, today = site_of(request), today_of(request)
    ticked = read_form(Ticked, sent_lists)
    with site.store.transaction() as db:
        at = site.clock()
        certify(db, actor, at, today, event_id, ticked.shown, ticked.trained)
    here = f"/{language_of(request).code}/events/{event_id}/certificates"
    return Redirect(here, status_code=303)


router = Router("/events/{event_id:str}/certificates", route_handlers=[certificates, certified])
