"""The page of one indicator: what it means, how it stands, and where its figures come from."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.charts import draw_chart, size_of, titled
from portal.errors import NotFound
from portal.explaining.answers import IndicatorGiven, describe, find_released
from portal.explaining.drawing import draw_map, draw_parts, draw_time
from portal.explaining.forms import Viewed, places_known, read_viewed
from portal.explaining.queries import get_sight
from portal.explaining.registry import Frame, Gallery, find_gallery, frame_of
from portal.places.queries import find_country
from portal.vocabularies.voice import Voice
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from portal.web.tagged import answer_tagged

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Code = FromPath[str]

SVG = "image/svg+xml"


@get("/", sync_to_thread=True, **answers(IndicatorGiven, Viewed))
def indicator(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The definition, and the figures that the reader may see, as charts and tables."""
    frame, gallery = _look(request, db, actor, code)
    voice = voice_of(request)
    found = describe(voice, frame.sight, frame.aims, gallery, find_released(db, frame.sight))
    return page(
        request,
        "indicator.html",
        block="figures",
        json=found,
        found=found,
        gallery=gallery,
        held=frame.sight.definition,
        voice=voice,
        level_of=lambda level: voice.term("release_levels", level),
        places=places_known(site_of(request).terms),
        sizes=_sizes(voice, frame, gallery),
    )


@get("/chart.svg", sync_to_thread=True, include_in_schema=False)
def time_chart(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The figures over time, as a picture."""
    frame, gallery = _look(request, db, actor, code)
    if not gallery.over_time:
        raise NotFound
    spec = draw_time(voice_of(request), frame.sight.definition, gallery.over_time)
    return answer_tagged(request, _drawn(request, spec, gallery.region).encode(), SVG)


@get("/parts.svg", sync_to_thread=True, include_in_schema=False)
def parts_chart(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The parts of one period, as a picture."""
    frame, gallery = _look(request, db, actor, code)
    if not gallery.by_part:
        raise NotFound
    spec = draw_parts(voice_of(request), frame.sight.definition, gallery.by_part)
    return answer_tagged(request, _drawn(request, spec, gallery.region).encode(), SVG)


@get("/map.svg", sync_to_thread=True, include_in_schema=False)
def region_map(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The regions of one period as dots on a map."""
    frame, gallery = _look(request, db, actor, code)
    codes = sorted({each.region[:2] for each in gallery.by_region if len(each.region) > 2})
    if not codes:
        raise NotFound
    # security: the network's own places stay off a picture that everybody may see
    countries = {each: find_country(db, each, local=False) for each in codes}
    templates, held = site_of(request).templates, frame.sight.definition
    svg = draw_map(templates, voice_of(request), held, gallery.by_region, countries)
    return answer_tagged(request, svg.encode(), SVG)


def _look(request: Asked, db: Database, actor: Actor, code: str) -> tuple[Frame, Gallery]:
    viewed = read_viewed(request.query_params, site_of(request).terms)
    frame = frame_of(db, get_sight(db, actor, code, today_of(request)))
    return frame, find_gallery(db, frame, viewed.region or "", viewed.period)


def voice_of(request: Asked) -> Voice:
    """The reader's language with the names of codes."""
    return Voice(language_of(request), site_of(request).terms)


def _sizes(voice: Voice, frame: Frame, gallery: Gallery) -> list[tuple[int, int]]:
    """Of the two charts, so that their places are kept while they load."""
    held = frame.sight.definition
    time = draw_time(voice, held, gallery.over_time)
    return [size_of(time), size_of(draw_parts(voice, held, gallery.by_part))]


def _drawn(request: Asked, spec: dict[str, Any], region: str) -> str:
    return titled(draw_chart(spec), spec["description"], voice_of(request).place(region))


router = Router(
    "/indicators/{code:str}", route_handlers=[indicator, time_chart, parts_chart, region_map]
)
