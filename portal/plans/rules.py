"""How a plan and its actions stand, and what is counted of an action's progress.

Nothing here is stored: the state of an action follows from its days, from what serves it, and from
what a coordinator last said of it on a day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from portal.actor import Actor
from portal.indicators.periods import Period
from portal.indicators.rules import (
    NOT_EXPECTED,
    Figure,
    Rules,
    has_reached,
    over_periods,
    progress,
    value_of,
)

PlanState = Literal["draft", "in_force", "ended"]
State = Literal["not_begun", "running", "overdue", "done", "stopped"]
Said = Literal["done", "stopped", "resumed"]
Standing = Literal["held", "planned", "outside"]
Thing = Literal["event", "campaign", "activity"]

# in the order in which they are counted on the page
STATES: tuple[State, ...] = ("not_begun", "running", "overdue", "done", "stopped")

# every state of a plan with those that may follow it
MOVES: dict[PlanState, frozenset[PlanState]] = {
    "draft": frozenset({"in_force"}),
    "in_force": frozenset({"ended", "draft"}),
    "ended": frozenset({"in_force"}),
}

# what may be said of an action after what was said last; None: nothing yet
MAY_SAY: dict[Said | None, frozenset[Said]] = {
    None: frozenset({"done", "stopped"}),
    "done": frozenset({"resumed"}),
    "stopped": frozenset({"resumed"}),
    "resumed": frozenset({"done", "stopped"}),
}

READERS = ("member", "coordinator", "observer")

CODE = re.compile(r"[0-9A-Za-z]{1,6}([.-][0-9A-Za-z]{1,6}){0,3}")


def reads_plans(actor: Actor) -> bool:
    """Who sees the plans of the network: members, coordinators and observers."""
    return actor.role in READERS


def keeps_plans(actor: Actor) -> bool:
    """Who writes them."""
    return actor.is_coordinator


def order_of(code: str) -> list[tuple[int, str]]:
    """By what codes are sorted: 2.3 comes before 2.10."""
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"[.-]", code)]


def state_of(
    starts_on: date, ends_on: date, today: date, said: Said | None, *, has_begun: bool
) -> State:
    """How an action stands.

    What was said of it goes first. Past its last day an action that nobody called done is overdue.
    Within its time it runs once something that serves it has begun.
    """
    if said in ("done", "stopped"):
        return said
    if today > ends_on:
        return "overdue"
    return "running" if starts_on <= today and has_begun else "not_begun"


class Happening(msgspec.Struct, frozen=True):
    """The days of what serves an action; without a last one it goes on."""

    kind: Thing
    id: str
    starts_on: date
    ends_on: date | None


def standing_of(happening: Happening, starts_on: date, ends_on: date, today: date) -> Standing:
    """Whether something was held within an action's time, is still to come, or lies outside.

    An event or an activity was held when it is over; a campaign when it has begun.
    """
    last = happening.ends_on or today
    if happening.starts_on > ends_on or max(last, happening.starts_on) < starts_on:
        return "outside"
    if happening.kind == "campaign":
        return "held" if happening.starts_on <= today else "planned"
    return "held" if last < today else "planned"


def count_held(
    happenings: Iterable[Happening], starts_on: date, ends_on: date, today: date
) -> tuple[int, int]:
    """How many events, and how many activities, were held in an action's time; each once.

    A campaign is not counted itself: its activities are.
    """
    held = {
        (each.kind, each.id)
        for each in happenings
        if standing_of(each, starts_on, ends_on, today) == "held"
    }
    kinds = [kind for kind, _ in held]
    return kinds.count("event"), kinds.count("activity")


class Measured(msgspec.Struct, frozen=True):
    """What is known of an indicator within an action's time.

    `since` and `until` are the first and last period that the value is of.
    """

    value: float | None = None
    baseline: float | None = None
    target: float | None = None
    progress: float | None = None
    since: str | None = None
    until: str | None = None
    is_partial: bool = False


def measure_own(
    rules: Rules,
    figures: Mapping[str, Figure],
    periods: Sequence[Period],
    target: float,
    baseline: float | None,
    *,
    is_over: bool,
) -> Measured:
    """An indicator against the plan's own target: over all closed periods of an action's time.

    What is summed begins from nothing. Of a sum that should stay small nothing is said before the
    time is over: it always begins below its target.
    """
    known = [each for each in periods if each.code in figures]
    if not known:
        return Measured(baseline=baseline, target=target)
    figure = over_periods(rules, [figures.get(each.code, NOT_EXPECTED) for each in periods])
    value = value_of(rules.kind, figure)
    is_sum = rules.period_rule == "sum"
    start = None if is_sum else baseline
    gone = progress(rules.direction, start, target, value)
    if is_sum and not is_over and rules.direction != "up":
        too_much = value is not None and not has_reached("down", target, value)
        gone = 0.0 if too_much else None
    since, until = known[0].code, known[-1].code
    return Measured(value, start, target, gone, since, until, figure.is_partial)


def measure_period(
    rules: Rules,
    figures: Mapping[str, Figure],
    periods: Sequence[Period],
    aims: Mapping[str, tuple[float | None, float | None]],
) -> Measured:
    """An indicator against its standing target: the newest closed period that is known.

    `aims` are baseline and target by the code of a period.
    """
    for each in reversed(periods):
        figure = figures.get(each.code, NOT_EXPECTED)
        value = value_of(rules.kind, figure)
        if value is not None:
            baseline, target = aims.get(each.code, (None, None))
            gone = progress(rules.direction, baseline, target, value)
            code = each.code
            return Measured(value, baseline, target, gone, code, code, figure.is_partial)
    return Measured()
