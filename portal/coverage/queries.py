"""Which settlements a home-visiting practitioner reaches, and how many people live in them.

The conditions are those of the question `nearby`, without who asks: a settlement is not without
anybody because one organisation is excluded, and the difference would tell who excludes whom.
Absences and visits left are of a week and no gap; a season in which a road is closed is one.
"""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.coverage.rules import Wanted
from portal.db import as_json, fetch
from portal.geo import band, km_of_chord_squared, unit_vector
from portal.practitioners.queries import LISTED, asker


class Settlement(msgspec.Struct, frozen=True):
    """A settlement, and how many reach it; of some nobody knows the population."""

    id: str
    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    population: int
    practitioners: int

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return (self.latitude, self.longitude)


class Reach(msgspec.Struct, frozen=True):
    """How many people live in the settlements of a region, and how many of them in reach."""

    region: str
    population: int
    reached: int


# nobody's exclusions matter: the public is none of those who can be excluded
_VISITING = (
    """
    WITH visiting AS MATERIALIZED (
        SELECT l.id, l.x, l.y, l.z, l.reach FROM listings AS l WHERE
    """
    + LISTED
    + """
        AND l.profession = :profession
        AND instr(l.modes, ';home;') > 0
        AND (:language IS NULL OR instr(l.languages, :language) > 0)
        AND (:gender IS NULL OR l.gender = :gender)
        AND (l.closed_from IS NULL OR CASE WHEN l.closed_from <= l.closed_to
             THEN :month NOT BETWEEN l.closed_from AND l.closed_to
             ELSE :month < l.closed_from AND :month > l.closed_to END)
    ), points AS MATERIALIZED (
        SELECT value ->> 0 AS id, value ->> 1 AS latitude, value ->> 2 AS longitude,
            value ->> 3 AS x, value ->> 4 AS y, value ->> 5 AS z
        FROM json_each(:points)
    )
    """
)

_CHORD2 = "(v.x - t.x) * (v.x - t.x) + (v.y - t.y) * (v.y - t.y) + (v.z - t.z) * (v.z - t.z)"

# the R*Tree answers each settlement with few listings, so that only their chords are compared
_SETTLEMENTS = (
    _VISITING
    + """
    , reached AS (
        SELECT t.id AS place_id, v.id AS listing_id
        FROM points AS t
        CROSS JOIN listing_reach AS r ON r.south <= t.latitude AND r.north >= t.latitude
            AND r.west <= t.longitude AND r.east >= t.longitude
        CROSS JOIN visiting AS v ON v.id = r.id
        WHERE
    """
    + _CHORD2
    + """ <= v.reach
        UNION SELECT n.place_id, n.listing_id FROM visiting AS v
        JOIN listing_places AS n ON n.listing_id = v.id
    )
    SELECT p.id, p.name, p.region, p.country, p.latitude, p.longitude,
        coalesce(p.population, 0) AS population, count(reached.listing_id) AS practitioners
    FROM places AS p LEFT JOIN reached ON reached.place_id = p.id
    GROUP BY p.id ORDER BY coalesce(p.population, 0) DESC, p.sort_name, p.id
    """
)

_NEAREST = (
    _VISITING
    + "SELECT t.id, min("
    + _CHORD2
    + ") AS chord2 FROM points AS t CROSS JOIN visiting AS v GROUP BY t.id"
)


class _Point(msgspec.Struct, frozen=True):
    id: str
    latitude: float
    longitude: float


class _Nearest(msgspec.Struct, frozen=True):
    id: str
    chord2: float


def find_settlements(db: Database, today: date, wanted: Wanted) -> list[Settlement]:
    """Every settlement with how many reach it that day, the largest first."""
    points = fetch(db, _Point, "SELECT id, latitude, longitude FROM places")
    asked = _parameters(today, wanted, ((p.id, p.latitude, p.longitude) for p in points))
    return fetch(db, Settlement, _SETTLEMENTS, **asked)


def find_reach(db: Database, today: date, profession: str) -> list[Reach]:
    """Of each region with settlements, how many people live there and how many of them in reach.

    People of a settlement whose population nobody knows are not counted.
    """
    sums: dict[str, tuple[int, int]] = {}
    for each in find_settlements(db, today, Wanted(profession)):
        people, reached = sums.get(each.region, (0, 0))
        here = each.population if each.practitioners else 0
        sums[each.region] = (people + each.population, reached + here)
    return [Reach(region, *sums[region]) for region in sorted(sums)]


def find_bands(
    db: Database, today: date, wanted: Wanted, settlements: list[Settlement]
) -> dict[str, str]:
    """By settlement, in which band of distance the nearest of those wanted lives.

    The band alone is told, so that no list of settlements can locate anybody.
    """
    asked = _parameters(today, wanted, ((each.id, *each.point) for each in settlements))
    found = fetch(db, _Nearest, _NEAREST, **asked)
    return {each.id: band(km_of_chord_squared(each.chord2)) for each in found}


def _parameters(
    today: date, wanted: Wanted, points: Iterator[tuple[str, float, float]]
) -> dict[str, object]:
    vectors = [(*each, *unit_vector(each[1], each[2])) for each in points]
    return {
        **asker(PUBLIC, today),
        "profession": wanted.profession,
        "language": f";{wanted.language};" if wanted.language else None,
        "gender": wanted.gender,
        "month": today.month,
        "points": as_json(vectors),
    }
