"""What is typed about a week: slots that are ticked, two numbers, the days of an absence."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from portal.capacity.rules import LONGEST, Period, Times
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.vocabularies.terms import Terms

MOST_A_WEEK = 60
MOST_A_MONTH = 250


class Numbers(msgspec.Struct, frozen=True):
    """The two numbers beside the slots; `week_seen` marks what the form was shown with."""

    week_seen: Annotated[str, msgspec.Meta(max_length=40)]
    weekly_visits: Annotated[int, msgspec.Meta(ge=0, le=MOST_A_WEEK)] | None = None
    monthly_cap: Annotated[int, msgspec.Meta(ge=0, le=MOST_A_MONTH)] | None = None


class Wanted(msgspec.Struct, frozen=True):
    """The times that somebody wants, and the mark of those that they saw."""

    times: Times
    seen: str


class Away(msgspec.Struct, frozen=True):
    """An absence."""

    starts_on: date
    ends_on: date


class Back(msgspec.Struct, frozen=True):
    """The absence that is over, by its first day."""

    starts_on: date


def read_times(sent: Mapping[str, str], terms: Terms) -> Wanted:
    """The times of a form whose ticked slots are fields of their own, as `mon:morning`."""
    slots = all_slots(terms)
    numbers = read_form(Numbers, {k: v for k, v in sent.items() if k not in slots})
    ticked = [slot for slot in slots if sent.get(slot)]
    times = Times(ticked, numbers.weekly_visits, numbers.monthly_cap)
    return Wanted(times, numbers.week_seen)


def shown_times(sent: Mapping[str, str], times: Times) -> dict[str, Any]:
    """The times as a form shows them: what was typed when something was, else what stands."""
    if is_sent(sent):
        numbers = {name: sent.get(name, "") for name in ("weekly_visits", "monthly_cap")}
        return {"slots": [name for name in sent if ":" in name], **numbers}
    kept = {"weekly_visits": times.weekly_visits, "monthly_cap": times.monthly_cap}
    shown = {name: "" if number is None else str(number) for name, number in kept.items()}
    return {"slots": times.availability, **shown}


def is_sent(sent: Mapping[str, str]) -> bool:
    """Whether a form came with times at all."""
    return "week_seen" in sent


def parted(sent: Mapping[str, str], terms: Terms) -> tuple[dict[str, str], dict[str, str]]:
    """A form parted in what speaks of times, and everything else."""
    ours = {*all_slots(terms), *(field.name for field in msgspec.structs.fields(Numbers))}
    mine = {name: text for name, text in sent.items() if name in ours}
    return mine, {name: text for name, text in sent.items() if name not in ours}


def all_slots(terms: Terms) -> list[str]:
    """Every slot of a week in its order."""
    parts: Iterable[str] = terms.codes("parts")
    return [f"{day}:{part}" for day in terms.codes("weekdays") for part in parts]


def read_away(sent: Mapping[str, str], today: date) -> Period:
    """The first and last day of an absence that is not over yet."""
    form = read_form(Away, sent)
    if form.ends_on < form.starts_on:
        raise Invalid({"ends_on": [Message("A period ends before it begins. Swap its two days.")]})
    if form.ends_on < today:
        raise Invalid({"ends_on": [Message("This day is over. Choose today or a later one.")]})
    if form.ends_on - form.starts_on > LONGEST:
        raise Invalid({"ends_on": [Message("Choose a year at most; it can be made longer later.")]})
    return form.starts_on, form.ends_on
