"""Whose visits are looked for, and where one more would reach the most people."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import degrees

import msgspec

from portal.geo import EARTH_RADIUS_KM, chord_squared, unit_vector

MOST_RECRUITS = 10


class Wanted(msgspec.Struct, frozen=True):
    """Whose home visits are looked for; a language means that one itself, none that is close."""

    profession: str
    language: str | None = None
    gender: str | None = None


class Spot(msgspec.Struct, frozen=True):
    """A settlement in degrees, how many people live there, and whether they are reached now."""

    id: str
    latitude: float
    longitude: float
    population: int
    is_reached: bool


class Recruit(msgspec.Struct, frozen=True):
    """Where somebody should live, and what comes within reach because of it."""

    id: str
    people: int
    settlements: int


def best_recruits(spots: Sequence[Spot], km: float, most: int = MOST_RECRUITS) -> list[Recruit]:
    """The settlements in which recruits who travel `km` would reach the most people, best first.

    Each is the best one given those before it. Greedy choice of maximum coverage reaches at least
    1 - 1/e of what the best choice of as many could (Nemhauser, Wolsey and Fisher, "An analysis of
    approximations for maximizing submodular set functions", 1978). Nobody is named who would add
    nobody; of equals the one who adds more settlements, then the lower id.
    """
    missing = {each.id: each.population for each in spots if not each.is_reached}
    around = _around(spots, km, missing)
    chosen: list[Recruit] = []
    while missing and len(chosen) < most:
        best = max(
            (_gain(each, around[each], missing) for each in sorted(around)),
            key=lambda gain: (gain.people, gain.settlements),
        )
        if not best.people:
            break
        chosen.append(best)
        for each in around.pop(best.id):
            missing.pop(each, None)
    return chosen


def _gain(spot_id: str, within: Sequence[str], missing: dict[str, int]) -> Recruit:
    people = [missing[each] for each in within if each in missing]
    return Recruit(spot_id, sum(people), len(people))


def _around(spots: Sequence[Spot], km: float, missing: dict[str, int]) -> dict[str, list[str]]:
    """By settlement, those within reach of it that nobody reaches now."""
    limit, band = chord_squared(km), 1.001 * degrees(km / EARTH_RADIUS_KM)
    # sorted from south to north: only a band of the earth is compared, not all with all
    unreached = sorted(
        (each.latitude, each.id, _vector(each)) for each in spots if each.id in missing
    )
    latitudes = [latitude for latitude, _, _ in unreached]
    around = {}
    for each in spots:
        x, y, z = _vector(each)
        first = bisect_left(latitudes, each.latitude - band)
        last = bisect_right(latitudes, each.latitude + band)
        around[each.id] = [
            other
            for _, other, (a, b, c) in unreached[first:last]
            if (x - a) * (x - a) + (y - b) * (y - b) + (z - c) * (z - c) <= limit
        ]
    return around


def _vector(spot: Spot) -> tuple[float, float, float]:
    return unit_vector(spot.latitude, spot.longitude)
