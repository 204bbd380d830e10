"""Load the charter's versions; adopt one."""

import csv
from datetime import date, datetime
from pathlib import Path

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.charter.queries import (
    count_criteria,
    find_before,
    find_charter,
    find_heading,
    find_unfinished,
)
from portal.charter.rules import FIELDS
from portal.clock import stamp
from portal.db import as_json, column
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.notices.actions import notify
from portal.outbox import announce

LANGUAGE_LETTERS = 2


def load_charter(db: Database, by: Actor, at: datetime, path: Path) -> int:
    """Add the versions of a file that are not there yet; how many.

    One row a text: version, adopted_on, kind, code, asks_file, field, original, checked, and a
    column a language. `original` names the language that was decided; `checked` those languages
    whose translation somebody has checked, separated by `;`. A row of the kind `note` says in a
    sentence what the version is.
    """
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    versions = [int(number) for number in dict.fromkeys(row["version"] for row in rows)]
    known = set(column(db, "SELECT version FROM charter_versions"))
    missing = [number for number in versions if number not in known]
    for number in missing:
        _load_version(db, by, at, number, [row for row in rows if int(row["version"]) == number])
    return len(missing)


def adopt(
    db: Database, by: Actor, at: datetime, version: int, adopted_on: date, minute: str | None
) -> None:
    """Let a draft be the charter from now on; member organisations are told, to affirm anew."""
    draft = find_heading(db, version)
    if draft is None:
        raise NotFound
    if draft.adopted_on is not None:
        raise Invalid({"all": [Message("This version was adopted already.")]})
    refuse_unready(db, version)
    row = {"adopted_on": adopted_on.isoformat(), "minute": minute}
    db.table("charter_versions").update(version, row)
    audit.record(db, by, at, "adopt", "charter_versions", str(version), on=row["adopted_on"])
    announce_points(db, version)
    announce_points(db, find_before(db, version))
    members = """
        SELECT a.id FROM accounts AS a
        JOIN membership_now AS m ON m.organisation_id = a.organisation_id
        WHERE m.state = 'admitted' AND a.role IN ('member', 'coordinator')
            AND a.locked_at IS NULL ORDER BY a.id
    """
    for account_id in column(db, members):
        notify(db, at, "charter_adopted", str(version), account_id=account_id)


def refuse_unready(db: Database, version: int) -> None:
    """`Invalid` for what can never be the charter: older than it, without criteria, unfinished."""
    standing = find_charter(db)
    if standing is not None and version < standing.version:
        raise Invalid({"all": [Message("A newer version was adopted already.")]})
    if not count_criteria(db, version):
        raise Invalid({"all": [Message("A charter needs at least one criterion.")]})
    if find_unfinished(db, version):
        said = "Every point needs a title and a text, every criterion also what shows it."
        raise Invalid({"all": [Message(said)]})


def announce_points(db: Database, version: int | None) -> None:
    """Queue that what can be found, and what is published, of a version changed."""
    for code in column(db, "SELECT code FROM charter_points WHERE version = :v", v=version):
        announce(db, "criteria", code)


def _load_version(
    db: Database, by: Actor, at: datetime, number: int, rows: list[dict[str, str]]
) -> None:
    note, *texts = rows
    who = by.account_id or by.role
    db.table("charter_versions").insert(
        {
            "version": number,
            "made_at": stamp(at),
            "made_by": who,
            "adopted_on": note["adopted_on"] or None,
            "notes": as_json(_by_language(note)),
        }
    )
    _load_texts(db, who, at, number, texts)
    audit.record(db, by, at, "load", "charter_versions", str(number))
    if note["adopted_on"]:
        announce_points(db, number)


def _load_texts(
    db: Database, who: str, at: datetime, number: int, texts: list[dict[str, str]]
) -> None:
    codes = list(dict.fromkeys(row["code"] for row in texts))
    for row in texts:
        if row["field"] == FIELDS[0]:
            db.table("charter_points").insert(
                {
                    "version": number,
                    "code": row["code"],
                    "kind": row["kind"],
                    "position": codes.index(row["code"]) + 1,
                    "asks_file": int(row["asks_file"] == "yes"),
                }
            )
        checked = row["checked"].split(";")
        db.table("charter_texts").insert_all(
            {
                "version": number,
                "code": row["code"],
                "field": row["field"],
                "language": language,
                "text": text,
                "state": _state(language, row["original"], checked),
                "by": who,
                "at": stamp(at),
            }
            for language, text in _by_language(row).items()
        )


def _state(language: str, original: str, checked: list[str]) -> str:
    if language == original:
        return "original"
    return "checked" if language in checked else "unchecked"


def _by_language(row: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in row.items() if len(k) == LANGUAGE_LETTERS and v}
