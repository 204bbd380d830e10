"""What the releases say, and the exact counts from which the next one is made."""

import json
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.db import column, fetch, fetch_one
from portal.disclosure.rules import Policy
from portal.practitioners.queries import LISTED, asker
from portal.publication.ledger import (
    Figures,
    ReleasedFigure,
    ReleasedLevel,
    SaidCell,
    State,
    after_rolling_back,
    without_exact,
)
from portal.publication.rules import HeldCount
from portal.publication.rules import ReleasedCount as ReleasedCount


class Release(msgspec.Struct, frozen=True):
    """One release that was published: its number, its day, and whether it was rolled back."""

    id: int
    number: int
    released_on: str
    rolled_back: bool = False


class Draft(msgspec.Struct, frozen=True):
    """A release in the making, or one that was made: how it stands, and who brought it there."""

    id: int
    number: int | None
    released_on: str
    prepared_at: str | None
    digest: str | None
    state: State
    at: str
    by: str
    reason: str | None


class Step(msgspec.Struct, frozen=True):
    """One step of a release: into which state, when, by whom, why."""

    state: State
    at: str
    by: str
    reason: str | None


_STATE = """
    (SELECT state FROM release_states WHERE release_id = r.id ORDER BY id DESC LIMIT 1)
"""

_PUBLISHED = (
    "SELECT r.id, r.number, r.released_on, "
    + _STATE
    + """ = 'rolled_back' AS rolled_back
    FROM releases AS r WHERE EXISTS
        (SELECT 1 FROM release_states WHERE release_id = r.id AND state = 'published')
    """
)

_DRAFT = """
    SELECT r.id, r.number, r.released_on, r.prepared_at, r.digest, s.state, s.at, s."by", s.reason
    FROM releases AS r JOIN release_states AS s ON s.id =
        (SELECT max(id) FROM release_states WHERE release_id = r.id)
"""


def get_last_release(db: Database) -> Release | None:
    """The newest release that is in force, or None before the first."""
    standing = [each for each in find_releases(db) if not each.rolled_back]
    return standing[-1] if standing else None


def find_releases(db: Database) -> list[Release]:
    """Every release that was ever published, oldest first."""
    return fetch(db, Release, _PUBLISHED + " ORDER BY r.number")


def find_drafts(db: Database) -> list[Draft]:
    """Every release with its state, the newest first, those that nobody saw too."""
    return fetch(db, Draft, _DRAFT + " ORDER BY r.id DESC")


def find_draft(db: Database, release_id: int) -> Draft | None:
    """One release with its state, or None."""
    return fetch_one(db, Draft, _DRAFT + " WHERE r.id = :id", id=release_id)


def find_approved(db: Database) -> Draft | None:
    """The release that was agreed to and waits to be published, the oldest first, or None."""
    waiting = [each for each in find_drafts(db) if each.state == "approved"]
    return waiting[-1] if waiting else None


def find_steps(db: Database, release_id: int) -> list[Step]:
    """What happened to a release, oldest first."""
    sql = """
        SELECT state, at, "by", reason FROM release_states
        WHERE release_id = :id ORDER BY id
    """
    return fetch(db, Step, sql, id=release_id)


def find_report(db: Database, release_id: int) -> dict[str, Any]:
    """What the audit of a release says, by audited cube; empty where there was none."""
    found = column(db, "SELECT report FROM releases WHERE id = :id", id=release_id)
    return json.loads(found[0]) if found and found[0] else {}


def find_figures_of(db: Database, release_id: int, indicator: str | None = None) -> Figures:
    """All that one release says, or only its figures of one indicator."""
    counts = """
        SELECT region, profession, practitioners, flag, home_visits FROM released_counts
        WHERE release_id = :id AND :of IS NULL ORDER BY region, profession
    """
    figures = """
        SELECT indicator, period, area, sex, age_group, form, version, value, numerator,
            denominator, band, flag, source FROM released_figures
        WHERE release_id = :id AND (:of IS NULL OR indicator = :of)
        ORDER BY indicator, period, area, sex, age_group, form
    """
    levels = """
        SELECT indicator, position, level, is_published, cells, withheld, why
        FROM released_levels WHERE release_id = :id AND (:of IS NULL OR indicator = :of)
        ORDER BY indicator, position
    """
    return Figures(
        fetch(db, ReleasedCount, counts, id=release_id, of=indicator),
        fetch(db, ReleasedFigure, figures, id=release_id, of=indicator),
        fetch(db, ReleasedLevel, levels, id=release_id, of=indicator),
    )


def find_in_force(db: Database, indicator: str | None = None) -> Figures:
    """What everybody may read now: the newest release, or what is left after a rolling back."""
    releases = find_releases(db)
    standing = [each for each in releases if not each.rolled_back]
    if not standing:
        return Figures()
    newest = standing[-1]
    after = [each.id for each in releases if each.number > newest.number]
    later = [find_figures_of(db, each, indicator) for each in after]
    left = after_rolling_back(find_figures_of(db, newest.id, indicator), later)
    return without_exact(left, _find_of_people(db))


def _find_of_people(db: Database) -> set[str]:
    sql = "SELECT code FROM indicator_versions GROUP BY code HAVING max(counts_people)"
    return set(column(db, sql))


def find_said(db: Database, cube: str) -> list[tuple[Policy, SaidCell]]:
    """All that was ever published of an audited cube, oldest first, with that day's policy.

    What was rolled back was read by somebody; it can never be unsaid.
    """
    sql = (
        "SELECT p.number, r.policy, c.cube, c.key, c.value FROM ("
        + _PUBLISHED
        + """
        ) AS p JOIN releases AS r ON r.id = p.id JOIN released_cells AS c ON c.release_id = p.id
        WHERE c.cube = :cube ORDER BY p.number, c.key
        """
    )
    rows = db.execute(sql, {"cube": cube}).fetchall()
    return [
        (
            msgspec.json.decode(policy or b"{}", type=Policy),
            SaidCell(of, tuple(json.loads(key)), value),
        )
        for _number, policy, of, key, value in rows
    ]


def find_released_counts(db: Database) -> list[ReleasedCount]:
    """Every region and profession as it may be read now."""
    return find_in_force(db).counts


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
            total(instr(l.modes, ';home;') > 0) AS visiting
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
        (SELECT json_group_array(CAST(visiting AS INT)) FROM counted
         WHERE region = r.code AND profession = t.code) AS visiting_by_organisation
    FROM regions AS r JOIN terms AS t ON t.vocabulary = 'professions'
    ORDER BY r.position, t.position
    """
)


def count_held(db: Database, today: date) -> list[HeldCount]:
    """Who visits homes, for every configured region and profession, nobody too.

    Nobody's exclusions matter here: the public is none of those who can be excluded.
    """
    return fetch(db, HeldCount, _HELD, **asker(PUBLIC, today))
