"""How many trainings were held and how many people came: for indicators, never public as it is."""

from datetime import date

from sqlite_utils import Database

from portal.db import as_json, count
from portal.events.rules import TRAININGS

# published reports tell of other networks' meetings and of ours long ago: they are quoted, not
# counted, and count again in no indicator
HELD = """
    FROM events AS e
    WHERE e.kind IN (SELECT value FROM json_each(:kinds)) AND e.cancelled_at IS NULL
    AND NOT e.already_published AND coalesce(e.ends_on, e.starts_on) BETWEEN :first AND :last
    AND (:organisation IS NULL OR e.organisation_id = :organisation)
"""


def count_trainings(db: Database, first: date, last: date, organisation: str | None = None) -> int:
    """Trainings and workshops that ended between two days, both included."""
    return count(db, "SELECT count(*) " + HELD, **_within(first, last, organisation))


def sum_trained(db: Database, first: date, last: date, organisation: str | None = None) -> int:
    """Participants of those trainings; where nobody counted, nobody is added."""
    sql = "SELECT sum(e.participants) " + HELD
    return count(db, sql, **_within(first, last, organisation))


def _within(first: date, last: date, organisation: str | None) -> dict[str, object]:
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return {**days, "organisation": organisation, "kinds": as_json(TRAININGS)}
