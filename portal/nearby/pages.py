"""Who will travel to me."""

from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.nearby.answers import Answer, PlaceShown, PublicAnswer, Voice, answer
from portal.nearby.drawing import Drawn, draw
from portal.nearby.forms import AHEAD, Submitted, read_nearby, wish_of
from portal.places.queries import (
    Place,
    find_country,
    get_place,
    label,
    resolve_place,
    sees_local,
)
from portal.publication.queries import find_home_visits
from portal.web.documented import answers
from portal.web.errors import invalid_body
from portal.web.guards import may_use_directory
from portal.web.page import actor_of, page, wants_json
from portal.web.site import Site, language_of, site_of, today_of

Asked = Request[Any, Any, Any]


@get("/nearby", sync_to_thread=True, **answers(Answer | PublicAnswer, Submitted))
def nearby(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The form and its answer; parameters in the address are for scripts and the public."""
    return _nearby(request, db, actor, dict(request.query_params))


@post("/nearby", sync_to_thread=True, status_code=200)
def nearby_posted(
    request: Asked,
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: NamedDependency[dict[str, str]],
) -> Response[bytes]:
    """The same for signed-in people: nothing of it stays in the phone's history.

    `meant` is the button of a settlement that was asked back, beside the name that was typed.
    """
    meant = sent.get("meant") or sent.get("place", "")
    typed = {name: text for name, text in sent.items() if name != "meant"}
    return _nearby(request, db, actor, {**typed, "place": meant})


@get("/nearby/map.svg", sync_to_thread=True, guards=[may_use_directory], include_in_schema=False)
def nearby_map(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The settlements of the country as dots, the place asked about, matches by settlement."""
    drawn = read_form(Drawn, request.query_params)
    place = get_place(db, drawn.place, local=sees_local(actor))
    country = find_country(db, place.country, local=True)
    svg = draw(site_of(request).templates, country, place, drawn.matches())
    return Response(svg.encode(), media_type="image/svg+xml")


def _nearby(
    request: Asked, db: Database, actor: Actor, submitted: dict[str, Any]
) -> Response[bytes]:
    try:
        form = read_nearby(submitted, site_of(request).terms, today_of(request))
        reply = _reply(request, db, actor, form)
    except Invalid as problem:
        return _refuse(request, db, submitted, problem)
    return _show(request, db, form=msgspec.structs.asdict(form), reply=reply)


def _reply(
    request: Asked, db: Database, actor: Actor, form: Submitted
) -> Answer | PublicAnswer | None:
    """The answer to a form that names a place; None for the empty form."""
    if not actor.may_use_directory:
        return _public(request, db, form)
    if form.place is None:
        if form != Submitted():
            raise Invalid({"place": [Message("Name a settlement.")]})
        return None
    site, today = site_of(request), today_of(request)
    place = resolve_place(db, site.engine, form.place, local=True)
    wish = wish_of(form, place, site.terms, today)
    return answer(db, actor, wish, today, place, Voice(language_of(request), site.terms))


def _public(request: Asked, db: Database, form: Submitted) -> PublicAnswer | None:
    site = site_of(request)
    if form.place:
        place = resolve_place(db, site.engine, form.place, local=False)
        return _released(db, site, place.region, place)
    if form.region:
        return _released(db, site, form.region, None)
    return None


def _released(db: Database, site: Site, region: str, place: Place | None) -> PublicAnswer:
    released = find_home_visits(db, region)
    return PublicAnswer(
        place=PlaceShown(place.id, place.name, place.region) if place else None,
        region=region,
        home_visits={
            code: released.get(code, "ask_hotline") for code in site.terms.codes("professions")
        },
        hotline=site.settings.hotline.get(region[:2]),
    )


def _refuse(
    request: Asked, db: Database, submitted: dict[str, Any], problem: Invalid
) -> Response[bytes]:
    body = invalid_body(language_of(request), problem)
    typed = {**msgspec.structs.asdict(Submitted()), **submitted}
    return _show(request, db, form=typed, reply=None, problem=body["error"], json=body, status=422)


def _show(
    request: Asked,
    db: Database,
    *,
    form: dict[str, Any],
    reply: Answer | PublicAnswer | None,
    problem: dict[str, Any] | None = None,
    json: object = None,
    status: int = 200,
) -> Response[bytes]:
    if reply is None and problem is None and wants_json(request):
        return _refuse(request, db, {}, Invalid({"place": [Message("Name a settlement.")]}))
    return page(
        request,
        "nearby.html",
        json=json or reply,
        status=status,
        form=form,
        reply=reply,
        problem=problem,
        understood=_understood(db, reply, local=sees_local(actor_of(request))),
        today=_bounds(today_of(request)),
    )


def _understood(db: Database, reply: Answer | PublicAnswer | None, *, local: bool) -> str | None:
    """How the place that was understood is written into the form again."""
    if reply is None or reply.place is None:
        return None
    return label(db, get_place(db, reply.place.id, local=local), local=local)


def _bounds(today: date) -> dict[str, str]:
    return {"first": today.isoformat(), "last": (today + AHEAD).isoformat()}


router = Router("/", route_handlers=[nearby, nearby_posted, nearby_map])
