"""What an event is: whether it trains people, which days it has, who keeps it."""

from datetime import date, timedelta

from portal.actor import Actor
from portal.materials.rules import keeps

# whoever attends one of these may have it in their record
TRAININGS = ("training", "workshop")

COUNTED = ("women", "men", "girls", "boys")

MOST_DAYS = 31


def may_keep(actor: Actor, organisation_id: str | None) -> bool:
    """Whether somebody changes an event: people of its organiser, and coordinators."""
    return keeps(actor, organisation_id)


def may_organise(actor: Actor) -> bool:
    """Whether somebody may add an event: people of organisations, and coordinators."""
    if actor.is_coordinator:
        return True
    return actor.role == "member" and actor.organisation_id is not None


def is_yearly(starts_on: str) -> bool:
    """Whether an event comes back every year (`--03-03`)."""
    return starts_on.startswith("--")


def days_of(starts_on: str, ends_on: str | None, year: int) -> tuple[date, date]:
    """The first and the last day; a yearly event has those of the given year.

    One that goes on past New Year ends in the year after; 29 February is the 28th where there is
    none.
    """
    first = _day(starts_on, year)
    last = _day(ends_on, year) if ends_on else first
    return first, last if last >= first else _day(ends_on or starts_on, year + 1)


def day_number(first: date, number: int) -> date:
    """The date of the first, second … day."""
    return first + timedelta(days=number - 1)


def _day(text: str, year: int) -> date:
    if not is_yearly(text):
        return date.fromisoformat(text)
    try:
        return date.fromisoformat(f"{year:04}{text[1:]}")
    except ValueError:
        return date(year, 2, 28)
