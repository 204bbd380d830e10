"""Who keeps a practitioner's week, and what absences become when one is added or taken back."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

import msgspec

from portal.actor import Actor

DAY = timedelta(days=1)
LONGEST = timedelta(days=366)

# first and last day, both included
Period = tuple[date, date]


class Kept(Protocol):
    """A practitioner's record, as far as it says who keeps it."""

    @property
    def id(self) -> str:
        """Her own."""

    @property
    def organisation_id(self) -> str:
        """That of the organisation she works for."""


class Times(msgspec.Struct, frozen=True):
    """The weekly slots, and how many visits a week and a month at most; None is not known."""

    availability: list[str]
    weekly_visits: int | None = None
    monthly_cap: int | None = None


def may_keep(actor: Actor, kept: Kept) -> bool:
    """She herself, the people of her own organisation, and coordinators."""
    if actor.practitioner_id == kept.id or actor.is_coordinator:
        return True
    return actor.role == "member" and actor.organisation_id == kept.organisation_id


def end_of_week(day: date) -> date:
    """The Sunday of a day's week: "not this week" lasts until then."""
    return day + timedelta(days=6 - day.weekday())


def added(periods: Iterable[Period], new: Period) -> list[Period]:
    """The periods with a new one, in order; of the new one only what was not covered yet.

    So none overlap, and taking the new one back leaves the others as they were.
    """
    kept, (start, end) = sorted(periods), new
    parts = []
    for first, last in kept:
        if start > end:
            break
        if last < start or first > end:
            continue
        if start < first:
            parts.append((start, first - DAY))
        start = last + DAY
    if start <= end:
        parts.append((start, end))
    return sorted([*kept, *parts])


def taken_back(periods: Iterable[Period], starts_on: date, today: date) -> list[Period]:
    """The periods without the one that starts on a day; of one that has begun, the past stays."""
    left = []
    for start, end in sorted(periods):
        if start != starts_on:
            left.append((start, end))
        elif start < today:
            left.append((start, min(end, today - DAY)))
    return left


def seen_as(*shown: object) -> str:
    """A short mark of what somebody was shown, to notice that it was changed meanwhile."""
    return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()[:16]
