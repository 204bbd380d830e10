"""What can be found of a campaign: its title and summary, once it is published."""

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
    summary: str | None
    summaries: dict[str, str]
    regions: list[str]
    audiences: list[str]


_SQL = """
    SELECT c.id, c.title, c.titles, c.summary, c.summaries,
        (SELECT json_group_array(region) FROM campaign_regions
         WHERE campaign_id = c.id) AS regions,
        (SELECT json_group_array(audience) FROM campaign_audiences
         WHERE campaign_id = c.id) AS audiences
    FROM campaigns AS c
    WHERE (:id IS NULL OR c.id = :id)
    AND (c.state = 'published' OR (:members AND c.state = 'waiting'))
"""


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every campaign of a tier; what waits for a second person is for members."""
    for found in fetch(db, Found, _SQL, id=only, members=members):
        yield Document(
            id=f"campaigns:{found.id}",
            kind="campaigns",
            titles={"": found.title, **found.titles},
            body=" · ".join(filter(None, [found.summary, *found.summaries.values()])),
            url=f"/campaigns/{found.id}",
            facets={"region": tuple(found.regions), "audience": tuple(found.audiences)},
        )
