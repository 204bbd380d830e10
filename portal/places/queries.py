"""Questions about settlements: one by id or name, by region, nearest to a point, what may be meant.

The network's own places (origin `network`) are shown to signed-in people only, so every question
says whether they count: `local`.
"""

import re

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column, fetch, fetch_one
from portal.errors import Invalid, NotFound
from portal.geo import distance_km
from portal.i18n.language import Message
from search.engine import Engine, Question
from search.folding import fold


class Place(msgspec.Struct, frozen=True):
    """A settlement."""

    id: str
    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    population: int | None = None


class Region(msgspec.Struct, frozen=True):
    """A first-level region with its ISO 3166-2 code."""

    code: str
    country: str
    names: dict[str, str]
    places: int = 0


class Suggestion(msgspec.Struct, frozen=True):
    """One line of the typeahead; `name` is the spelling that was recognised."""

    id: str
    name: str
    region: str
    population: int | None


_PLACE = "SELECT id, name, region, country, latitude, longitude, population FROM places "


def sees_local(actor: Actor) -> bool:
    """Whether the network's own places count for this person."""
    return actor.may_use_directory or (actor.role == "practitioner" and actor.directory_access)


def get_place(db: Database, place_id: str, *, local: bool) -> Place:
    """The settlement of an id; `NotFound` for a local one when `local` is False."""
    sql = _PLACE + "WHERE id = :id AND (origin = 'geonames' OR :local)"
    place = fetch_one(db, Place, sql, id=place_id, local=local)
    if place is None:
        raise NotFound
    return place


def resolve_place(db: Database, engine: Engine, text: str, *, local: bool) -> Place:
    """The settlement that a person named, by id or by any of its names.

    `Invalid` on the field `place` with candidates when the name is unknown or stands for several.
    """
    named = _named(db, text, local=local)
    if len(named) == 1:
        return named[0]
    if named:
        said = Message("Several settlements have this name. Choose one.")
        raise Invalid({"place": [said]}, _candidates(named))
    meant = suggest_places(db, engine, text, local=local, limit=5)
    said = Message("No settlement of this name is known. Choose one from the list.")
    raise Invalid({"place": [said]}, _candidates(meant))


def suggest_places(
    db: Database, engine: Engine, text: str, *, local: bool, limit: int = 8
) -> list[Place]:
    """Settlements whose name begins like, or nearly like, what was typed; best first."""
    if len(text.strip()) < 2:
        return []
    index = "members" if local else "public"
    hits = engine.ask(index, Question(text=text, kind="places", limit=limit)).hits
    return [get_place(db, hit.id.removeprefix("places:"), local=local) for hit in hits]


def find_regions(db: Database) -> list[Region]:
    """Every region with the number of its settlements in the gazetteer."""
    sql = """
        SELECT code, regions.country, names, count(places.id) AS places
        FROM regions LEFT JOIN places ON places.region = regions.code AND origin = 'geonames'
        GROUP BY code ORDER BY position
    """
    return fetch(db, Region, sql)


def find_places_of(db: Database, region: str, *, local: bool) -> list[Place]:
    """The settlements of a region in the order of the alphabet."""
    sql = _PLACE + "WHERE region = :region AND (origin = 'geonames' OR :local) ORDER BY sort_name"
    return fetch(db, Place, sql, region=region, local=local)


def find_country(db: Database, country: str, *, local: bool) -> list[Place]:
    """All settlements of a country, for its map."""
    sql = _PLACE + "WHERE country = :country AND (origin = 'geonames' OR :local) ORDER BY id"
    return fetch(db, Place, sql, country=country, local=local)


def find_nearest(db: Database, latitude: float, longitude: float, *, local: bool) -> Place | None:
    """The settlement nearest to a point in degrees; the point itself is not kept."""
    everywhere = fetch(db, Place, _PLACE + "WHERE origin = 'geonames' OR :local", local=local)
    here = (latitude, longitude)
    return min(
        everywhere,
        key=lambda place: distance_km(here, (place.latitude, place.longitude)),
        default=None,
    )


def label(db: Database, place: Place, *, local: bool) -> str:
    """The name that finds a place again, with its id where several share the name."""
    return place.name if len(_named(db, place.name, local=local)) == 1 else _with_id(place)


def _with_id(place: Place) -> str:
    return f"{place.name} ({place.id})"


def _named(db: Database, text: str, *, local: bool) -> list[Place]:
    given = re.fullmatch(r".*\((L?\w+)\)", text)
    text = given.group(1) if given else text
    by_id = fetch(
        db,
        Place,
        _PLACE + "WHERE id = :id AND (origin = 'geonames' OR :local)",
        id=text,
        local=local,
    )
    sql = (
        _PLACE
        + """
        WHERE id IN (SELECT place_id FROM place_names WHERE folded = :folded)
        AND (origin = 'geonames' OR :local) ORDER BY population DESC, id
    """
    )
    return by_id or fetch(db, Place, sql, folded=fold(text), local=local)


def _candidates(places: list[Place]) -> list[dict[str, str | int | None]]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "region": each.region,
            "population": each.population,
        }
        for each in places
    ]


def find_place_names(db: Database, ids: list[str]) -> dict[str, str]:
    """Settlements by id, for those who may see the network's own places."""
    sql = "SELECT id, name FROM places WHERE id IN (SELECT value FROM json_each(:ids))"
    return dict(db.execute(sql, {"ids": msgspec.json.encode(ids).decode()}).fetchall())


def find_districts(db: Database, country: str) -> list[str]:
    """The network's own lists of settlements in a country."""
    sql = """
        SELECT DISTINCT d.district FROM place_districts AS d JOIN places ON places.id = d.place_id
        WHERE places.country = :country ORDER BY d.district
    """
    return column(db, sql, country=country)
