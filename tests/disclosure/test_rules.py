"""One figure alone: few and none look alike, the rest is rounded, and ratios add nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.disclosure.rules import (
    Cell,
    Policy,
    Range,
    banded,
    is_fine_enough,
    is_news,
    is_of_many,
    is_one_sided,
    is_small,
    mean,
    meant_by,
    percentage,
    rounded,
)

POLICY = Policy()


def test_the_defaults_are_those_of_the_policy() -> None:
    assert (POLICY.smallest, POLICY.rounding_base, POLICY.fewest_organisations) == (10, 10, 3)
    assert (POLICY.two_largest_percent, POLICY.one_category_percent) == (90, 90)
    assert (POLICY.fewest_cells_percent, POLICY.most_seconds, POLICY.most_cells) == (80, 60, 500)


@pytest.mark.parametrize(("smallest", "base"), [(10, 1), (10, 0), (4, 10)])
def test_a_policy_that_says_exact_counts_or_people_as_nobody_is_refused(
    smallest: int, base: int
) -> None:
    with pytest.raises(ValueError, match="round"):
        Policy(smallest=smallest, rounding_base=base)


def test_d1_none_to_nine_are_small_alike() -> None:
    assert [n for n in range(30) if is_small(n, POLICY)] == list(range(10))
    with pytest.raises(ValueError, match="fewer than none"):
        is_small(-1, POLICY)


def test_d2_halves_are_rounded_upward() -> None:
    assert [rounded(n, 10) for n in (10, 14, 15, 24, 25, 95)] == [10, 10, 20, 20, 30, 100]
    assert [rounded(n, 5) for n in (10, 12, 13)] == [10, 10, 15]


def test_d3_a_rounded_figure_stands_for_a_range() -> None:
    assert meant_by(10, POLICY) == Range(10, 14)
    assert meant_by(20, POLICY) == Range(15, 24)
    assert meant_by(0, POLICY) == Range(0, 0)
    with pytest.raises(ValueError, match="not a rounded count"):
        meant_by(12, POLICY)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(n=st.integers(10, 5000), base=st.integers(2, 20))
def test_d3_a_range_holds_just_the_counts_that_are_rounded_to_its_figure(n: int, base: int) -> None:
    policy = Policy(rounding_base=base)
    said = meant_by(rounded(n, base), policy)
    near = range(max(n - 2 * base, 10), n + 2 * base)
    assert [m for m in near if said.holds(m)] == [
        m for m in near if rounded(m, base) == rounded(n, base)
    ]


def test_d4_three_contribute_and_two_hold_at_most_nine_tenths() -> None:
    assert is_of_many([5, 4, 1], POLICY)
    assert not is_of_many([50, 41, 9], POLICY)
    assert not is_of_many([40, 40, 0], POLICY)
    assert not is_of_many([], POLICY)


def test_d5_a_category_of_nine_tenths_says_what_all_are() -> None:
    assert is_one_sided(100, [90, 10], POLICY)
    assert not is_one_sided(100, [89, 11], POLICY)
    assert not is_one_sided(0, [0, 0], POLICY)
    assert not is_one_sided(50, [50], POLICY)


def test_d6_ratios_come_from_figures_that_are_published() -> None:
    assert percentage(20, 60) == 33
    assert percentage(20, 160) == 13
    assert mean(50, 20) == 2.5
    assert {percentage(None, 60), percentage(20, None), percentage(0, 0)} == {None}
    assert {mean(None, 20), mean(50, None), mean(0, 0)} == {None}


def test_d12_a_median_is_banded_where_its_count_is_said() -> None:
    assert banded(27.5, 40, 10) == Range(20, 30)
    assert (banded(27.5, None, 10), banded(27.5, 0, 10)) == (None, None)


def test_d7_only_another_figure_is_news() -> None:
    ten, twenty, none = (Cell(("a",), *said) for said in ((10, None), (20, None), (None, "c")))
    assert is_news(None, ten)
    assert is_news(ten, twenty)
    assert is_news(ten, none)
    assert not is_news(ten, ten)


def test_d12_four_in_five_cells() -> None:
    assert is_fine_enough(4, 5, POLICY)
    assert not is_fine_enough(79, 100, POLICY)
    assert not is_fine_enough(0, 0, POLICY)
