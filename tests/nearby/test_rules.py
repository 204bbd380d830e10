"""What a wish means, in days, slots and seasons."""

from datetime import date

import pytest

from portal.nearby.rules import Wish, days_asked, relaxations, slot_pattern, slots_wished
from portal.practitioners.rules import is_fresh, is_open_in, oldest_safeguarding

MONDAY = date(2026, 11, 23)


def wish(**more: object) -> Wish:
    return Wish(place_id="1", country="TM", latitude=0, longitude=0, days=(MONDAY,), **more)  # type: ignore[arg-type]


def test_a_date_asks_for_that_day_a_weekday_for_the_next_neither_for_the_week() -> None:
    assert days_asked(MONDAY, date(2026, 12, 5), None) == (date(2026, 12, 5),)
    assert days_asked(MONDAY, None, "mon") == (MONDAY,)
    assert days_asked(MONDAY, None, "sun") == (date(2026, 11, 29),)
    assert len(days_asked(MONDAY, None, None)) == 7


@pytest.mark.parametrize(
    ("weekday", "part", "pattern"),
    [
        (None, None, None),
        ("mon", None, ";mon:"),
        (None, "morning", ":morning;"),
        ("mon", "morning", ";mon:morning;"),
    ],
)
def test_a_slot_is_looked_for_as_it_stands_in_a_listing(
    weekday: str | None, part: str | None, pattern: str | None
) -> None:
    asked = wish(weekday=weekday, part=part)
    assert slot_pattern(asked) == pattern
    listing = ";mon:morning;wed:evening;"
    fits = slots_wished(["mon:morning", "wed:evening"], asked)
    assert (pattern is None or pattern in listing) == bool(fits)


@pytest.mark.parametrize(
    ("closed", "month", "is_open"),
    [
        ((11, 4), 11, False),
        ((11, 4), 1, False),
        ((11, 4), 4, False),
        ((11, 4), 5, True),
        ((11, 4), 10, True),
        ((6, 8), 7, False),
        ((6, 8), 9, True),
        ((None, None), 1, True),
    ],
)
def test_a_season_may_wrap_the_year(
    closed: tuple[int | None, int | None], month: int, is_open: bool
) -> None:
    assert is_open_in(month, *closed) == is_open


def test_safeguarding_counts_two_years_back_also_from_a_leap_day() -> None:
    assert oldest_safeguarding(date(2028, 2, 29)) == date(2026, 2, 28)
    assert oldest_safeguarding(MONDAY) == date(2024, 11, 23)


def test_a_confirmation_is_fresh_for_ninety_days() -> None:
    assert is_fresh(date(2026, 8, 25), MONDAY)
    assert not is_fresh(date(2026, 8, 24), MONDAY)


def test_a_child_and_a_profession_are_never_offered_for_dropping() -> None:
    asked = wish(age_group="child", profession="lawyer", gender="female", gender_must=True)
    assert [name for name, _ in relaxations(asked, MONDAY)] == ["gender_must", "date"]
