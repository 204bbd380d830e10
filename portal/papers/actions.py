"""Note a training; remind of licences that end."""

from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.notices.actions import notify, notify_welcome
from portal.papers.queries import Ending, find_ending, find_keepers
from portal.papers.rules import steps_due


def add_training(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    held_on: str,
    title: str,
    event_id: str | None = None,
) -> None:
    """Note that somebody attended a training; the same one twice is noted once."""
    row = {"practitioner_id": practitioner_id, "held_on": held_on, "title": title}
    known = db.table("trainings").count_where(
        "practitioner_id = :practitioner_id AND held_on = :held_on AND title = :title", row
    )
    if known:
        return
    who = by.account_id or by.role
    db.table("trainings").insert({**row, "event_id": event_id, "by": who})
    audit.record(db, by, at, "add_training", "practitioners", practitioner_id)


def remove_training(
    db: Database, by: Actor, at: datetime, practitioner_id: str, event_id: str
) -> None:
    """Take a training of the register out of somebody's record; nothing when it is not in it."""
    where, mine = "practitioner_id = ? AND event_id = ?", [practitioner_id, event_id]
    if db.table("trainings").count_where(where, mine):
        db.table("trainings").delete_where(where, mine)
        audit.record(db, by, at, "remove_training", "practitioners", practitioner_id)


def remind_of_licences(db: Database, _by: Actor, at: datetime, today: date) -> int:
    """Tell those who can mend it that a licence ends, 30, 14 and 3 days before; how many licences.

    Each step is told once. After a time without the job the steps that were missed are told as one.
    """
    return sum(_remind(db, at, today, ending) for ending in find_ending(db, today))


def _remind(db: Database, at: datetime, today: date, ending: Ending) -> int:
    person, expires_on = ending.practitioner_id, ending.expires_on.isoformat()
    told = db.table("licence_reminders")
    steps = steps_due(ending.expires_on, today)
    rows = [{"practitioner_id": person, "expires_on": expires_on, "days_before": s} for s in steps]
    where = "practitioner_id = :practitioner_id AND expires_on = :expires_on"
    untold = [r for r in rows if not told.count_where(where + " AND days_before = :days_before", r)]
    if not untold:
        return 0
    told.insert_all({**row, "at": stamp(at)} for row in untold)
    notify(db, at, "licence_ends", person, practitioner_id=person)
    notify_welcome(db, at, "licence_ends", person, find_keepers(db, ending.organisation_id))
    return 1
