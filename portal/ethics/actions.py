"""Load the code of ethics; sign it."""

import csv
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.db import as_json
from portal.errors import Invalid
from portal.ethics.queries import find_code
from portal.i18n.language import Message
from portal.nearby.actions import refresh_listing
from portal.practitioners.actions import save_practitioner

LANGUAGE_LETTERS = 2


def load_code(db: Database, path: Path) -> int:
    """Add the versions of a file that are not there yet; how many. Position 0 is the note.

    A version that somebody may have signed is left as it is.
    """
    versions = db.table("ethics_versions")
    added = 0
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for version in dict.fromkeys(row["version"] for row in rows):
        if versions.count_where("version = ?", [version]):
            continue
        note, *points = [row for row in rows if row["version"] == version]
        adopted_on = note["adopted_on"]
        versions.insert({"version": version, "adopted_on": adopted_on, "note": _texts(note)})
        db.table("ethics_points").insert_all(
            {"version": version, "position": int(row["position"]), "texts": _texts(row)}
            for row in points
        )
        added += 1
    return added


def sign_code(
    db: Database, by: Actor, at: datetime, practitioner_id: str, version: str, signed_on: str
) -> None:
    """Record that a practitioner signed the code that stands now; signing twice changes nothing.

    `Invalid` when another version stands: nobody signs a text that was not shown.
    """
    code = find_code(db)
    if code is None or code.version != version:
        told = Message("The code of ethics was renewed meanwhile. Read the text below and sign it.")
        raise Invalid({"ethics": [told]})
    signatures = db.table("ethics_signatures")
    if not signatures.count_where(
        "practitioner_id = ? AND version = ?", [practitioner_id, version]
    ):
        row = {"practitioner_id": practitioner_id, "version": version, "signed_on": signed_on}
        signatures.insert({**row, "by": by.account_id or by.role})
        audit.record(db, by, at, "sign", "ethics_versions", version, practitioner=practitioner_id)
    elif db.table("practitioners").count_where(
        "id = ? AND ethics_signed_on IS NOT NULL", [practitioner_id]
    ):
        return
    save_practitioner(db, by, at, practitioner_id, {"ethics_signed_on": signed_on})
    refresh_listing(db, practitioner_id)


def _texts(row: dict[str, str]) -> str:
    return as_json({k: v for k, v in row.items() if len(k) == LANGUAGE_LETTERS and v})
