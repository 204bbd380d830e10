"""Where home visits exist, and for coordinators where they are missing.

Everybody reads what the last release says of regions. Settlements are for coordinators alone: a
settlement without anybody tells those who look for such places where nobody would come.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.coverage.answers import (
    COUNTED_AS,
    CoverageGap,
    GapSettlement,
    RecruitPlaces,
    find_wanted,
    gap_of,
    list_of,
    quarters_of,
    recruits_of,
)
from portal.coverage.drawing import draw, size_of
from portal.coverage.forms import GapWanted, ListWanted, MapWanted, RecruitWanted, read_wanted
from portal.coverage.queries import Settlement
from portal.errors import NotFound
from portal.publication.queries import ReleasedCount, find_released_counts, get_last_release
from portal.sheets import MEDIA_TYPES, WRITERS
from portal.web.documented import answers
from portal.web.giving import attachment
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]


class Coverage(msgspec.Struct, frozen=True):
    """What scripts read."""

    released_on: str | None
    results: list[ReleasedCount]


@get("/coverage", sync_to_thread=True, **answers(Coverage | CoverageGap, GapWanted))
def coverage(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """Each region and profession: home visits, or ask the hotline; for coordinators the gap."""
    # security: settlements are for coordinators; the filters of anybody else change nothing
    if actor.is_coordinator:
        return _gap(request, db, actor)
    json, known = _released(db)
    return page(request, "coverage.html", block="content", json=json, **known)


@get("/coverage/map.svg", sync_to_thread=True, guards=[is_coordinator], include_in_schema=False)
def coverage_map(request: Asked, db: Db) -> Response[bytes]:
    """The settlements of a region or a country as dots."""
    site = site_of(request)
    wanted = read_wanted(MapWanted, request.query_params, site.terms)
    found = find_wanted(db, today_of(request), wanted)
    shown = [each for each in found if wanted.country in ("", each.country)]
    if not shown:
        raise NotFound
    return Response(draw(site.templates, shown).encode(), media_type="image/svg+xml")


@get(
    "/coverage/recruit",
    sync_to_thread=True,
    guards=[is_coordinator],
    **answers(RecruitPlaces, RecruitWanted),
)
def recruit(request: Asked, db: Db) -> Response[bytes]:
    """Where somebody should be recruited next, so that the most people come within reach."""
    wanted = read_wanted(RecruitWanted, request.query_params, site_of(request).terms)
    found = recruits_of(db, today_of(request), wanted)
    filters = _filters(wanted)
    return page(request, "recruit.html", json=found, found=found, wanted=wanted, filters=filters)


@post(
    "/coverage/list",
    sync_to_thread=True,
    guards=[is_coordinator],
    status_code=200,
    include_in_schema=False,
)
def coverage_list(request: Asked, db: Db, actor: Who, sent: Sent) -> Response[bytes]:
    """The list of settlements as a file."""
    site, language = site_of(request), language_of(request)
    wanted = read_wanted(ListWanted, sent, site.terms)
    rows = list_of(db, today_of(request), wanted)
    with site.store.transaction() as writing:
        # what leaves in bulk is written down before it does
        told = {**_filters(wanted), "reached_by": wanted.reached_by, "rows": len(rows)}
        audit.record(writing, actor, site.clock(), "export", "coverage", wanted.profession, **told)
    header = [field.name for field in msgspec.structs.fields(GapSettlement)]
    body = WRITERS[wanted.format]([header, *map(msgspec.structs.astuple, rows)])
    name = f"{language.gettext('Settlements')}.{wanted.format}"
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return Response(body, media_type=MEDIA_TYPES[wanted.format], headers=headers)


def _gap(request: Asked, db: Database, actor: Actor) -> Response[bytes]:
    wanted = read_wanted(GapWanted, request.query_params, site_of(request).terms)
    settlements = find_wanted(db, today_of(request), wanted)
    found = gap_of(db, today_of(request), wanted, settlements)
    return page(
        request,
        "coverage_gap.html",
        json=found,
        found=found,
        wanted=wanted,
        filters=_filters(wanted),
        maps=_maps(settlements),
        counted_as=COUNTED_AS.get(wanted.profession),
        quarters=quarters_of(db, actor, wanted.profession),
        **_released(db)[1],
    )


def _released(db: Database) -> tuple[Coverage, dict[str, Any]]:
    release, cells = get_last_release(db), find_released_counts(db)
    by_cell = {(cell.region, cell.profession): cell for cell in cells}
    told = Coverage(release.released_on if release else None, cells)
    return told, {"release": release, "cells": by_cell}


def _maps(found: Sequence[Settlement]) -> list[tuple[str, tuple[int, int]]]:
    """Each country of these settlements, and the size of its map."""
    countries = sorted({each.country for each in found})
    return [(c, size_of([each for each in found if each.country == c])) for c in countries]


def _filters(wanted: GapWanted) -> dict[str, str | None]:
    """Whose visits and where, for addresses and for the audit."""
    names = ("profession", "language", "gender", "region")
    return {name: getattr(wanted, name) for name in names}


router = Router("/", route_handlers=[coverage, coverage_map, recruit, coverage_list])
