"""Questions about one campaign and its activities; `registry` asks of many.

The public sees published campaigns and those of their activities that are over. Who came is people
counted, and where people will meet is a matter of their safety: both are for members.
"""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.rules import AT_HOMES, State
from portal.db import as_json, column, fetch, fetch_one
from portal.errors import NotFound
from portal.materials.queries import SEEN as SEEN_MATERIALS
from portal.materials.queries import asker as asks_materials
from portal.organisations.queries import NAMED as NAMED_ORGANISATIONS
from portal.organisations.queries import SHOWN as SHOWN_ORGANISATIONS
from portal.organisations.queries import tier
from portal.places.queries import sees_local


class Partner(msgspec.Struct, frozen=True):
    """An organisation of a campaign; without a card that the asker may see it is text alone."""

    id: str
    name: str
    names: dict[str, str]
    has_card: bool = True


class Card(msgspec.Struct, frozen=True):
    """A campaign as it stands in the list; `activities` are those the asker may see."""

    id: str
    title: str
    titles: dict[str, str]
    summary: str | None
    summaries: dict[str, str]
    starts_on: str
    ends_on: str | None
    state: State
    regions: list[str]
    audiences: list[str]
    organisations: list[Partner]
    activities: int
    given_out: int | None
    sees_people: bool


class Sides(msgspec.Struct, frozen=True):
    """Whose a campaign is: what decides who may do something to it."""

    organisation_id: str
    partners: list[str]
    state: State
    starts_on: str
    ends_on: str | None


class Activity(msgspec.Struct, frozen=True):
    """One activity, as far as the asker may see it."""

    id: str
    kind: str
    held_on: str
    place_id: str | None
    place: str | None
    region: str | None
    women: int | None
    men: int | None
    girls: int | None
    boys: int | None
    given_out: int | None
    result: str | None
    materials: list[str]
    coming: bool
    organisation_id: str | None
    organisation: str | None
    corrected_at: str | None
    corrected_by: str | None


class Used(msgspec.Struct, frozen=True):
    """A material of a campaign that the asker may see."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    languages: list[str]


class Removed(msgspec.Struct, frozen=True):
    """An activity that was removed and can be put back; `was` is the row as JSON."""

    id: int
    activity_id: str
    kind: str
    held_on: str
    was: str


_INSIDE = """
    (:coordinator OR c.organisation_id IS :mine OR EXISTS (
        SELECT 1 FROM campaign_organisations AS s
        WHERE s.campaign_id = c.id AND s.organisation_id = :mine))
"""

# security: nobody but its organisations and those who may be the second person sees a campaign
# that is not published
SEEN = "(c.state = 'published' OR " + _INSIDE + " OR (:members AND c.state = 'waiting'))"

SEES_PEOPLE = "(:members OR " + _INSIDE + ")"

# security: where people will meet is for members; today's meeting is not over yet
SHOWN_ACTIVITY = "(a.held_on < :today OR " + SEES_PEOPLE + ")"

CARD = (
    """
    SELECT c.id, c.title, c.titles, c.summary, c.summaries, c.starts_on, c.ends_on, c.state,
        (SELECT json_group_array(region) FROM campaign_regions
         WHERE campaign_id = c.id) AS regions,
        (SELECT json_group_array(audience) FROM campaign_audiences
         WHERE campaign_id = c.id) AS audiences,
        (SELECT count(*) FROM activities AS a WHERE a.campaign_id = c.id AND """
    + SHOWN_ACTIVITY
    + """) AS activities,
        (SELECT sum(a.given_out) FROM activities AS a WHERE a.campaign_id = c.id AND """
    + SHOWN_ACTIVITY
    + """) AS given_out,
        (SELECT json_group_array(json_object('id', id, 'name', name, 'names', json(names),
                'has_card', json(iif(has_card, 'true', 'false'))))
         FROM (SELECT o.id, o.name, o.names, o.id = c.organisation_id AS is_own, EXISTS (
                SELECT 1 FROM (SELECT o.id AS shown """
    + SHOWN_ORGANISATIONS
    + """) WHERE shown = o.id) AS has_card
              FROM organisations AS o WHERE (o.id = c.organisation_id OR o.id IN (
                SELECT organisation_id FROM campaign_organisations WHERE campaign_id = c.id))
              AND (has_card OR o.id IN (SELECT o.id """
    + NAMED_ORGANISATIONS
    + """)) ORDER BY is_own DESC, o.sort_name)) AS organisations, """
    + SEES_PEOPLE
    + " AS sees_people FROM campaigns AS c WHERE "
    + SEEN
)

# the one question whose answer differs by what the asker may see in it
_ACTIVITY = (
    """
    SELECT a.id, a.kind, a.held_on, a.held_on >= :today AS coming, p.region,
        CASE WHEN people OR NOT at_home THEN CASE WHEN p.origin = 'geonames' OR (people AND :local)
            THEN p.name END END AS place,
        CASE WHEN people OR NOT at_home THEN CASE WHEN p.origin = 'geonames' OR (people AND :local)
            THEN p.id END END AS place_id,
        CASE WHEN people THEN a.women END AS women, CASE WHEN people THEN a.men END AS men,
        CASE WHEN people THEN a.girls END AS girls, CASE WHEN people THEN a.boys END AS boys,
        CASE WHEN people THEN a.result END AS result,
        CASE WHEN people THEN a.given_out END AS given_out,
        CASE WHEN people THEN a.organisation_id END AS organisation_id,
        CASE WHEN people THEN o.name END AS organisation,
        CASE WHEN people THEN (SELECT json_group_array(material_id) FROM activity_materials
            WHERE activity_id = a.id) ELSE '[]' END AS materials,
        CASE WHEN inside THEN h.at END AS corrected_at,
        CASE WHEN inside THEN w.name END AS corrected_by
    FROM (SELECT a.*, """
    + _INSIDE
    + " AS inside, "
    + SEES_PEOPLE
    + """ AS people, a.kind IN (SELECT value FROM json_each(:homes)) AS at_home
          FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id
          WHERE a.campaign_id = :id AND """
    + SEEN
    + " AND "
    + SHOWN_ACTIVITY
    + """) AS a
    LEFT JOIN places AS p ON p.id = a.place_id
    LEFT JOIN organisations AS o ON o.id = a.organisation_id
    LEFT JOIN activity_changes AS h ON h.id = (SELECT max(id) FROM activity_changes
        WHERE activity_id = a.id AND verb = 'correct')
    LEFT JOIN accounts AS w ON w.id = h.by
    ORDER BY a.held_on DESC, a.id
"""
)

MATERIALS_OF = """
    SELECT campaign_id, id AS material_id FROM materials WHERE campaign_id IS NOT NULL
    UNION SELECT a.campaign_id, u.material_id
    FROM activity_materials AS u JOIN activities AS a ON a.id = u.activity_id
"""


_LANGUAGES = """
    (SELECT json_group_array(language) FROM (
        SELECT language FROM material_languages WHERE material_id = w.id ORDER BY language
    )) AS languages
"""


def asker(actor: Actor, today: date) -> dict[str, Any]:
    """The parameters by which the fragments of this module know who is asking, and when."""
    return {
        **tier(actor),
        "mine": actor.organisation_id if actor.role == "member" else None,
        "today": today.isoformat(),
    }


def get_campaign_for(db: Database, actor: Actor, today: date, campaign_id: str) -> Card:
    """One campaign, if this person may see it; strangers get `NotFound`."""
    found = fetch_one(db, Card, CARD + " AND c.id = :id", **asker(actor, today), id=campaign_id)
    if found is None:
        raise NotFound
    return found


def find_activities_for(
    db: Database, actor: Actor, today: date, campaign_id: str
) -> list[Activity]:
    """The activities of a campaign this person may see, newest first."""
    asked = {**asker(actor, today), "local": sees_local(actor), "homes": as_json(sorted(AT_HOMES))}
    return fetch(db, Activity, _ACTIVITY, **asked, id=campaign_id)


def find_used_materials(db: Database, actor: Actor, campaign_id: str) -> list[Used]:
    """The materials made for a campaign or used in it that this person may see."""
    sql = (
        "SELECT w.id, w.title, w.titles, w.kind, "
        + _LANGUAGES
        + " FROM materials AS w WHERE w.id IN"
    )
    sql += " (SELECT material_id FROM (" + MATERIALS_OF + ") WHERE campaign_id = :id) AND "
    sql += SEEN_MATERIALS + " ORDER BY w.title, w.id"
    return fetch(db, Used, sql, **asks_materials(actor), id=campaign_id)


def get_sides(db: Database, campaign_id: str) -> Sides:
    """Whose a campaign is, whoever asks: for acts that have fetched it already."""
    sql = """
        SELECT organisation_id, state, starts_on, ends_on,
            (SELECT json_group_array(organisation_id) FROM campaign_organisations
             WHERE campaign_id = c.id) AS partners
        FROM campaigns AS c WHERE id = :id
    """
    found = fetch_one(db, Sides, sql, id=campaign_id)
    if found is None:
        raise NotFound
    return found


def get_state(db: Database, campaign_id: str) -> State:
    """Where a campaign stands."""
    return get_sides(db, campaign_id).state


def get_activity_row(db: Database, activity_id: str) -> dict[str, Any]:
    """Every column of an activity and its `materials`: for acts that have decided already."""
    rows = list(db.query("SELECT * FROM activities WHERE id = ?", [activity_id]))
    if not rows:
        raise NotFound
    sql = "SELECT material_id FROM activity_materials WHERE activity_id = :id"
    return {**rows[0], "materials": column(db, sql, id=activity_id)}


def find_removed(db: Database, campaign_id: str) -> list[Removed]:
    """Activities of a campaign that were removed lately, the last first."""
    sql = """
        SELECT id, activity_id, was, was ->> 'kind' AS kind, was ->> 'held_on' AS held_on
        FROM activity_changes
        WHERE campaign_id = :id AND verb = 'remove' ORDER BY id DESC
    """
    return fetch(db, Removed, sql, id=campaign_id)
