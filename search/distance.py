"""Distances on a sphere with the mean earth radius of the IUGG.

The formula is the haversine (Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984).
"""

from math import asin, cos, degrees, radians, sin, sqrt

from search.engine import Circle

EARTH_RADIUS = 6371.0088  # kilometres


def kilometres(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """The great-circle distance between two points in degrees."""
    phi1, phi2 = radians(latitude1), radians(latitude2)
    across = sin(radians(longitude2 - longitude1) / 2) ** 2
    haversine = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * across
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(haversine)))


def latitudes(circle: Circle) -> tuple[float, float]:
    """The southern and the northern end of a circle in degrees."""
    angle = degrees(circle.kilometres / EARTH_RADIUS)
    return circle.centre.latitude - angle, circle.centre.latitude + angle
