"""Practitioners as rows of a file, with the agreement, consent and confirmation that list them.

What an import empties is unknown from then on, and nobody is listed on what is unknown: an emptied
consent is recorded as withdrawn, an emptied status or confirmation as a new row that says nothing.
A consent that was withdrawn is not brought back by an older file: it needs a newer date.
"""

from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.actions import (
    set_agreement,
    set_confirmation,
    set_consent,
    withdraw_consent,
)
from portal.db import as_json
from portal.i18n.language import Message
from portal.practitioners.actions import save_practitioner
from portal.transfer import cells
from portal.transfer.alike import doubt_practitioners
from portal.transfer.columns import Column, Entry, Kind, id_column
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

ACTION_NAMES = {
    "organisation": "organisation_id",
    "place": "place_id",
    "districts": "areas",
    "absent": "absences",
}
AS_JSON = {"languages", "specialisations", "age_groups", "modes", "availability"}
CONSENT = ("consent_scope", "consent_on")
RECORDED = {*CONSENT, "confirmed_on", "status"}

COLUMNS = (
    id_column(),
    Column("name", cells.line(), required=True),
    Column("profession", cells.code("professions"), required=True),
    Column("gender", cells.code("genders")),
    Column("organisation", cells.organisation(), required=True),
    Column("place", cells.place(), required=True),
    Column("travel_km", cells.number(0, 1000)),
    Column("districts", cells.areas()),
    Column("season", cells.season()),
    Column("transport", cells.code("transports")),
    Column("visits_with", cells.code("visits_with")),
    Column("contact_policy", cells.code("contact_policies")),
    Column("contact_hours", cells.line()),
    Column("phone_shared", cells.yes_no()),
    Column("say_when_calling", cells.paragraphs(500)),
    Column("languages", cells.codes("languages")),
    Column("specialisations", cells.codes("specialisations")),
    Column("age_groups", cells.codes("age_groups")),
    Column("modes", cells.codes("modes")),
    Column("availability", cells.slots()),
    Column("weekly_visits", cells.number(0, 60, whole=True)),
    Column("monthly_cap", cells.number(0, 250, whole=True)),
    Column("absent", cells.absences()),
    Column("safeguarding_on", cells.day(past=True)),
    Column("phone", cells.PHONE),
    Column("email", cells.EMAIL),
    Column("licence_number", cells.line(60)),
    Column("licence_issuer", cells.line()),
    Column("licence_expires_on", cells.day()),
    Column("ethics_signed_on", cells.day(past=True)),
    Column("consent_scope", cells.code("consent_scopes")),
    Column("consent_on", cells.day(past=True)),
    Column("confirmed_on", cells.day(past=True)),
    Column("status", cells.code("agreement_states")),
)

_SQL = """
    SELECT p.id, p.name, p.profession, p.gender, p.organisation_id AS organisation,
        p.place_id AS place, p.travel_km, p.transport, p.visits_with, p.contact_policy,
        p.contact_hours, p.phone_shared, p.languages, p.specialisations, p.age_groups, p.modes,
        p.availability, p.weekly_visits, p.monthly_cap, p.safeguarding_on, p.ethics_signed_on,
        CASE WHEN p.closed_from IS NOT NULL AND p.closed_to IS NOT NULL
            THEN json_array(p.closed_from, p.closed_to) END AS season,
        (SELECT json_group_array(json_array(kind, code)) FROM (
            SELECT kind, code FROM service_areas AS a
            WHERE a.practitioner_id = p.id ORDER BY rowid)) AS districts,
        (SELECT json_group_array(json_array(starts_on, ends_on)) FROM (
            SELECT starts_on, ends_on FROM practitioner_absences AS b
            WHERE b.practitioner_id = p.id ORDER BY starts_on)) AS absent,
        c.phone, c.email, c.say_when_calling, l.number AS licence_number,
        l.issuer AS licence_issuer, l.expires_on AS licence_expires_on,
        CASE WHEN consent.withdrawn_on IS NULL THEN consent.scope END AS consent_scope,
        CASE WHEN consent.withdrawn_on IS NULL THEN consent.given_on END AS consent_on,
        confirmed.confirmed_on, agreed.state AS status
    FROM practitioners AS p
    LEFT JOIN practitioner_contacts AS c ON c.practitioner_id = p.id
    LEFT JOIN practitioner_licences AS l ON l.practitioner_id = p.id
    LEFT JOIN consents AS consent ON consent.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
    LEFT JOIN confirmations AS confirmed ON confirmed.id =
        (SELECT max(id) FROM confirmations WHERE practitioner_id = p.id)
    LEFT JOIN agreement_states AS agreed ON agreed.id =
        (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
    ORDER BY p.id
"""


def _check(db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    if not entry.changes.keys() & set(CONSENT) or _is_withdrawn(entry):
        return []
    for name in CONSENT:
        if not entry.text(name):
            said = Message(
                "A consent needs both consent_scope and consent_on. Fill in both, or empty both."
            )
            return [entry.error(name, said)]
    return _check_withdrawn(db, entry)


def _is_withdrawn(entry: Entry) -> bool:
    """Whether the row names part of the consent, and all it names of it is empty."""
    return not any(entry.texts.get(name) for name in CONSENT)


def _check_withdrawn(db: Database, entry: Entry) -> list[CellError]:
    sql = (
        "SELECT given_on, withdrawn_on FROM consents WHERE practitioner_id = ?"
        " ORDER BY id DESC LIMIT 1"
    )
    newest: tuple[str, str | None] | None = db.execute(sql, [entry.id]).fetchone()
    given, withdrawn = newest or ("", None)
    day = entry.text("consent_on")
    if withdrawn is None or (day >= withdrawn and day != given):
        return []
    said = Message(
        "This consent was withdrawn on %(day)s. Write the day of a newer one, or leave"
        " consent_scope and consent_on empty.",
        {"day": date.fromisoformat(withdrawn)},
    )
    return [entry.error("consent_on", said)]


def _save(db: Database, by: Actor, at: datetime, entry: Entry, finder: Finder) -> None:
    if row := _row(entry):
        save_practitioner(db, by, at, entry.id, row)
    if entry.changes.keys() & set(CONSENT):
        if _is_withdrawn(entry):
            day = finder.today.isoformat()
            withdraw_consent(db, by, at, entry.id, day, suspends=False)
        else:
            scope, given_on = entry.kept("consent_scope"), entry.kept("consent_on")
            set_consent(db, by, at, entry.id, scope, given_on)
    if "confirmed_on" in entry.changes:
        set_confirmation(db, by, at, entry.id, entry.changes["confirmed_on"])
    if "status" in entry.changes:
        set_agreement(db, by, at, entry.id, entry.changes["status"])


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {
        ACTION_NAMES.get(name, name): as_json(value) if name in AS_JSON else value
        for name, value in entry.changes.items()
        if name not in RECORDED
    }
    if "season" in row:
        row["closed_from"], row["closed_to"] = row.pop("season") or (None, None)
    return row


def _lists(_db: Database, entry: Entry) -> set[str]:
    return {entry.id}


PRACTITIONERS = Kind(
    "practitioners", COLUMNS, _SQL, _save, check=_check, lists=_lists, doubts=doubt_practitioners
)
