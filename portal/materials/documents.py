"""What can be found of a material: its titles, summary, topics, audiences and texts.

Drafts are in no index; what is for members is in the members' index alone; what was withdrawn
leaves both, because its document is no longer made.
"""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import as_json, column, fetch
from search.engine import Document

TEXT_READ = 8_000  # characters of a practice note that can be found


class Searched(msgspec.Struct, frozen=True):
    """The columns that are searched."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    summary: str | None
    summaries: dict[str, str]
    region: str | None
    languages: list[str]
    audiences: list[str]
    topics: list[str]
    called: list[dict[str, str]]
    texts: list[str]


# the names of its topics and audiences are found with a work, in every language
_COLUMNS = """
    SELECT w.id, w.title, w.titles, w.kind, w.summary, w.summaries, w.region,
        (SELECT json_group_array(x.language) FROM material_languages AS x
         WHERE x.material_id = w.id) AS languages,
        (SELECT json_group_array(x.audience) FROM material_audiences AS x
         WHERE x.material_id = w.id) AS audiences,
        (SELECT json_group_array(x.topic) FROM material_topics AS x
         WHERE x.material_id = w.id) AS topics,
        (SELECT json_group_array(json(t.names)) FROM terms AS t
         WHERE (t.vocabulary = 'topics' AND t.code IN
                (SELECT topic FROM material_topics WHERE material_id = w.id))
         OR (t.vocabulary = 'audiences' AND t.code IN
                (SELECT audience FROM material_audiences WHERE material_id = w.id))) AS called,
        (SELECT json_group_array(substr(t.body, 1, :longest)) FROM material_texts AS t
         JOIN material_versions AS v ON v.id = t.version_id
         JOIN material_states_now AS s ON s.version_id = v.id
         WHERE v.material_id = w.id AND s.state = 'published'
         AND v.number = (SELECT max(n.number) FROM material_versions AS n
                         JOIN material_texts AS nt ON nt.version_id = n.id
                         JOIN material_states_now AS ns ON ns.version_id = n.id
                         WHERE n.material_id = w.id AND nt.language = t.language
                         AND ns.state = 'published')) AS texts
"""

_FROM = """
    FROM materials AS w
    WHERE w.published_version IS NOT NULL AND (w.visibility = 'public' OR :members)
"""

_ONE = " AND (:id IS NULL OR w.id = :id)"


def find_documents(
    db: Database, _today: date, *, members: bool, only: str | None = None
) -> Iterator[Document]:
    """A document for every published material of a tier, or for one."""
    asked = {"members": members, "longest": TEXT_READ}
    for found in fetch(db, Searched, _COLUMNS + _FROM + _ONE, id=only, **asked):
        called = [name for names in found.called for name in names.values()]
        body = [found.summary, *found.summaries.values(), *found.texts, *called]
        yield Document(
            id=f"materials:{found.id}",
            kind="materials",
            titles={"": found.title, **found.titles},
            body=" · ".join(filter(None, body)),
            url=f"/materials/{found.id}",
            facets={
                "material_kind": (found.kind,),
                "language": tuple(found.languages),
                "audience": tuple(found.audiences),
                "topic": tuple(found.topics),
                "region": (found.region,) if found.region else (),
            },
        )


def find_remaining(db: Database, _today: date, ids: list[str], *, members: bool) -> set[str]:
    """Those of these ids that the tier still finds: an index may lag, its answer may not."""
    sql = "SELECT w.id" + _FROM + " AND w.id IN (SELECT value FROM json_each(:ids))"
    return set(column(db, sql, members=members, ids=as_json(ids)))
