"""The two pictures of a campaign, drawn on the server: a map of its activities, bars by kind.

Both stand beside a list of the same numbers, and show only what the asker may see.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
from jinja2 import Environment

from portal.campaigns.queries import Activity
from portal.charts import Bar, Group, bar_chart
from portal.i18n.language import Language
from portal.places.drawing import Dot, Paper, sheet_over
from portal.places.queries import Place
from portal.vocabularies.terms import Terms

# narrow enough for a small phone, where letters must not shrink with the picture
WIDTH, HEIGHT = 340, 280

# about how wide and high a letter of a name on the map is, in pixels
LETTER, LINE = 7.6, 15


# left, top, right, bottom in pixels
Box = tuple[float, float, float, float]


class Label(msgspec.Struct, frozen=True):
    """A name on the map, beside its dot."""

    x: float
    y: float
    anchor: str
    text: str
    is_strong: bool


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
    dots = [sheet.dot(place, dict(numbers)) for place in settlements]
    return templates.get_template("campaign_map.svg").render(
        language=language,
        title=title,
        sheet=sheet,
        dots=dots,
        labels=_labels(sheet, dots),
    )


def draw_kinds(language: Language, terms: Terms, activities: Sequence[Activity]) -> dict[str, Any]:
    """The chart of how many activities of each kind there were, the most frequent on top."""
    counted = count_kinds(activities)
    most = max((number for _, number in counted), default=1)
    groups = [
        Group(
            terms.name("activity_kinds", code, language.code),
            [Bar(100 * number / most, language.number(number))],
        )
        for code, number in counted
    ]
    return bar_chart(groups, language.gettext("Activities by kind"))


def count_kinds(activities: Sequence[Activity]) -> list[tuple[str, int]]:
    """How many activities of each kind, the most frequent first."""
    numbers = Counter(each.kind for each in activities)
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def _labels(sheet: Paper, dots: Sequence[Dot]) -> list[Label]:
    """The names that find room: first where most was held, then of large towns; none on another."""
    taken = [_box(dot.x - 10, dot.y - 10, 20, 20) for dot in dots if dot.number]
    labels = []
    for dot in sorted(dots, key=lambda each: (-each.number, each.name)):
        if not (dot.number or dot.is_large):
            continue
        for label, box in _places_beside(dot):
            if _fits(box, sheet) and not any(_overlap(box, other) for other in taken):
                labels.append(label)
                taken.append(box)
                break
    return labels


def _places_beside(dot: Dot) -> list[tuple[Label, Box]]:
    wide, away = len(dot.name) * LETTER, 13 if dot.number else 7
    strong = dot.number > 0
    right, left, middle = round(dot.x + away, 1), round(dot.x - away, 1), round(dot.y + 4, 1)
    above, below = round(dot.y - away, 1), round(dot.y + away + 9, 1)
    half = wide / 2
    return [
        (Label(right, middle, "start", dot.name, strong), _box(right, middle - 11, wide, LINE)),
        (Label(left, middle, "end", dot.name, strong), _box(left - wide, middle - 11, wide, LINE)),
        (
            Label(dot.x, above, "middle", dot.name, strong),
            _box(dot.x - half, above - 11, wide, LINE),
        ),
        (
            Label(dot.x, below, "middle", dot.name, strong),
            _box(dot.x - half, below - 11, wide, LINE),
        ),
    ]


def _box(left: float, top: float, width: float, height: float) -> Box:
    return left, top, left + width, top + height


def _fits(box: Box, sheet: Paper) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= sheet.width and box[3] <= sheet.height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
