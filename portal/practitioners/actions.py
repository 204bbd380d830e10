"""Keep the register of practitioners: their details, contacts and licences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.i18n.sorting import sort_key
from portal.outbox import announce

NEW = dict.fromkeys(("languages", "specialisations", "age_groups", "modes", "availability"), "[]")

CONTACT = ("phone", "email", "say_when_calling")
LICENCE = {
    "licence_number": "number",
    "licence_issuer": "issuer",
    "licence_expires_on": "expires_on",
}
APART = {*CONTACT, *LICENCE, "areas", "absences"}


def save_practitioner(
    db: Database, by: Actor, at: datetime, practitioner_id: str, changes: Mapping[str, Any]
) -> None:
    """Add a practitioner, or change the named columns of one.

    `areas` are (kind, code) and `absences` (first day, last day) pairs; each replaces its list.
    """
    _save_row(db, practitioner_id, {k: v for k, v in changes.items() if k not in APART})
    _save_apart(
        db,
        "practitioner_contacts",
        practitioner_id,
        {k: changes[k] for k in CONTACT if k in changes},
    )
    _save_apart(
        db,
        "practitioner_licences",
        practitioner_id,
        {name: changes[k] for k, name in LICENCE.items() if k in changes},
    )
    if "areas" in changes:
        _replace(db, "service_areas", practitioner_id, ("kind", "code"), changes["areas"])
    if "absences" in changes:
        _replace(
            db,
            "practitioner_absences",
            practitioner_id,
            ("starts_on", "ends_on"),
            changes["absences"],
        )
    audit.record(db, by, at, "save", "practitioners", practitioner_id)
    announce(db, "practitioners", practitioner_id)


def _save_row(db: Database, practitioner_id: str, row: dict[str, Any]) -> None:
    if "name" in row:
        row["sort_name"] = sort_key(row["name"])
    table = db.table("practitioners")
    if table.count_where("id = ?", [practitioner_id]):
        table.update(practitioner_id, row)
    else:
        table.insert({**NEW, **row, "id": practitioner_id})


def _save_apart(db: Database, table: str, practitioner_id: str, row: dict[str, Any]) -> None:
    if row:
        db.table(table).upsert({"practitioner_id": practitioner_id, **row}, pk="practitioner_id")


def _replace(
    db: Database,
    table: str,
    practitioner_id: str,
    columns: tuple[str, str],
    pairs: list[tuple[str, str]],
) -> None:
    db.table(table).delete_where("practitioner_id = ?", [practitioner_id])
    db.table(table).insert_all(
        {"practitioner_id": practitioner_id, **dict(zip(columns, pair, strict=True))}
        for pair in dict.fromkeys(pairs)
    )
