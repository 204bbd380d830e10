"""What the releases say, and the exact counts from which the next one is made."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.db import fetch, fetch_one
from portal.practitioners.queries import LISTED, asker
from portal.publication.rules import HeldCount
from portal.publication.rules import ReleasedCount as ReleasedCount


class Release(msgspec.Struct, frozen=True):
    """One release and its date."""

    id: int
    released_on: str


def get_last_release(db: Database) -> Release | None:
    """The newest release, or None before the first."""
    sql = "SELECT id, released_on FROM releases ORDER BY id DESC LIMIT 1"
    return fetch_one(db, Release, sql)


def find_releases(db: Database) -> list[Release]:
    """Every release, oldest first."""
    return fetch(db, Release, "SELECT id, released_on FROM releases ORDER BY id")


def find_released_counts(db: Database) -> list[ReleasedCount]:
    """Every cell of the newest release."""
    sql = """
        SELECT region, profession, practitioners, flag, home_visits FROM released_counts
        WHERE release_id = (SELECT max(id) FROM releases) ORDER BY region, profession
    """
    return fetch(db, ReleasedCount, sql)


def find_home_visits(db: Database, region: str) -> dict[str, str]:
    """`yes` or `ask_hotline` for each profession in a region, as released."""
    return {
        each.profession: each.home_visits
        for each in find_released_counts(db)
        if each.region == region
    }


# Only who is listed that day and whose newest consent lets them be counted in published figures.
_HELD = (
    """
    WITH counted AS (
        SELECT places.region, l.profession, l.organisation_id,
            count(*) AS people, total(instr(l.modes, ';home;') > 0) AS visiting
        FROM listings AS l
        JOIN places ON places.id = l.place_id
        JOIN consents AS c ON c.id =
            (SELECT max(id) FROM consents WHERE practitioner_id = l.practitioner_id)
        WHERE c.scope = 'public' AND c.withdrawn_on IS NULL AND
    """
    + LISTED
    + """
        GROUP BY places.region, l.profession, l.organisation_id
    )
    SELECT r.code AS region, t.code AS profession,
        (SELECT json_group_array(people) FROM counted
         WHERE region = r.code AND profession = t.code) AS by_organisation,
        (SELECT json_group_array(CAST(visiting AS INT)) FROM counted
         WHERE region = r.code AND profession = t.code) AS visiting_by_organisation
    FROM regions AS r JOIN terms AS t ON t.vocabulary = 'professions'
    ORDER BY r.position, t.position
    """
)


def count_held(db: Database, today: date) -> list[HeldCount]:
    """Exact counts for every configured region and profession, those without anybody too.

    Nobody's exclusions matter here: the public is none of those who can be excluded.
    """
    return fetch(db, HeldCount, _HELD, **asker(PUBLIC, today))
