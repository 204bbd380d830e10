"""Pictures are drawn one at a time, and whoever reads pages does not wait behind them."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal import charts
from portal.charts import MOST_KEPT, MOST_WAITING, Bar, Group, bar_chart, draw_chart
from portal.errors import Unavailable


def chart(label: str) -> dict[str, Any]:
    return bar_chart([Group(label, [Bar(40, "40 %")])], label)


@pytest.fixture
def full() -> Iterator[None]:
    """Every place of those who wait for a picture is taken."""
    for _ in range(MOST_WAITING):
        assert charts._places.acquire(blocking=False)
    yield
    charts._places.release(MOST_WAITING)


def test_too_many_waiting_are_told_to_come_again(full: None) -> None:
    with pytest.raises(Unavailable):
        draw_chart(chart("Never drawn before"))


def test_what_was_drawn_is_given_whoever_waits(request: pytest.FixtureRequest) -> None:
    drawn = draw_chart(chart("Drawn before"))
    request.getfixturevalue("full")
    assert draw_chart(chart("Drawn before")) == drawn
    assert "Drawn before" in drawn


def test_a_place_is_given_back_when_drawing_fails() -> None:
    for _ in range(MOST_WAITING + 1):
        with pytest.raises(Exception, match="returned non-zero exit status"):
            draw_chart({"mark": "no such mark"})


def test_the_pictures_kept_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "_drawn", bytes.decode)
    for number in range(MOST_KEPT + 10):
        draw_chart({"number": number})
    assert len(charts._kept) <= MOST_KEPT
    charts._kept.clear()
