"""What differs between figures, in words."""

from collections.abc import Sequence

from portal.explaining.registry import FigureGiven
from portal.i18n.language import Message
from portal.indicators.periods import read_period
from portal.indicators.rules import Kind

MORE = Message("%(place)s: from %(before)s (%(first)s) to %(after)s (%(last)s), %(gap)s more.")
LESS = Message("%(place)s: from %(before)s (%(first)s) to %(after)s (%(last)s), %(gap)s less.")
SAME = Message("%(place)s: %(after)s in %(first)s as in %(last)s.")
POINTS = Message("%(gap)s points")
APART = Message("%(last)s: most in %(high)s (%(most)s), least in %(low)s (%(least)s).")


def ends_of(row: Sequence[FigureGiven]) -> tuple[FigureGiven, FigureGiven] | None:
    """The first and the last known figure of a place; of periods that are equally long."""
    known = [each for each in row if each.value is not None]
    for frequency in ("year", "quarter", "month"):
        alike = [each for each in known if read_period(each.period).frequency == frequency]
        if len(alike) > 1:
            return alike[0], alike[-1]
    return None


def extremes_of(rows: Sequence[Sequence[FigureGiven]]) -> tuple[FigureGiven, FigureGiven] | None:
    """Of the places of the last period the one with most and the one with least.

    None where fewer than two are known, where they are equal, or where one place lies in another.
    """
    last = [row[-1] for row in rows if row and row[-1].value is not None]
    regions = [each for each in last if len(each.region) > 2]
    if len(regions) < 2:
        return None
    high = max(regions, key=lambda each: each.value or 0)
    low = min(regions, key=lambda each: each.value or 0)
    return None if high.value == low.value else (high, low)


def verdict(before: float, after: float) -> Message:
    """Which sentence says how two figures differ."""
    if before == after:
        return SAME
    return MORE if after > before else LESS


def is_share(kind: Kind) -> bool:
    """Whether differences are said in points."""
    return kind == "percent"
