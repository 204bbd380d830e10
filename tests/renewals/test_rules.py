"""When a member renews, what it stands under, and which reminder is due: decided without I/O."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.charter.rules import Point, Text
from portal.membership.rules import a_year_after, renewal_due
from portal.renewals.rules import (
    affirmation_step,
    asked_to_affirm,
    brought_by,
    is_open,
    opens_on,
    renewal_step,
    renews_for,
    stands_under,
)
from tests.renewals.stage import CHARTERS

DAYS = st.dates(date(2005, 1, 1), date(2060, 12, 31))
DUE_ON = date(2026, 12, 1)


def point(code: str, kind: str, text: str) -> Point:
    return Point(code, kind, 1, False, Text(code, "en"), Text(text, "en"))


POINTS = {
    version: [point(code, *said) for code, said in points.items()]
    for version, points in CHARTERS.items()
}


def codes(points: list[Point]) -> list[str]:
    return [each.code for each in points]


@given(joined=DAYS, early=st.integers(-60, 900))
def test_the_day_of_the_year_stays_however_early_or_late_somebody_renews(
    joined: date, early: int
) -> None:
    last, day = joined, None
    for _ in range(9):
        due = renewal_due(joined, None if last == joined else last, joined)
        assert due - last >= timedelta(days=365)
        assert due - last <= timedelta(days=366)
        day = day or (due.month, due.day)
        assert (due.month, due.day) == day
        last = renews_for(due, max(opens_on(due), due + timedelta(days=early)))
        assert (last.month, last.day) == day


@given(joined=DAYS, known=DAYS)
def test_nothing_is_due_before_the_portal_knew_of_a_member(joined: date, known: date) -> None:
    due = renewal_due(joined, None, known)
    assert due >= known
    assert due >= a_year_after(joined)
    assert due <= max(a_year_after(joined), a_year_after(known))


def test_of_29_february_comes_1_march_and_stays() -> None:
    first = renewal_due(date(2024, 2, 29), None, date(2024, 2, 29))
    assert first == date(2025, 3, 1)
    assert renewal_due(date(2024, 2, 29), date(2027, 3, 1), date(2024, 2, 29)) == date(2028, 3, 1)


def test_who_joined_anew_counts_from_then() -> None:
    again = date(2026, 5, 4)
    assert renewal_due(again, date(2024, 1, 1), again) == date(2027, 5, 4)


def test_renewing_opens_sixty_days_before() -> None:
    assert not is_open(DUE_ON, date(2026, 10, 1))
    assert is_open(DUE_ON, date(2026, 10, 2))
    assert is_open(DUE_ON, date(2028, 1, 1))


def test_several_years_that_were_missed_are_renewed_once() -> None:
    assert renews_for(DUE_ON, date(2027, 10, 1)) == DUE_ON
    assert renews_for(DUE_ON, date(2029, 3, 1)) == date(2028, 12, 1)


def test_a_reminder_is_the_newest_step_that_is_due() -> None:
    left = (61, 60, 59, 30, 15, 14, 4, 3, 0, -1, -400)
    days = [DUE_ON - timedelta(days=each) for each in left]
    assert [renewal_step(DUE_ON, day) for day in days] == [
        *(None, 60, 60, 30, 30, 14, 14, 3, 3, -1, -1)
    ]
    steps = [affirmation_step(DUE_ON, day) for day in days]
    assert steps == [None, None, None, 30, 30, 14, 14, 3, 3, -1, -1]


def test_a_member_stands_where_it_entered_until_it_has_affirmed_all() -> None:
    assert stands_under(1, POINTS, {}) == 1
    assert stands_under(1, POINTS, {"safe": frozenset({2})}) == 2
    both = {"safe": frozenset({3}), "confirms": frozenset({3})}
    assert stands_under(1, POINTS, both) == 3
    assert stands_under(3, POINTS, {}) == 3


def test_who_skipped_a_version_sees_both_differences_at_once() -> None:
    assert codes(asked_to_affirm(1, POINTS, {})) == ["safe", "confirms"]
    assert codes(asked_to_affirm(2, POINTS, {})) == ["confirms"]
    assert asked_to_affirm(3, POINTS, {}) == []


def test_words_that_were_affirmed_before_are_not_asked_for_again() -> None:
    # affirmed under 2, together with nothing else: only what is new in 3 is left
    assert codes(asked_to_affirm(1, POINTS, {"safe": frozenset({2})})) == ["confirms"]
    # the same code affirmed with other words is no affirmation of these
    assert codes(asked_to_affirm(1, POINTS, {"safe": frozenset({1})})) == ["safe", "confirms"]


def test_a_point_is_as_old_as_its_words() -> None:
    brought = {each.code: brought_by(each, POINTS) for each in POINTS[3]}
    assert brought == {"registered": 1, "safe": 2, "no_harm": 1, "confirms": 3}
    # words that went and came back are those of the version that brought them back
    again = {1: POINTS[1], 2: POINTS[2], 3: POINTS[1]}
    assert {each.code: brought_by(each, again) for each in POINTS[1]}["safe"] == 3


def test_a_version_that_asks_nothing_new_is_accepted_by_itself() -> None:
    without = {1: POINTS[1], 2: POINTS[1][:-1]}
    assert stands_under(1, without, {}) == 2
    assert asked_to_affirm(2, without, {}) == []


def test_where_there_was_no_charter_all_of_it_is_new() -> None:
    assert codes(asked_to_affirm(None, {1: POINTS[1]}, {})) == list(CHARTERS[1])
    assert asked_to_affirm(None, {}, {}) == []
    assert stands_under(None, {}, {}) is None
