"""The two pictures of a campaign, drawn on the server: a map of its activities, bars by kind.

Both stand beside a list of the same numbers, and show only what the asker may see.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment

from portal.campaigns.queries import Activity
from portal.charts import draw_chart
from portal.i18n.language import Language
from portal.places.drawing import sheet_over
from portal.places.queries import Place
from portal.vocabularies.terms import Terms

WIDTH, HEIGHT = 640, 400
BAR, BAR_ROOM = 22, 420

# the light paper of every picture of ours: it reads on dark pages too
PAPER, INK, SOFT, WAY = "#f4f1e8", "#1e2a30", "#5c5848", "#0b5d5e"
FONT = "sans-serif"


def draw_map(
    templates: Environment,
    language: Language,
    title: str,
    settlements: Sequence[Place],
    activities: Sequence[Activity],
) -> str:
    """The SVG of the regions' settlements as dots, larger where activities were held."""
    numbers = Counter(each.place_id for each in activities if each.place_id)
    sheet = sheet_over(settlements, WIDTH, HEIGHT)
    return templates.get_template("campaign_map.svg").render(
        language=language,
        title=title,
        sheet=sheet,
        dots=[sheet.dot(place, dict(numbers)) for place in settlements],
    )


def draw_kinds(language: Language, terms: Terms, activities: Sequence[Activity]) -> str:
    """The SVG of how many activities of each kind there were, the most frequent on top."""
    rows = [
        {"kind": terms.name("activity_kinds", code, language.code), "n": number}
        for code, number in count_kinds(activities)
    ]
    labels = {"field": "n", "type": "quantitative"}
    return draw_chart(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "background": PAPER,
            "padding": 12,
            "width": BAR_ROOM,
            "height": {"step": BAR + 8},
            "data": {"values": rows},
            "encoding": {
                "y": {"field": "kind", "type": "nominal", "sort": None, "axis": _AXIS},
                "x": {**labels, "axis": None},
            },
            "layer": [
                {"mark": {"type": "bar", "color": WAY, "height": BAR}},
                {
                    "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                    "encoding": {"text": labels},
                },
            ],
            "config": {"font": FONT, "text": {"fontSize": 13}, "view": {"stroke": None}},
        }
    )


def count_kinds(activities: Sequence[Activity]) -> list[tuple[str, int]]:
    """How many activities of each kind, the most frequent first."""
    numbers = Counter(each.kind for each in activities)
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


_AXIS: dict[str, Any] = {
    "title": None,
    "domain": False,
    "ticks": False,
    "labelPadding": 8,
    "labelLimit": 240,
    "labelFontSize": 13,
    "labelColor": INK,
}
