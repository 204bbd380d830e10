"""Keep an event as its organiser: write it, count who came, open it with a second person."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.db import as_json, column
from portal.errors import Invalid, NotAllowed
from portal.events import actions as events
from portal.events.queries import Kept
from portal.events.rules import days_of, may_organise
from portal.i18n.language import Message
from portal.materials.queries import get_work_for
from portal.organising.forms import Came
from portal.organising.queries import (
    find_material_ids,
    find_waiting,
    get_organised_for,
)
from portal.organising.rules import is_public, may_count

WAITS = Message(
    "A second person is looking at this event now. Whoever asked can take that back, then it can"
    " be changed."
)


def new_event(db: Database, by: Actor, at: datetime, row: Mapping[str, Any]) -> str:
    """An event of the actor's own organisation, seen inside the network; its id.

    The same title on the same day is the event that is there: a double click makes no second one.
    """
    if not may_organise(by):
        raise NotAllowed
    sql = """
        SELECT id FROM events WHERE organisation_id IS :own AND title = :title
            AND starts_on = :starts_on
    """
    own = by.organisation_id
    known = column(db, sql, own=own, title=row["title"], starts_on=row["starts_on"])
    if known:
        return str(known[0])
    event_id = f"e-{secrets.token_hex(6)}"
    kept = {**_stored(row), "organisation_id": by.organisation_id, "closed": 1}
    events.save_event(db, by, at, event_id, kept)
    return event_id


def change_event(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, row: Mapping[str, Any]
) -> None:
    """Write an event anew; what everybody saw is closed until two people open it again."""
    kept = _changeable(db, by, at, today, event_id)
    changed = {name: value for name, value in row.items() if getattr(kept, name) != value}
    if changed:
        events.save_event(db, by, at, event_id, _stored(changed))
        _close(db, by, at, kept)


def add_session(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, row: Mapping[str, Any]
) -> None:
    """Add to the programme, on one of the event's days."""
    kept = _changeable(db, by, at, today, event_id)
    first, last = days_of(kept.starts_on, kept.ends_on, today.year)
    days = (last - first).days + 1
    if row["day"] > days:
        said = Message("The last day of this event is day %(number)s.", {"number": days})
        raise Invalid({"session_day": [said]})
    events.add_session(db, by, at, event_id, _stored(row))
    _close(db, by, at, kept)


def drop_session(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, session_id: str
) -> None:
    """Take something out of the programme; what is shown less needs nobody else."""
    _changeable(db, by, at, today, event_id)
    events.drop_session(db, by, at, event_id, session_id)


def count_people(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, came: Came
) -> None:
    """Say how many came, by sex and age group; figures quoted from a publication stay."""
    kept = get_organised_for(db, by, today, event_id)
    if not may_count(kept):
        raise NotAllowed
    counts = {"women": came.women, "men": came.men, "girls": came.girls, "boys": came.boys}
    known = [people for people in counts.values() if people is not None]
    total = sum(known) if known else None
    events.save_event(db, by, at, event_id, {**counts, "participants": total})


def add_material(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, material_id: str
) -> None:
    """Link a material that the keeper may see; who reads the event sees it only if they may."""
    get_organised_for(db, by, today, event_id)
    work = get_work_for(db, by, material_id)
    events.set_materials(db, by, at, event_id, [*find_material_ids(db, event_id), work.id])


def drop_material(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, material_id: str
) -> None:
    """Take a link to a material away."""
    get_organised_for(db, by, today, event_id)
    kept = [each for each in find_material_ids(db, event_id) if each != material_id]
    events.set_materials(db, by, at, event_id, kept)


def ask_to_open(db: Database, by: Actor, at: datetime, today: date, event_id: str) -> str:
    """Ask a second person to open an event to the public; the item's id."""
    kept = get_organised_for(db, by, today, event_id)
    if kept.cancelled:
        raise Invalid({"all": [Message("This event is cancelled.")]})
    if is_public(kept, today):
        raise Invalid({"all": [Message("Everybody sees this event already.")]})
    return ask(db, by, at, "publish_event", event_id, look=f"events/{event_id}")


def close(db: Database, by: Actor, at: datetime, today: date, event_id: str) -> None:
    """Keep an event inside the network again, at once and alone."""
    if is_public(get_organised_for(db, by, today, event_id), today):
        events.close_event(db, by, at, event_id)


def cancel(db: Database, by: Actor, at: datetime, today: date, event_id: str) -> None:
    """Cancel an event, at once and alone."""
    if not get_organised_for(db, by, today, event_id).cancelled:
        call_off(db, by, at, "publish_event", event_id)
        events.cancel_event(db, by, at, event_id)


def _changeable(db: Database, by: Actor, at: datetime, today: date, event_id: str) -> Kept:
    # security: what a second person reads must be what they open
    kept = get_organised_for(db, by, today, event_id)
    if find_waiting(db, at, event_id) is not None:
        raise Invalid({"all": [WAITS]})
    return kept


def _close(db: Database, by: Actor, at: datetime, before: Kept) -> None:
    # security: nobody changes alone what everybody reads, today or once its day is past
    if not before.closed:
        events.close_event(db, by, at, before.id)


ACTS: dict[str, Callable[[Database, Actor, datetime, date, str], object]] = {
    "open": ask_to_open,
    "close": close,
    "cancel": cancel,
}


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: as_json(value) if isinstance(value, dict) else value for name, value in row.items()
    }
