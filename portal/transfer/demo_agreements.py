"""Proposals of the demo in each stage: waiting for consent, and waiting for a second organisation.

They go through the same actions as those of people; seeding again changes nothing.
"""

from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.agreements.actions import give_consent
from portal.db import as_json, column, count
from portal.ethics.queries import find_code
from portal.papers.actions import add_training
from portal.proposals.actions import propose

# id, name, profession, gender, settlement, languages, contact; the first three of the demo member's
# organisation, one each of two others
PEOPLE: tuple[tuple[str, str, str, str, str, list[str], dict[str, str]], ...] = (
    ("p-demo1", "Jeren Saparowa", "psychologist", "female", "162183", ["tk", "ru"],
     {"email": "jeren.saparowa@demo.example"}),
    ("p-demo2", "Döwran Hallyýew", "lawyer", "male", "601551", ["tk", "ru", "uz"],
     {"phone": "+993 00 000 101"}),
    ("p-demo3", "Oguljan Meredowa", "psychologist", "female", "1218667", ["tk"],
     {"phone": "+993 00 000 102"}),
    ("p-demo4", "Selbi Annageldiýewa", "lawyer", "female", "1218667", ["tk", "ru"],
     {"phone": "+993 00 000 103"}),
    ("p-demo5", "Rahym Nuryýew", "psychologist", "male", "162183", ["tk", "uz"],
     {"phone": "+993 00 000 104"}),
)  # fmt: skip
OWN = 3
CONSENTED = ("p-demo3", "p-demo4", "p-demo5")


def seed_agreements(db: Database, at: datetime, today: date) -> None:
    """Two proposals that wait for consent, and three that wait for a second organisation."""
    own = _member(db, today, None)
    others = [_member(db, today, each) for each in _other_members(db, own, today)]
    for member, person in zip([own] * OWN + others, PEOPLE, strict=False):
        if not _is_there(db, "practitioners", person[0]) and _is_there(db, "places", person[4]):
            _propose(db, member, at, *person)
            _consent(db, member, at, today, person[0])


def _member(db: Database, today: date, organisation_id: str | None) -> Actor:
    account_id = find_or_make_demo_account(db, "member", organisation_id, today)
    sql = "SELECT organisation_id FROM accounts WHERE id = :id"
    (own,) = column(db, sql, id=account_id)
    return Actor("member", account_id, organisation_id=own, directory_access=True)


def _other_members(db: Database, own: Actor, today: date) -> list[str]:
    sql = """
        SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND o.directory_until >= :today AND o.id <> :own
        ORDER BY o.id LIMIT :most
    """
    most = len(PEOPLE) - OWN
    return column(db, sql, today=today.isoformat(), own=own.organisation_id, most=most)


def _propose(
    db: Database,
    member: Actor,
    at: datetime,
    person_id: str,
    name: str,
    profession: str,
    gender: str,
    place_id: str,
    languages: list[str],
    contact: dict[str, str],
) -> None:
    details: dict[str, Any] = {"name": name, "profession": profession, "gender": gender}
    details |= {"place_id": place_id, "travel_km": 60, "modes": '["home","phone"]', **contact}
    propose(db, member, at, person_id, {**details, "languages": as_json(languages)})


def _consent(db: Database, member: Actor, at: datetime, today: date, person_id: str) -> None:
    code = find_code(db)
    if person_id not in CONSENTED or code is None:
        return
    give_consent(
        db,
        Actor("practitioner", practitioner_id=person_id),
        at,
        person_id,
        "public",
        how="link",
        contact_policy="via_organisation",
        ethics_version=code.version,
        given_on=today.isoformat(),
    )
    add_training(db, member, at, person_id, "2026-03-12", "Stress and burnout, two days")


def _is_there(db: Database, table: str, id_: str) -> bool:
    return count(db, "SELECT count(*) FROM " + table + " WHERE id = :id", id=id_) > 0
