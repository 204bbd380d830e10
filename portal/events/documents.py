"""What can be found of an event: its title, its summary and its programme."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import as_json, column, fetch
from portal.events.queries import PUBLIC
from search.engine import Document, Position


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
    programme: list[str]
    position: Position | None


# A coming event enters the public index when its day is past and it is announced again.
_COLUMNS = """
    SELECT e.id, e.title, e.titles, e.kind, e.summary, e.summaries, p.region,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place,
        (SELECT json_group_array(w.value) FROM (
            SELECT s.title AS value FROM event_sessions AS s WHERE s.event_id = e.id
            UNION ALL SELECT t.value FROM event_sessions AS s JOIN json_each(s.titles) AS t
            WHERE s.event_id = e.id) AS w) AS programme,
        CASE WHEN (p.origin = 'geonames' OR :members) AND p.latitude IS NOT NULL
            THEN json_object('latitude', p.latitude, 'longitude', p.longitude) END AS position
"""

_FROM = (
    " FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id WHERE (:members OR "
    + PUBLIC
    + ")"
)

_ONE = " AND (:id IS NULL OR e.id = :id)"


def find_documents(
    db: Database, today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every event of a tier."""
    asked = {"members": members, "today": today.isoformat()}
    for found in fetch(db, Found, _COLUMNS + _FROM + _ONE, id=only, **asked):
        yield Document(
            id=f"events:{found.id}",
            kind="events",
            titles={"": found.title, **found.titles},
            body=" · ".join(filter(None, _texts(found))),
            url=f"/events/{found.id}",
            facets={
                "region": (found.region,) if found.region else (),
                "event_kind": (found.kind,),
            },
            position=found.position,
        )


def find_remaining(db: Database, today: date, ids: list[str], *, members: bool) -> set[str]:
    """Those of these ids that the tier still finds: an index may lag, its answer may not."""
    sql = "SELECT e.id" + _FROM + " AND e.id IN (SELECT value FROM json_each(:ids))"
    return set(column(db, sql, members=members, today=today.isoformat(), ids=as_json(ids)))


def _texts(found: Found) -> list[str | None]:
    return [found.place, found.summary, *found.summaries.values(), *found.programme]
