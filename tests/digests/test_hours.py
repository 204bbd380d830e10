"""Two mails a day at fixed hours, never at night, each hour once, whatever happens to the clock."""

from datetime import timedelta

import pytest

from portal.digests.rules import is_due, next_after, slot_of
from tests.digests.conftest import at

ASHGABAT = "Asia/Ashgabat"


@pytest.mark.parametrize(
    ("hour", "minute", "slot"),
    [
        (0, 0, "2026-11-22T16:30"),
        (8, 29, "2026-11-22T16:30"),
        (8, 30, "2026-11-23T08:30"),
        (16, 29, "2026-11-23T08:30"),
        (23, 59, "2026-11-23T16:30"),
    ],
)
def test_the_hour_that_came_last(hour: int, minute: int, slot: str) -> None:
    assert slot_of(at(hour, minute), ASHGABAT) == slot


def test_the_hour_that_comes_next() -> None:
    assert next_after(at(8), ASHGABAT) == at(8, 30)
    assert next_after(at(8, 30), ASHGABAT) == at(16, 30)
    assert next_after(at(17), ASHGABAT) == at(8, 30, day=1)


def due(last_hour: tuple[int, int, int], now: tuple[int, int, int]) -> bool:
    begun = at(*last_hour)
    stamped = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
    return is_due(slot_of(begun, ASHGABAT), stamped, at(*now), ASHGABAT)


def test_an_hour_is_had_once() -> None:
    assert is_due(None, None, at(10), ASHGABAT)
    assert not due((8, 30, 0), (16, 29, 0))
    assert due((8, 30, 0), (16, 30, 0))
    assert due((8, 30, 0), (9, 0, 3))


def test_r11_a_clock_set_back_a_day_blocks_no_digest() -> None:
    assert due((10, 0, 1), (10, 0, 0))
    # and from there the day goes on as ever
    assert not due((10, 0, 0), (10, 1, 0))
    assert due((10, 0, 0), (16, 30, 0))
    assert due((10, 0, 365), (10, 0, 0))


def test_a_worker_that_comes_with_an_older_moment_repeats_nothing() -> None:
    assert not due((8, 30, 0), (8, 29, 0))
    assert not due((16, 31, 0), (16, 29, 0))


def test_every_minute_of_a_year_has_its_hour() -> None:
    slots = {slot_of(at(0) + timedelta(minutes=30 * step), ASHGABAT) for step in range(48 * 365)}
    assert len(slots) == 2 * 365 + 1
