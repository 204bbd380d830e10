"""What can be found of a settlement: every name it goes by."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import as_json, column, fetch
from search.engine import Document, Position


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    name: str
    region: str
    population: int | None
    names: list[str]
    position: Position


_COLUMNS = """
    SELECT id, name, region, population,
        json_object('latitude', latitude, 'longitude', longitude) AS position,
        (SELECT json_group_array(n.name) FROM place_names AS n WHERE n.place_id = p.id) AS names
"""

# security: a place that the network added is in the members' index alone
_FROM = " FROM places AS p WHERE (origin = 'geonames' OR :members) "

_ONE = " AND (:id IS NULL OR id = :id)"


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every settlement; the network's own places for members alone."""
    for found in fetch(db, Found, _COLUMNS + _FROM + _ONE, id=only, members=members):
        yield Document(
            id=f"places:{found.id}",
            kind="places",
            titles={"": found.name},
            names=tuple(found.names),
            url=f"/places/{found.id}",
            facets={"region": (found.region,)},
            weight=float(found.population or 0),
            position=found.position,
        )


def find_remaining(db: Database, _today: date, ids: list[str], *, members: bool) -> set[str]:
    """Those of these ids that the tier still finds: an index may lag, its answer may not."""
    sql = "SELECT id" + _FROM + " AND id IN (SELECT value FROM json_each(:ids))"
    return set(column(db, sql, members=members, ids=as_json(ids)))
