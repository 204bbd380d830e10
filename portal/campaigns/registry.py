"""Questions about many campaigns: the list with its filters, and what was done in a period."""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.forms import Wanted
from portal.campaigns.queries import CARD, MATERIALS_OF, SEEN, Card, asker
from portal.campaigns.rules import COUNTED
from portal.db import as_json, count, fetch
from portal.materials.queries import SEEN as SEEN_MATERIALS
from portal.materials.queries import asker as asks_materials
from portal.organisations.queries import SHOWN as SHOWN_ORGANISATIONS


class Listed(Card, frozen=True):
    """A campaign with the number of its materials that the asker may see."""

    materials: int = 0


class Found(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Listed]


class Chosen(msgspec.Struct, frozen=True):
    """An organisation with campaigns, to filter by."""

    id: str
    name: str
    names: dict[str, str]


_OF_CAMPAIGN = """
    (o.id = c.organisation_id OR o.id IN (
        SELECT organisation_id FROM campaign_organisations WHERE campaign_id = c.id))
"""

_FILTERS = (
    """
    AND (:region IS NULL OR EXISTS (SELECT 1 FROM campaign_regions AS r
         WHERE r.campaign_id = c.id AND r.region = :region))
    AND (:audience IS NULL OR EXISTS (SELECT 1 FROM campaign_audiences AS u
         WHERE u.campaign_id = c.id AND u.audience = :audience))
    AND (:period IS NULL
         OR (:period = 'coming' AND c.starts_on > :today)
         OR (:period = 'ended' AND c.ends_on < :today)
         OR (:period = 'running' AND c.starts_on <= :today
             AND coalesce(c.ends_on, :today) >= :today))
    AND (:year IS NULL OR :year BETWEEN substr(c.starts_on, 1, 4)
         AND substr(coalesce(c.ends_on, '9999'), 1, 4))
    AND (:organisation IS NULL OR EXISTS (SELECT 1 """
    + SHOWN_ORGANISATIONS
    + " AND o.id = :organisation AND "
    + _OF_CAMPAIGN
    + "))"
)


def find_campaigns(db: Database, actor: Actor, today: date, wanted: Wanted) -> Found:
    """One page of the campaigns this person may see, the latest first."""
    asked = {
        **asker(actor, today),
        "region": wanted.region,
        "audience": wanted.audience,
        "organisation": wanted.organisation,
        "period": wanted.period,
        "year": None if wanted.year is None else str(wanted.year),
    }
    total = count(db, "SELECT count(*) FROM campaigns AS c WHERE " + SEEN + _FILTERS, **asked)
    sql = CARD + _FILTERS + " ORDER BY c.starts_on DESC, c.id LIMIT :limit OFFSET :offset"
    cards = fetch(db, Listed, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    numbers = _count_materials(db, actor, [each.id for each in cards])
    listed = [msgspec.structs.replace(each, materials=numbers.get(each.id, 0)) for each in cards]
    return Found(total, wanted.page, wanted.per_page, listed)


def find_organisations_of(db: Database, actor: Actor, today: date) -> list[Chosen]:
    """The organisations with a campaign, where the asker may see both."""
    sql = "SELECT o.id, o.name, o.names " + SHOWN_ORGANISATIONS
    sql += " AND EXISTS (SELECT 1 FROM campaigns AS c WHERE " + SEEN + " AND " + _OF_CAMPAIGN
    return fetch(db, Chosen, sql + ") ORDER BY o.sort_name, o.id", **asker(actor, today))


def _count_materials(db: Database, actor: Actor, ids: list[str]) -> dict[str, int]:
    sql = "SELECT m.campaign_id, count(*) FROM (" + MATERIALS_OF + ") AS m"
    sql += " JOIN materials AS w ON w.id = m.material_id"
    sql += " WHERE m.campaign_id IN (SELECT value FROM json_each(:ids)) AND " + SEEN_MATERIALS
    asked = {**asks_materials(actor), "ids": as_json(ids)}
    return dict(db.execute(sql + " GROUP BY m.campaign_id", asked).fetchall())


class Held(msgspec.Struct, frozen=True):
    """Which activities count: those of published campaigns, in a period, both days included."""

    since: date
    until: date
    kind: str | None = None
    region: str | None = None
    organisation: str | None = None


# an activity without a settlement counts in no region
HELD = """
    FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id
    LEFT JOIN places AS p ON p.id = a.place_id
    WHERE c.state = 'published' AND a.held_on BETWEEN :since AND :until
    AND (:kind IS NULL OR a.kind = :kind)
    AND (:region IS NULL OR p.region = :region)
    AND (:organisation IS NULL
         OR coalesce(a.organisation_id, c.organisation_id) = :organisation)
"""


def count_activities(db: Database, held: Held) -> int:
    """How many activities were held."""
    return count(db, "SELECT count(*) " + HELD, **_as_asked(held))


def sum_participants(
    db: Database, held: Held, sex: str | None = None, age_group: str | None = None
) -> int | None:
    """How many people came, exactly: not for the public (D0). None when nobody said a number.

    `sex` is female or male, `age_group` child or adult.
    """
    sql = "SELECT sum(a.women), sum(a.men), sum(a.girls), sum(a.boys) " + HELD
    sums = db.execute(sql, _as_asked(held)).fetchone()
    told = [
        number
        for number, (of_sex, of_age) in zip(sums, COUNTED.values(), strict=True)
        if sex in (None, of_sex) and age_group in (None, of_age) and number is not None
    ]
    return sum(told) if told else None


def _as_asked(held: Held) -> dict[str, Any]:
    period = {"since": held.since.isoformat(), "until": held.until.isoformat()}
    return {**msgspec.structs.asdict(held), **period}
