"""What can be found of an event: its title and summary."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from search.engine import Document


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    summary: str | None
    summaries: dict[str, str]
    place: str | None
    region: str | None


# A coming event enters the public index when its day is past and it is announced again.
_SQL = """
    SELECT e.id, e.title, e.titles, e.kind, e.summary, e.summaries, p.region,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place
    FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id
    WHERE (:id IS NULL OR e.id = :id)
    AND (:members OR e.open OR coalesce(e.ends_on, e.starts_on) < :today)
"""


def find_documents(
    db: Database, today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every event of a tier."""
    for found in fetch(db, Found, _SQL, id=only, members=members, today=today.isoformat()):
        yield Document(
            id=f"events:{found.id}",
            kind="events",
            titles={"": found.title, **found.titles},
            body=" · ".join(filter(None, [found.place, found.summary, *found.summaries.values()])),
            url=f"/events/{found.id}",
            facets={
                "region": (found.region,) if found.region else (),
                "event_kind": (found.kind,),
            },
        )
