"""One practitioner's record as she reads it before she consents: every field with its value."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.agreements.queries import CONSENTED_SINCE
from portal.db import fetch_one
from portal.errors import NotFound


class Record(msgspec.Struct, frozen=True):
    """Everything the portal holds of a practitioner, for her own eyes."""

    id: str
    name: str
    profession: str
    gender: str | None
    organisation: str
    organisation_id: str
    place: str
    region: str
    languages: list[str]
    travel_km: float | None
    areas: list[str]
    closed_from: int | None
    closed_to: int | None
    transport: str | None
    visits_with: str | None
    specialisations: list[str]
    age_groups: list[str]
    modes: list[str]
    availability: list[str]
    weekly_visits: int | None
    absences: list[list[str]]
    safeguarding_on: date | None
    trainings: list[str]
    ethics_signed_on: date | None
    confirmed_on: date | None
    contact_policy: str | None
    contact_hours: str | None
    phone_shared: bool | None
    phone: str | None
    email: str | None
    say_when_calling: str | None
    licence_expires_on: date | None
    licence_number: str | None
    licence_issuer: str | None
    state: str | None
    consent_scope: str | None
    consent_on: date | None
    consent_how: str | None
    withdrawn_on: date | None
    exclusions: int
    monthly_cap: int | None = None
    confirmed_how: str | None = None
    versions: int | None = None
    versions_apart: int | None = None
    consents_given: int = 0

    @property
    def is_open(self) -> bool:
        """Whether there is an agreement, or a proposal, that a consent could serve."""
        return self.state in ("proposed", "agreed", "suspended")

    @property
    def closed(self) -> list[int]:
        """The months from and to which she does not travel."""
        return [self.closed_from, self.closed_to] if self.closed_from and self.closed_to else []


_RECORD = (
    """
    SELECT p.id, p.name, p.profession, p.gender, o.name AS organisation, p.organisation_id,
        places.name AS place, places.region, p.languages, p.travel_km, p.closed_from, p.closed_to,
        p.transport, p.visits_with, p.specialisations, p.age_groups, p.modes, p.availability,
        p.weekly_visits, p.monthly_cap, p.safeguarding_on,
        (SELECT count(*) FROM consents AS given
         WHERE given.practitioner_id = p.id) AS consents_given,
        (SELECT count(*) FROM practitioner_versions AS v
         WHERE v.practitioner_id = p.id) AS versions,
        (SELECT count(*) FROM practitioner_versions_apart AS w
         WHERE w.practitioner_id = p.id) AS versions_apart,
        (SELECT f.how FROM confirmations AS f WHERE f.practitioner_id = p.id
         ORDER BY f.id DESC LIMIT 1) AS confirmed_how,
        p.ethics_signed_on, p.contact_policy, p.contact_hours,
        p.phone_shared, c.phone, c.email, c.say_when_calling, now.state,
        l.expires_on AS licence_expires_on, l.number AS licence_number, l.issuer AS licence_issuer,
        (SELECT json_group_array(coalesce(s.name, r.code, a.code)) FROM service_areas AS a
         LEFT JOIN places AS s ON a.kind = 'place' AND s.id = a.code
         LEFT JOIN regions AS r ON a.kind = 'region' AND r.code = a.code
         WHERE a.practitioner_id = p.id) AS areas,
        (SELECT json_group_array(json_array(starts_on, ends_on)) FROM practitioner_absences AS b
         WHERE b.practitioner_id = p.id) AS absences,
        (SELECT json_group_array(title) FROM trainings AS t
         WHERE t.practitioner_id = p.id) AS trainings,
        (SELECT count(*) FROM consent_exclusions AS e
         WHERE e.practitioner_id = p.id) AS exclusions,
        confirmed.confirmed_on, newest.withdrawn_on,
        consent.scope AS consent_scope, consent.given_on AS consent_on, consent.how AS consent_how
    FROM practitioners AS p
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
    LEFT JOIN practitioner_contacts AS c ON c.practitioner_id = p.id
    LEFT JOIN practitioner_licences AS l ON l.practitioner_id = p.id
    LEFT JOIN agreement_states AS now ON now.id =
        (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
    LEFT JOIN consents AS newest ON newest.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
    LEFT JOIN confirmations AS confirmed ON confirmed.id =
        (SELECT max(id) FROM confirmations WHERE practitioner_id = p.id)
    LEFT JOIN consents AS consent ON consent.id = newest.id AND consent.withdrawn_on IS NULL AND
    """
    + CONSENTED_SINCE
    + " WHERE p.id = :id"
)


class LastChoice(msgspec.Struct, frozen=True):
    """What she chose when she consented before."""

    scope: str
    contact_policy: str | None


def find_last_choice(db: Database, practitioner_id: str) -> LastChoice | None:
    """Her choice of before; None when she never consented."""
    sql = """
        SELECT c.scope, p.contact_policy FROM consents AS c
        JOIN practitioners AS p ON p.id = c.practitioner_id
        WHERE c.practitioner_id = :id ORDER BY c.id DESC LIMIT 1
    """
    return fetch_one(db, LastChoice, sql, id=practitioner_id)


def get_record(db: Database, practitioner_id: str) -> Record:
    """The record of a practitioner, to be shown to nobody but her."""
    found = fetch_one(db, Record, _RECORD, id=practitioner_id)
    if found is None:
        raise NotFound
    return found
