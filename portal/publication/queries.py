"""What the last release says, and what the next one is made from."""

import msgspec
from sqlite_utils import Database

from portal.db import fetch, fetch_one


class Release(msgspec.Struct, frozen=True):
    """One release and its date."""

    id: int
    released_on: str


class ReleasedCount(msgspec.Struct, frozen=True):
    """A figure as it was released: rounded, or None with the flag `c` where it is withheld."""

    region: str
    profession: str
    practitioners: int | None
    flag: str | None
    home_visits: str


class HeldCount(msgspec.Struct, frozen=True):
    """An exact count. It stays inside `publication`."""

    region: str
    profession: str
    practitioners: int
    visiting: int
    by_organisation: list[int]


def get_last_release(db: Database) -> Release | None:
    """The newest release, or None before the first."""
    sql = "SELECT id, released_on FROM releases ORDER BY id DESC LIMIT 1"
    return fetch_one(db, Release, sql)


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
