"""Keep the register of practitioners: their details, contacts, licences, and earlier versions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json
from portal.i18n.sorting import sort_key
from portal.outbox import announce
from portal.practitioners.queries import find_record

NEW = dict.fromkeys(("languages", "specialisations", "age_groups", "modes", "availability"), "[]")

CONTACT = ("phone", "email", "say_when_calling")
LICENCE = {
    "licence_number": "number",
    "licence_issuer": "issuer",
    "licence_expires_on": "expires_on",
}
KEPT_APART = frozenset({*CONTACT, *LICENCE})
APART = {*KEPT_APART, "areas", "absences"}


def save_practitioner(
    db: Database, by: Actor, at: datetime, practitioner_id: str, changes: Mapping[str, Any]
) -> int:
    """Add a practitioner, or change the named columns of one; the number of her version then.

    `areas` are (kind, code) and `absences` (first day, last day) pairs; each replaces its list.
    """
    before = find_record(db, practitioner_id)
    _save_columns(db, practitioner_id, changes)
    version = _add_version(db, by, at, practitioner_id, before)
    audit.record(db, by, at, "save", "practitioners", practitioner_id)
    announce(db, "practitioners", practitioner_id)
    return version


def forget_versions(db: Database, practitioner_id: str) -> None:
    """Overwrite the contacts and licences of all versions; `secure_delete` sees to the bytes."""
    db.table("practitioner_versions_apart").delete_where("practitioner_id = ?", [practitioner_id])


def _save_columns(db: Database, practitioner_id: str, changes: Mapping[str, Any]) -> None:
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


def _add_version(
    db: Database, by: Actor, at: datetime, practitioner_id: str, before: dict[str, Any] | None
) -> int:
    """Note what the save changed; one that changed nothing makes no version."""
    after = find_record(db, practitioner_id) or {}
    changed = {k: [before[k], v] for k, v in after.items() if before and before[k] != v}
    number = int(db.table("practitioners").get(practitioner_id)["version"])
    if before is not None:
        if not changed:
            return number
        number += 1
        db.table("practitioners").update(practitioner_id, {"version": number})
    diff = {k: None if k in KEPT_APART else pair for k, pair in changed.items()}
    key = {"practitioner_id": practitioner_id, "number": number}
    row = {**key, "at": stamp(at), "by": by.account_id or by.role, "diff": as_json(diff)}
    db.table("practitioner_versions").insert(row)
    db.table("practitioner_versions_apart").insert_all(
        {**key, "field": k, "old": old, "new": new}
        for k, (old, new) in changed.items()
        if k in KEPT_APART
    )
    return number


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
