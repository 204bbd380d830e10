"""Who will travel to me: the one question the portal exists for, as one SQL text."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, column, fetch
from portal.geo import BANDS, chord_squared, unit_vector
from portal.nearby.rules import Match, Wish, safeguarded_since, slot_pattern, week_of
from portal.practitioners.queries import LISTED, asker
from portal.practitioners.rules import FRESH_DAYS

COUNTED_EXACTLY = 500


class Found(msgspec.Struct, frozen=True):
    """The first of them in order, and how many there are: exact up to 500, then `more`."""

    total: int
    more: bool
    matches: list[Match]


_REACHED = """
    SELECT id FROM listing_reach
    WHERE south <= :latitude AND north >= :latitude AND west <= :longitude AND east >= :longitude
    UNION SELECT listing_id FROM listing_places WHERE place_id = :place
"""

# What the week and the month leave, whichever is fewer; unknown where neither has a limit.
_LEFT = """
    max(min(coalesce(l.weekly_visits - (length(l.taken) - length(replace(l.taken, :week, '')))
                                       / length(:week), 1000),
            coalesce(l.monthly_cap - (length(l.taken) - length(replace(l.taken, :month, '')))
                                     / length(:month), 1000)), 0)
    * CASE WHEN l.weekly_visits IS NULL AND l.monthly_cap IS NULL THEN NULL ELSE 1 END
"""

# Squared chords instead of distances: see `geo`.
_ASKED = (
    """
    SELECT l.*,
    """
    + _LEFT
    + """ AS visits_left,
        (l.x - :x) * (l.x - :x) + (l.y - :y) * (l.y - :y) + (l.z - :z) * (l.z - :z) AS chord2,
        EXISTS (SELECT 1 FROM listing_places AS n
                WHERE n.listing_id = l.id AND n.place_id = :place) AS named,
        (SELECT country FROM places WHERE id = l.place_id) <> :country AS abroad
    """
)

_MUST_HOLD = (
    LISTED
    + """
    AND (:profession IS NULL OR l.profession = :profession)
    AND instr(l.modes, :mode) > 0
    AND (:age_group IS NULL OR instr(l.age_groups, :age_group) > 0)
    AND (NOT :child OR (l.safeguarding_on >= :safeguarded_since
                        AND l.visits_with IN ('colleague', 'asker')))
    AND (NOT :gender_must OR l.gender = :gender)
    AND (NOT :language_must OR EXISTS (SELECT 1 FROM json_each(:close_languages) AS c
                                       WHERE instr(l.languages, c.value) > 0))
    AND EXISTS (SELECT 1 FROM json_each(:days) AS d
        WHERE (l.closed_from IS NULL OR CASE WHEN l.closed_from <= l.closed_to
               THEN CAST(substr(d.value, 6, 2) AS INT) NOT BETWEEN l.closed_from AND l.closed_to
               ELSE CAST(substr(d.value, 6, 2) AS INT) < l.closed_from
                    AND CAST(substr(d.value, 6, 2) AS INT) > l.closed_to END)
        AND NOT EXISTS (SELECT 1 FROM practitioner_absences AS a
                        WHERE a.practitioner_id = l.practitioner_id
                        AND d.value BETWEEN a.starts_on AND a.ends_on))
"""
)

_BAND = """
    CASE WHEN chord2 < :band0 THEN 0 WHEN chord2 < :band1 THEN 1 WHEN chord2 < :band2 THEN 2
         WHEN chord2 < :band3 THEN 3 WHEN chord2 < :band4 THEN 4 ELSE 5 END
"""

_RANKED = (
    """
    SELECT *, coalesce(named OR chord2 <= reach, 0) AS covers,
"""
    + _BAND
    + """ AS band, count(*) OVER () AS total FROM asked
    WHERE :anywhere OR coalesce(named OR chord2 <= reach, 0) = :covering
    ORDER BY
        CASE WHEN :anywhere THEN abroad WHEN :covering THEN 0 ELSE abroad * 10 + band END,
        :slot IS NOT NULL AND instr(availability, :slot) = 0,
        coalesce(visits_left, 1) = 0,
        confirmed_on < :fresh_since,
        CASE WHEN :distance_counts THEN band ELSE 0 END,
        (:language IS NOT NULL AND instr(languages, :language) = 0)
            + (:gender IS NOT NULL AND gender IS NOT :gender),
        :specialisation IS NOT NULL AND instr(specialisations, :specialisation) = 0,
        held,
        practitioner_id
    LIMIT :limit
"""
)

_SHOWN = """
    SELECT p.id, p.name, p.profession, p.gender, o.name AS organisation, o.duty_phone,
        p.place_id, places.name AS place, p.languages, p.specialisations, p.availability,
        r.visits_left, p.travel_km, p.transport, p.visits_with,
        p.closed_from, p.closed_to, r.confirmed_on, r.licence_expires_on,
        (SELECT json_group_array(json_array(a.starts_on, a.ends_on))
         FROM practitioner_absences AS a
         WHERE a.practitioner_id = p.id AND a.ends_on >= :today) AS away,
        r.named, r.covers, r.band, r.total
    FROM ranked AS r
    JOIN practitioners AS p ON p.id = r.practitioner_id
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
"""


def _question(among: str) -> str:
    asked = "WITH asked AS (" + _ASKED + "FROM listings AS l WHERE " + among + _MUST_HOLD + ")"
    return asked + ", ranked AS (" + _RANKED + ")" + _SHOWN


# Only the home question goes through the R*Tree; the others ask the whole directory.
_WHO_COVERS = _question("l.id IN (" + _REACHED + ") AND ")
_WHO_ELSE = _question("")
_WHETHER = _question("l.practitioner_id = :only AND ")


def find_nearby(db: Database, actor: Actor, wish: Wish, today: date) -> Found:
    """Who answers a wish, best first; a home visit only by those who cover the place.

    Otherwise people of the same country come first: the law and its offices are others elsewhere.
    """
    home = wish.mode == "home"
    return _find(db, actor, wish, today, _WHO_COVERS if home else _WHO_ELSE, anywhere=not home)


def find_not_covering(db: Database, actor: Actor, wish: Wish, today: date) -> Found:
    """Who would answer a wish for a home visit but does not travel to the place.

    Nearest band first, people of another country last.
    """
    return _find(db, actor, wish, today, _WHO_ELSE, covering=False)


def find_match(
    db: Database, actor: Actor, wish: Wish, today: date, practitioner_id: str
) -> Match | None:
    """One practitioner, if she answers a wish now; None when anything that must hold does not."""
    home = wish.mode == "home"
    found = _find(
        db, actor, wish, today, _WHETHER, anywhere=not home, covering=True, only=practitioner_id
    )
    return found.matches[0] if found.matches else None


def _find(
    db: Database,
    actor: Actor,
    wish: Wish,
    today: date,
    sql: str,
    *,
    anywhere: bool = False,
    covering: bool = True,
    only: str | None = None,
) -> Found:
    asked = {**asker(actor, today), **_parameters(wish, today), "only": only}
    matches = fetch(db, Match, sql, **asked, anywhere=anywhere, covering=covering)
    total = matches[0].total if matches else 0
    return Found(min(total, COUNTED_EXACTLY), total > COUNTED_EXACTLY, matches)


def _parameters(wish: Wish, today: date) -> dict[str, object]:
    x, y, z = unit_vector(wish.latitude, wish.longitude)
    fresh_since = date.fromordinal(today.toordinal() - FRESH_DAYS)
    bounds = {f"band{n}": chord_squared(km) for n, (_word, km) in enumerate(BANDS[:-1])}
    return {
        **bounds,
        **_spans(wish.days[0]),
        "place": wish.place_id,
        "country": wish.country,
        "latitude": wish.latitude,
        "longitude": wish.longitude,
        "x": x,
        "y": y,
        "z": z,
        "profession": wish.profession,
        "mode": _within(wish.mode),
        "age_group": _within(wish.age_group),
        "child": wish.age_group == "child",
        "safeguarded_since": safeguarded_since(wish).isoformat(),
        "gender": wish.gender,
        "gender_must": wish.gender_must,
        "language": _within(wish.language),
        "language_must": wish.language_must,
        "close_languages": as_json([_within(tag) for tag in wish.close_languages]),
        "days": as_json([day.isoformat() for day in wish.days]),
        "slot": slot_pattern(wish),
        "fresh_since": fresh_since.isoformat(),
        "distance_counts": wish.mode in ("home", "office"),
        "specialisation": _within(wish.specialisation),
        "limit": wish.limit,
    }


def find_visits_left(db: Database, practitioner_id: str, day: date) -> int | None:
    """How many visits somebody listed has left in the week and month of a day; None: no limit."""
    sql = "SELECT " + _LEFT + " FROM listings AS l WHERE l.practitioner_id = :id"
    return next(iter(column(db, sql, id=practitioner_id, **_spans(day))), None)


def _spans(day: date) -> dict[str, str]:
    """How the week and the month of a day stand in `listings.taken`."""
    return {"week": f"{week_of(day)[0].isoformat()};", "month": f"{day.isoformat()[:7]};"}


def _within(code: str | None) -> str | None:
    """How a code stands in a listing's lists."""
    return f";{code};" if code else None
