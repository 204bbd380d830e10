"""Keep the register of events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.outbox import announce

NEW = {"titles": "{}", "summaries": "{}", "evaluation": "{}"}


def save_event(
    db: Database, by: Actor, at: datetime, event_id: str, changes: Mapping[str, Any]
) -> None:
    """Add an event, or change the named columns of one; a new one is open only if that is said."""
    table = db.table("events")
    if table.count_where("id = ?", [event_id]):
        table.update(event_id, dict(changes))
    else:
        table.insert({**NEW, **changes, "id": event_id})
    audit.record(db, by, at, "save", "events", event_id)
    announce(db, "events", event_id)


def publish_event(db: Database, by: Actor, at: datetime, event_id: str) -> None:
    """Flag an event open: everybody sees that it is coming."""
    save_event(db, by, at, event_id, {"open": 1})
