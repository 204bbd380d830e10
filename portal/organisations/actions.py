"""Keep the register of organisations."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.i18n.sorting import sort_key
from portal.organisations.queries import find_duty_phone
from portal.outbox import announce

NEW = {"names": "{}", "summaries": "{}", "visibility": "members"}


def save_organisation(
    db: Database, by: Actor, at: datetime, organisation_id: str, changes: Mapping[str, Any]
) -> None:
    """Add an organisation, or change the named columns of one; `services` replaces the list."""
    kept = {name: value for name, value in changes.items() if name != "services"}
    if "name" in kept:
        kept["sort_name"] = sort_key(kept["name"])
    table = db.table("organisations")
    if table.count_where("id = ?", [organisation_id]):
        table.update(organisation_id, kept)
    else:
        table.insert({**NEW, **kept, "id": organisation_id})
    if "services" in changes:
        _replace_services(db, organisation_id, changes["services"])
    audit.record(db, by, at, "save", "organisations", organisation_id)
    announce(db, "organisations", organisation_id)


def save_duty_phone(
    db: Database, by: Actor, at: datetime, organisation_id: str, number: str | None
) -> None:
    """Write down the number that is always answered; nothing when it stands there already."""
    if find_duty_phone(db, organisation_id) != number:
        save_organisation(db, by, at, organisation_id, {"duty_phone": number})


def grant_directory(
    db: Database, by: Actor, at: datetime, organisation_id: str, until: date | None
) -> None:
    """Open the directory to an organisation until a day; None shuts it at once."""
    day = until.isoformat() if until else None
    db.table("organisations").update(organisation_id, {"directory_until": day})
    audit.record(db, by, at, "grant_directory", "organisations", organisation_id, until=day)


def _replace_services(db: Database, organisation_id: str, services: list[str]) -> None:
    db.execute("DELETE FROM organisation_services WHERE organisation_id = ?", [organisation_id])
    db.table("organisation_services").insert_all(
        {"organisation_id": organisation_id, "service": service} for service in services
    )
