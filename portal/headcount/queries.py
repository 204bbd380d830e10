"""The lists that figures are told apart by, the ledger, and practitioners as they stand today."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.db import column, fetch
from portal.disclosure.ledger import Said, entry
from portal.disclosure.rules import WITHHELD, Cell
from portal.headcount.rules import AXES, PRACTITIONERS, Listed, Lists
from portal.practitioners.queries import LISTED, asker
from portal.practitioners.rules import FRESH_DAYS
from portal.publication.queries import find_said


def find_lists(db: Database) -> Lists:
    """The configured lists as they are now."""
    regions = db.execute("SELECT code, country FROM regions ORDER BY position").fetchall()
    return Lists(
        regions=dict(regions),
        form=_codes(db, "exploitation_forms"),
        age_group=_codes(db, "result_age_groups"),
        sex=_codes(db, "sexes"),
        professions=_codes(db, "professions"),
        genders=(*_codes(db, "genders"), "unknown"),
    )


def find_earlier(db: Database, cube: str, axes: int) -> list[Said]:
    """All that was ever said of a cube, oldest first, each by the policy of its day.

    The same said again adds nothing, but it is what was said last. Keys of another number of
    dimensions than the cube's cannot be: the axes never change.
    """
    found: dict[Said, None] = {}
    for policy, said in find_said(db, cube):
        if len(said.key) != axes:
            raise ValueError("the ledger has a key of another cube")
        flag = WITHHELD if said.value is None else None
        each = entry(Cell(said.key, said.value, flag), policy)
        found.pop(each, None)
        found[each] = None
    return list(found)


# who is counted: whoever is listed that day and whose newest consent lets them be counted in
# published figures, as in publication.queries.count_held
_TODAY = (
    """
    SELECT l.profession, iif(l.confirmed_on >= :fresh, 'yes', 'no') AS confirmed,
        coalesce(l.gender, 'unknown') AS sex, coalesce(p.region, '') AS region,
        l.organisation_id AS organisation, count(*) AS people
    FROM listings AS l
    LEFT JOIN places AS p ON p.id = l.place_id
    JOIN consents AS c ON c.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = l.practitioner_id)
    WHERE c.scope = 'public' AND c.withdrawn_on IS NULL AND
    """
    + LISTED
    + " GROUP BY 1, 2, 3, 4, 5"
)


def find_listed(db: Database, today: date) -> list[Listed]:
    """Practitioners of today by all that they are told apart by; nobody's exclusions matter."""
    fresh = (today - timedelta(days=FRESH_DAYS)).isoformat()
    return fetch(db, Listed, _TODAY, **asker(PUBLIC, today), fresh=fresh)


def find_earlier_practitioners(db: Database) -> list[Said]:
    """All that was ever said of practitioners."""
    return find_earlier(db, PRACTITIONERS, len(AXES))


def find_codes(db: Database, counters: Iterable[str]) -> dict[str, str]:
    """The indicators that these counters answer, by counter."""
    rows = db.execute("SELECT counter, code FROM indicators WHERE counter IS NOT NULL").fetchall()
    return {counter: code for counter, code in rows if counter in set(counters)}


def _codes(db: Database, vocabulary: str) -> tuple[str, ...]:
    sql = "SELECT code FROM terms WHERE vocabulary = :vocabulary ORDER BY position"
    return tuple(column(db, sql, vocabulary=vocabulary))
