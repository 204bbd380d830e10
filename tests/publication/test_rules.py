"""What is said of home visits: few and none look alike (the counts: tests/disclosure)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.publication.rules import home_visits, policy_on

POLICY = policy_on(date(2026, 11, 20))


def test_a_policy_holds_from_its_day_on() -> None:
    assert POLICY.since <= date(2026, 11, 20)
    assert (POLICY.smallest, POLICY.rounding_base) == (10, 10)


def test_d11_home_visits_need_ten_practitioners_of_three_organisations() -> None:
    assert home_visits([4, 3, 3], POLICY) == "yes"
    assert home_visits([3, 3, 3], POLICY) == "ask_hotline"
    assert home_visits([10, 10], POLICY) == "ask_hotline"
    assert home_visits([], POLICY) == "ask_hotline"


@given(st.lists(st.integers(min_value=0, max_value=400), max_size=8))
def test_few_and_none_are_never_told_apart(visiting: list[int]) -> None:
    few = sum(visiting) < 10 or sum(n > 0 for n in visiting) < 3
    assert (home_visits(visiting, POLICY) == "ask_hotline") == few
