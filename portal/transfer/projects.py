"""Projects as rows of a file, by their codes; their logframes are written on their pages."""

import secrets
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column
from portal.i18n.language import Message
from portal.projects.actions import CARRIED, save_project
from portal.projects.queries import is_carried
from portal.projects.rules import (
    AID,
    CODE,
    CURRENCIES,
    FINANCE,
    FLOW,
    ORGANISATION_TYPES,
    REFERENCE,
    SECTOR,
    SECTORS,
)
from portal.transfer import cells, references
from portal.transfer.columns import (
    LANGUAGES,
    Column,
    Entry,
    Kind,
    in_languages,
    select_languages,
)
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell

MADE_OF = Message("A code is made of Latin letters, digits, “-”, “_” and “.”, at most 40.")
NOT_A_REFERENCE = Message(
    "Write the registration agency, a hyphen and the number, for example TM-RCT-123."
)
ENDS_BEFORE = Message("It ends before it begins. Look at both days.")
NO_CURRENCY = Message("Write in which currency this is.")

LARGEST = 1_000_000_000

# of a grant to an organisation, by the IATI standard; the donor's own file may say otherwise
USUAL = {"sector": SECTOR, "flow_type": FLOW, "finance_type": FINANCE, "aid_type": AID}


def one_of(*known: str) -> cells.Cell:
    """One code of a standard's list."""

    def read(text: str, _finder: Finder) -> str:
        if text not in known:
            raise WrongCell(Message("Choose one of: %(choices)s.", {"choices": ", ".join(known)}))
        return text

    return cells.Cell(read)


def countries() -> cells.Cell:
    """Countries by two letters."""

    def read(text: str, finder: Finder) -> list[str]:
        found = cells.several(text)
        if not all(finder.knows_country(each) for each in found):
            raise WrongCell(Message("Write countries by two letters, for example TM;TJ."))
        return found

    return cells.Cell(read, ";".join, empty=[], is_json=True)


COLUMNS = (
    Column("code", cells.like(CODE, MADE_OF), required=True),
    Column("title", cells.line(), required=True),
    *in_languages("title", cells.line()),
    Column("donor", cells.line()),
    Column("starts_on", cells.day()),
    Column("ends_on", cells.day()),
    Column("credit", cells.line()),
    Column("organisation", cells.organisation()),
    Column("description", cells.paragraphs(3000)),
    *in_languages("description", cells.paragraphs(3000)),
    Column("countries", countries()),
    Column("regions", references.regions()),
    Column("donor_ref", cells.like(REFERENCE, NOT_A_REFERENCE, 80)),
    Column("donor_type", one_of(*ORGANISATION_TYPES)),
    Column("reporter_ref", cells.like(REFERENCE, NOT_A_REFERENCE, 80)),
    Column("reporter_type", one_of(*ORGANISATION_TYPES)),
    Column("sector", one_of(*SECTORS)),
    Column("budget", cells.number(1, LARGEST, whole=True)),
    Column("currency", one_of(*CURRENCIES)),
    Column("cancelled_on", cells.day()),
)

_SQL = (
    """
    SELECT code, title, donor, starts_on, ends_on, credit, organisation_id AS organisation,
        description, countries, regions, donor_ref, donor_type, reporter_ref, reporter_type, sector,
        budget, currency, cancelled_on
    """
    + select_languages("title", "titles")
    + select_languages("description", "descriptions")
    + " FROM projects ORDER BY code"
)


def _check(db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    errors = []
    begins, ends = entry.kept("starts_on"), entry.kept("ends_on")
    if begins and ends and ends < begins:
        errors.append(entry.error("ends_on", ENDS_BEFORE))
    if entry.kept("budget") and not entry.text("currency"):
        errors.append(entry.error("currency", NO_CURRENCY))
    if "organisation" in entry.changes and _is_carried(db, entry.id):
        errors.append(entry.error("organisation", CARRIED))
    return errors


def _is_carried(db: Database, code: str) -> bool:
    known = column(db, "SELECT id FROM projects WHERE code = :code", code=code)
    return any(is_carried(db, each) for each in known)


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    known = column(db, "SELECT id FROM projects WHERE code = :code", code=entry.id)
    changes = dict(entry.changes)
    # title too: an upsert is a whole row to the database, even where one is there already
    row: dict[str, Any] = {"code": entry.id, "title": entry.kept("title")}
    if not known:
        row |= {**USUAL, "countries": [], "regions": []}
    for name in ("title", "description"):
        row[f"{name}s"] = _others(db, entry.id, f"{name}s")
        for language in LANGUAGES:
            text = changes.pop(f"{name}_{language}", None)
            if f"{name}_{language}" in entry.changes:
                row[f"{name}s"][language] = text
        row[f"{name}s"] = {code: text for code, text in row[f"{name}s"].items() if text}
    if "organisation" in changes:
        row["organisation_id"] = changes.pop("organisation")
    project_id = known[0] if known else f"pr-{secrets.token_hex(6)}"
    save_project(db, by, at, project_id, {**row, **changes})


def _others(db: Database, code: str, name: str) -> dict[str, str]:
    """The texts in other languages that a project has already."""
    rows = db.table("projects").rows_where("code = ?", [code], select=name)
    return next((msgspec.json.decode(row[name]) for row in rows), {})


PROJECTS = Kind("projects", COLUMNS, _SQL, _save, key=("code",), check=_check)
