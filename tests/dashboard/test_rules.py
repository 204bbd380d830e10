"""Which figure a tile shows, and what it is held against."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.dashboard.rules import (
    Shown,
    compared,
    group_of,
    is_better,
    is_measured,
    line_of,
    shown,
    sparkline,
    trend,
)
from portal.indicators.periods import Frequency, Period, read_period
from portal.indicators.rules import Figure, PeriodRule, Rules, value_of

YEAR = Period(2026, 1, "year")
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")

RULES: list[PeriodRule] = ["sum", "last", "mean", "none"]

numbers = some.none() | some.integers(0, 50)
years = some.dictionaries(some.sampled_from(QUARTERS), some.tuples(numbers, some.integers(1, 50)))


def plainly(rule: PeriodRule, known: Mapping[str, Figure]) -> tuple[float | None, list[str]]:
    """The value of a year so far and the quarters it rests on, as one would do it on paper."""
    told = [(code, known[code]) for code in QUARTERS if code in known]
    there = [(code, each.numerator, each.denominator) for code, each in told]
    have = [(code, n, d) for code, n, d in there if n is not None and d is not None]
    if not have or (rule == "none" and len(told) > 1):
        return None, [code for code, _, _ in have]
    if rule == "last":
        have = have[-1:]
    divisor = len(have) if rule == "mean" else 1
    above = sum(n for _, n, _ in have) / divisor
    below = sum(d for _, _, d in have) / divisor
    return above / below * 100, [code for code, _, _ in have]


@given(years, some.sampled_from(RULES))
def test_a_year_so_far_is_what_one_gets_on_paper(
    drawn: dict[str, tuple[int | None, int]], rule: PeriodRule
) -> None:
    known = {
        code: Figure(None if above is None else float(above), float(below), 3, 4)
        for code, (above, below) in drawn.items()
    }
    rules = Rules("percent", period_rule=rule)
    found = shown(rules, "quarter", YEAR, known)
    value, quarters = plainly(rule, known)
    assert value_of("percent", found.figure) == pytest.approx(value)
    assert [each.code for each in found.rests_on] == quarters


def test_two_quarters_are_compared_with_the_same_two() -> None:
    known = {code: Figure(n, None, 1, 1) for code, n in zip(QUARTERS[:2], (5.0, 7.0), strict=True)}
    known |= {f"2025-Q{n}": Figure(float(n), None, 1, 1) for n in (1, 2, 3, 4)}
    rules = Rules("count")
    now = shown(rules, "quarter", YEAR, known)
    before = compared(rules, "quarter", now, YEAR.before, known)
    assert now.figure.numerator == 12
    assert before is not None
    assert (before.figure.numerator, len(before.rests_on)) == (3, 2)
    del known["2025-Q1"]
    assert compared(rules, "quarter", now, YEAR.before, known) is None


def test_months_make_a_quarter_and_the_newest_year_is_taken() -> None:
    view = read_period("2026-Q2")
    months = {f"2026-{n:02}": Figure(float(n), None, 1, 1) for n in range(1, 7)}
    quarter = shown(Rules("count"), "month", view, months)
    assert quarter.figure.numerator == 4 + 5 + 6
    assert [each.code for each in quarter.rests_on] == ["2026-04", "2026-05", "2026-06"]
    before = compared(Rules("count"), "month", quarter, view.before, months)
    assert before is not None
    assert before.figure.numerator == 1 + 2 + 3
    years = {"2019": Figure(8.0, None, 1, 1), "2024": Figure(None, None, 0, 1)}
    assert shown(Rules("count"), "year", view, years).period.code == "2019"
    assert shown(Rules("count"), "year", view, {}) == Shown(read_period("2026"), Figure())


@pytest.mark.parametrize(
    ("rules", "frequency", "period", "is_held"),
    [
        (Rules("count"), "quarter", "2026-Q1", True),
        (Rules("count"), "quarter", "2026", False),
        (Rules("count"), "month", "2026-Q1", False),
        (Rules("count", period_rule="last"), "quarter", "2026", True),
        (Rules("percent"), "quarter", "2026", True),
        (Rules("count"), "year", "2026", True),
    ],
)
def test_a_target_is_held_against_its_own_kind_of_period(
    rules: Rules, frequency: Frequency, period: str, is_held: bool
) -> None:
    assert is_measured(rules, frequency, Shown(read_period(period), Figure()).period) == is_held


def test_a_fall_is_good_where_it_should_fall() -> None:
    whole, partial = Figure(3.0, None, 4, 4), Figure(3.0, None, 3, 4)
    down, stay = Rules("count", direction="down"), Rules("count", direction="maintain")
    assert [trend(5, 3), trend(3, 5), trend(3.04, 3.0), trend(None, 3)] == [
        "down",
        "up",
        "same",
        None,
    ]
    assert is_better(down, "down", whole, whole) is True
    assert is_better(down, "up", whole, whole) is False
    assert is_better(Rules("count"), "down", whole, whole) is False
    for rules, way, figures in (
        (down, "down", (whole, partial)),
        (stay, "up", (whole,)),
        (down, "same", (whole,)),
    ):
        assert is_better(rules, way, *figures) is None  # type: ignore[arg-type]


def test_the_small_line_rises_keeps_gaps_and_begins_with_what_is_known() -> None:
    assert sparkline([1.0, 2.0]) == "M3 25h0L117 3"
    assert sparkline([1.0, None, 2.0]) == "M3 25h0M117 3h0"
    assert sparkline([4.0, 4.0]) == "M3 14h0L117 14"
    assert sparkline([]) == ""
    known = {"2025-Q4": Figure(2.0, None, 1, 1), "2026-Q2": Figure(3.0, None, 1, 1)}
    line = line_of(Rules("count"), "quarter", read_period("2026-Q2"), known)
    assert line == [2.0, None, 3.0]


def test_what_a_network_defined_itself_has_a_place() -> None:
    assert group_of("members", "counted") == "network"
    assert group_of("assisted_published", "quoted") == "published"
    assert group_of("something-new", "reported") == "other"
