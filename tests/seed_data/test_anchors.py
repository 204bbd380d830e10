"""Whoever asks for a home visit in Baýramaly finds at least three women psychologists."""

from datetime import date
from math import asin, cos, radians, sin, sqrt

import pytest

from seed_data.anchors import BAYRAMALY
from seed_data.tables import read_rows
from seed_data.world import practitioners

PLACES = {row["id"]: row for row in read_rows("places.csv")}
WEEKDAY_MORNINGS = {f"{day}:morning" for day in ("mon", "tue", "wed", "thu", "fri")}


def km(one: dict[str, str], other: dict[str, str]) -> float:
    """Great-circle distance by the haversine formula."""
    north, south = radians(float(one["latitude"])), radians(float(other["latitude"]))
    across = radians(float(one["longitude"]) - float(other["longitude"]))
    square = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * 6371 * asin(sqrt(square))


def is_listed(row: dict[str, str], today: date) -> bool:
    if row["status"] != "agreed" or not (row["consent_on"] and row["ethics_signed_on"]):
        return False
    age = (today - date.fromisoformat(row["confirmed_on"])).days
    return age <= 90 and (row["licence_expires_on"] or "9999") > today.isoformat()


def covers_bayramaly(row: dict[str, str]) -> bool:
    distance = km(PLACES[row["place"]], PLACES[BAYRAMALY])
    named = set(row["districts"].split(";")) & {BAYRAMALY, "Baýramaly etraby", "TM-M"}
    return bool(named) or (row["travel_km"] != "" and distance <= int(row["travel_km"]))


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 2, 28), date(2028, 7, 1)])
def test_three_women_psychologists_visit_bayramaly_on_a_weekday_morning(today: date) -> None:
    found = [
        row
        for row in practitioners(today)
        if (row["profession"], row["gender"]) == ("psychologist", "female")
        and PLACES[row["place"]]["region"] == "TM-M"
        and "ru" in row["languages"].split(";")
        and "home" in row["modes"].split(";")
        and set(row["availability"].split(";")) & WEEKDAY_MORNINGS
        and not row["absent"]
        and is_listed(row, today)
        and covers_bayramaly(row)
    ]
    assert len(found) >= 3
    assert any("child" in row["age_groups"] and row["safeguarding_on"] for row in found)


def test_bayramaly_is_the_town_of_that_name() -> None:
    assert "Baýramaly" in PLACES[BAYRAMALY]["alternates"].split(";")
    assert PLACES[BAYRAMALY]["region"] == "TM-M"
