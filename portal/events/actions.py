"""Keep the register of events."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.outbox import announce

NEW = {"titles": "{}", "summaries": "{}", "evaluation": "{}", "evaluation_words": "{}"}


def save_event(
    db: Database, by: Actor, at: datetime, event_id: str, changes: Mapping[str, Any]
) -> None:
    """Add an event, or change the named columns of one; a new one is open only if that is said."""
    table = db.table("events")
    if table.count_where("id = ?", [event_id]):
        table.update(event_id, {**changes, "changed_at": stamp(at)})
    else:
        who = {"added_by": by.account_id or by.role, "changed_at": stamp(at)}
        table.insert({**NEW, **who, **changes, "id": event_id})
    audit.record(db, by, at, "save", "events", event_id)
    announce(db, "events", event_id)


def publish_event(db: Database, by: Actor, at: datetime, event_id: str) -> None:
    """Flag an event open: everybody sees that it is coming, and later that it was held."""
    save_event(db, by, at, event_id, {"open": 1, "closed": 0})


def close_event(db: Database, by: Actor, at: datetime, event_id: str) -> None:
    """Keep an event inside the network until two people open it."""
    save_event(db, by, at, event_id, {"open": 0, "closed": 1})


def cancel_event(db: Database, by: Actor, at: datetime, event_id: str) -> None:
    """Say that an event is not held; whoever could see it still sees it, and that it is off."""
    save_event(db, by, at, event_id, {"cancelled_at": stamp(at)})


def add_session(
    db: Database, by: Actor, at: datetime, event_id: str, session: Mapping[str, Any]
) -> str:
    """Put a session into the programme; its id. The same one twice is one."""
    row = {"event_id": event_id, **session}
    same = "event_id = :event_id AND day = :day AND starts_at IS :starts_at AND title = :title"
    for known in db.table("event_sessions").rows_where(same, row):
        return str(known["id"])
    session_id = f"s-{secrets.token_hex(6)}"
    db.table("event_sessions").insert({**row, "id": session_id})
    _changed(db, by, at, "add_session", event_id)
    return session_id


def drop_session(db: Database, by: Actor, at: datetime, event_id: str, session_id: str) -> None:
    """Take a session out of the programme; nothing when it is out already."""
    mine = "id = ? AND event_id = ?"
    if db.table("event_sessions").count_where(mine, [session_id, event_id]):
        db.table("event_sessions").delete_where(mine, [session_id, event_id])
        _changed(db, by, at, "drop_session", event_id)


def set_materials(
    db: Database, by: Actor, at: datetime, event_id: str, material_ids: Iterable[str]
) -> None:
    """Say which materials belong to an event."""
    db.table("event_materials").delete_where("event_id = ?", [event_id])
    rows = [{"event_id": event_id, "material_id": each} for each in dict.fromkeys(material_ids)]
    db.table("event_materials").insert_all(rows)
    _changed(db, by, at, "set_materials", event_id)


def _changed(db: Database, by: Actor, at: datetime, verb: str, event_id: str) -> None:
    db.table("events").update(event_id, {"changed_at": stamp(at)})
    audit.record(db, by, at, verb, "events", event_id)
    announce(db, "events", event_id)
