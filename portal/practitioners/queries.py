"""Questions about practitioners, for those who may use the directory; never about contacts.

The one exception is `find_record`, which saves and versions ask.
"""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.practitioners.forms import Wanted
from portal.practitioners.rules import Standing, keys_of, oldest_confirmation

# A listing exists while agreement, consent, code of ethics and organisation stand (nearby.actions);
# what the clock decides, and whom the practitioner excludes, is asked each time.
_IN_TIME = """
    l.confirmed_on >= :oldest
    AND (l.licence_expires_on IS NULL OR l.licence_expires_on >= :today)
"""

_NOT_EXCLUDED = """
    NOT EXISTS (
        SELECT 1 FROM consent_exclusions AS e WHERE e.practitioner_id = :column
        AND ((e.kind = 'organisation' AND e.value = :own)
             OR (e.kind = 'organisation_kind' AND e.value = :own_kind)
             OR (e.kind = 'person' AND instr(:person, '|' || e.value || '|') > 0)
             OR (e.kind = 'account' AND e.value = :account)))
"""


def not_excluded_by(column: str) -> str:
    """SQL: the practitioner of this column does not exclude the asker, by whatever kind."""
    return _NOT_EXCLUDED.replace(":column", column)


# the practitioner `p` does not exclude the asker
WELCOME = not_excluded_by("p.id")

LISTED = _IN_TIME + " AND " + not_excluded_by("l.practitioner_id")


class Practitioner(msgspec.Struct, frozen=True):
    """A practitioner as a member sees her."""

    id: str
    name: str
    profession: str
    gender: str | None
    organisation: str
    organisation_id: str
    place: str
    region: str
    languages: list[str]
    confirmed_on: date | None
    listed: bool


class Details(Practitioner, frozen=True):
    """One practitioner's page; her contact is asked for elsewhere, one at a time."""

    travel_km: float | None
    areas: list[dict[str, str]]
    closed_from: int | None
    closed_to: int | None
    transport: str | None
    visits_with: str | None
    specialisations: list[str]
    age_groups: list[str]
    modes: list[str]
    availability: list[str]
    weekly_visits: int | None
    safeguarding_on: date | None
    absences: list[dict[str, str]]
    duty_phone: str | None


class Found(msgspec.Struct, frozen=True):
    """One page of the register."""

    total: int
    page: int
    per_page: int
    results: list[Practitioner]


VISIBLE = (
    """
    FROM practitioners AS p
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
    LEFT JOIN listings AS l ON l.practitioner_id = p.id
    WHERE (:coordinator OR p.id IS :self OR (:directory AND (
    """
    + WELCOME
    + """) AND ((
    """
    + _IN_TIME
    + """) OR (p.organisation_id IS :own AND NOT EXISTS (
        SELECT 1 FROM consents AS c WHERE c.practitioner_id = p.id AND c.withdrawn_on IS NOT NULL
        AND c.id = (SELECT max(id) FROM consents WHERE practitioner_id = p.id))))))
    AND (:profession IS NULL OR p.profession = :profession)
    AND (:region IS NULL OR places.region = :region)
    """
)

CARD = (
    """
    SELECT p.id, p.name, p.profession, p.gender, o.name AS organisation, p.organisation_id,
        places.name AS place, places.region, p.languages, l.confirmed_on,
        coalesce("""
    + _IN_TIME
    + """, 0) AS listed
    """
)

_DETAILS = """
    , p.travel_km, p.closed_from, p.closed_to, p.transport, p.visits_with, p.specialisations,
    p.age_groups, p.modes, p.availability, p.weekly_visits, p.safeguarding_on,
    CASE WHEN :directory THEN o.duty_phone END AS duty_phone,
    (SELECT json_group_array(json_object('kind', a.kind, 'code', a.code,
                             'name', coalesce(s.name, a.code)))
     FROM service_areas AS a LEFT JOIN places AS s ON a.kind = 'place' AND s.id = a.code
     WHERE a.practitioner_id = p.id) AS areas,
    (SELECT json_group_array(json_object('starts_on', starts_on, 'ends_on', ends_on,
                             'back_on', date(ends_on, '+1 day')))
     FROM practitioner_absences AS b
     WHERE b.practitioner_id = p.id AND ends_on >= :today) AS absences
"""


def find_practitioners(db: Database, actor: Actor, today: date, wanted: Wanted) -> Found:
    """One page of the register, in the order of the alphabet."""
    asked = {**asker(actor, today), "profession": wanted.profession, "region": wanted.region}
    total = count(db, "SELECT count(*) " + VISIBLE, **asked)
    sql = CARD + VISIBLE + "ORDER BY p.sort_name, p.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Practitioner, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_practitioner_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> Details:
    """One practitioner: listed and not excluding the asker, one's own, or any for a coordinator."""
    sql = CARD + _DETAILS + VISIBLE + "AND p.id = :id"
    asked = {**asker(actor, today), "profession": None, "region": None}
    found = fetch_one(db, Details, sql, **asked, id=practitioner_id)
    if found is None:
        raise NotFound
    return found


def find_standing(db: Database, practitioner_id: str) -> Standing | None:
    """What a practitioner's listing rests on; None when there is no such practitioner."""
    sql = """
        SELECT agreed.state AS agreement, p.ethics_signed_on, confirmed.confirmed_on,
            CASE WHEN consent.withdrawn_on IS NULL THEN consent.given_on END AS consent_on,
            licence.expires_on AS licence_expires_on,
            coalesce(member.state, 'admitted') AS membership
        FROM practitioners AS p
        LEFT JOIN practitioner_licences AS licence ON licence.practitioner_id = p.id
        LEFT JOIN agreement_states AS agreed ON agreed.id =
            (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
        LEFT JOIN consents AS consent ON consent.id =
            (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
        LEFT JOIN confirmations AS confirmed ON confirmed.id =
            (SELECT max(id) FROM confirmations WHERE practitioner_id = p.id)
        LEFT JOIN membership_now AS member ON member.organisation_id = p.organisation_id
        WHERE p.id = :id
    """
    return fetch_one(db, Standing, sql, id=practitioner_id)


def find_not_shown(db: Database, actor: Actor, today: date) -> list[str]:
    """The ids of practitioners in the index that this person may not find now.

    Whoever was unlisted and is still queued counts too: the index may lag, the answer may not.
    """
    sql = (
        "SELECT l.practitioner_id FROM listings AS l WHERE NOT :coordinator AND NOT ("
        + LISTED
        + ") UNION SELECT entity_id FROM outbox WHERE entity = 'practitioners'"
        " AND entity_id NOT IN (SELECT practitioner_id FROM listings)"
    )
    return column(db, sql, **asker(actor, today))


def find_shown(db: Database, actor: Actor, today: date, ids: list[str]) -> set[str]:
    """Those of these ids whom this person may find now: an index may lag, its answer may not."""
    sql = (
        "SELECT l.practitioner_id FROM listings AS l"
        " WHERE l.practitioner_id IN (SELECT value FROM json_each(:ids))"
        " AND :directory AND (:coordinator OR (" + LISTED + "))"
    )
    return set(column(db, sql, **asker(actor, today), ids=as_json(ids)))


class Briefly(msgspec.Struct, frozen=True):
    """What is said of a practitioner in a list of whatever was found."""

    id: str
    profession: str
    place: str


def find_briefly(db: Database, ids: list[str]) -> dict[str, Briefly]:
    """What these practitioners are, by id; whoever asks has found that they may be shown."""
    sql = (
        "SELECT p.id, p.profession, places.name AS place FROM practitioners AS p"
        " JOIN places ON places.id = p.place_id"
        " WHERE p.id IN (SELECT value FROM json_each(:ids))"
    )
    return {each.id: each for each in fetch(db, Briefly, sql, ids=as_json(ids))}


def asker(actor: Actor, today: date) -> dict[str, object]:
    """The parameters of `LISTED` and of what else depends on who asks."""
    return {
        "oldest": oldest_confirmation(today).isoformat(),
        "today": today.isoformat(),
        "own": actor.organisation_id,
        "own_kind": actor.organisation_kind,
        "account": actor.account_id,
        "person": keys_of(actor.name),
        "self": actor.practitioner_id,
        "directory": actor.may_use_directory,
        "coordinator": actor.is_coordinator,
    }


class Record(msgspec.Struct, frozen=True):
    """All that is kept of one practitioner, in the words of `save_practitioner`."""

    name: str
    profession: str
    gender: str | None
    organisation_id: str
    place_id: str
    travel_km: float | None
    areas: list[list[str]]
    season: list[int] | None
    transport: str | None
    visits_with: str | None
    languages: list[str]
    specialisations: list[str]
    age_groups: list[str]
    modes: list[str]
    availability: list[str]
    weekly_visits: int | None
    absences: list[list[str]]
    safeguarding_on: str | None
    ethics_signed_on: str | None
    contact_policy: str | None
    contact_hours: str | None
    phone_shared: int | None
    phone: str | None
    email: str | None
    say_when_calling: str | None
    licence_number: str | None
    licence_issuer: str | None
    licence_expires_on: str | None


_RECORD = """
    SELECT p.name, p.profession, p.gender, p.organisation_id, p.place_id, p.travel_km,
        (SELECT json_group_array(json_array(kind, code)) FROM (
            SELECT kind, code FROM service_areas AS a
            WHERE a.practitioner_id = p.id ORDER BY kind, code)) AS areas,
        CASE WHEN p.closed_from IS NOT NULL AND p.closed_to IS NOT NULL
            THEN json_array(p.closed_from, p.closed_to) END AS season,
        p.transport, p.visits_with, p.languages, p.specialisations, p.age_groups, p.modes,
        p.availability, p.weekly_visits,
        (SELECT json_group_array(json_array(starts_on, ends_on)) FROM (
            SELECT starts_on, ends_on FROM practitioner_absences AS b
            WHERE b.practitioner_id = p.id ORDER BY starts_on)) AS absences,
        p.safeguarding_on, p.ethics_signed_on, p.contact_policy, p.contact_hours, p.phone_shared,
        c.phone, c.email, c.say_when_calling, l.number AS licence_number,
        l.issuer AS licence_issuer, l.expires_on AS licence_expires_on
    FROM practitioners AS p
    LEFT JOIN practitioner_contacts AS c ON c.practitioner_id = p.id
    LEFT JOIN practitioner_licences AS l ON l.practitioner_id = p.id
    WHERE p.id = :id
"""


def find_record(db: Database, practitioner_id: str) -> dict[str, Any] | None:
    """All that is kept of one practitioner by field, or None.

    For saves and versions alone: it holds her contacts, so no page answers it.
    """
    found = fetch_one(db, Record, _RECORD, id=practitioner_id)
    return None if found is None else msgspec.structs.asdict(found)
