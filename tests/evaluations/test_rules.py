"""How answers become shares."""

import pytest

from portal.evaluations.forms import read_counts
from portal.evaluations.rules import change, percent, shares


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(0, 0, None), (0, 7, 0), (1, 3, 33), (2, 3, 67), (7, 7, 100)]
)
def test_a_share_of_nobody_is_not_known(part: int, whole: int, expected: float | None) -> None:
    assert percent(part, whole) == expected


def test_an_option_that_is_not_asked_does_not_count() -> None:
    assert shares({1: 3, 2: 1, 9: 50}, [1, 2]) == [(3, 75), (1, 25)]


def test_a_change_needs_both() -> None:
    assert change(40, 90) == 50
    assert change(None, 90) is None
    assert change(40, None) is None


def test_empty_fields_are_not_known_rather_than_zero() -> None:
    assert read_counts({"a": " 7 ", "b": "", "csrf": "x"}, ["a", "b"]) == {"a": 7}
