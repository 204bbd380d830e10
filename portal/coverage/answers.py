"""What coordinators read of the gap: settlements, people, and where a recruit would live."""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.coverage.forms import GapWanted, RecruitWanted
from portal.coverage.queries import Settlement, find_bands, find_settlements
from portal.coverage.rules import Spot, best_recruits
from portal.indicators.locks import find_closed
from portal.indicators.queries import find_figures
from portal.indicators.rules import value_of
from portal.indicators.sight import only_seen

# of each profession whose reach is counted every quarter, the code of the indicator
COUNTED_AS = {"psychologist": "reach_psychologist", "lawyer": "reach_lawyer"}
SHOWN_QUARTERS = 8


class GapSettlement(msgspec.Struct, frozen=True):
    """A settlement, and in which band of distance the nearest of those wanted lives."""

    id: str
    name: str
    region: str
    country: str
    population: int | None
    practitioners: int
    distance_band: str | None


class CoverageGap(msgspec.Struct, frozen=True):
    """One page of settlements, and the sums of all that fit the filters."""

    total: int
    page: int
    per_page: int
    results: list[GapSettlement]
    settlements: int
    nobody: int
    one: int
    unknown: int
    population: int
    reached: int

    @property
    def percent(self) -> float | None:
        """The share of people within reach."""
        return round(100 * self.reached / self.population, 1) if self.population else None


class QuarterReached(msgspec.Struct, frozen=True):
    """The share of people within reach as it was counted when a quarter was closed."""

    period: str
    percent: float | None


class RecruitPlace(msgspec.Struct, frozen=True):
    """Where somebody should be recruited, and how many people more are then within reach."""

    id: str
    name: str
    region: str
    people: int
    settlements: int
    percent_after: float


class RecruitPlaces(msgspec.Struct, frozen=True):
    """The places in order; each counts what those before it leave."""

    total: int
    page: int
    per_page: int
    results: list[RecruitPlace]
    population: int
    reached: int


def find_wanted(db: Database, today: date, wanted: GapWanted) -> list[Settlement]:
    """The settlements of the region asked for, or all."""
    found = find_settlements(db, today, wanted.visits)
    return [each for each in found if wanted.region in (None, each.region)]


def gap_of(
    db: Database, today: date, wanted: GapWanted, found: Sequence[Settlement]
) -> CoverageGap:
    """Of the settlements that were found, the page that is asked for."""
    listed = _listed(found, wanted)
    shown = listed[wanted.offset : wanted.offset + wanted.per_page]
    return CoverageGap(
        total=len(listed),
        page=wanted.page,
        per_page=wanted.per_page,
        results=_with_bands(db, today, wanted, shown),
        settlements=len(found),
        nobody=sum(not each.practitioners for each in found),
        one=sum(each.practitioners == 1 for each in found),
        unknown=sum(not each.population for each in found),
        population=sum(each.population for each in found),
        reached=sum(each.population for each in found if each.practitioners),
    )


def list_of(db: Database, today: date, wanted: GapWanted) -> list[GapSettlement]:
    """All settlements of the list, for a file."""
    return _with_bands(db, today, wanted, _listed(find_wanted(db, today, wanted), wanted))


def recruits_of(db: Database, today: date, wanted: RecruitWanted) -> RecruitPlaces:
    """Where recruits of this kind would reach the most people who are not reached."""
    found = find_wanted(db, today, wanted)
    by_id = {each.id: each for each in found}
    spots = [Spot(e.id, *e.point, e.population, e.practitioners > 0) for e in found]
    population = sum(each.population for each in found)
    start = reached = sum(each.population for each in found if each.practitioners)
    places = []
    for each in best_recruits(spots, float(wanted.reach)):
        reached += each.people
        home, after = by_id[each.id], round(100 * reached / population, 1)
        told = (home.id, home.name, home.region, each.people, each.settlements, after)
        places.append(RecruitPlace(*told))
    return RecruitPlaces(len(places), 1, max(len(places), 1), places, population, start)


def quarters_of(db: Database, actor: Actor, profession: str) -> list[QuarterReached]:
    """The newest closed quarters of the network, newest first, where they are counted."""
    code = COUNTED_AS.get(profession)
    if code is None:
        return []
    closed = {each.period for each in find_closed(db)}
    seen = only_seen(db, actor, find_figures(db, code=code))
    figures = [each for each in seen if each.period in closed]
    return [
        QuarterReached(each.period, value_of("percent", each.figure))
        for each in reversed(figures[-SHOWN_QUARTERS:])
    ]


def _listed(found: Sequence[Settlement], wanted: GapWanted) -> list[Settlement]:
    number = 1 if wanted.reached_by == "one" else 0
    return [each for each in found if each.practitioners == number]


def _with_bands(
    db: Database, today: date, wanted: GapWanted, shown: list[Settlement]
) -> list[GapSettlement]:
    # whoever is the only one to reach a settlement would be located by a band
    asked = shown if wanted.reached_by == "nobody" else []
    bands = find_bands(db, today, wanted.visits, asked) if asked else {}
    return [
        GapSettlement(
            each.id,
            each.name,
            each.region,
            each.country,
            each.population or None,
            each.practitioners,
            bands.get(each.id),
        )
        for each in shown
    ]
