"""The network's own places and district lists as rows of a file.

An id `L…` is a place of the network; a GeoNames id is a settlement of the gazetteer, of which only
the district list can be said. Whoever covers a place by name, district list or region is listed
anew when the place moves between them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column
from portal.i18n.language import Message
from portal.outbox import announce
from portal.places.actions import save_local_place
from portal.transfer import cells
from portal.transfer.columns import Column, Entry, Kind, id_column
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

LOCAL = ("name", "parent", "latitude", "longitude")

COLUMNS = (
    id_column(),
    Column("name", cells.line()),
    Column("parent", cells.place()),
    Column("latitude", cells.number(-90, 90)),
    Column("longitude", cells.number(-180, 180)),
    Column("district", cells.line()),
)

_SQL = """
    SELECT p.id, p.name,
        CASE WHEN p.origin = 'network' THEN p.parent_id END AS parent,
        CASE WHEN p.origin = 'network' THEN p.latitude END AS latitude,
        CASE WHEN p.origin = 'network' THEN p.longitude END AS longitude,
        (SELECT district FROM place_districts AS d WHERE d.place_id = p.id
         ORDER BY district LIMIT 1) AS district
    FROM places AS p ORDER BY p.id
"""

_BELOW = """
    WITH RECURSIVE below (id) AS (
        SELECT :id UNION SELECT p.id FROM places AS p JOIN below ON p.parent_id = below.id)
    SELECT id FROM below
"""

_CARRY_REGION = (
    "UPDATE places SET (region, country) = (SELECT region, country FROM places WHERE id = :id)"
    " WHERE id IN (" + _BELOW + ")"
)

_LISTED_AT = """
    SELECT p.id FROM practitioners AS p WHERE p.place_id = :id
    UNION SELECT a.practitioner_id FROM service_areas AS a JOIN places ON places.id = :id
        WHERE (a.kind = 'place' AND a.code = :id)
        OR (a.kind = 'region' AND a.code = places.region)
        OR (a.kind = 'district' AND a.code IN
            (SELECT district FROM place_districts WHERE place_id = :id))
"""

_NAMING = """
    SELECT 'organisations' AS entity, id FROM organisations WHERE place_id = :id
    UNION SELECT 'practitioners' AS entity, id FROM practitioners WHERE place_id = :id
    UNION SELECT 'events' AS entity, id FROM events WHERE place_id = :id
"""


def is_local(place_id: str) -> bool:
    """Whether an id is one the network gives itself."""
    return place_id.startswith("L")


def _expect(entries: Iterable[Entry], finder: Finder) -> None:
    finder.expect_places((entry.id, entry.text("name")) for entry in entries if is_local(entry.id))


def _meant(texts: dict[str, str], stored: Mapping[str, str], _finder: Finder) -> dict[str, str]:
    """A settlement of the gazetteer keeps what a file leaves empty."""
    if stored and not stored["parent"]:
        return {name: text for name, text in texts.items() if text or name not in LOCAL}
    return texts


def _check(_db: Database, entry: Entry, finder: Finder) -> list[CellError]:
    errors = _check_local(entry) if is_local(entry.id) else _check_gazetteer(entry)
    district = entry.changes.get("district") or ""
    if ";" in district or finder.knows_place(district) or finder.knows_region(district):
        said = Message("Call the district list by a name without “;” that is no other place's id.")
        errors.append(entry.error("district", said))
    return errors


def _check_local(entry: Entry) -> list[CellError]:
    said = Message("A place of the network needs this. Fill it in.")
    return [entry.error(name, said) for name in LOCAL if not entry.text(name)]


def _check_gazetteer(entry: Entry) -> list[CellError]:
    if entry.is_new:
        said = Message(
            "No settlement of the gazetteer has this id. A place of your own needs one like L1001."
        )
        return [entry.error("id", said)]
    said = Message("The gazetteer says this itself: leave it empty. Only the district can be set.")
    return [entry.error(name, said) for name in LOCAL if name in entry.changes]


def _order(db: Database, entries: list[Entry]) -> tuple[list[Entry], list[CellError]]:
    """Parents before what lies in them; a place that lies in itself is an error."""
    parents = dict(db.execute("SELECT id, parent_id FROM places WHERE parent_id IS NOT NULL"))
    parents |= {entry.id: entry.kept("parent") for entry in entries if is_local(entry.id)}
    above = {entry.id: _above(entry.id, parents) for entry in entries}
    said = Message("This place lies in itself, or in a place that lies in it. Choose another one.")
    circles = [entry.error("parent", said) for entry in entries if entry.id in above[entry.id]]
    return sorted(entries, key=lambda entry: len(above[entry.id])), circles


def _above(place_id: str, parents: Mapping[str, str]) -> list[str]:
    above: list[str] = []
    parent = parents.get(place_id)
    while parent is not None and parent not in above:
        above.append(parent)
        parent = parents.get(parent)
    return above


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    place = {"district": entry.kept("district")}
    if is_local(entry.id):
        place |= {
            "name": entry.kept("name"),
            "parent_id": entry.kept("parent"),
            "latitude": float(entry.kept("latitude")),
            "longitude": float(entry.kept("longitude")),
        }
    save_local_place(db, by, at, entry.id, place)
    if "parent" in entry.changes:
        db.execute(_CARRY_REGION, {"id": entry.id})
    for record in db.query(_NAMING, {"id": entry.id}):
        announce(db, record["entity"], record["id"])


def _lists(db: Database, entry: Entry) -> set[str]:
    """Whose listing depends on where a place, or what lies in it, is counted."""
    if entry.changes.keys() == {"name"}:
        return set()
    places = {entry.id, *column(db, _BELOW, id=entry.id)}
    return {each for place_id in places for each in column(db, _LISTED_AT, id=place_id)}


def _is_exported(record_id: str, texts: Mapping[str, str]) -> bool:
    """The gazetteer itself is not exported, only what the network says of it."""
    return is_local(record_id) or bool(texts["district"])


PLACES = Kind(
    "places",
    COLUMNS,
    _SQL,
    _save,
    meant=_meant,
    check=_check,
    order=_order,
    expect=_expect,
    lists=_lists,
    is_exported=_is_exported,
)
