"""Organisations as rows of a file; a new status reaches the listings of their practitioners."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column
from portal.i18n.language import Message
from portal.membership.actions import set_state
from portal.organisations.actions import save_organisation
from portal.transfer import cells
from portal.transfer.alike import doubt_organisations
from portal.transfer.columns import (
    Column,
    Entry,
    Kind,
    id_column,
    in_languages,
    save_languages,
    select_languages,
)
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

ACTION_NAMES = {"directory_access": "directory_until", "place": "place_id"}

COLUMNS = (
    id_column(),
    Column("name", cells.line(), required=True),
    *in_languages("name", cells.line()),
    Column("kind", cells.code("organisation_kinds"), required=True),
    Column("visibility", cells.code("visibilities", empty="members")),
    Column("directory_access", cells.day()),
    Column("duty_phone", cells.PHONE),
    Column("place", cells.place()),
    Column("summary", cells.paragraphs()),
    *in_languages("summary", cells.paragraphs()),
    Column("services", cells.codes("services")),
    Column("phone", cells.PHONE),
    Column("email", cells.EMAIL),
    Column("website", cells.WEBSITE),
    Column("status", cells.code("membership_states")),
    Column("joined_on", cells.day()),
)

_SQL = (
    """
    SELECT o.id, o.name, o.kind, o.visibility, o.directory_until AS directory_access,
        o.duty_phone, o.place_id AS place, o.summary, o.phone, o.email, o.website, o.joined_on,
        m.state AS status,
        (SELECT json_group_array(service) FROM (
            SELECT service FROM organisation_services AS s
            WHERE s.organisation_id = o.id ORDER BY rowid)) AS services
    """
    + select_languages("name", "o.names")
    + select_languages("summary", "o.summaries")
    + """
    FROM organisations AS o LEFT JOIN membership_now AS m ON m.organisation_id = o.id
    ORDER BY o.id
    """
)


def granted_until(stored: str, today: date) -> str:
    """The end of a yearly grant: a running one is kept, a new one ends a year after today."""
    if stored > today.isoformat():
        return stored
    leap = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if leap else today.day).isoformat()


def _meant(texts: dict[str, str], stored: Mapping[str, str], finder: Finder) -> dict[str, str]:
    access = texts.get("directory_access", "").casefold()
    if access == "yes":
        until = granted_until(stored.get("directory_access", ""), finder.today)
        return {**texts, "directory_access": until}
    return {**texts, "directory_access": ""} if access == "no" else texts


def _check(_db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    if entry.stored and entry.stored["status"] and not entry.text("status"):
        said = Message(
            "The state of membership is known and cannot become unknown. Write the new one, for"
            " example left, or %(state)s as before.",
            {"state": entry.stored["status"]},
        )
        return [entry.error("status", said)]
    return []


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    changes = _row(db, entry)
    if changes:
        save_organisation(db, by, at, entry.id, changes)
    if entry.changes.get("status"):
        set_state(db, by, at, entry.id, entry.changes["status"])


def _row(db: Database, entry: Entry) -> dict[str, Any]:
    row = {
        ACTION_NAMES.get(name, name): value
        for name, value in entry.changes.items()
        if name != "status" and not name.startswith(("name_", "summary_"))
    }
    return {
        **row,
        **save_languages(db, "organisations", "names", entry, "name"),
        **save_languages(db, "organisations", "summaries", entry, "summary"),
    }


def _lists(db: Database, entry: Entry) -> set[str]:
    if "status" not in entry.changes:
        return set()
    sql = "SELECT id FROM practitioners WHERE organisation_id = :id"
    return set(column(db, sql, id=entry.id))


ORGANISATIONS = Kind(
    "organisations",
    COLUMNS,
    _SQL,
    _save,
    meant=_meant,
    check=_check,
    lists=_lists,
    doubts=doubt_organisations,
)
