"""How results become figures: over parts, over places, over periods, each by a rule of its own.

A result of one organisation for one region and one period is a line of cells: the whole, and its
parts by sex, age group, form of exploitation. Three rules, which an indicator's definition names,
make one figure of many lines, in this order:

* `total_rule` over the parts of a line: `sum`, or `unique` (one person may be in several parts: the
  whole is entered separately), or `none` (there is no whole);
* `place_rule` over organisations and regions within a period: `sum`, `mean` or `none`;
* `period_rule` over the periods of a longer one: `sum`, `last`, `mean` or `none`.

A ratio is never averaged: numerators and denominators are carried through the rules apart and
divided at the very end. What nobody reported is unknown, not zero, and the figure says how many of
those who were expected have reported.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Kind = Literal["count", "ratio", "percent", "median"]
Direction = Literal["up", "down", "maintain"]
TotalRule = Literal["sum", "unique", "none"]
PlaceRule = Literal["sum", "mean", "none"]
PeriodRule = Literal["sum", "last", "mean", "none"]
State = Literal["value", "zero", "no_activity", "not_reported", "not_applicable"]

# the states that say a number; of the other two nothing is known, or nothing is expected
KNOWN: dict[State, bool] = {
    "value": True,
    "zero": True,
    "no_activity": True,
    "not_reported": False,
    "not_applicable": False,
}


class Rules(msgspec.Struct, frozen=True):
    """By which rules an indicator is counted; those of one version of its definition."""

    kind: Kind
    total_rule: TotalRule = "sum"
    place_rule: PlaceRule = "sum"
    period_rule: PeriodRule = "sum"
    direction: Direction = "up"

    @property
    def has_denominator(self) -> bool:
        """Whether a result has two parts."""
        return self.kind in ("ratio", "percent")


class Cell(msgspec.Struct, frozen=True):
    """One number of a line: of the whole (no `part`), or of one part of it.

    `numerator` is the value of a count or a median.
    """

    state: State = "value"
    numerator: float | None = None
    denominator: float | None = None
    part: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether this is the whole and no part of it."""
        return not self.part


class Figure(msgspec.Struct, frozen=True):
    """What is known: the number, and how many of the expected lines it rests on."""

    numerator: float | None = None
    denominator: float | None = None
    reported: int = 0
    expected: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether somebody who was expected has not reported."""
        return self.reported < self.expected


UNKNOWN = Figure(expected=1)
NOT_EXPECTED = Figure()


def value_of(kind: Kind, figure: Figure) -> float | None:
    """The number that is shown: of a percent from 0 to 100; None where nothing is known."""
    if figure.numerator is None:
        return None
    if kind not in ("ratio", "percent"):
        return figure.numerator
    if not figure.denominator:
        return None
    share = figure.numerator / figure.denominator
    return share * 100 if kind == "percent" else share


def of_line(rules: Rules, cells: Sequence[Cell]) -> Figure:
    """The figure of one line: an organisation's cells for one region and one period.

    One cell alone may stand for the whole line by its state: nothing done, not reported, does not
    apply. A part that is not reported leaves the whole unknown, unless the whole was entered.
    """
    applicable = [each for each in cells if each.state != "not_applicable"]
    if cells and not applicable:
        return NOT_EXPECTED
    wholes = [each for each in applicable if each.is_whole]
    parts = [each for each in applicable if not each.is_whole]
    if rules.total_rule == "none" or (rules.total_rule == "unique" and not wholes):
        return UNKNOWN
    counted = parts if rules.total_rule == "sum" and parts else wholes
    if not counted or not all(KNOWN[each.state] for each in counted):
        # parts that lack one another still leave what was entered as the whole
        counted = [each for each in wholes if KNOWN[each.state]]
    if not counted:
        return UNKNOWN
    return _summed(rules, [_figure(rules, each) for each in counted], reported=1, expected=1)


def over_places(rules: Rules, figures: Iterable[Figure]) -> Figure:
    """One figure of many lines of the same period.

    Lines that are not expected are left out. With `none` there is a figure only where there is one
    line. `mean` is that of the lines that are known.
    """
    lines = [each for each in figures if each.expected]
    known = [each for each in lines if each.numerator is not None]
    reported, expected = sum(e.reported for e in lines), sum(e.expected for e in lines)
    if not known or (rules.place_rule == "none" and len(lines) > 1):
        return Figure(reported=reported, expected=expected)
    if rules.place_rule == "mean":
        return _mean(known, reported, expected)
    return _summed(rules, known, reported, expected)


def over_periods(rules: Rules, figures: Sequence[Figure]) -> Figure:
    """One figure of several periods, oldest first.

    `last` is the newest that is known; when that is not the last one of all, the figure is partial.
    With `none` there is a figure only where there is one period.
    """
    periods = [each for each in figures if each.expected]
    known = [each for each in periods if each.numerator is not None]
    reported, expected = sum(e.reported for e in periods), sum(e.expected for e in periods)
    if not known or (rules.period_rule == "none" and len(periods) > 1):
        return Figure(reported=reported, expected=expected)
    if rules.period_rule == "last":
        last = known[-1]
        return last if last is periods[-1] else _partial(last)
    if rules.period_rule == "mean":
        return _mean(known, reported, expected)
    return _summed(rules, known, reported, expected)


def progress(
    direction: Direction, baseline: float | None, target: float | None, value: float | None
) -> float | None:
    """How much of the way from the baseline to the target is gone: 0 to 1; None when unknown.

    The same sum serves an indicator that should fall: its target lies below its baseline. One that
    should stay is as far off as it differs from its target.
    """
    if target is None or value is None:
        return None
    if direction == "maintain":
        away = abs(value - target) / abs(target) if target else float(value != target)
        return max(0.0, 1.0 - away)
    if has_reached(direction, target, value):
        return 1.0
    start = baseline if baseline is not None else (0.0 if direction == "up" else None)
    if start is None or start == target:
        return 0.0 if start is not None else None
    return min(max((value - start) / (target - start), 0.0), 1.0)


def has_reached(direction: Direction, target: float, value: float) -> bool:
    """Whether a target is reached."""
    if direction == "up":
        return value >= target
    return value <= target if direction == "down" else value == target


def _figure(rules: Rules, cell: Cell) -> Figure:
    is_nothing = cell.state in ("zero", "no_activity")
    numerator = 0.0 if is_nothing else cell.numerator
    denominator = (cell.denominator or 0.0) if rules.has_denominator else None
    return Figure(numerator, denominator, 1, 1)


def _summed(rules: Rules, known: Sequence[Figure], reported: int, expected: int) -> Figure:
    numerator = sum(each.numerator or 0.0 for each in known)
    denominator = sum(each.denominator or 0.0 for each in known) if rules.has_denominator else None
    return Figure(numerator, denominator, reported, expected)


def _mean(known: Sequence[Figure], reported: int, expected: int) -> Figure:
    numerator = sum(each.numerator or 0.0 for each in known) / len(known)
    denominators = [each.denominator for each in known if each.denominator is not None]
    denominator = sum(denominators) / len(known) if denominators else None
    return Figure(numerator, denominator, reported, expected)


def _partial(figure: Figure) -> Figure:
    return msgspec.structs.replace(figure, expected=max(figure.expected, figure.reported + 1))
