"""Lines over time: the specification of a chart that is read in black and white.

As for bars, every line is placed here, in pixels: what is known is a line with dots, a hollow dot
is a figure for which somebody has not reported, what should be reached is dashed, what it began
with is dotted, and an upright line is where the definition changed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil, floor, log10
from textwrap import wrap
from typing import Any

import msgspec

from portal.charts import LETTERS_A_LINE, LINE, PADDING, WIDTH

INK, SOFT, GRID = "#1e2a30", "#566168", "#d8d4c8"
HEIGHT, TOP, LEFT, RIGHT = 150, 22, 52, 12
SAMPLE, NEAREST_YEARS = 30, 36
SMALLEST = 1e-4

DASHES: dict[str, list[int]] = {
    "value": [],
    "target": [7, 4],
    "baseline": [2, 3],
    "version": [8, 3, 2, 3],
    "grid": [],
}


class Point(msgspec.Struct, frozen=True):
    """One period: what is known of it, and what is wanted; `begins` names a new definition."""

    year: str
    value: float | None
    said: str = ""
    is_partial: bool = False
    target: float | None = None
    baseline: float | None = None
    begins: str = ""


class Named(msgspec.Struct, frozen=True):
    """What the lines mean, in the reader's words."""

    value: str
    partial: str
    target: str
    baseline: str
    version: str


class _Rule(msgspec.Struct, frozen=True):
    kind: str
    x: float
    y: float
    x2: float
    y2: float


class _Text(msgspec.Struct, frozen=True):
    x: float
    y: float
    text: str
    align: str = "left"
    size: int = 14


class _Dot(msgspec.Struct, frozen=True):
    x: float
    y: float
    hollow: bool


class _Plot:
    """Where things are on the paper."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        wanted = [(p.value, p.target, p.baseline) for p in points]
        highest = max((n for each in wanted for n in each if n is not None), default=0.0)
        self.ticks = ticks_to(highest)
        self.step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)

    def x(self, place: float) -> float:
        """The middle of a period's strip; half a place less is its left edge."""
        return round(LEFT + (place + 0.5) * self.step, 1)

    def y(self, value: float) -> float:
        """How high a value is."""
        return round(TOP + HEIGHT * (1 - value / self.ticks[-1]), 1)


def ticks_to(highest: float) -> list[float]:
    """Round numbers from zero to at least the highest, four or five of them."""
    if highest < SMALLEST:
        return [0.0, 1.0]
    power = 10.0 ** floor(log10(highest / 4))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each * 4 >= highest)
    return [round(step * number, 6) for number in range(ceil(round(highest / step, 6)) + 1)]


def line_chart(
    points: Sequence[Point], named: Named, about: str, written: Callable[[float], str]
) -> dict[str, Any]:
    """The specification of figures over time, oldest first; `written` writes the scale."""
    plot = _Plot(points)
    rules = [*_grid(plot), *_wanted(plot), *_versions(plot), *_values(plot)]
    texts = [*_scale(plot, written), *_years(plot), *_newest(plot), *_begins(plot)]
    dots = [
        _Dot(plot.x(place), plot.y(each.value), each.is_partial)
        for place, each in enumerate(points)
        if each.value is not None
    ]
    y = TOP + HEIGHT + 2 * LINE
    for kind, words in _legend(points, named):
        middle = y + LINE / 2
        if kind in DASHES:
            rules.append(_Rule(kind, 0, middle, SAMPLE - 8, middle))
        if kind in ("value", "partial"):
            dots.append(_Dot((SAMPLE - 8) / 2, middle, kind == "partial"))
        for text in wrap(words, LETTERS_A_LINE - 7):
            texts.append(_Text(SAMPLE, y + LINE / 2, text))
            y += LINE
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": about,
        "width": WIDTH,
        "height": y,
        "padding": PADDING,
        "background": "#ffffff",
        "config": {"font": "system-ui, sans-serif", "view": {"stroke": None}},
        "layer": [*_rule_layers(rules), *_dot_layers(dots), *_text_layers(texts)],
    }


def _legend(points: Sequence[Point], named: Named) -> Iterator[tuple[str, str]]:
    """What the picture holds, and nothing else."""
    yield "value", named.value
    if any(each.is_partial and each.value is not None for each in points):
        yield "partial", named.partial
    if any(each.target is not None for each in points):
        yield "target", named.target
    if any(each.baseline is not None for each in points):
        yield "baseline", named.baseline
    if any(each.begins for each in points):
        yield "version", named.version


def _grid(plot: _Plot) -> Iterator[_Rule]:
    for tick in plot.ticks:
        yield _Rule("grid", LEFT, plot.y(tick), WIDTH - RIGHT, plot.y(tick))


def _scale(plot: _Plot, written: Callable[[float], str]) -> Iterator[_Text]:
    for tick in plot.ticks:
        yield _Text(LEFT - 6, plot.y(tick), written(tick), "right", 13)


def _values(plot: _Plot) -> Iterator[_Rule]:
    """The line breaks where nothing is known."""
    for place, (one, other) in enumerate(pairwise(plot.points)):
        if one.value is not None and other.value is not None:
            ends = (plot.x(place), plot.y(one.value), plot.x(place + 1), plot.y(other.value))
            yield _Rule("value", *ends)


def _wanted(plot: _Plot) -> Iterator[_Rule]:
    """A target and a baseline lie level over all periods for which they are the same."""
    for kind in ("target", "baseline"):
        place = 0
        for level, group in groupby(plot.points, key=lambda each, kind=kind: getattr(each, kind)):  # type: ignore[misc]
            long = len(list(group))
            if level is not None:
                ends = (plot.x(place - 0.5), plot.x(place + long - 0.5))
                yield _Rule(kind, ends[0], plot.y(level), ends[1], plot.y(level))
            place += long


def _versions(plot: _Plot) -> Iterator[_Rule]:
    for place, each in enumerate(plot.points):
        if each.begins:
            yield _Rule("version", plot.x(place - 0.5), TOP - 6, plot.x(place - 0.5), TOP + HEIGHT)


def _begins(plot: _Plot) -> Iterator[_Text]:
    for place, each in enumerate(plot.points):
        if each.begins:
            yield _Text(plot.x(place - 0.5), TOP - 13, each.begins, "center", 13)


def _years(plot: _Plot) -> Iterator[_Text]:
    """Each year under its first period; where there is no room for two, the later one."""
    firsts = [
        (plot.x(place), each.year)
        for place, each in enumerate(plot.points)
        if not place or each.year != plot.points[place - 1].year
    ]
    free = float(WIDTH + NEAREST_YEARS)
    for x, year in reversed(firsts):
        if free - x >= NEAREST_YEARS:
            yield _Text(x, TOP + HEIGHT + LINE, year, "center", 13)
            free = x


def _newest(plot: _Plot) -> Iterator[_Text]:
    """The newest number that is known is written beside its dot, off the lines around it."""
    known = [(place, each) for place, each in enumerate(plot.points) if each.value is not None]
    for place, each in known[-1:]:
        x, y = min(plot.x(place) + 8, WIDTH), plot.y(each.value or 0)
        levels = [plot.y(n) for n in (each.target, each.baseline) if n is not None]
        if len(known) > 1:
            # a line that comes from above leaves room below
            levels += [y - 10] if (known[-2][1].value or 0) > (each.value or 0) else []
        crossed = any(y - 24 < level < y - 4 for level in levels)
        yield _Text(x, y + 16 if crossed or y < TOP + 14 else y - 14, each.said, "right")


_PLACED: dict[str, Any] = {"type": "quantitative", "scale": None, "axis": None}


def _rule_layers(rules: Sequence[_Rule]) -> Iterator[dict[str, Any]]:
    for kind, dash in DASHES.items():
        mark = {"type": "rule", "aria": False, "strokeDash": dash}
        mark |= {
            "color": GRID if kind == "grid" else INK,
            "strokeWidth": 2 if kind != "grid" else 1,
        }
        yield {
            "data": {"values": [msgspec.to_builtins(each) for each in rules if each.kind == kind]},
            "mark": mark,
            "encoding": {
                "x": {"field": "x", **_PLACED},
                "y": {"field": "y", **_PLACED},
                "x2": {"field": "x2"},
                "y2": {"field": "y2"},
            },
        }


def _dot_layers(dots: Sequence[_Dot]) -> Iterator[dict[str, Any]]:
    for hollow in (False, True):
        mark = {"type": "point", "aria": False, "filled": True, "size": 50, "opacity": 1}
        mark |= {"fill": "#ffffff" if hollow else INK, "stroke": INK, "strokeWidth": 2}
        yield {
            "data": {"values": [{"x": d.x, "y": d.y} for d in dots if d.hollow == hollow]},
            "mark": mark,
            "encoding": {"x": {"field": "x", **_PLACED}, "y": {"field": "y", **_PLACED}},
        }


def _text_layers(texts: Sequence[_Text]) -> Iterator[dict[str, Any]]:
    for align, size in sorted({(each.align, each.size) for each in texts}):
        chosen = [each for each in texts if (each.align, each.size) == (align, size)]
        mark = {"type": "text", "aria": False, "align": align, "baseline": "middle"}
        yield {
            "data": {"values": [{"x": t.x, "y": t.y, "text": t.text} for t in chosen]},
            "mark": {**mark, "color": INK if size == 14 else SOFT, "fontSize": size},
            "encoding": {
                "x": {"field": "x", **_PLACED},
                "y": {"field": "y", **_PLACED},
                "text": {"field": "text", "type": "nominal"},
            },
        }
