"""What members can find of a practitioner: name, profession, settlement. Never in public."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from search.engine import Document


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched; no contact, no licence."""

    id: str
    name: str
    profession: str
    place: str
    region: str
    languages: list[str]
    called: dict[str, str]
    regions: dict[str, str]


_SQL = """
    SELECT p.id, p.name, p.profession, places.name AS place, places.region, p.languages,
        coalesce((SELECT t.names FROM terms AS t
                  WHERE t.vocabulary = 'professions' AND t.code = p.profession), '{}') AS called,
        (SELECT r.names FROM regions AS r WHERE r.code = places.region) AS regions
    FROM listings AS l
    JOIN practitioners AS p ON p.id = l.practitioner_id
    JOIN places ON places.id = p.place_id
    WHERE :id IS NULL OR p.id = :id
"""


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for everybody who has a listing; what the clock hides is left out when asked."""
    if not members:
        return
    for found in fetch(db, Found, _SQL, id=only):
        yield Document(
            id=f"practitioners:{found.id}",
            kind="practitioners",
            titles={"": found.name},
            body=" · ".join(
                [found.place, *found.called.values(), *dict.fromkeys(found.regions.values())]
            ),
            url=f"/practitioners/{found.id}",
            facets={
                "region": (found.region,),
                "profession": (found.profession,),
                "language": tuple(found.languages),
            },
        )
