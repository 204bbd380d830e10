"""Change a practitioner's week: it takes effect at once, and never touches the confirmation."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.forms import Wanted
from portal.capacity.queries import get_week
from portal.capacity.rules import Period, added, end_of_week, seen_as, taken_back
from portal.db import as_json
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.nearby.actions import refresh_listing
from portal.practitioners.actions import save_practitioner


def set_times(db: Database, by: Actor, at: datetime, practitioner_id: str, wanted: Wanted) -> None:
    """Keep the slots and numbers of a form; nothing when they are so already.

    `Invalid` when others were saved since the form was shown: nobody's are lost unseen.
    """
    now = get_week(db, practitioner_id)
    if seen_as(wanted.times) == now.seen:
        return
    if wanted.seen != now.seen:
        said = Message(
            "Somebody changed these times meanwhile; they stand below. Nothing of yours was saved"
            " yet: look at both, then save what is right."
        )
        raise Invalid({"all": [said]})
    times = wanted.times
    changes = {
        "availability": as_json(times.availability),
        "weekly_visits": times.weekly_visits,
        "monthly_cap": times.monthly_cap,
    }
    save_practitioner(db, by, at, practitioner_id, changes)
    refresh_listing(db, practitioner_id)


def go_away(db: Database, by: Actor, at: datetime, practitioner_id: str, period: Period) -> None:
    """Add an absence; nothing when it is covered already."""
    before = get_week(db, practitioner_id).absences
    _set_absences(db, by, at, practitioner_id, before, added(before, period))


def not_this_week(db: Database, by: Actor, at: datetime, today: date, practitioner_id: str) -> None:
    """An absence from today until Sunday, where the network lives."""
    go_away(db, by, at, practitioner_id, (today, end_of_week(today)))


def come_back(
    db: Database, by: Actor, at: datetime, today: date, practitioner_id: str, starts_on: date
) -> None:
    """Take back the absence that starts on a day; nothing when there is none."""
    before = get_week(db, practitioner_id).absences
    after = taken_back(before, starts_on, today)
    _set_absences(db, by, at, practitioner_id, before, after)


def _set_absences(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    before: Sequence[Period],
    after: Sequence[Period],
) -> None:
    if list(before) == list(after):
        return
    pairs = [(start.isoformat(), end.isoformat()) for start, end in after]
    save_practitioner(db, by, at, practitioner_id, {"absences": pairs})
    refresh_listing(db, practitioner_id)
