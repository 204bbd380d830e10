"""What can be found of a campaign: its title and summary, once it is published."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import as_json, column, fetch
from search.engine import Document


class Found(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    title: str
    titles: dict[str, str]
    summary: str | None
    summaries: dict[str, str]
    regions: list[str]
    audiences: list[str]


_COLUMNS = """
    SELECT c.id, c.title, c.titles, c.summary, c.summaries,
        (SELECT json_group_array(region) FROM campaign_regions
         WHERE campaign_id = c.id) AS regions,
        (SELECT json_group_array(audience) FROM campaign_audiences
         WHERE campaign_id = c.id) AS audiences
"""

_FROM = """
    FROM campaigns AS c
    WHERE (c.state = 'published' OR (:members AND c.state = 'waiting'))
"""

_ONE = " AND (:id IS NULL OR c.id = :id)"


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every campaign of a tier; what waits for a second person is for members."""
    for found in fetch(db, Found, _COLUMNS + _FROM + _ONE, id=only, members=members):
        yield Document(
            id=f"campaigns:{found.id}",
            kind="campaigns",
            titles={"": found.title, **found.titles},
            body=" · ".join(filter(None, [found.summary, *found.summaries.values()])),
            url=f"/campaigns/{found.id}",
            facets={"region": tuple(found.regions), "audience": tuple(found.audiences)},
        )


def find_remaining(db: Database, _today: date, ids: list[str], *, members: bool) -> set[str]:
    """Those of these ids that the tier still finds: an index may lag, its answer may not."""
    sql = "SELECT c.id" + _FROM + " AND c.id IN (SELECT value FROM json_each(:ids))"
    return set(column(db, sql, members=members, ids=as_json(ids)))
