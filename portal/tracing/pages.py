"""Explain this number: where a figure comes from, step by step."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.explaining.queries import get_sight
from portal.explaining.registry import frame_of
from portal.indicators.periods import read_period
from portal.tracing.answers import FigureExplained, explain, heading_of, shown_lines, state_of
from portal.tracing.forms import Traced, read_traced
from portal.vocabularies.voice import Voice
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of


@get("/explain", sync_to_thread=True, **answers(FigureExplained, Traced))
def explained(
    request: Request[Any, Any, Any],
    code: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """One figure, how it was made, and of what."""
    site, voice = site_of(request), Voice(language_of(request), site_of(request).terms)
    traced = read_traced(request.query_params, site.terms)
    frame = frame_of(db, get_sight(db, actor, code, today_of(request)))
    found = explain(db, voice, frame, traced, site.settings.timezone)
    which, period = found.figure.which, read_period(found.figure.period)
    name = found.inputs.results[0].name if which.organisation and found.inputs.results else ""
    return page(
        request,
        "trace.html",
        json=found,
        found=found,
        asked={"period": found.figure.period, **msgspec.structs.asdict(which)},
        heading=heading_of(voice, period, which, name),
        lines=shown_lines(found.inputs.results),
        definition=frame.sight.version(found.figure.version),
        voice=voice,
        said=lambda cell: state_of(voice, frame.sight.version(found.figure.version), cell),
    )


router = Router("/indicators/{code:str}", route_handlers=[explained])
