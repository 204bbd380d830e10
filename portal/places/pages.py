"""Settlements: the typeahead, the list by region, the nearest to a point."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import NotFound
from portal.forms import read_form
from portal.places.forms import Point, Typed
from portal.places.queries import (
    Place,
    Suggestion,
    find_nearest,
    find_places_of,
    find_regions,
    get_place,
    label,
    sees_local,
    suggest_places,
)
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import answer_json, page
from portal.web.site import site_of


class Suggestions(msgspec.Struct, frozen=True):
    """What the typeahead reads."""

    results: list[Suggestion]


@get("/places", sync_to_thread=True, **answers(Suggestions, Typed))
def places(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Suggestions for what was typed; without words, the settlements region by region."""
    typed = read_form(Typed, request.query_params)
    local, engine = sees_local(actor), site_of(request).engine
    meant = suggest_places(db, engine, typed.q or typed.place or "", local=local)
    regions = find_regions(db)
    chosen = next((each for each in regions if each.code == typed.region), None)
    return page(
        request,
        "places.html",
        block="options",
        json=Suggestions([_suggestion(place) for place in meant]),
        suggestions=meant,
        labels={each.id: label(db, each, local=local) for each in meant},
        regions=regions,
        chosen=chosen,
        settlements=find_places_of(db, chosen.code, local=local) if chosen else [],
    )


@get("/places/{place_id:str}", sync_to_thread=True, **answers(Suggestion))
def place(
    request: Request[Any, Any, Any],
    place_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One settlement, and the way from it to who will travel there."""
    found = get_place(db, place_id, local=sees_local(actor))
    shown = _suggestion(found)
    return page(request, "place.html", block="content", json=shown, found=found)


@post("/places/nearest", sync_to_thread=True, guards=[signed_in], status_code=200)
def nearest(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: NamedDependency[dict[str, str]],
) -> Response[bytes]:
    """The settlement nearest to a position, which is neither stored nor logged."""
    point = read_form(Point, sent)
    found = find_nearest(db, point.latitude, point.longitude, local=sees_local(actor))
    if found is None:
        raise NotFound
    return answer_json(_suggestion(found))


def _suggestion(place: Place) -> Suggestion:
    return Suggestion(place.id, place.name, place.region, place.population)


router = Router("/", route_handlers=[places, place, nearest])
