"""Questions about a practitioner's week, for those who keep it."""

from datetime import date, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.rules import Period, Times, end_of_week, may_keep, seen_as
from portal.db import fetch_one
from portal.errors import NotFound
from portal.practitioners.queries import Details, get_practitioner_for


class Week(msgspec.Struct, frozen=True):
    """When a practitioner visits, how often at most, and when she is away."""

    availability: list[str]
    weekly_visits: int | None
    monthly_cap: int | None
    absences: list[Period]

    @property
    def times(self) -> Times:
        """What is changed by one form."""
        return Times(self.availability, self.weekly_visits, self.monthly_cap)

    @property
    def seen(self) -> str:
        """The mark of these times."""
        return seen_as(self.times)

    def still(self, today: date) -> list[Period]:
        """The absences that are not over."""
        return [each for each in self.absences if each[1] >= today]

    def away(self, today: date) -> Period | None:
        """The absence of today."""
        return next((each for each in self.still(today) if each[0] <= today), None)

    def is_paused(self, today: date) -> bool:
        """Whether the rest of this week is taken out."""
        now = self.away(today)
        return now is not None and now[1] >= end_of_week(today)

    def back_on(self, today: date) -> date | None:
        """The day after the absence of today."""
        now = self.away(today)
        return now[1] + timedelta(days=1) if now else None


def get_kept_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> Details:
    """The record of a practitioner whom this person keeps; `NotFound` for everybody else."""
    found = get_practitioner_for(db, actor, today, practitioner_id)
    if not may_keep(actor, found):
        raise NotFound
    return found


def get_week(db: Database, practitioner_id: str) -> Week:
    """The week of a practitioner, whoever asks."""
    sql = """
        SELECT availability, weekly_visits, monthly_cap,
            (SELECT json_group_array(json_array(starts_on, ends_on)) FROM (
                SELECT starts_on, ends_on FROM practitioner_absences AS a
                WHERE a.practitioner_id = p.id ORDER BY starts_on)) AS absences
        FROM practitioners AS p WHERE p.id = :id
    """
    found = fetch_one(db, Week, sql, id=practitioner_id)
    if found is None:
        raise NotFound
    return found
