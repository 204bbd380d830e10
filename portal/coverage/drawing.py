"""The map of the gap: a dot for each settlement, filled where somebody travels to it.

Filled and hollow are told apart without any colour; the size says how many people live there.
"""

from collections.abc import Sequence
from math import sqrt

import msgspec
from jinja2 import Environment

from portal.coverage.queries import Settlement
from portal.places.drawing import Paper, sheet_over
from portal.places.queries import Place

# in pixels; narrow, because letters shrink with the picture on a small phone
WIDTH, HEIGHT = 520, 460
SMALLEST, LARGEST, PEOPLE_A_PIXEL = 3.0, 13.0, 90.0
LETTER, LINE, MOST_LABELS = 7.5, 14.0, 14


class Mark(msgspec.Struct, frozen=True):
    """One settlement on the map; `label` is its name where there is room for it."""

    x: float
    y: float
    radius: float
    is_reached: bool
    label: str = ""
    is_left: bool = False


Box = tuple[float, float, float, float]


def draw(templates: Environment, settlements: Sequence[Settlement]) -> str:
    """The SVG of some settlements, largest first; those whom nobody reaches are named first."""
    places = [_place(each) for each in settlements]
    paper = sheet_over(places, WIDTH, HEIGHT)
    marks = [_mark(paper, *each) for each in zip(settlements, places, strict=True)]
    named = _labelled(paper, marks, [each.name for each in settlements])
    return templates.get_template("coverage_map.svg").render(paper=paper, marks=named)


def size_of(settlements: Sequence[Settlement]) -> tuple[int, int]:
    """Width and height of the picture, so that its place is kept while it loads."""
    paper = sheet_over([_place(each) for each in settlements], WIDTH, HEIGHT)
    return round(paper.width), round(paper.height)


def _place(each: Settlement) -> Place:
    return Place(each.id, each.name, each.region, each.country, *each.point, each.population)


def _mark(paper: Paper, settlement: Settlement, place: Place) -> Mark:
    dot = paper.dot(place, {})
    radius = min(SMALLEST + sqrt(settlement.population) / PEOPLE_A_PIXEL, LARGEST)
    return Mark(dot.x, dot.y, round(radius, 1), settlement.practitioners > 0)


def _labelled(paper: Paper, marks: Sequence[Mark], names: Sequence[str]) -> list[Mark]:
    """The marks in the order they are drawn: small ones above large ones, hollow ones on top."""
    by_need = sorted(zip(marks, names, strict=True), key=lambda each: each[0].is_reached)
    taken: list[Box] = []
    named = []
    for mark, name in by_need:
        box, is_left = _beside(paper, mark, name)
        if len(taken) < MOST_LABELS and not any(_touch(box, other) for other in taken):
            taken.append(box)
            named.append(msgspec.structs.replace(mark, label=name, is_left=is_left))
        else:
            named.append(mark)
    return sorted(named, key=lambda each: (not each.is_reached, -each.radius))


def _beside(paper: Paper, mark: Mark, name: str) -> tuple[Box, bool]:
    """Where a name would stand: right of its dot, left of it near the edge of the sheet."""
    long, away = LETTER * len(name), mark.radius + 3
    is_left = mark.x + away + long > paper.width
    left = mark.x - away - long if is_left else mark.x + away
    return (left, mark.y - LINE / 2, left + long, mark.y + LINE / 2), is_left


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
