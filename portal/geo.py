"""Distances on the sphere, and the bands they are told in.

The sphere has the mean earth radius of the IUGG, 6371.0088 km. Points become unit vectors, and the
square of half the chord between two of them *is* the haversine (Sinnott, "Virtues of the
Haversine", Sky and Telescope 68, 1984), so that comparing distances needs no trigonometry in SQL.
"""

from math import asin, cos, degrees, pi, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088

BANDS: tuple[tuple[str, float], ...] = (
    ("<5", 5),
    ("5-10", 10),
    ("10-20", 20),
    ("20-40", 40),
    ("40-80", 80),
    (">80", float("inf")),
)


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """A point in degrees as x, y, z on the unit sphere."""
    phi, lam = radians(latitude), radians(longitude)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def chord_squared(km: float) -> float:
    """The squared chord, on the unit sphere, of a distance in km (0 to half the circumference)."""
    half = min(km / EARTH_RADIUS_KM, pi) / 2
    return 4 * sin(half) ** 2


def km_of_chord_squared(chord2: float) -> float:
    """The distance in km of a squared chord on the unit sphere (0 to 4)."""
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord2) / 2))


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance in km between two (latitude, longitude) points in degrees."""
    (x1, y1, z1), (x2, y2, z2) = unit_vector(*a), unit_vector(*b)
    return km_of_chord_squared((x1 - x2) ** 2 + (y1 - y2) ** 2 + (z1 - z2) ** 2)


def band(km: float) -> str:
    """The distance band that is told instead of a distance, so that searches cannot locate."""
    return next(word for word, upper in BANDS if km < upper)


def reach_box(latitude: float, longitude: float, km: float) -> tuple[float, float, float, float]:
    """South, north, west, east in degrees of a box that holds every point within `km`.

    After J. P. Matuschek, "Finding points within a distance of a latitude/longitude": the widest
    meridian of the circle lies poleward of its centre. A circle over a pole spans all longitudes.
    """
    angle = km / EARTH_RADIUS_KM
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    if south <= -90 or north >= 90:
        return max(south, -90.0), min(north, 90.0), -180.0, 180.0
    spread = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude)))))
    return south, north, longitude - spread, longitude + spread
