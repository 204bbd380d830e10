"""How numbers are read as they are typed, and which of them a reviewer looks at twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indicators.rules import Rules
from portal.reporting.rules import LARGEST, SHARE_MOVED, jump, read_number, text_of
from portal.reports.rules import Key, Written


@given(st.integers(-LARGEST * 100, LARGEST * 100))
def test_what_is_shown_is_read_as_the_same(hundredths: int) -> None:
    number = hundredths / 100
    assert read_number(text_of(number)) == pytest.approx(number)
    spaced = f"{abs(hundredths) // 100:,}".replace(",", "\u00a0")
    assert read_number(spaced) == abs(hundredths) // 100


@given(st.text(max_size=30))
def test_every_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = read_number(text)
    except ValueError:
        return
    assert number is None or abs(number) <= LARGEST


def test_a_share_that_moves_by_more_than_twenty_points_is_looked_at() -> None:
    rules = Rules("percent")
    was, near, far = (
        [Written(Key("exploited_again", "2026-Q3"), "value", each, 100)] for each in (10, 30, 31)
    )
    assert jump(rules, was, near) is None
    assert jump(rules, was, far) == SHARE_MOVED
    assert jump(rules, far, was) == SHARE_MOVED
