"""Who completed a training: a list to tick, and the list to print."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.certificates.actions import certify
from portal.certificates.forms import Ticked, Wanted
from portal.certificates.queries import (
    Trainees,
    find_certified,
    find_trainees,
    get_training_for,
)
from portal.forms import read_form
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
    asked = {name: text for name, text in request.query_params.items() if name != "saved"}
    return _list(request, db, actor, event_id, read_form(Wanted, asked))


@post("/", sync_to_thread=True, guards=[signed_in], status_code=303)
def certified(
    request: Asked,
    event_id: FromPath[str],
    db: Db,
    actor: Who,
    sent_lists: NamedDependency[dict[str, list[str]]],
) -> Response[Any]:
    """Write it into the records of those ticked, and out of those of the others shown."""
    site, today = site_of(request), today_of(request)
    ticked = read_form(Ticked, sent_lists)
    if ticked.act == "show":
        return _list(request, db, actor, event_id, Wanted(find=ticked.find), ticked)
    with site.store.transaction() as writing:
        at = site.clock()
        certify(writing, actor, at, today, event_id, ticked.shown, ticked.trained)
    here = f"/{language_of(request).code}/events/{event_id}/certificates?saved=1"
    return Redirect(here, status_code=303)


def _list(
    request: Asked,
    db: Database,
    actor: Actor,
    event_id: str,
    wanted: Wanted,
    ticked: Ticked | None = None,
) -> Response[bytes]:
    """The list; what was `ticked` but not saved yet stays ticked, also of those not shown."""
    today = today_of(request)
    training = get_training_for(db, actor, today, event_id)
    found = find_trainees(db, actor, today, event_id, wanted)
    here = {each.id for each in found.results}
    return page(
        request,
        "event_certificates.html",
        block="content",
        json=found,
        event=training,
        found=found,
        wanted=wanted,
        certified=find_certified(db, actor, today, event_id),
        ticked=ticked or Ticked(),
        elsewhere=[each for each in ticked.shown if each not in here] if ticked else [],
        saved="saved" in request.query_params,
    )


router = Router("/events/{event_id:str}/certificates", route_handlers=[certificates, certified])
