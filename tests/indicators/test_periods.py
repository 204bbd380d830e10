"""Periods as they are written, and which lie within which."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.indicators.periods import Frequency, Period, period_of, periods_within, read_period

DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))
FREQUENCIES: st.SearchStrategy[Frequency] = st.sampled_from(["month", "quarter", "year"])


@given(DAYS, FREQUENCIES)
def test_a_period_is_read_as_it_is_written(day: date, frequency: Frequency) -> None:
    period = period_of(day, frequency)
    assert period.first <= day <= period.last
    assert read_period(period.code) == period
    assert period.next.before == period
    assert period.last + timedelta(days=1) == period.next.first
    assert (period.code < period.next.code) is True


@given(DAYS)
def test_a_year_holds_its_quarters_and_months(day: date) -> None:
    year = period_of(day, "year")
    for frequency, many in (("month", 12), ("quarter", 4)):
        within = periods_within(year.first, year.last, frequency)  # type: ignore[arg-type]
        assert len(within) == many
        assert all(year.holds(each) and not each.holds(year) for each in within)
        assert within == sorted(within)


def test_only_whole_periods_lie_within() -> None:
    within = periods_within(date(2026, 1, 2), date(2026, 9, 30), "quarter")
    assert [each.code for each in within] == ["2026-Q2", "2026-Q3"]
    assert Period(2026, 2, "quarter").last == date(2026, 6, 30)


@pytest.mark.parametrize("written", ["", "26", "2026-Q5", "2026-13", "2026-1", "2026-Q1 ", "1026"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        read_period(written)
