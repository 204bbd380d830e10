"""Charts drawn on the server: a Vega-Lite specification becomes an SVG image.

They are served as images beside a table of the same numbers; a browser runs nothing for them. What
draws is a large program of its own: it runs in a process that ends, so that no worker keeps it.
"""

import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from textwrap import wrap
from threading import BoundedSemaphore, Lock
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from portal.errors import Unavailable

_DRAWER = """
import sys
import vl_convert
spec = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode())
"""


# the large program runs once at a time: readers of pages must not wait behind readers of pictures
MOST_WAITING, MOST_KEPT = 8, 256
_drawing = Lock()
_places = BoundedSemaphore(MOST_WAITING)
_kept: OrderedDict[bytes, str] = OrderedDict()


def draw_chart(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification; what was drawn lately is not drawn again.

    Raises Unavailable while more than `MOST_WAITING` wait for a picture.
    """
    key = msgspec.json.encode(spec)
    if kept := _kept.get(key):
        return kept
    if not _places.acquire(blocking=False):
        raise Unavailable
    try:
        with _drawing:
            _kept[key] = _kept.get(key) or _drawn(key)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
            return _kept[key]
    finally:
        _places.release()


def titled(svg: str, title: str, description: str) -> str:
    """The picture with its name and what it shows, for whoever meets it away from its page."""
    head, end, rest = svg.partition(">")
    # security: a title is what people wrote
    return f"{head}{end}<title>{escape(title)}</title><desc>{escape(description)}</desc>{rest}"


def _drawn(spec: bytes) -> str:
    drawer = [sys.executable, "-I", "-c", _DRAWER]
    drawn = subprocess.run(  # noqa: S603  our own program; the specification is its input
        drawer, input=spec, capture_output=True, timeout=30, check=True, env={}
    )
    return drawn.stdout.decode()


class Bar(msgspec.Struct, frozen=True):
    """One bar: its share in percent of the whole, and what is written at its end."""

    percent: float
    said: str
    is_first: bool = False


class Group(msgspec.Struct, frozen=True):
    """What a bar, or several beside each other, are about; without bars it heads what follows."""

    label: str
    bars: list[Bar]


# in pixels; narrow enough for a small phone, where letters must not shrink with the picture
WIDTH, LONGEST_BAR, LETTERS_A_LINE = 284, 220, 34
LINE, BAR, GAP, PADDING = 18, 20, 12, 8

_PLACED: dict[str, Any] = {"type": "quantitative", "scale": None, "axis": None}


def bar_chart(groups: Sequence[Group], about: str) -> dict[str, Any]:
    """The specification of bars under their labels, each with its number, 0 to 100 percent.

    Every line is placed here, in pixels: labels in four languages are longer than any axis.
    """
    lines: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    y = 2
    for group in groups:
        y += GAP // 2 if not group.bars else 0
        for text in wrap(group.label, LETTERS_A_LINE) or [""]:
            row = {"x": 0, "y": y + LINE // 2, "text": text, "heads": not group.bars}
            lines.append(row)
            y += LINE
        for bar in group.bars:
            long = round(LONGEST_BAR * min(max(bar.percent, 0), 100) / 100, 1)
            bars.append({"x": 0, "x2": long, "y": y + 2, "y2": y + BAR - 2, "first": bar.is_first})
            row = {"x": long + 6, "y": y + BAR // 2, "text": bar.said, "heads": False}
            lines.append(row)
            y += BAR
        y += GAP if group.bars else GAP // 2
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": about,
        "width": WIDTH,
        "height": y,
        "padding": PADDING,
        "background": "#ffffff",
        "config": {"font": "system-ui, sans-serif", "view": {"stroke": None}},
        "layer": [_bars(bars), _texts(lines)],
    }


def _bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    shade = {"condition": {"test": "datum.first", "value": "#9db8b6"}, "value": "#0b5d5e"}
    return {
        "data": {"values": rows},
        "mark": {"type": "rect", "aria": False},
        "encoding": {
            "x": {"field": "x", **_PLACED},
            "x2": {"field": "x2"},
            "y": {"field": "y", **_PLACED},
            "y2": {"field": "y2"},
            "color": shade,
        },
    }


def _texts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    mark = {"type": "text", "aria": False, "align": "left", "baseline": "middle"}
    return {
        "layer": [
            {
                "data": {"values": [row for row in rows if row["heads"] == heads]},
                "mark": {**mark, "color": "#1e2a30", "fontSize": 14, "fontWeight": weight},
                "encoding": {
                    "x": {"field": "x", **_PLACED},
                    "y": {"field": "y", **_PLACED},
                    "text": {"field": "text", "type": "nominal"},
                },
            }
            for heads, weight in ((True, "bold"), (False, "normal"))
        ]
    }


def size_of(spec: dict[str, Any]) -> tuple[int, int]:
    """Width and height of the picture in pixels, so that its place is kept while it loads."""
    return spec["width"] + 2 * PADDING, spec["height"] + 2 * PADDING
