"""Regions and periods of an indicator beside each other, and its figures to take along."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.charts import draw_chart, size_of, titled
from portal.comparing.actions import take_out
from portal.comparing.answers import (
    Comparison,
    FiguresTaken,
    PlaceCompared,
    table_of,
    tell,
)
from portal.comparing.forms import Compared, TakenOut, read_compared
from portal.comparing.queries import Offered, compare, find_for_file, find_offered
from portal.errors import Invalid, NotFound
from portal.explaining.drawing import draw_compared
from portal.explaining.queries import get_sight
from portal.explaining.registry import FigureGiven, Frame, frame_of
from portal.forms import read_form
from portal.sheets import MEDIA_TYPES, WRITERS
from portal.vocabularies.voice import Voice
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.giving import attachment
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from portal.web.tagged import answer_tagged

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Code = FromPath[str]

TYPES = {**MEDIA_TYPES, "json": "application/json"}


@get("/compare", sync_to_thread=True, **answers(Comparison, Compared))
def compared(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The form, the table, the chart and what differs."""
    frame = _frame(request, db, actor, code)
    offered = find_offered(db, frame)
    try:
        asked = read_compared(_lists(request), site_of(request).terms)
    except Invalid as problem:
        return _show(request, frame, offered, Compared(), problem)
    return _show(request, frame, offered, asked)


@get("/compare.svg", sync_to_thread=True, include_in_schema=False)
def compared_chart(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The same as bars."""
    frame = _frame(request, db, actor, code)
    offered = find_offered(db, frame)
    asked = read_compared(_lists(request), site_of(request).terms)
    rows = compare(frame, offered, asked.places, asked.periods)
    if not any(rows.values()):
        raise NotFound
    spec = draw_compared(_voice(request), frame.sight.definition, rows)
    places = ", ".join(_voice(request).place(each) for each in rows)
    svg = titled(draw_chart(spec), spec["description"], places)
    return answer_tagged(request, svg.encode(), "image/svg+xml")


@get("/figures.csv", sync_to_thread=True, include_in_schema=False)
def figures_csv(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """All figures that the reader may see."""
    return _file(code, find_for_file(db, _frame(request, db, actor, code)), "csv")


@get("/figures.xlsx", sync_to_thread=True, include_in_schema=False)
def figures_xlsx(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The same as a workbook."""
    return _file(code, find_for_file(db, _frame(request, db, actor, code)), "xlsx")


@get("/figures.json", sync_to_thread=True, **answers(FiguresTaken))
def figures_json(request: Asked, code: Code, db: Db, actor: Who) -> Response[bytes]:
    """The same for scripts."""
    return _file(code, find_for_file(db, _frame(request, db, actor, code)), "json")


@post(
    "/organisations",
    sync_to_thread=True,
    guards=[is_coordinator],
    status_code=200,
    include_in_schema=False,
)
def organisations_taken(
    request: Asked, code: Code, actor: Who, sent: NamedDependency[dict[str, str]]
) -> Response[bytes]:
    """The figures of every organisation as well, for a coordinator; it is written down."""
    site, wanted = site_of(request), read_form(TakenOut, sent)
    with site.store.transaction() as db:
        frame = _frame(request, db, actor, code)
        take_out(db, actor, site.clock(), code)
        figures = find_for_file(db, frame, everybody=True)
    return _file(code, figures, wanted.ending)


def _frame(request: Asked, db: Database, actor: Actor, code: str) -> Frame:
    return frame_of(db, get_sight(db, actor, code, today_of(request)))


def _voice(request: Asked) -> Voice:
    return Voice(language_of(request), site_of(request).terms)


def _lists(request: Asked) -> dict[str, list[str]]:
    """Every parameter of the address with all its values."""
    return {name: request.query_params.getall(name) for name in request.query_params}


def _show(
    request: Asked,
    frame: Frame,
    offered: Offered,
    asked: Compared,
    problem: Invalid | None = None,
) -> Response[bytes]:
    held, voice = frame.sight.definition, _voice(request)
    rows = compare(frame, offered, asked.places, asked.periods)
    found = Comparison(
        code=held.code,
        title=voice.language.of(held.title, held.titles),
        periods=[each.code for each in asked.periods],
        places=[PlaceCompared(place, row) for place, row in rows.items()],
        differences=tell(voice, held, rows),
    )
    said = {"json": found, **said_of(request, problem)}
    context: dict[str, Any] = {"found": found, "held": held, "offered": offered, "voice": voice}
    size = size_of(draw_compared(voice, held, rows))
    # after a mistake as well, what was ticked stays ticked
    ticked = _lists(request)
    return page(request, "compare.html", ticked=ticked, size=size, **context, **said)


def _file(code: str, figures: list[FigureGiven], ending: str) -> Response[bytes]:
    if ending in WRITERS:
        body = WRITERS[ending](table_of(code, figures))
    else:
        body = msgspec.json.encode(FiguresTaken(code, len(figures), figures))
    headers = {"Content-Disposition": attachment(f"{code}.{ending}"), "Vary": "Cookie"}
    return Response(body, media_type=TYPES[ending], headers=headers)


router = Router(
    "/indicators/{code:str}",
    route_handlers=[
        compared,
        compared_chart,
        figures_csv,
        figures_xlsx,
        figures_json,
        organisations_taken,
    ],
)
