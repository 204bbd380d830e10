"""The rules of aggregation against an oracle that sums fractions cell by cell."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.indicators.checks import problems
from portal.indicators.rules import (
    KNOWN,
    Cell,
    Figure,
    Rules,
    of_line,
    over_periods,
    over_places,
    progress,
    value_of,
)

PARTS = [("female",), ("male",), ("unknown",)]
WHOLE: tuple[str, ...] = ()

RULES = [
    Rules(kind, total, place, period)
    for kind, total, place, period in product(
        ("count", "ratio", "percent"),
        ("sum", "unique", "none"),
        ("sum", "mean", "none"),
        ("sum", "last", "mean", "none"),
    )
]

NUMBERS = st.integers(0, 40)
STATES = st.sampled_from([*["value"] * 6, *KNOWN])


@st.composite
def a_cell(draw: st.DrawFn, part: tuple[str, ...]) -> Cell:
    state = draw(STATES)
    if state != "value":
        return Cell(state, part=part)
    return Cell("value", float(draw(NUMBERS)), float(draw(NUMBERS)), part)


@st.composite
def a_line(draw: st.DrawFn) -> list[Cell]:
    chosen = draw(st.sets(st.sampled_from([WHOLE, *PARTS])))
    return [draw(a_cell(part)) for part in sorted(chosen)]


# lines[period][place]
WORLDS = st.lists(st.lists(a_line(), max_size=4), min_size=1, max_size=4)


def oracle(rules: Rules, world: list[list[list[Cell]]]) -> tuple[Any, Any]:
    """Numerator and denominator of everything, by the plainest reading of the three rules."""
    months = []
    for places in world:
        lines = [line for line in places if not _is_out(line)]
        if lines:
            months.append([_line(rules, line) for line in lines])
    values = [_combine(rules.place_rule, lines) for lines in months]
    return _combine(rules.period_rule, values)


def _is_out(line: list[Cell]) -> bool:
    return bool(line) and all(cell.state == "not_applicable" for cell in line)


def _line(rules: Rules, line: list[Cell]) -> Any:
    cells = {cell.part: cell for cell in line if cell.state != "not_applicable"}
    whole = cells.get(WHOLE)
    parts = [cell for part, cell in cells.items() if part]
    if rules.total_rule == "none":
        return None
    if rules.total_rule == "sum" and parts and all(KNOWN[cell.state] for cell in parts):
        pairs = [_pair(cell) for cell in parts]
        return sum(n for n, _ in pairs), sum(d for _, d in pairs)
    if whole is not None and KNOWN[whole.state]:
        return _pair(whole)
    return None


def _pair(cell: Cell) -> tuple[Fraction, Fraction]:
    if cell.state != "value":
        return Fraction(0), Fraction(0)
    return Fraction(int(cell.numerator or 0)), Fraction(int(cell.denominator or 0))


def _combine(rule: str, pairs: list[Any]) -> Any:
    known = [pair for pair in pairs if pair is not None]
    if not known or (rule == "none" and len(pairs) > 1):
        return None
    if rule == "last":
        return known[-1]
    by = len(known) if rule == "mean" else 1
    return sum(n for n, _ in known) / by, sum(d for _, d in known) / by


def counted(rules: Rules, world: list[list[list[Cell]]]) -> Figure:
    return over_periods(
        rules, [over_places(rules, [of_line(rules, line) for line in places]) for places in world]
    )


@pytest.mark.parametrize(
    "rules", RULES, ids=lambda r: f"{r.kind}-{r.total_rule}-{r.place_rule}-{r.period_rule}"
)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(world=WORLDS)
def test_every_combination_of_rules_agrees_with_the_oracle(
    rules: Rules, world: list[list[list[Cell]]]
) -> None:
    figure, truth = counted(rules, world), oracle(rules, world)
    if truth is None:
        assert figure.numerator is None
        assert value_of(rules.kind, figure) is None
        return
    numerator, denominator = truth
    assert figure.numerator == pytest.approx(float(numerator))
    if rules.has_denominator:
        assert figure.denominator == pytest.approx(float(denominator))
        expected = float(numerator / denominator) if denominator else None
        scale = 100 if rules.kind == "percent" else 1
        shown = value_of(rules.kind, figure)
        assert shown == (None if expected is None else pytest.approx(expected * scale))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(world=WORLDS)
def test_what_nobody_reported_is_missing_and_never_zero(world: list[list[list[Cell]]]) -> None:
    figure = counted(Rules("count"), world)
    lines = [line for places in world for line in places if not _is_out(line)]
    known = [line for line in lines if _line(Rules("count"), line) is not None]
    assert (figure.reported, figure.expected) == (len(known), len(lines))
    assert (figure.numerator is None) == (not known)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(world=WORLDS)
def test_sums_do_not_depend_on_the_order_of_places(world: list[list[list[Cell]]]) -> None:
    turned = [list(reversed(places)) for places in world]
    rules = Rules("percent")
    assert counted(rules, world) == counted(rules, turned)


def test_a_ratio_is_never_averaged() -> None:
    small, large = Cell("value", 1, 1), Cell("value", 1, 99)
    rules = Rules("percent")
    figure = over_places(rules, [of_line(rules, [small]), of_line(rules, [large])])
    assert value_of("percent", figure) == 2.0


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "gone"),
    [
        ("up", 10, 20, 15, 0.5),
        ("up", 10, 20, 5, 0.0),
        ("up", 10, 20, 25, 1.0),
        ("down", 40, 10, 25, 0.5),
        ("down", 40, 10, 10, 1.0),
        ("down", 40, 10, 4, 1.0),
        ("down", 40, 10, 50, 0.0),
        ("down", None, 10, 50, None),
        ("down", None, 10, 9, 1.0),
        ("maintain", None, 80, 80, 1.0),
        ("maintain", None, 80, 60, 0.75),
        ("up", None, 20, 5, 0.25),
        ("up", 20, 20, 5, 0.0),
        ("up", 10, None, 5, None),
        ("up", 10, 20, None, None),
    ],
)
def test_progress_goes_from_the_baseline_to_the_target(
    direction: Any, baseline: Any, target: Any, value: Any, gone: Any
) -> None:
    assert progress(direction, baseline, target, value) == gone


@pytest.mark.parametrize(
    ("rules", "cells", "wrong"),
    [
        (Rules("count"), [Cell("value", -1)], {(): "zero or more"}),
        (Rules("count"), [Cell("value", 1.5)], {(): "whole numbers"}),
        (Rules("count"), [Cell("value")], {(): "Write a number"}),
        (Rules("count"), [Cell("no_activity", 4)], {(): "not both"}),
        (Rules("count"), [Cell("zero", 0)], {}),
        (Rules("percent"), [Cell("value", 5, 4)], {(): "over 100 %"}),
        (Rules("percent"), [Cell("value", 5)], {(): "of how many"}),
        (Rules("ratio"), [Cell("value", 5, 4)], {}),
        (
            Rules("count"),
            [Cell("value", 5), Cell("value", 3, part=PARTS[0]), Cell("value", 3, part=PARTS[1])],
            {(): "The parts make"},
        ),
        (
            Rules("count"),
            [Cell("value", 5), Cell("value", 6, part=PARTS[0])],
            {PARTS[0]: "larger than the whole"},
        ),
        (
            Rules("count", "unique"),
            [Cell("value", 5), Cell("value", 3, part=PARTS[0]), Cell("value", 3, part=PARTS[1])],
            {},
        ),
        (
            Rules("count", "unique"),
            [Cell("value", 9), Cell("value", 3, part=PARTS[0]), Cell("value", 3, part=PARTS[1])],
            {(): "less than the whole"},
        ),
        (Rules("count", "unique"), [Cell("value", 3, part=PARTS[0])], {(): "Write the whole"}),
        (Rules("count", "none"), [Cell("value", 3, part=PARTS[0])], {}),
    ],
)
def test_a_line_that_cannot_be_handed_in_says_which_cell(
    rules: Rules, cells: list[Cell], wrong: dict[tuple[str, ...], str]
) -> None:
    found = problems(rules, cells)
    assert set(found) == set(wrong)
    for part, words in wrong.items():
        assert words in found[part].text
