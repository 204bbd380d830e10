"""Disclosure control of counts: few, none and dominated look alike, the rest is rounded."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.publication.rules import (
    HeldCount,
    ReleasedCount,
    home_visits,
    policy_on,
    released_cell,
    released_cells,
    released_number,
    says_the_same,
)

POLICY = policy_on(date(2026, 11, 20))

counts = st.lists(st.integers(min_value=0, max_value=400), max_size=8)


def test_a_policy_holds_from_its_day_on() -> None:
    assert POLICY.since <= date(2026, 11, 20)
    assert (POLICY.smallest, POLICY.rounding_base) == (10, 10)


def test_d1_one_to_nine_and_zero_are_withheld_alike() -> None:
    few = [released_cell(HeldCount("TM-M", "lawyer", [n, 0, 0], [n]), POLICY) for n in range(10)]
    assert {(cell.practitioners, cell.flag, cell.home_visits) for cell in few} == {
        (None, "c", "ask_hotline")
    }
    assert released_cell(HeldCount("TM-M", "lawyer", [], []), POLICY).flag == "c"


def test_d1_nine_of_three_organisations_is_withheld_and_ten_is_shown() -> None:
    assert released_number([3, 3, 3], POLICY) is None
    assert released_number([4, 3, 3], POLICY) == 10


def test_t7_twelve_corrected_to_thirteen_is_no_change() -> None:
    twelve, thirteen = (
        released_cells([HeldCount("TM-M", "lawyer", [4, 4, n], [])], POLICY) for n in (4, 5)
    )
    assert twelve[0].practitioners == 10
    assert says_the_same(twelve, thirteen)


def test_t8_two_contributing_organisations_are_withheld() -> None:
    assert released_number([50, 50], POLICY) is None
    assert released_number([50, 50, 0], POLICY) is None


def test_d4_two_organisations_with_more_than_nine_in_ten_are_withheld() -> None:
    assert released_number([45, 45, 10], POLICY) == 100
    assert released_number([46, 45, 9], POLICY) is None


def test_d11_home_visits_need_ten_practitioners_of_three_organisations() -> None:
    assert home_visits([4, 3, 3], POLICY) == "yes"
    assert home_visits([3, 3, 3], POLICY) == "ask_hotline"
    assert home_visits([10, 10], POLICY) == "ask_hotline"
    assert home_visits([], POLICY) == "ask_hotline"


@given(counts)
def test_a_number_is_never_small_and_always_a_multiple_of_ten(by_organisation: list[int]) -> None:
    number = released_number(by_organisation, POLICY)
    if number is None:
        return
    assert number >= 10
    assert number % 10 == 0
    assert -5 <= number - sum(by_organisation) <= 5
    assert sum(n > 0 for n in by_organisation) >= 3
    assert sum(sorted(by_organisation)[-2:]) <= 0.9 * sum(by_organisation)


@given(counts, counts)
def test_every_cell_is_either_a_number_or_flagged(held: list[int], visiting: list[int]) -> None:
    cell = released_cell(HeldCount("TM-M", "lawyer", held, visiting), POLICY)
    assert (cell.practitioners is None) == (cell.flag == "c")
    assert cell.home_visits in ("yes", "ask_hotline")
    if sum(visiting) < 10:
        assert cell.home_visits == "ask_hotline"


@given(st.integers(min_value=0, max_value=9), st.integers(min_value=0, max_value=9))
def test_small_numbers_cannot_be_told_apart(one: int, other: int) -> None:
    first, second = (
        released_cell(HeldCount("TM-M", "lawyer", [n, 0, 0], [n, 0, 0]), POLICY)
        for n in (one, other)
    )
    assert first == second


def test_the_same_cells_in_another_order_say_the_same() -> None:
    one = ReleasedCount("TM-M", "lawyer", None, "c", "ask_hotline")
    other = ReleasedCount("TM-L", "lawyer", 10, None, "yes")
    assert says_the_same([one, other], [other, one])
    assert not says_the_same([one], [other])


def many(n: int) -> HeldCount:
    return HeldCount(f"R{n}", "lawyer", [12, 12, 12], [12, 12, 12])


def test_d12_numbers_are_said_only_where_four_in_five_cells_can_be() -> None:
    few = HeldCount("R9", "lawyer", [2], [2])
    fine = released_cells([many(1), many(2), many(3), many(4), few], POLICY)
    assert [cell.practitioners for cell in fine] == [40, 40, 40, 40, None]
    coarse = released_cells([many(1), many(2), many(3), few], POLICY)
    assert [cell.practitioners for cell in coarse] == [None] * 4
    assert [cell.flag for cell in coarse] == ["c"] * 4
    assert [cell.home_visits for cell in coarse] == ["yes", "yes", "yes", "ask_hotline"]
