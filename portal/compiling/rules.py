"""From counts of people to a cube and its ladder, and from what the engine said to figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from portal.disclosure.rules import Cell
from portal.disclosure.tables import ALL, Cube, Key, Table
from portal.headcount.rules import (
    DAILY,
    NO,
    YES,
    Lists,
    count_of,
    countries_of,
    made_cube,
    share_of,
)
from portal.indicators.locks import quarters_of
from portal.indicators.periods import periods_within, read_period
from portal.indicators.queries import Definition
from portal.indicators.rules import KNOWN, Rules, State
from portal.publication.ledger import ReleasedFigure

UNKNOWN = "unknown"

# the ladder of every indicator, coarsest first, sex last: of whom, and over which time. What tells
# people apart is broken down for the network alone and over the longest time that there is: a year,
# or a quarter where quarters do not add up to a year
LADDER = (
    ("network_year", "network", "year", ""),
    ("country_year", "country", "year", ""),
    ("network_quarter", "network", "quarter", ""),
    ("country_quarter", "country", "quarter", ""),
    ("network_month", "network", "month", ""),
    ("region_year", "region", "year", ""),
    ("region_quarter", "region", "quarter", ""),
    ("by_form", "network", "", "form"),
    ("by_age_group", "network", "", "age_group"),
    ("by_sex", "network", "", "sex"),
)

AXES = ("period", "region", "form", "age_group", "sex", "part", "organisation")
PARTS = ("form", "age_group", "sex")


# what the portal counts itself and is of people whatever a definition says of it (D0)
WAITED = "days_to_visit"
REACH = ("reach_psychologist", "reach_lawyer")
COUNTS_OF_PEOPLE = (
    *DAILY,
    *REACH,
    WAITED,
    "consultations",
    "requests_48_hours",
    "campaign_participants",
    "people_trained",
    "trainings_useful",
)


class Base(msgspec.Struct, frozen=True):
    """People of one organisation that nothing parts further; `rest` are those of a share's rest."""

    period: str
    organisation: str
    region: str = ""
    sex: str = ""
    age_group: str = ""
    form: str = ""
    people: float = 0.0
    rest: float = 0.0


class Part(msgspec.Struct, frozen=True):
    """One accepted cell of a line."""

    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None

    @property
    def is_whole(self) -> bool:
        """Whether this is the whole line."""
        return not (self.sex or self.age_group or self.form)


class Shape(msgspec.Struct, frozen=True):
    """What an indicator's figures are told apart by.

    `periods` are all closed ones that it counts in, `versions` the definition of each; a longer
    period has one where all of it is closed, under one version, and adds up; `unsure` are periods
    of which the contributors are not known; parts that are `overlapping` are no
    dimensions.
    """

    code: str
    frequency: str
    periods: tuple[str, ...]
    versions: dict[str, int]
    dimensions: frozenset[str] = frozenset()
    is_share: bool = False
    adds_up: bool = True
    overlapping: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def longer(self, frequency: str) -> dict[str, tuple[str, ...]]:
        """The whole years, or quarters, that the periods make: each with its periods."""
        found: dict[str, list[str]] = {}
        for code in self.periods:
            year = code[:4]
            label = year if frequency == "year" else quarters_of(read_period(code))[0].code
            found.setdefault(label, []).append(code)
        number = {("quarter", "year"): 4, ("month", "year"): 12, ("month", "quarter"): 3}
        full = number.get((self.frequency, frequency), 0)
        return {label: tuple(of) for label, of in found.items() if len(of) == full}

    def labels(self, frequency: str) -> tuple[str, ...]:
        """The periods of a frequency that figures are given of."""
        if frequency == self.frequency:
            return self.periods
        if not self.adds_up:
            return ()
        return tuple(
            label
            for label, of in self.longer(frequency).items()
            if len({self.versions[each] for each in of}) == 1 and not self.unsure & set(of)
        )

    def version(self, label: str) -> int:
        """The version that a period's figures are of."""
        within = (each for each in self.periods if each == label or _lies_in(each, label))
        return self.versions[next(within)]


def shape_of(
    versions: Sequence[Definition],
    quarters: Sequence[str],
    counted: Iterable[str],
    unsure: frozenset[str],
) -> Shape:
    """What an indicator is told apart by, for the quarters that are closed.

    Its periods begin with the first one in which anything was counted. Those in which it was
    something else, a share or a count of other periods, are none of them.
    """
    newest = versions[0]
    first = min(
        (each for each in counted if read_period(each).frequency == newest.frequency),
        default="9999",
    )
    defined = {each: _defined(versions, each) for each in _periods(newest, quarters)}
    kept = {
        period: of.version
        for period, of in defined.items()
        if period >= first and of is not None and _is_alike(of, newest)
    }
    dimensions = frozenset(name for each in versions for name in each.dimensions)
    apart = dimensions & set(PARTS) if newest.total_rule == "unique" else frozenset()
    return Shape(
        code=newest.code,
        frequency=newest.frequency,
        periods=tuple(kept),
        versions=kept,
        dimensions=dimensions - apart,
        is_share=newest.rules.has_denominator,
        adds_up=newest.period_rule == "sum",
        overlapping=apart,
        unsure=unsure,
    )


def people_of(rules: Rules, cells: Sequence[Part]) -> list[Part]:
    """Which cells of a line make its figure: its parts where all are known, else the whole.

    As `indicators.rules.of_line` counts; a whole without parts is of people of whom nothing is
    known. Nobody counts twice.
    """
    applicable = [each for each in cells if each.state != "not_applicable"]
    parts = [each for each in applicable if not each.is_whole]
    if rules.total_rule == "sum" and parts and all(KNOWN[each.state] for each in parts):
        return [each for each in parts if each.state == "value"]
    if rules.total_rule == "none":
        return []
    return [each for each in applicable if each.is_whole and each.state == "value"]


def are_people(bases: Iterable[Base]) -> bool:
    """Whether these can be numbers of people: whole, and no part above its whole."""
    return all(
        each.people >= 0 and each.rest >= 0 and each.people % 1 == 0 and each.rest % 1 == 0
        for each in bases
    )


def cube_of(shape: Shape, bases: Iterable[Base], lists: Lists, said: Iterable[Key]) -> Cube:
    """The exact counts of an indicator; `said` are the keys of the ledger."""
    counts: Counter[Key] = Counter()
    for each in bases:
        where = (each.period, each.region)
        whose = tuple(
            getattr(each, name) or (UNKNOWN if name in shape.dimensions else "") for name in PARTS
        )
        counts[(*where, *whose, YES, each.organisation)] += int(each.people)
        if shape.is_share:
            counts[(*where, *whose, NO, each.organisation)] += int(each.rest)
    longer = {**shape.longer("year"), **shape.longer("quarter")} if shape.adds_up else {}
    groups = {"period": longer, "region": countries_of(lists, (key[1] for key in counts))}
    listed = {"period": shape.periods, "region": ("", *lists.regions), "part": (YES,)}
    for name in PARTS:
        listed[name] = getattr(lists, name) if name in shape.dimensions else ("",)
    if shape.is_share:
        listed["part"] = (YES, NO)
    return made_cube(AXES, counts, listed, groups, said)


def ladder_of(shape: Shape, lists: Lists) -> list[Table]:
    """The levels of an indicator in the fixed order, those that have any cells (D12)."""
    times = ("year", "quarter", "month")
    coarsest = next((each for each in times if shape.labels(each)), shape.frequency)
    tables = []
    for name, place, time, part in LADDER:
        is_asked = (part or ("region" if place != "network" else "")) in {"", *shape.dimensions}
        periods = shape.labels(time or coarsest)
        if is_asked and periods:
            tables.append(Table(name, _labels(shape, lists, place, periods, part)))
    return tables


def overlapping(shape: Shape, lists: Lists) -> list[Table]:
    """The levels that are never released: people stand in several of their parts."""
    whole = msgspec.structs.replace(
        shape, dimensions=shape.overlapping, overlapping=frozenset[str]()
    )
    return [each for each in ladder_of(whole, lists) if each.name.startswith("by_")]


def figures_of(shape: Shape, cells: Iterable[Cell]) -> list[ReleasedFigure]:
    """The rows of an indicator, just as the engine said them; a share of its rounded parts (D6)."""
    said = {cell.key: cell for cell in cells}
    return [_figure(shape, said, key) for key in said if key[AXES.index("part")] == ALL]


def _periods(definition: Definition, quarters: Sequence[str]) -> list[str]:
    """The closed periods of an indicator, oldest first: a year is closed with its last quarter."""
    found = [read_period(code) for code in quarters]
    if definition.frequency == "year":
        return [each.code[:4] for each in found if each.number == 4]
    if definition.frequency == "quarter":
        return [each.code for each in found]
    return [
        month.code for each in found for month in periods_within(each.first, each.last, "month")
    ]


def _defined(versions: Sequence[Definition], period: str) -> Definition | None:
    first = read_period(period).first
    return next((each for each in versions if each.starts <= first), None)


def _is_alike(one: Definition, other: Definition) -> bool:
    names = ("kind", "total_rule", "place_rule", "period_rule", "frequency")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _lies_in(period: str, label: str) -> bool:
    inner, outer = read_period(period), read_period(label)
    return outer.holds(inner)


def _labels(
    shape: Shape, lists: Lists, place: str, periods: tuple[str, ...], part: str
) -> tuple[tuple[str, ...], ...]:
    places = {"network": (ALL,), "country": lists.countries, "region": tuple(lists.regions)}
    told = {name: getattr(lists, name) if name == part else (ALL,) for name in PARTS}
    shares = (ALL, YES, NO) if shape.is_share else (ALL,)
    return (periods, places[place], *(told[name] for name in PARTS), shares, (ALL,))


def _figure(shape: Shape, said: Mapping[Key, Cell], key: Key) -> ReleasedFigure:
    named = dict(zip(AXES, key, strict=True))
    row = ReleasedFigure(
        indicator=shape.code,
        period=named["period"],
        area=named["region"],
        sex=named["sex"],
        age_group=named["age_group"],
        form=named["form"],
        version=shape.version(named["period"]),
    )
    if not shape.is_share:
        return count_of(row, said[key])
    at = AXES.index("part")
    part, whole = said[(*key[:at], YES, *key[at + 1 :])].value, said[key].value
    return share_of(row, part, whole)
