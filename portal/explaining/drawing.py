"""The pictures of an indicator: over time, by part, and a map of its regions."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import hypot, sqrt
from textwrap import wrap
from typing import Any

import msgspec
from jinja2 import Environment

from portal.charts import LETTERS_A_LINE, Bar, Group, bar_chart
from portal.explaining.registry import FigureGiven
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition
from portal.lines import Named, Point, line_chart
from portal.places.drawing import Dot, Paper, sheet_over
from portal.places.queries import Place
from portal.vocabularies.voice import DIMENSIONS, Voice

# of a hundred: behind these bars stands the period as well
SHORTENED = 45

SHEET_WIDTH, SHEET_HEIGHT = 300, 230
LARGEST, SMALLEST, GAP = 24.0, 9.0, 2.0
HEAD, LINE = 24, 20


def draw_time(
    voice: Voice, definition: Definition, over_time: Sequence[FigureGiven]
) -> dict[str, Any]:
    """The specification of the figures over time."""
    points = []
    version = over_time[0].version if over_time else 0
    for each in over_time:
        begins = f"{each.version}" if each.version != version else ""
        version = each.version
        points.append(
            Point(
                year=each.period[:4],
                value=each.value,
                said=voice.number(definition.kind, each.value),
                is_partial=each.is_partial,
                target=each.target,
                baseline=each.baseline,
                begins=begins,
            )
        )
    language = voice.language
    named = Named(
        value=voice.language.of(definition.title, definition.titles),
        partial=language.gettext("Not all have reported"),
        target=language.gettext("Target"),
        baseline=language.gettext("Baseline"),
        version=language.gettext("The definition changed"),
    )
    written = lambda value: voice.number(definition.kind, value)  # noqa: E731
    return line_chart(
        points, named, voice.language.of(definition.title, definition.titles), written
    )


def draw_parts(
    voice: Voice, definition: Definition, by_part: Sequence[FigureGiven]
) -> dict[str, Any]:
    """The specification of the parts of a period: a bar for each, what is unknown in grey."""
    longest = _longest(by_part)
    groups: list[Group] = []
    for name in DIMENSIONS:
        there = [each for each in by_part if getattr(each, name)]
        if there:
            groups.append(Group(voice.term("dimensions", name), []))
        for each in there:
            said = voice.number(definition.kind, each.value)
            bar = Bar(100 * (each.value or 0) / longest, said, getattr(each, name) == "unknown")
            groups.append(Group(voice.part(*each.which.part), [bar]))
    return bar_chart(groups, voice.language.of(definition.title, definition.titles))


def draw_compared(
    voice: Voice, definition: Definition, rows: Mapping[str, Sequence[FigureGiven]]
) -> dict[str, Any]:
    """The specification of places beside each other: a bar for each of their periods.

    Years have a scale of their own beside quarters, and what is not whole is lighter and says so.
    """
    by_length: dict[str, list[FigureGiven]] = {}
    for each in (each for row in rows.values() for each in row):
        by_length.setdefault(read_period(each.period).frequency, []).append(each)
    longest = {name: _longest(figures) for name, figures in by_length.items()}
    groups: list[Group] = []
    for place, row in rows.items():
        bars = [
            Bar(
                SHORTENED * (each.value or 0) / longest[read_period(each.period).frequency],
                _named(voice, definition, each),
                each.is_partial,
            )
            for each in row
        ]
        groups.append(Group(voice.place(place), bars))
    return bar_chart(groups, voice.language.of(definition.title, definition.titles))


def _named(voice: Voice, definition: Definition, figure: FigureGiven) -> str:
    mark = "*" if figure.is_partial and figure.value is not None else ""
    value = voice.number(definition.kind, figure.value)
    return f"{voice.language.period(figure.period)}: {mark}{value}"


def _longest(figures: Iterable[FigureGiven]) -> float:
    return max((each.value or 0 for each in figures), default=0) or 1.0


class Bubble(msgspec.Struct):
    """A region on the map, in pixels; `number` is its own in the list below."""

    number: int
    x: float
    y: float
    radius: float
    lines: list[str]


class Sheet(msgspec.Struct, frozen=True):
    """A country on the map, and where it lies in the picture."""

    name: str
    top: float
    paper: Paper
    dots: list[Dot]
    bubbles: list[Bubble]


def draw_map(
    templates: Environment,
    voice: Voice,
    definition: Definition,
    by_region: Sequence[FigureGiven],
    countries: Mapping[str, Sequence[Place]],
) -> str:
    """The SVG: each country's settlements in grey, its regions as dots as large as their value.

    The dots are numbered, and below stands what each is: names in four languages do not fit beside.
    """
    top, number, sheets = 0.0, 1, []
    largest = _longest(by_region)
    for country, places in countries.items():
        regions = [each for each in by_region if each.region.startswith(f"{country}-")]
        if not regions or not places:
            continue
        paper = sheet_over(places, SHEET_WIDTH, SHEET_HEIGHT)
        bubbles = [
            _bubble(voice, definition, paper, places, each, number + place, largest)
            for place, each in enumerate(regions)
        ]
        _part_from_each_other(bubbles, paper)
        dots = [paper.dot(each, {}) for each in places]
        sheets.append(Sheet(voice.language.country(country), top + HEAD, paper, dots, bubbles))
        top += HEAD + paper.height + LINE * sum(len(each.lines) for each in bubbles) + HEAD
        number += len(regions)
    about = voice.language.gettext("The larger the dot, the larger the number.")
    said = {
        "title": voice.language.of(definition.title, definition.titles),
        "about": about,
        "height": top,
        "line": LINE,
    }
    template = templates.get_template("indicator_map.svg")
    return template.render(sheets=sheets, width=SHEET_WIDTH, **said)


def _bubble(
    voice: Voice,
    definition: Definition,
    paper: Paper,
    places: Sequence[Place],
    figure: FigureGiven,
    number: int,
    largest: float,
) -> Bubble:
    there = [paper.dot(each, {}) for each in places if each.region == figure.region]
    there = there or [paper.dot(places[0], {})]
    share = sqrt(max(figure.value or 0, 0) / largest)
    value = voice.number(definition.kind, figure.value)
    return Bubble(
        number=number,
        x=sum(each.x for each in there) / len(there),
        y=sum(each.y for each in there) / len(there),
        radius=round(SMALLEST + (LARGEST - SMALLEST) * share, 1),
        lines=wrap(f"{voice.place(figure.region)}: {value}", LETTERS_A_LINE - 2),
    )


def _part_from_each_other(bubbles: Sequence[Bubble], paper: Paper) -> None:
    """Push dots apart that lie on each other, and keep them on the sheet."""
    for _ in range(80):
        for one, other in combinations(bubbles, 2):
            apart = one.radius + other.radius + GAP
            x, y = other.x - one.x, other.y - one.y
            away = hypot(x, y) or 0.01
            if away < apart:
                push = (apart - away) / 2 / away
                x, y = (x or 0.01) * push, y * push
                one.x, one.y, other.x, other.y = one.x - x, one.y - y, other.x + x, other.y + y
        for each in bubbles:
            each.x = round(min(max(each.x, each.radius), paper.width - each.radius), 1)
            each.y = round(min(max(each.y, each.radius), paper.height - each.radius), 1)
