"""What absences become, day by day, whatever was there before."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.capacity.rules import Period, added, end_of_week, taken_back

MONDAY = date(2026, 11, 23)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def periods() -> st.SearchStrategy[list[Period]]:
    """Periods that do not meet each other, as they are kept."""
    cuts = st.lists(st.integers(0, 60), unique=True, max_size=8).map(sorted)
    pairs = cuts.map(lambda n: list(zip(n[::2], n[1::2], strict=False)))
    return pairs.map(lambda found: [(day(a), day(b)) for a, b in found])


def days(found: list[Period]) -> list[date]:
    return [a + timedelta(days=n) for a, b in found for n in range((b - a).days + 1)]


spans = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda pair: (day(pair[0]), day(pair[0] + pair[1]))
)


@given(before=periods(), new=spans)
def test_an_added_absence_covers_its_days_and_none_twice(before: list[Period], new: Period) -> None:
    after = added(before, new)
    assert set(days(after)) == set(days(before)) | set(days([new]))
    assert len(days(after)) == len(set(days(after)))
    assert all(each in after for each in before)
    assert added(after, new) == after


@given(before=periods(), today=st.integers(0, 60))
def test_taking_an_absence_back_leaves_the_past_and_the_others(
    before: list[Period], today: int
) -> None:
    for each in before:
        after = days(taken_back(before, each[0], day(today)))
        gone = {d for d in days([each]) if d >= day(today)}
        assert set(after) == set(days(before)) - gone


def test_a_pause_taken_back_leaves_what_was_planned() -> None:
    planned = [(day(3), day(10))]
    paused = added(planned, (MONDAY, end_of_week(MONDAY)))
    assert paused == [(day(0), day(2)), *planned]
    assert taken_back(paused, MONDAY, MONDAY) == planned


def test_a_week_ends_on_sunday() -> None:
    assert end_of_week(MONDAY) == day(6)
    assert end_of_week(day(6)) == day(6)
