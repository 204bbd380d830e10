"""Distances on the sphere, against published ones and against the haversine written out."""

from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.geo import (
    BANDS,
    EARTH_RADIUS_KM,
    band,
    chord_squared,
    distance_km,
    reach_box,
    unit_vector,
)

latitudes = st.floats(-89, 89)
longitudes = st.floats(-179, 179)
points = st.tuples(latitudes, longitudes)


def haversine(a: tuple[float, float], b: tuple[float, float]) -> float:
    phi1, phi2 = radians(a[0]), radians(b[0])
    half = sin((phi2 - phi1) / 2) ** 2
    half += cos(phi1) * cos(phi2) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


@given(points, points)
def test_distances_are_the_haversine(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert distance_km(a, b) == pytest.approx(haversine(a, b), rel=1e-6, abs=1e-4)


def test_ashgabat_to_dushanbe() -> None:
    assert distance_km((37.95, 58.38333), (38.53575, 68.77905)) == pytest.approx(911, abs=3)


@given(points, points, st.floats(0, 500))
def test_a_box_holds_everything_within_reach(
    home: tuple[float, float], there: tuple[float, float], km: float
) -> None:
    if distance_km(home, there) <= km and abs(home[1] - there[1]) < 180:
        south, north, west, east = reach_box(*home, km)
        assert south - 1e-6 <= there[0] <= north + 1e-6
        assert west - 1e-6 <= there[1] <= east + 1e-6


@given(points, points, st.floats(0.1, 500))
def test_comparing_chords_is_comparing_distances(
    home: tuple[float, float], there: tuple[float, float], km: float
) -> None:
    (x1, y1, z1), (x2, y2, z2) = unit_vector(*home), unit_vector(*there)
    chord2 = (x1 - x2) ** 2 + (y1 - y2) ** 2 + (z1 - z2) ** 2
    away = distance_km(home, there)
    if abs(away - km) > 1e-4:
        assert (chord2 <= chord_squared(km)) == (away <= km)


@given(st.floats(0, 20_000))
def test_every_distance_has_one_band(km: float) -> None:
    upper = dict(BANDS)
    assert km < upper[band(km)]


@pytest.mark.parametrize(
    ("km", "word"), [(0, "<5"), (5, "5-10"), (19.99, "10-20"), (40, "40-80"), (80, ">80")]
)
def test_bands_begin_where_they_say(km: float, word: str) -> None:
    assert band(km) == word
