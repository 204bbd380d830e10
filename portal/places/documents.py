"""What can be found of a settlement: every name it goes by."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from search.engine import Document


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    name: str
    region: str
    population: int | None
    names: list[str]


_SQL = """
    SELECT id, name, region, population,
        (SELECT json_group_array(n.name) FROM place_names AS n WHERE n.place_id = p.id) AS names
    FROM places AS p
    WHERE (:id IS NULL OR id = :id) AND (origin = 'geonames' OR :members)
"""


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every settlement; the network's own places for members alone."""
    for found in fetch(db, Found, _SQL, id=only, members=members):
        yield Document(
            id=f"places:{found.id}",
            kind="places",
            titles={"": found.name},
            names=tuple(found.names),
            url=f"/places/{found.id}",
            facets={"region": (found.region,)},
            weight=float(found.population or 0),
        )
