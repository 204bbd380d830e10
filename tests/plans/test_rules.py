"""How an action stands, what counts as held, and how far an indicator has come."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indicators.periods import periods_within
from portal.indicators.rules import Figure, Rules
from portal.plans.rules import (
    CODE,
    MAY_SAY,
    MOVES,
    Happening,
    count_held,
    measure_own,
    measure_period,
    order_of,
    standing_of,
    state_of,
)

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "said", "has_begun", "state"),
    [
        # before its first day
        (TODAY + DAY, LAST, None, False, "not_begun"),
        (TODAY + DAY, LAST, None, True, "not_begun"),
        # within its time
        (TODAY, TODAY, None, False, "not_begun"),
        (TODAY, TODAY, None, True, "running"),
        (FIRST, LAST, "resumed", True, "running"),
        (FIRST, LAST, "resumed", False, "not_begun"),
        # after its last day
        (FIRST, TODAY - DAY, None, True, "overdue"),
        (FIRST, TODAY - DAY, None, False, "overdue"),
        (FIRST, TODAY - DAY, "resumed", True, "overdue"),
        # what somebody said goes first
        (FIRST, TODAY - DAY, "done", False, "done"),
        (TODAY + DAY, LAST, "done", False, "done"),
        (FIRST, LAST, "stopped", True, "stopped"),
        (FIRST, TODAY - DAY, "stopped", False, "stopped"),
    ],
)
def test_how_an_action_stands(first, last, said, has_begun, state) -> None:  # type: ignore[no-untyped-def]
    assert state_of(first, last, TODAY, said, has_begun=has_begun) == state


def test_what_may_follow_what() -> None:
    assert {"draft": {"in_force"}, "in_force": {"ended", "draft"}, "ended": {"in_force"}} == MOVES
    assert {
        None: {"done", "stopped"},
        "done": {"resumed"},
        "stopped": {"resumed"},
        "resumed": {"done", "stopped"},
    } == MAY_SAY


@pytest.mark.parametrize(
    ("kind", "first", "last", "standing"),
    [
        ("event", TODAY - DAY, TODAY - DAY, "held"),
        ("event", TODAY - DAY, TODAY, "planned"),  # it is not over yet
        ("event", date(2025, 12, 31), date(2026, 1, 1), "held"),
        ("event", date(2025, 12, 30), date(2025, 12, 31), "outside"),
        ("activity", date(2027, 1, 1), date(2027, 1, 1), "outside"),
        ("campaign", TODAY, None, "held"),
        ("campaign", TODAY + DAY, None, "planned"),
        ("campaign", date(2024, 1, 1), None, "held"),  # it goes on
        ("campaign", date(2024, 1, 1), date(2025, 1, 1), "outside"),
    ],
)
def test_what_was_held_in_an_actions_time(kind, first, last, standing) -> None:  # type: ignore[no-untyped-def]
    assert standing_of(Happening(kind, "x", first, last), FIRST, LAST, TODAY) == standing


def test_each_event_and_activity_counts_once_and_a_campaign_by_its_activities() -> None:
    day = date(2026, 3, 3)
    events = [Happening("event", "e-1", day, day)]
    twice = [Happening("activity", "a-1", day, day)] * 2
    later = [Happening("activity", "a-2", LAST, LAST), Happening("campaign", "c-1", day, None)]
    assert count_held([*events, *twice, *later], FIRST, LAST, TODAY) == (1, 1)


def test_codes_are_in_the_order_of_their_numbers() -> None:
    codes = ["2.10", "10.1", "2.3", "2", "1.1", "2.3.1", "A.1"]
    in_order = ["A.1", "1.1", "2", "2.3", "2.3.1", "2.10", "10.1"]
    assert sorted(codes, key=order_of) == in_order
    for wrong in ("", ".1", "1.", "1..2", "1 2", "=1", "1/2", "<b>", "1.2.3.4.5", "١.٢"):
        assert CODE.fullmatch(wrong) is None, wrong


SUMMED, LASTING = Rules("count"), Rules("count", period_rule="last")
QUARTERS = periods_within(date(2026, 1, 1), date(2026, 9, 30), "quarter")
KNOWN = {"2026-Q1": Figure(10, None, 2, 2), "2026-Q2": Figure(20, None, 1, 2)}


def test_the_plans_own_target_is_of_the_whole_time() -> None:
    found = measure_own(SUMMED, KNOWN, QUARTERS, 60, baseline=25, is_over=False)
    assert (found.value, found.progress, found.since, found.until) == (
        30,
        0.5,
        "2026-Q1",
        "2026-Q2",
    )
    assert found.is_partial  # one of those who were expected has not reported
    last = measure_own(LASTING, KNOWN, QUARTERS, 40, baseline=0, is_over=False)
    assert (last.value, last.progress) == (20, 0.5)
    nothing = measure_own(SUMMED, {}, QUARTERS, 60, baseline=None, is_over=False)
    assert (nothing.value, nothing.target, nothing.progress) == (None, 60, None)


def test_a_sum_that_should_stay_small_is_not_reached_before_the_time_is_over() -> None:
    falling = Rules("count", direction="down")
    early = measure_own(falling, KNOWN, QUARTERS, 40, baseline=None, is_over=False)
    assert early.progress is None
    assert measure_own(falling, KNOWN, QUARTERS, 40, None, is_over=True).progress == 1
    assert measure_own(falling, KNOWN, QUARTERS, 20, None, is_over=False).progress == 0


def test_without_one_the_newest_known_period_stands_against_its_own_target() -> None:
    aims = {"2026-Q2": (10.0, 30.0), "2026-Q3": (10.0, 90.0)}
    found = measure_period(SUMMED, KNOWN, QUARTERS, aims)
    assert (found.value, found.target, found.progress, found.until) == (20, 30, 0.5, "2026-Q2")
    assert measure_period(SUMMED, {}, QUARTERS, aims).value is None
    assert measure_period(SUMMED, KNOWN, QUARTERS, {}).progress is None


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(first=DAYS, last=DAYS, today=DAYS, has_begun=st.booleans())
def test_an_action_moves_one_way_as_days_go_by(
    first: date, last: date, today: date, has_begun: bool
) -> None:
    order = ("not_begun", "running", "overdue")
    now = state_of(first, last, today, None, has_begun=has_begun)
    tomorrow = state_of(first, last, today + DAY, None, has_begun=has_begun)
    assert order.index(now) <= order.index(tomorrow)
