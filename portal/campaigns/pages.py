"""Information campaigns for everybody: what was done where, for whom, with which materials."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.drawing import count_kinds, draw_kinds, draw_map
from portal.campaigns.forms import Wanted, read_filters
from portal.campaigns.queries import (
    Activity,
    Card,
    Used,
    find_activities_for,
    find_removed,
    find_used_materials,
    get_campaign_for,
    get_sides,
)
from portal.campaigns.registry import Found, find_campaigns, find_organisations_of
from portal.campaigns.rules import COUNTED, gives, keeps, may_correct, may_record, period_of
from portal.charts import draw_chart, size_of
from portal.errors import NotFound
from portal.places.queries import Place, find_places_of, get_place, sees_local
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Id = FromPath[str]

SVG = "image/svg+xml"


class Shown(Card, frozen=True):
    """One campaign with its activities, materials and figures; people are counted for members."""

    held: list[Activity]
    materials: list[Used]
    kinds: dict[str, int]
    participants: dict[str, int | None] | None
    not_all: list[str]


@get("/campaigns", sync_to_thread=True, **answers(Found, Wanted))
def campaigns(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The list, the latest first, with its filters."""
    wanted, today = read_filters(request.query_params, site_of(request).terms), today_of(request)
    found = find_campaigns(db, actor, today, wanted)
    return page(
        request,
        "campaigns.html",
        json=found,
        found=found,
        wanted=wanted,
        period=lambda each: period_of(each.starts_on, each.ends_on, today),
        organisations=find_organisations_of(db, actor, today),
        may_begin=gives(actor),
    )


@get("/campaigns/{campaign_id:str}", sync_to_thread=True, **answers(Shown))
def campaign(request: Asked, campaign_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """One campaign: what was done, its figures and its materials."""
    found = _shown(db, actor, today_of(request), campaign_id)
    return page(
        request,
        "campaign.html",
        block="content",
        json=found,
        found=found,
        period=period_of(found.starts_on, found.ends_on, today_of(request)),
        size=size_of(draw_kinds(language_of(request), site_of(request).terms, found.held)),
        has_map=any(each.place_id for each in found.held),
        **_may(db, actor, campaign_id),
    )


@get("/campaigns/{campaign_id:str}/map.svg", sync_to_thread=True, include_in_schema=False)
def campaign_map(request: Asked, campaign_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The settlements of its regions as dots, larger where activities were held."""
    found, language = (
        get_campaign_for(db, actor, today_of(request), campaign_id),
        language_of(request),
    )
    held = find_activities_for(db, actor, today_of(request), campaign_id)
    around = _settlements(db, actor, found, held)
    if not around:
        raise NotFound
    title = language.of(found.title, found.titles)
    svg = draw_map(site_of(request).templates, language, title, around, held)
    return Response(svg.encode(), media_type=SVG)


@get("/campaigns/{campaign_id:str}/kinds.svg", sync_to_thread=True, include_in_schema=False)
def campaign_kinds(request: Asked, campaign_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """How many activities of each kind, as bars."""
    get_campaign_for(db, actor, today_of(request), campaign_id)
    held = find_activities_for(db, actor, today_of(request), campaign_id)
    if not held:
        raise NotFound
    svg = draw_chart(draw_kinds(language_of(request), site_of(request).terms, held))
    return Response(svg.encode(), media_type=SVG)


def _shown(db: Database, actor: Actor, today: date, campaign_id: str) -> Shown:
    card = get_campaign_for(db, actor, today, campaign_id)
    held = find_activities_for(db, actor, today, campaign_id)
    return Shown(
        **msgspec.structs.asdict(card),
        held=held,
        materials=find_used_materials(db, actor, campaign_id),
        kinds=dict(count_kinds(held)),
        participants=_participants(held) if card.sees_people else None,
        not_all=_not_all(held) if card.sees_people else [],
    )


def _participants(held: Sequence[Activity]) -> dict[str, int | None] | None:
    """How many came, by sex and age group; None where no activity says a number."""
    told = _told(held)
    if not told:
        return None
    return {**{name: _sum_known(told, name) for name in COUNTED}, "activities": len(told)}


def _not_all(held: Sequence[Activity]) -> list[str]:
    """The groups that an activity with numbers leaves open: their sums are the least it was."""
    told = _told(held)
    return [name for name in COUNTED if any(getattr(each, name) is None for each in told)]


def _told(held: Sequence[Activity]) -> list[Activity]:
    return [each for each in held if any(getattr(each, name) is not None for name in COUNTED)]


def _sum_known(told: Sequence[Activity], name: str) -> int | None:
    known = [number for each in told if (number := getattr(each, name)) is not None]
    return sum(known) if known else None


def _may(db: Database, actor: Actor, campaign_id: str) -> dict[str, Any]:
    """What this person may do here, so that the page offers nothing else."""
    sides = get_sides(db, campaign_id)
    own = sides.organisation_id
    is_keeper = keeps(actor, own)
    return {
        "is_keeper": is_keeper,
        "may_record": may_record(actor, own, sides.partners),
        "may_correct": lambda each: may_correct(actor, own, each.organisation_id),
        "removed": find_removed(db, campaign_id) if is_keeper else [],
    }


def _settlements(db: Database, actor: Actor, found: Card, held: Sequence[Activity]) -> list[Place]:
    """The settlements of a campaign's regions and of its activities, each once."""
    local = sees_local(actor)
    regions = {*found.regions, *(each.region for each in held if each.region)}
    around = [place for code in sorted(regions) for place in find_places_of(db, code, local=False)]
    named = {place.id for place in around}
    further = {each.place_id for each in held if each.place_id} - named
    return [*around, *(get_place(db, each, local=local) for each in sorted(further))]


router = Router("/", route_handlers=[campaigns, campaign, campaign_map, campaign_kinds])
