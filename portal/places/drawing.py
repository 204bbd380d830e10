"""Settlements on a sheet of paper, in pixels: what every map of ours is drawn with.

Drawing may flatten the earth (plate carrée, shortened by the cosine of the middle latitude);
distances are never taken from it.
"""

from collections.abc import Mapping, Sequence
from math import cos, pi, radians

import msgspec

from portal.geo import EARTH_RADIUS_KM
from portal.places.queries import Place

KM_PER_DEGREE = pi * EARTH_RADIUS_KM / 180
LABELLED_POPULATION = 40_000
MARGIN_DEGREES = 0.3


class Dot(msgspec.Struct, frozen=True):
    """One settlement on the paper, in pixels; `number` is what is counted there."""

    x: float
    y: float
    name: str
    number: int
    is_large: bool


class Paper(msgspec.Struct, frozen=True):
    """A sheet in pixels over a window of the country, `scale` pixels a degree of latitude."""

    north: float
    west: float
    shortened: float
    scale: float
    width: float
    height: float

    def dot(self, place: Place, numbers: Mapping[str, int]) -> Dot:
        """Where a settlement is on the sheet."""
        return Dot(
            x=round((place.longitude - self.west) * self.shortened * self.scale, 1),
            y=round((self.north - place.latitude) * self.scale, 1),
            name=place.name,
            number=numbers.get(place.id, 0),
            is_large=(place.population or 0) >= LABELLED_POPULATION,
        )

    def pixels(self, km: float) -> float:
        """A distance in pixels, alike in all directions near the middle of the sheet."""
        return round(km / KM_PER_DEGREE * self.scale, 1)

    def shows(self, dot: Dot) -> bool:
        """Whether a dot lies on the sheet."""
        return 0 <= dot.x <= self.width and 0 <= dot.y <= self.height


def sheet_over(places: Sequence[Place], width: float, height: float) -> Paper:
    """The sheet of at most this size that holds all of these settlements, with a margin."""
    north = max(place.latitude for place in places) + MARGIN_DEGREES
    south = min(place.latitude for place in places) - MARGIN_DEGREES
    west = min(place.longitude for place in places) - MARGIN_DEGREES
    east = max(place.longitude for place in places) + MARGIN_DEGREES
    shortened = cos(radians((north + south) / 2))
    scale = min(width / ((east - west) * shortened), height / (north - south))
    wide, high = (east - west) * shortened * scale, (north - south) * scale
    return Paper(north, west, shortened, scale, round(wide, 1), round(high, 1))
