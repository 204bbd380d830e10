"""Figures of several places and periods beside each other, and all of an indicator for a file."""

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from portal.errors import NotFound
from portal.explaining.queries import find_all
from portal.explaining.registry import FigureGiven, Frame, given, own_of, put_together
from portal.explaining.rules import Which
from portal.indicators.periods import Period, period_of, read_period
from portal.indicators.queries import Counted
from portal.indicators.sight import only_seen


class Offered(msgspec.Struct, frozen=True):
    """What can be compared: the figures that the reader may see, their places and periods."""

    kept: list[Counted]
    places: list[str]
    periods: list[str]


def find_offered(db: Database, frame: Frame) -> Offered:
    """The wholes of all places that the reader may see; `NotFound` where there are none."""
    sql = """
        SELECT * FROM figures
        WHERE code = :code AND organisation_id = '' AND sex = '' AND age_group = '' AND form = ''
        ORDER BY period, region
    """
    sight = frame.sight
    found = fetch(db, Counted, sql, code=sight.definition.code)
    # security: what is not open to the reader is not even offered
    kept = only_seen(db, sight.actor, found)
    if not kept:
        raise NotFound
    places = sorted({each.region for each in kept})
    return Offered(kept, places, _periods({each.period for each in kept}))


def _periods(codes: set[str]) -> list[str]:
    """The periods themselves and the quarters and years that they lie in, the newest first."""
    own = {read_period(each) for each in codes}
    longer = {period_of(each.first, "year") for each in own}
    longer |= {period_of(each.first, "quarter") for each in own if each.frequency == "month"}
    found = sorted(own | longer, key=lambda each: (each.last, each.last - each.first))
    return [each.code for each in reversed(found)]


def compare(
    frame: Frame, offered: Offered, places: list[str], periods: list[Period]
) -> dict[str, list[FigureGiven]]:
    """By place its figure of each period; a longer period is made by the indicator's own rule."""
    return {place: [_cell(frame, offered, place, each) for each in periods] for place in places}


def _cell(frame: Frame, offered: Offered, place: str, period: Period) -> FigureGiven:
    inside = [
        each
        for each in offered.kept
        if each.region == place and period.holds(read_period(each.period))
    ]
    if inside:
        return put_together(frame, inside, period, Which(region=place))
    return frame.unknown(period.code, Which(region=place))


def find_for_file(db: Database, frame: Frame, *, everybody: bool = False) -> list[FigureGiven]:
    """All that the reader may see: of the network, then of the own organisation, or of everybody.

    `NotFound` for whom there is nothing to see.
    """
    code = frame.sight.definition.code
    network = given(db, frame, find_all(db, code))
    own = own_of(frame.sight)
    if everybody and frame.sight.actor.is_coordinator:
        own_figures = [each for each in find_all(db, code, None) if each.organisation_id]
    else:
        own_figures = find_all(db, code, own) if own else []
    if not network and not own_figures and not frame.sight.is_open:
        raise NotFound
    return [*network, *[frame.give(each) for each in own_figures]]
