"""A plan with its progress, as its page, its JSON and its tables tell it.

Figures are those of closed quarters, whoever asks; which of them somebody sees is decided by
`indicators.sight`, for each by the version that it was reported under.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.indicators.locks import last_closed
from portal.indicators.periods import Period, periods_within
from portal.indicators.queries import (
    Counted,
    Definition,
    find_definitions,
    find_figures,
    find_regional,
    find_versions,
    nearest_aim,
)
from portal.indicators.rules import UNKNOWN, Direction, Figure
from portal.indicators.sight import find_seen_aims, only_seen, sees_some
from portal.plans.queries import Action, Link, Plan, find_actions, find_links
from portal.plans.registry import Serving, find_serving
from portal.plans.rules import (
    STATES,
    Measured,
    Standing,
    State,
    count_held,
    measure_own,
    measure_period,
    standing_of,
    state_of,
)


class IndicatorOfAction(Measured, frozen=True, kw_only=True):
    """An indicator of an action with what is known of it.

    `country` is empty where the figure is that of the whole network. `is_open` is false where the
    asker does not see the numbers: then there are none.
    """

    code: str
    titles: dict[str, str]
    unit: str
    direction: Direction
    country: str
    own_target: bool
    is_open: bool


class Figures:
    """All that is asked of figures for one plan, each indicator once."""

    def __init__(self, db: Database, actor: Actor, plan: Plan, today: date) -> None:
        self._db, self._actor, self._plan, self._today = db, actor, plan, today
        self._closed = last_closed(db)
        self._aims = find_seen_aims(db, actor)
        self._now = {each.code: each for each in find_definitions(db, today)}
        self._found: dict[str, tuple[Definition, str, dict[str, Figure], bool]] = {}

    def of_action(self, action: Action, links: Sequence[Link]) -> list[IndicatorOfAction]:
        """What is known of each indicator of an action within its time."""
        return [self._measured(action, each) for each in links if each.action_id == action.id]

    def _measured(self, action: Action, link: Link) -> IndicatorOfAction:
        definition, country, figures, is_open = self._indicator(link.code)
        # security: nothing of a number that this person may not see, not even how far it is
        known = Measured(target=link.target)
        if is_open:
            known = self._measure(action, link, definition, country, figures)
        return IndicatorOfAction(
            **msgspec.structs.asdict(known),
            code=definition.code,
            titles=definition.titles,
            unit=definition.unit,
            direction=definition.direction,
            country=country,
            own_target=link.target is not None,
            is_open=is_open,
        )

    def _measure(
        self,
        action: Action,
        link: Link,
        definition: Definition,
        country: str,
        figures: Mapping[str, Figure],
    ) -> Measured:
        periods = self._periods(action, definition)
        aims = {each.code: nearest_aim(self._aims, link.code, country, each) for each in periods}
        if link.target is None:
            told = {code: (aim.baseline, aim.target) for code, aim in aims.items() if aim}
            return measure_period(definition.rules, figures, periods, told)
        base = aims[periods[-1].code] if periods else None
        return measure_own(
            definition.rules,
            figures,
            periods,
            link.target,
            base.baseline if base else None,
            is_over=action.ends_on < self._today,
        )

    def _periods(self, action: Action, definition: Definition) -> list[Period]:
        """The periods within an action's time that are closed."""
        if self._closed is None:
            return []
        last = min(action.ends_on, self._closed.last)
        return periods_within(action.starts_on, last, definition.frequency)

    def _indicator(self, code: str) -> tuple[Definition, str, dict[str, Figure], bool]:
        if code not in self._found:
            definition = self._now.get(code) or find_versions(self._db, code)[0]
            first, last = self._plan.starts_on, self._plan.ends_on
            last = min(last, self._closed.last) if self._closed else first
            periods = periods_within(first, last, definition.frequency)
            country, kept = self._kept(code, [each.code for each in periods])
            seen = only_seen(self._db, self._actor, kept)
            # a figure that is there and is not told leaves a sum partial, as a missing one does
            figures = {each.period: UNKNOWN for each in kept}
            figures |= {each.period: each.figure for each in seen}
            is_open = bool(seen) if kept else sees_some(self._actor, [definition])
            self._found[code] = (definition, country, figures, is_open)
        return self._found[code]

    def _kept(self, code: str, periods: list[str]) -> tuple[str, list[Counted]]:
        """Those of the plan's one country where there are any, else those of the whole network."""
        if len(self._plan.countries) == 1:
            (country,) = self._plan.countries
            regional = find_regional(self._db, code, periods)
            found = [each for each in regional if each.region == country]
            if found:
                return country, found
        whole = find_figures(self._db, code=code, first=min(periods, default=""))
        return "", [each for each in whole if each.period in periods]


class ServingShown(Serving, frozen=True, kw_only=True):
    """What serves an action, and whether it was held within the action's time."""

    standing: Standing


class ActionProgress(Action, frozen=True, kw_only=True):
    """One action: how it stands, its indicators, and what was held for it in its time."""

    state: State
    events_held: int
    activities_held: int
    indicators: list[IndicatorOfAction]
    serving: list[ServingShown]


class PlanProgress(Plan, frozen=True, kw_only=True):
    """One plan: how many actions stand how, and each of them."""

    today: date
    states: dict[State, int]
    progress: list[ActionProgress]


def show_plan(db: Database, actor: Actor, today: date, plan: Plan) -> PlanProgress:
    """The progress of a plan that this person was found to see."""
    figures, links = Figures(db, actor, plan, today), find_links(db, plan.id)
    serving = find_serving(db, actor, today, plan.id)
    shown = [
        _action(
            each,
            today,
            figures.of_action(each, links),
            [one for one in serving if one.action_id == each.id],
        )
        for each in find_actions(db, actor, plan.id)
    ]
    states = {state: sum(each.state == state for each in shown) for state in STATES}
    return PlanProgress(**msgspec.structs.asdict(plan), today=today, states=states, progress=shown)


def _action(
    action: Action,
    today: date,
    indicators: list[IndicatorOfAction],
    serving: Sequence[Serving],
) -> ActionProgress:
    first, last = action.starts_on, action.ends_on
    things = [
        ServingShown(**msgspec.structs.asdict(each), standing=standing_of(each, first, last, today))
        for each in serving
    ]
    events, activities = count_held(serving, first, last, today)
    # what is measured goes on all the time; what is held has begun when the first of it is over
    has_begun = bool(indicators) or any(each.standing == "held" for each in things)
    return ActionProgress(
        **msgspec.structs.asdict(action),
        state=state_of(first, last, today, action.said, has_begun=has_begun),
        events_held=events,
        activities_held=activities,
        indicators=indicators,
        serving=things,
    )
