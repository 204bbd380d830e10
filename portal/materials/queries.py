"""Questions about one material: the work, its versions, its files; `registry` asks of many.

The public sees the newest published version of works for everybody. Members see those for members,
too, and what waits for a second person; an organisation sees its own drafts.
"""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import count, fetch, fetch_one
from portal.errors import NotFound
from portal.materials.rules import sees_member_materials, standing
from portal.organisations.queries import NAMED
from portal.organisations.queries import SHOWN as ORGANISATION_SHOWN


class Work(msgspec.Struct, frozen=True):
    """A material without its files; `version` is the newest published one, None without one."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    language: str
    region: str | None
    campaign_id: str | None
    organisation_id: str | None
    organisation: str | None
    organisation_names: dict[str, str]
    licence: str
    year: int | None
    visibility: str
    summary: str | None
    summaries: dict[str, str]
    adapted_from: str | None
    adapted_how: str | None
    audiences: list[str]
    topics: list[str]
    version: int | None
    published_at: str | None


class Version(msgspec.Struct, frozen=True):
    """One version of a work, with its state."""

    id: str
    material_id: str
    number: int
    note: str | None
    at: str
    state: str
    reason: str | None


class MaterialFile(msgspec.Struct, frozen=True):
    """A file or a link in one language, as it stands in a version; `size` in bytes."""

    id: str
    material_id: str
    version_id: str
    version: int
    of_version: int
    language: str
    link: str | None
    file_id: str | None
    hash: str | None
    size: int | None
    media_type: str | None
    ending: str | None
    pages: int | None
    light_size: int | None
    picture_size: int | None
    picture_width: int | None
    picture_height: int | None
    state: str

    @property
    def has_light(self) -> bool:
        """Whether there is a version for slow lines."""
        return self.light_size is not None


# security: a work's own visibility decides, and nobody but its organisation and those who may be
# the second person sees a version that is not published
SEEN = """
    (((w.visibility = 'public' OR :readers) AND w.published_version IS NOT NULL)
     OR :coordinator OR w.organisation_id = :own
     OR (:seconds AND EXISTS (
        SELECT 1 FROM material_versions AS v JOIN material_states_now AS s ON s.version_id = v.id
        WHERE v.material_id = w.id AND s.state = 'waiting')))
"""

# security: an organisation that has no public card, a shelter above all, is named to nobody by
# what it gave; `o` is NULL then
ORGANISATIONS = (
    "SELECT o.id, o.name, o.names, o.sort_name " + ORGANISATION_SHOWN + " OR o.id = :own"
)

GIVEN_BY = (
    " LEFT JOIN (" + ORGANISATIONS + ") AS o ON o.id = w.organisation_id"
    " LEFT JOIN (SELECT o.id, o.name, o.names "
    + NAMED
    + ") AS once ON once.id = w.organisation_id "
)

WORK = """
    w.id, w.title, w.titles, w.kind, w.language, w.region,
    (SELECT c.id FROM campaigns AS c WHERE c.id = w.campaign_id
     AND (c.state = 'published' OR :coordinator OR c.organisation_id = :own)) AS campaign_id,
    o.id AS organisation_id, coalesce(o.name, once.name) AS organisation,
    coalesce(o.names, once.names, '{}') AS organisation_names, w.licence, w.year, w.visibility,
    w.summary, w.summaries, w.adapted_how,
    (SELECT a.id FROM materials AS a WHERE a.id = w.adapted_from
     AND ((a.published_version IS NOT NULL AND (a.visibility = 'public' OR :readers))
          OR :coordinator OR a.organisation_id = :own)) AS adapted_from,
    (SELECT json_group_array(audience) FROM material_audiences
     WHERE material_id = w.id) AS audiences,
    (SELECT json_group_array(topic) FROM material_topics
     WHERE material_id = w.id) AS topics,
    w.published_version AS version, w.published_at
"""

_WORK = "SELECT " + WORK + " FROM materials AS w" + GIVEN_BY

_EVERYBODY = {"readers": True, "members": True, "coordinator": True, "own": None}

_VERSION = """
    SELECT v.id, v.material_id, v.number, v.note, v.at, s.state, s.reason
    FROM material_versions AS v JOIN material_states_now AS s ON s.version_id = v.id
"""

FILE = """
    SELECT m.id, v.material_id, m.version_id, v.number AS version, m.of_version, m.language,
        m.link, m.file_id, f.hash, f.size, f.media_type, f.ending, f.pages, s.state,
        l.size AS light_size, p.size AS picture_size, p.width AS picture_width,
        p.height AS picture_height
    FROM material_files AS m
    JOIN material_versions AS v ON v.id = m.version_id
    JOIN material_states_now AS s ON s.version_id = v.id
    LEFT JOIN files AS f ON f.id = m.file_id
    LEFT JOIN file_renditions AS l ON l.file_id = m.file_id AND l.kind = 'light'
    LEFT JOIN file_renditions AS p ON p.file_id = m.file_id AND p.kind = 'preview'
"""

# of a version stand the published ones up to it, and itself
UP_TO = """
    WHERE v.material_id = :id AND v.number <= :number
    AND (s.state = 'published' OR v.number = :number)
"""


def asker(actor: Actor) -> dict[str, Any]:
    """The parameters by which `SEEN` and `ORGANISATIONS` know who is asking."""
    return {
        "readers": sees_member_materials(actor),
        "members": actor.may_use_directory,
        "coordinator": actor.is_coordinator,
        "own": actor.organisation_id if actor.role == "member" else None,
        "seconds": actor.may_use_directory,
    }


def get_work_for(db: Database, actor: Actor, material_id: str) -> Work:
    """One work, if this person may see it; strangers get `NotFound`."""
    sql = _WORK + "WHERE w.id = :id AND " + SEEN
    found = fetch_one(db, Work, sql, id=material_id, **asker(actor))
    if found is None:
        raise NotFound
    return found


def get_work(db: Database, material_id: str) -> Work:
    """One work, whoever asks: for acts that have decided already."""
    found = fetch_one(db, Work, _WORK + "WHERE w.id = :id", id=material_id, **_EVERYBODY)
    if found is None:
        raise NotFound
    return found


def find_versions_for(db: Database, actor: Actor, material_id: str) -> list[Version]:
    """The versions of a work this person may see, newest first."""
    work = get_work_for(db, actor, material_id)
    sql = _VERSION + "WHERE v.material_id = :id ORDER BY v.number DESC"
    return [each for each in fetch(db, Version, sql, id=work.id) if _sees(actor, work, each.state)]


def get_version_for(db: Database, actor: Actor, version_id: str) -> Version:
    """One version, if this person may see it; strangers get `NotFound`."""
    found = get_version(db, version_id)
    if not _sees(actor, get_work_for(db, actor, found.material_id), found.state):
        raise NotFound
    return found


def get_version(db: Database, version_id: str) -> Version:
    """One version, whoever asks: for acts that have decided already."""
    found = fetch_one(db, Version, _VERSION + "WHERE v.id = :id", id=version_id)
    if found is None:
        raise NotFound
    return found


def find_files(db: Database, material_id: str, number: int) -> list[MaterialFile]:
    """The files of a work as of a version: of every language and ending the newest up to it.

    Only files of published versions stand in, beside those of the asked version itself.
    """
    sql = FILE + UP_TO + "ORDER BY v.number DESC, m.language, f.ending, m.id"
    return standing(fetch(db, MaterialFile, sql, id=material_id, number=number))


def find_files_of_version(db: Database, version_id: str) -> list[MaterialFile]:
    """The files that came with a version."""
    sql = FILE + "WHERE m.version_id = :id ORDER BY m.language, m.id"
    return fetch(db, MaterialFile, sql, id=version_id)


def get_file_for(db: Database, actor: Actor, material_file_id: str) -> MaterialFile:
    """One file or link, if this person may see the version it belongs to."""
    found = fetch_one(db, MaterialFile, FILE + "WHERE m.id = :id", id=material_file_id)
    if found is None:
        raise NotFound
    work = get_work_for(db, actor, found.material_id)
    if not _sees(actor, work, found.state):
        raise NotFound
    return found


def find_original_version(db: Database, material_id: str, number: int) -> int:
    """The newest version, up to one, in which the original language has files or a text; else 1."""
    sql = """
        SELECT max(v.number) FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id
        JOIN materials AS w ON w.id = v.material_id
        WHERE v.material_id = :id AND v.number <= :number
        AND (s.state = 'published' OR v.number = :number)
        AND (EXISTS (SELECT 1 FROM material_files AS m
                     WHERE m.version_id = v.id AND m.language = w.language)
             OR EXISTS (SELECT 1 FROM material_texts AS t
                        WHERE t.version_id = v.id AND t.language = w.language))
    """
    (found,) = db.execute(sql, {"id": material_id, "number": number}).fetchone()
    return int(found or 1)


def is_consent_lapsed(db: Database, material_id: str, today: date) -> bool:
    """Whether somebody in a picture agrees no longer, and nobody has agreed anew since.

    A consent that ran out gives way to a later one of the same kind of giver; one that was ended
    only to one given after that, and once two people have published a version again since.
    """
    sql = """
        SELECT count(*) FROM image_consents AS c
        WHERE c.material_id = :id
        AND NOT (c.ended_at IS NULL AND :today BETWEEN c.given_on AND c.until)
        AND NOT EXISTS (
            SELECT 1 FROM image_consents AS n
            WHERE n.material_id = c.material_id AND n.whose = c.whose AND n.id > c.id
            AND n.given_on >= coalesce(substr(c.ended_at, 1, 10), c.given_on)
            AND n.ended_at IS NULL AND :today BETWEEN n.given_on AND n.until
            AND (c.ended_at IS NULL OR EXISTS (
                SELECT 1 FROM material_versions AS v
                JOIN material_states AS s ON s.version_id = v.id AND s.state = 'published'
                WHERE v.material_id = c.material_id AND s.at >= c.ended_at)))
    """
    return count(db, sql, id=material_id, today=today.isoformat()) > 0


def _sees(actor: Actor, work: Work, state: str) -> bool:
    if actor.is_coordinator or (
        actor.role == "member"
        and actor.organisation_id is not None
        and actor.organisation_id == work.organisation_id
    ):
        return True
    if state == "waiting":
        return actor.may_use_directory
    is_open = work.visibility == "public" or sees_member_materials(actor)
    return state == "published" and is_open
