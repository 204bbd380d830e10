"""What can be found of an organisation: its names, its summary, its services."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.db import as_json, column, fetch
from portal.organisations.queries import SHOWN, tier
from search.engine import Document, Position

MEMBER = Actor(role="member", directory_access=True)


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    name: str
    names: dict[str, str]
    kind: str
    summary: str | None
    summaries: dict[str, str]
    region: str | None
    place: str | None
    services: list[str]
    position: Position | None


# security: the town of a shelter is no place on a map, for members neither
_SQL = (
    """
    SELECT o.id, o.name, o.names, o.kind, o.summary, o.summaries, p.region,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place,
        (SELECT json_group_array(service) FROM organisation_services AS s
         WHERE s.organisation_id = o.id) AS services,
        CASE WHEN (p.origin = 'geonames' OR :members) AND p.latitude IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM organisation_services AS s
                            WHERE s.organisation_id = o.id AND s.service = 'shelter')
            THEN json_object('latitude', p.latitude, 'longitude', p.longitude) END AS position
    """
    + SHOWN
    + "AND (:id IS NULL OR o.id = :id)"
)


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every organisation of a tier, or for one."""
    asker = tier(MEMBER if members else PUBLIC)
    for found in fetch(db, Found, _SQL, **asker, id=only):
        yield Document(
            id=f"organisations:{found.id}",
            kind="organisations",
            titles={"": found.name, **found.names},
            body=" · ".join(filter(None, [found.place, found.summary, *found.summaries.values()])),
            url=f"/organisations/{found.id}",
            facets={
                "region": (found.region,) if found.region else (),
                "service": tuple(found.services),
            },
            position=found.position,
        )


def find_remaining(db: Database, _today: date, ids: list[str], *, members: bool) -> set[str]:
    """Those of these ids that the tier still finds: an index may lag, its answer may not."""
    sql = "SELECT o.id" + SHOWN + "AND o.id IN (SELECT value FROM json_each(:ids))"
    return set(column(db, sql, **tier(MEMBER if members else PUBLIC), ids=as_json(ids)))
