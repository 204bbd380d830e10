"""Which figure a tile shows, what it is compared with, and how it is going: decided without I/O."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from portal.i18n.language import Language, Message
from portal.indicators.periods import (
    MONTHS,
    Frequency,
    Period,
    period_of,
    periods_within,
    read_period,
)
from portal.indicators.rules import Figure, Rules, over_periods, value_of

Trend = Literal["up", "down", "same"]

GROUPS = ("network", "help", "campaigns", "trainings", "reporting", "published", "other")

_CODES = {
    "network": (
        "members",
        "regions_with_member",
        "practitioners_listed",
        "psychologists_listed",
        "lawyers_listed",
        "confirmed_90_days",
        "reach_psychologist",
        "reach_lawyer",
    ),
    "help": (
        "requests_48_hours",
        "days_to_visit",
        "consultations",
        "assisted",
        "assisted_by_form",
        "prevented",
        "in_reintegration",
        "exploited_again",
        "days_to_help",
        "hotline_calls",
    ),
    "campaigns": (
        "campaign_activities",
        "campaign_participants",
        "materials_shared",
        "materials_adapted",
        "materials_downloaded",
        "leaflets",
    ),
    "trainings": ("trainings", "people_trained", "trainings_useful"),
    "reporting": ("reports_on_time",),
}

GROUP_NAMES = {
    "network": Message("What the network is"),
    "help": Message("Help given"),
    "campaigns": Message("Campaigns and materials"),
    "trainings": Message("Trainings"),
    "reporting": Message("Reporting"),
    "published": Message("As published elsewhere"),
    "other": Message("Further indicators"),
}

_GROUP_OF = {code: group for group, codes in _CODES.items() for code in codes}

# how far back is read: for the small line, and for the same periods of the year before
BACK: dict[Frequency, int] = {"month": 24, "quarter": 12, "year": 30}

MOST_IN_A_LINE = 12

# the box of the small line, in pixels, and the room that its stroke needs
WIDTH, HEIGHT, EDGE = 120, 28, 3

Known = Mapping[str, Figure]


class Shown(msgspec.Struct, frozen=True):
    """A figure, the period it is of, and which shorter periods it was made of, if any."""

    period: Period
    figure: Figure
    rests_on: tuple[Period, ...] = ()


def group_of(code: str, source: str) -> str:
    """Under which heading an indicator stands; what a network has defined itself comes last."""
    return "published" if source == "quoted" else _GROUP_OF.get(code, "other")


@lru_cache(maxsize=64)
def periods_back(view: Period, frequency: Frequency) -> tuple[Period, ...]:
    """The periods that a tile needs, oldest first, the newest being that of the view's end."""
    found = [period_of(view.last, frequency)]
    while len(found) < BACK[frequency]:
        found.append(found[-1].before)
    return tuple(found[::-1])


def shown(rules: Rules, frequency: Frequency, view: Period, known: Known) -> Shown:
    """The figure for a quarter or a year.

    What is counted more often is put together by the period rule of its definition, and the figure
    says of which periods; of what is counted yearly it is the newest year that is known.
    """
    if MONTHS[frequency] < MONTHS[view.frequency]:
        there = [each for each in _parts(view, frequency) if each.code in known]
        return _together(rules, view, there, known)
    if frequency != "year":
        return Shown(view, known.get(view.code, Figure()))
    years = periods_back(view, frequency)[::-1]
    newest = next((each for each in years if _is_known(known, each)), years[0])
    return Shown(newest, known.get(newest.code, Figure()))


def compared(
    rules: Rules, frequency: Frequency, now: Shown, earlier: Period, known: Known
) -> Shown | None:
    """The same for an earlier period, of the same of its parts; None unless all of them are known.

    The first two quarters of a year are compared with the first two of another.
    """
    if not now.rests_on:
        is_there = _is_known(known, earlier)
        return Shown(earlier, known[earlier.code]) if is_there else None
    parts = _parts(earlier, frequency)
    same = [parts[_parts(now.period, frequency).index(each)] for each in now.rests_on]
    return _together(rules, earlier, same, known) if _all_known(known, same) else None


def is_measured(rules: Rules, frequency: Frequency, now: Period) -> bool:
    """Whether a target of the indicator's own period can be held against a figure of this one.

    A target for a quarter says nothing of what is added up over a year.
    """
    is_longer = MONTHS[frequency] < MONTHS[now.frequency]
    return not (is_longer and rules.period_rule == "sum" and not rules.has_denominator)


def trend(before: float | None, now: float | None) -> Trend | None:
    """Whether a figure rose, as it is written: to one place after the point."""
    if before is None or now is None:
        return None
    was, is_now = round(before, 1), round(now, 1)
    if was == is_now:
        return "same"
    return "up" if is_now > was else "down"


def is_better(rules: Rules, way: Trend | None, *figures: Figure) -> bool | None:
    """Whether that is what a target asks for; None when nothing can be said of it.

    Two figures of which one rests on fewer reports may differ for that alone.
    """
    if way in (None, "same") or rules.direction == "maintain":
        return None
    if any(each.is_partial for each in figures):
        return None
    return way == rules.direction


def line_of(rules: Rules, frequency: Frequency, view: Period, known: Known) -> list[float | None]:
    """The values of up to twelve periods until the view's end, oldest first; gaps are None."""
    back = periods_back(view, frequency)
    values = [value_of(rules.kind, known.get(each.code, Figure())) for each in back]
    while values and values[0] is None:
        values = values[1:]
    while values and values[-1] is None:
        values = values[:-1]
    return values[-MOST_IN_A_LINE:]


def sparkline(values: Sequence[float | None]) -> str:
    """The way of a small line as an SVG path: up is more, a gap is a gap, one alone is a dot."""
    numbers = [each for each in values if each is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    steps = []
    was_known = False
    for place, value in enumerate(values):
        if value is not None:
            share = (value - low) / (high - low) if high > low else 0.5
            x, y = round(EDGE + place * step), round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE))
            steps.append(f"{'L' if was_known else 'M'}{x} {y}{'' if was_known else 'h0'}")
        was_known = value is not None
    return "".join(steps)


def parts_words(periods: Iterable[str], language: Language) -> str:
    """The quarters or months that a figure rests on, their year left out."""
    read = [read_period(each) for each in periods]
    if all(each.frequency == "month" for each in read):
        return language.list([language.month(each.number) for each in read])
    numbers = language.list([str(each.number) for each in read])
    if len(read) == 1:
        return language.gettext("quarter %(list)s", list=numbers)
    return language.gettext("quarters %(list)s", list=numbers)


def written(value: float | None, unit: str, language: Language) -> str:
    """A value to one place after the point, a percent with its sign, a dash for what is unknown."""
    if value is None:
        return "–"
    number = language.number(round(value, 1))
    return f"{number} %" if unit == "percent" else number


def _parts(view: Period, frequency: Frequency) -> list[Period]:
    return periods_within(view.first, view.last, frequency)


def _together(rules: Rules, view: Period, parts: Sequence[Period], known: Known) -> Shown:
    figure = over_periods(rules, [known[each.code] for each in parts])
    there = [each for each in parts if _is_known(known, each)]
    return Shown(view, figure, tuple(there[-1:] if rules.period_rule == "last" else there))


def _is_known(known: Known, period: Period) -> bool:
    return period.code in known and known[period.code].numerator is not None


def _all_known(known: Known, periods: Sequence[Period]) -> bool:
    return bool(periods) and all(_is_known(known, each) for each in periods)
