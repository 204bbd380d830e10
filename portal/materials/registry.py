"""Further questions about works: their texts, lineage, campaign and consents; files of many."""

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, count, fetch, fetch_one
from portal.materials.queries import FILE, ORGANISATIONS, SEEN, UP_TO, MaterialFile, asker
from portal.materials.rules import standing


class Giver(msgspec.Struct, frozen=True):
    """An organisation as a filter offers it."""

    id: str
    name: str
    names: dict[str, str]


class Title(msgspec.Struct, frozen=True):
    """Another work, as a link shows it."""

    id: str
    title: str
    titles: dict[str, str]


class Text(msgspec.Struct, frozen=True):
    """A text (markdown) in one language, as it stands in a version."""

    material_id: str
    version: int
    of_version: int
    language: str
    body: str


class ImageConsent(msgspec.Struct, frozen=True):
    """That people in a picture agreed; whose it is: an adult's, or a child's guardian's."""

    whose: str
    given_on: str
    until: str
    ended_at: str | None


# security: published, and public or for this person
SHOWN = """
    w.published_version IS NOT NULL
    AND (w.visibility = 'public' OR :readers OR :coordinator OR w.organisation_id = :own)
"""

TEXT = """
    SELECT v.material_id, v.number AS version, t.of_version, t.language, t.body
    FROM material_texts AS t
    JOIN material_versions AS v ON v.id = t.version_id
    JOIN material_states_now AS s ON s.version_id = v.id
"""


def find_givers(db: Database, actor: Actor) -> list[Giver]:
    """The organisations whose names this person may read, in the order of the alphabet."""
    sql = "SELECT id, name, names FROM (" + ORGANISATIONS + ") ORDER BY sort_name, id"
    return fetch(db, Giver, sql, **asker(actor))


def find_adaptations(db: Database, actor: Actor, material_id: str) -> list[Title]:
    """Works made of this one, which this person may see."""
    sql = "SELECT w.id, w.title, w.titles FROM materials AS w WHERE w.adapted_from = :id AND "
    order = " ORDER BY w.published_at DESC, w.id"
    return fetch(db, Title, sql + SHOWN + order, id=material_id, **asker(actor))


def find_title(db: Database, actor: Actor, material_id: str) -> Title | None:
    """What a work is called, if this person may see it."""
    sql = "SELECT w.id, w.title, w.titles FROM materials AS w WHERE w.id = :id AND " + SEEN
    return fetch_one(db, Title, sql, id=material_id, **asker(actor))


def find_campaign(db: Database, actor: Actor, campaign_id: str) -> Title | None:
    """The campaign a work belongs to, once it is published; its organisation sees it before."""
    sql = """
        SELECT id, title, titles FROM campaigns
        WHERE id = :id AND (state = 'published' OR :coordinator OR organisation_id = :own)
    """
    return fetch_one(db, Title, sql, id=campaign_id, **asker(actor))


def find_texts(db: Database, material_id: str, number: int) -> list[Text]:
    """The texts of a work as of a version: in every language the newest up to it."""
    sql = TEXT + UP_TO + "ORDER BY v.number DESC, t.language"
    return standing(fetch(db, Text, sql, id=material_id, number=number))


def find_published_files(db: Database, material_ids: list[str]) -> list[MaterialFile]:
    """The files that stand in the newest published version of each of these works."""
    sql = (
        FILE
        + """JOIN materials AS w ON w.id = v.material_id
        WHERE v.material_id IN (SELECT value FROM json_each(:ids))
        AND v.number <= w.published_version AND s.state = 'published'
        ORDER BY v.number DESC, m.language, f.ending, m.id"""
    )
    return standing(fetch(db, MaterialFile, sql, ids=as_json(material_ids)))


def find_consents(db: Database, material_id: str) -> list[ImageConsent]:
    """The consents of the people in a work's pictures, the one that ends first before others."""
    sql = """
        SELECT whose, given_on, until, ended_at FROM image_consents
        WHERE material_id = :id ORDER BY until, id
    """
    return fetch(db, ImageConsent, sql, id=material_id)


class Downloaded(msgspec.Struct, frozen=True):
    """How often the files of a work were downloaded in a language."""

    language: str
    whole: int
    light: int


def count_downloads(db: Database, material_id: str) -> list[Downloaded]:
    """How often the files of a work were downloaded, by language, all versions together."""
    sql = """
        SELECT m.language, sum(d.number * (d.variant = 'whole')) AS whole,
            sum(d.number * (d.variant = 'light')) AS light
        FROM download_counts AS d JOIN material_files AS m ON m.id = d.material_file_id
        JOIN material_versions AS v ON v.id = m.version_id
        WHERE v.material_id = :id GROUP BY m.language ORDER BY m.language
    """
    return fetch(db, Downloaded, sql, id=material_id)


def total_downloads(db: Database, since: str, before: str) -> int:
    """How many downloads there were from one month (2026-01) to before another."""
    sql = "SELECT sum(number) FROM download_counts WHERE month >= :since AND month < :before"
    return count(db, sql, since=since, before=before)
