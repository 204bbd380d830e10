"""Questions about many materials at once: the gallery, its counts, the feed, who adapted whom.

All of them ask what is written beside a work about its newest published version; none asks the
history of states. What is not published stands in no list here, for nobody.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.db import as_json, column, fetch
from portal.errors import Invalid
from portal.gallery.forms import Wanted
from portal.i18n.language import Message
from portal.materials.queries import GIVEN_BY, WORK, Work, asker
from portal.materials.registry import SHOWN, find_givers, find_published_files
from portal.materials.rules import sees_member_materials
from search.engine import Engine, EngineUnavailable, Question
from search.folding import fold_words

# of a search word's hits, which come best first, so many are filtered and counted
FOUND_AT_MOST = 400

FEED_LENGTH = 30


class Size(msgspec.Struct, frozen=True):
    """A file of a card: its language, ending and bytes; a link has neither of the latter."""

    language: str
    ending: str | None
    size: int | None


class Card(Work, frozen=True):
    """A work as it stands in the gallery."""

    languages: list[str]
    files: tuple[Size, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """One page of the gallery; `facets` say how many each choice would bring."""

    total: int
    page: int
    per_page: int
    results: list[Card]
    facets: dict[str, dict[str, int]]


class _Counted(msgspec.Struct, frozen=True):
    facet: str
    code: str | None
    n: int


_AMONG = """
    AND (:campaign IS NULL OR w.campaign_id = :campaign)
    AND (:found IS NULL OR w.id IN (SELECT value FROM json_each(:found)))
"""

_HAS_LANGUAGE = """
    (:language IS NULL OR EXISTS (SELECT 1 FROM material_languages AS x
     WHERE x.material_id = w.id AND x.language = :language))
"""

_HAS_AUDIENCE = """
    (:audience IS NULL OR EXISTS (SELECT 1 FROM material_audiences AS x
     WHERE x.material_id = w.id AND x.audience = :audience))
"""

_HAS_TOPIC = """
    (:topic IS NULL OR EXISTS (SELECT 1 FROM material_topics AS x
     WHERE x.material_id = w.id AND x.topic = :topic))
"""

_FILTERS = (
    """
    AND (:kind IS NULL OR w.kind = :kind)
    AND (:region IS NULL OR w.region = :region)
    AND (:licence IS NULL OR w.licence = :licence)
    AND (:organisation IS NULL OR w.organisation_id = :organisation) AND """
    + _HAS_LANGUAGE
    + " AND "
    + _HAS_AUDIENCE
    + " AND "
    + _HAS_TOPIC
)

_LANGUAGES = """
    (SELECT json_group_array(x.language) FROM material_languages AS x
     WHERE x.material_id = w.id) AS languages
"""

_CARD = "SELECT " + WORK + ", " + _LANGUAGES

_NEWEST = " ORDER BY w.published_at DESC, w.year DESC, w.id DESC LIMIT :limit OFFSET :offset"

_BEST = " ORDER BY f.key LIMIT :limit OFFSET :offset"

# One pass over what this person sees: a bit for every filter that a work misses. An option of a
# filter would bring the works that miss none of the others.
_COUNTS = (
    """
    WITH seen AS MATERIALIZED (
        SELECT w.id, w.kind, w.region, w.licence, w.organisation_id,
            (:kind IS NOT NULL AND w.kind <> :kind)
            + 2 * (:region IS NOT NULL AND w.region IS NOT :region)
            + 4 * (:licence IS NOT NULL AND w.licence <> :licence)
            + 8 * (:organisation IS NOT NULL AND w.organisation_id IS NOT :organisation)
            + 16 * (NOT """
    + _HAS_LANGUAGE
    + ") + 32 * (NOT "
    + _HAS_AUDIENCE
    + ") + 64 * (NOT "
    + _HAS_TOPIC
    + ") AS missed FROM materials AS w WHERE "
    + SHOWN
    + _AMONG
    + """)
    SELECT 'total' AS facet, NULL AS code, count(*) AS n FROM seen WHERE missed = 0
    UNION ALL SELECT 'kind', kind, count(*) FROM seen WHERE missed IN (0, 1) GROUP BY kind
    UNION ALL SELECT 'region', region, count(*) FROM seen WHERE missed IN (0, 2) GROUP BY region
    UNION ALL SELECT 'licence', licence, count(*) FROM seen WHERE missed IN (0, 4)
        GROUP BY licence
    UNION ALL SELECT 'organisation', organisation_id, count(*) FROM seen WHERE missed IN (0, 8)
        GROUP BY organisation_id
    UNION ALL SELECT 'language', x.language, count(*) FROM seen AS w
        JOIN material_languages AS x ON x.material_id = w.id
        WHERE w.missed IN (0, 16) GROUP BY x.language
    UNION ALL SELECT 'audience', x.audience, count(*) FROM seen AS w
        JOIN material_audiences AS x ON x.material_id = w.id
        WHERE w.missed IN (0, 32) GROUP BY x.audience
    UNION ALL SELECT 'topic', x.topic, count(*) FROM seen AS w
        JOIN material_topics AS x ON x.material_id = w.id
        WHERE w.missed IN (0, 64) GROUP BY x.topic
"""
)


def find_materials(
    db: Database, actor: Actor, wanted: Wanted, found: list[str] | None = None
) -> Found:
    """One page of the gallery, newest first; or among `found`, in its order."""
    givers = {each.id for each in find_givers(db, actor)}
    if wanted.organisation is not None and wanted.organisation not in givers:
        raise Invalid({"organisation": [Message("Choose an organisation of the list.")]})
    asked = {**_asked(actor, wanted), "found": None if found is None else as_json(found)}
    facets = _count(db, asked, givers)
    sql = _CARD + " FROM materials AS w" + GIVEN_BY + "WHERE " + SHOWN + _AMONG + _FILTERS + _NEWEST
    if found is not None:
        among = " FROM json_each(:found) AS f JOIN materials AS w ON w.id = f.value"
        sql = _CARD + among + GIVEN_BY + "WHERE " + SHOWN + _AMONG + _FILTERS + _BEST
    cards = fetch(db, Card, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    total = facets.pop("total")[""]
    return Found(total, wanted.page, wanted.per_page, _with_files(db, cards), facets)


def find_newest(db: Database, language: str) -> list[Card]:
    """What the feed tells the public: the newest works that are there in a language."""
    sql = (
        _CARD
        + " FROM materials AS w"
        + GIVEN_BY
        + "WHERE w.published_version IS NOT NULL AND w.visibility = 'public' AND "
        + _HAS_LANGUAGE
        + _NEWEST
    )
    asked = {**asker(PUBLIC), "language": language, "limit": FEED_LENGTH, "offset": 0}
    return fetch(db, Card, sql, **asked)


def _asked(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    names = ("kind", "language", "audience", "topic", "region", "licence", "organisation")
    filters = {name: getattr(wanted, name) for name in (*names, "campaign")}
    return {**asker(actor), **filters}


def _count(db: Database, asked: dict[str, Any], givers: set[str]) -> dict[str, dict[str, int]]:
    """How many works each option would bring given the other filters; no option brings none."""
    names = ("total", "kind", "language", "audience", "topic", "region", "licence")
    facets: dict[str, dict[str, int]] = {name: {} for name in (*names, "organisation")}
    for each in fetch(db, _Counted, _COUNTS, **asked):
        # security: an organisation without a public card is not named by a count either
        if each.facet == "organisation" and each.code not in givers:
            continue
        if each.facet == "total" or each.code is not None:
            facets[each.facet][each.code or ""] = each.n
    return facets


def _with_files(db: Database, cards: list[Card]) -> list[Card]:
    """The cards with their files; the original's language comes first."""
    sizes: dict[str, list[Size]] = {}
    for each in find_published_files(db, [card.id for card in cards]):
        size = Size(each.language, each.ending, each.size)
        sizes.setdefault(each.material_id, []).append(size)
    return [
        msgspec.structs.replace(
            card,
            languages=sorted(card.languages, key=lambda code: (code != card.language, code)),
            files=tuple(sizes.get(card.id, ())),
        )
        for card in cards
    ]


def find_by_word(db: Database, engine: Engine, actor: Actor, text: str) -> list[str]:
    """The works in which the site's engine finds a word, best first; SQL decides who sees them."""
    index = "members" if sees_member_materials(actor) else "public"
    question = Question(text=text, kind="materials", limit=FOUND_AT_MOST, facets=())
    try:
        return [hit.id.split(":", 1)[1] for hit in engine.ask(index, question).hits]
    except EngineUnavailable:
        return list(_find_in_titles(db, actor, text))


def _find_in_titles(db: Database, actor: Actor, text: str) -> Iterable[str]:
    """Without an engine: works whose titles or summary hold every word, or a longer one."""
    asked = fold_words(text)
    sql = (
        "SELECT w.id || ' ' || w.title || ' ' || w.titles || ' ' || coalesce(w.summary, '') || ' '"
        " || w.summaries FROM materials AS w WHERE " + SHOWN + " ORDER BY w.published_at DESC, w.id"
    )
    for row in column(db, sql, **asker(actor)):
        material_id, _, rest = row.partition(" ")
        words = fold_words(rest)
        if asked and all(any(word.startswith(each) for word in words) for each in asked):
            yield material_id
