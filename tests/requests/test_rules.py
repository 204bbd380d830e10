"""What a request may become, and how long an answer takes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.requests.rules import (
    ENDS,
    MOVES,
    answer_by,
    evening_of,
    is_prompt,
    last_day,
    may_become,
)

ASHGABAT = "Asia/Ashgabat"

DRAWN = """
accepted --> cancelled completed expired offered open
cancelled .
completed .
declined .
expired .
offered --> accepted cancelled expired open
open --> cancelled declined expired offered
""".strip()


def draw() -> str:
    lines = []
    for state in sorted(MOVES):
        after = " ".join(sorted(MOVES[state]))
        lines.append(f"{state} --> {after}" if after else f"{state} .")
    return "\n".join(lines)


def test_the_moves_are_those_of_the_picture() -> None:
    assert draw() == DRAWN
    assert set().union(*MOVES.values()) <= set(MOVES)
    assert {"completed", "declined", "cancelled", "expired"} == ENDS
    assert may_become("open", "offered")
    assert not may_become("completed", "open")


@pytest.mark.parametrize(
    ("offered", "until"),
    [
        ("2026-11-23 08:00", "2026-11-23 20:00"),  # the whole Monday
        ("2026-11-23 10:00", "2026-11-24 10:00"),
        ("2026-11-23 19:59", "2026-11-24 19:59"),
        ("2026-11-23 20:00", "2026-11-24 20:00"),
        ("2026-11-23 22:30", "2026-11-24 20:00"),  # nothing begins at night
        ("2026-11-24 00:00", "2026-11-24 20:00"),
        ("2026-11-24 07:59", "2026-11-24 20:00"),
        ("2026-11-27 18:00", "2026-11-28 18:00"),  # Friday evening: Saturday counts
        ("2026-11-29 12:00", "2026-11-30 12:00"),
        ("2026-12-31 12:00", "2027-01-01 12:00"),
    ],
)
def test_twelve_hours_of_daytime_count(offered: str, until: str) -> None:
    zone = ZoneInfo(ASHGABAT)
    asked = datetime.fromisoformat(offered).replace(tzinfo=zone).astimezone(UTC)
    expected = datetime.fromisoformat(until).replace(tzinfo=zone)
    assert answer_by(asked, ASHGABAT) == expected


@pytest.mark.parametrize(
    ("offered", "until"),
    [
        # in the night between, clocks go forward and back; the daytime hours stay twelve
        ("2026-03-28 18:00", "2026-03-29 18:00"),
        ("2026-10-24 18:00", "2026-10-25 18:00"),
    ],
)
def test_r11_a_clock_that_is_changed_at_night_changes_no_daytime(offered: str, until: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    asked = datetime.fromisoformat(offered).replace(tzinfo=zone).astimezone(UTC)
    answered = answer_by(asked, "Europe/Berlin")
    assert answered == datetime.fromisoformat(until).replace(tzinfo=zone)


@pytest.mark.parametrize("hours", range(24 * 8))
def test_nobody_has_to_answer_at_night_and_everybody_has_half_a_day(hours: int) -> None:
    asked = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hours, minutes=17)
    until = answer_by(asked, ASHGABAT)
    local = until.astimezone(ZoneInfo(ASHGABAT))
    assert timedelta(hours=12) <= until - asked <= timedelta(hours=25)
    assert 8 <= local.hour + local.minute / 60 <= 20


def test_a_visit_is_over_by_the_evening_of_its_day_where_the_network_lives() -> None:
    assert evening_of(date(2026, 11, 28), ASHGABAT) == datetime(2026, 11, 28, 15, tzinfo=UTC)


def test_48_hours_are_prompt_and_a_clock_that_went_back_makes_nobody_late() -> None:
    asked = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert is_prompt(asked, asked + timedelta(hours=48))
    assert not is_prompt(asked, asked + timedelta(hours=48, seconds=1))
    assert is_prompt(asked, asked - timedelta(days=1))


def test_a_request_ends_by_itself() -> None:
    assert last_day("open", date(2026, 11, 28)) == date(2026, 12, 1)
    assert last_day("accepted", date(2026, 11, 28)) == date(2026, 12, 28)
