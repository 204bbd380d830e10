"""The progress of a plan as a table to take along: a line for each action and indicator."""

from collections.abc import Iterator, Sequence
from datetime import date

from portal.clock import day_of, moment_of
from portal.i18n.language import Language
from portal.plans.answers import ActionProgress, IndicatorOfAction, PlanProgress
from portal.sheets import Value
from portal.vocabularies.terms import Terms

HEADER = (
    "action",
    "text",
    "starts_on",
    "ends_on",
    "responsible",
    "organisation",
    "state",
    "said_on",
    "reason",
    "events_held",
    "activities_held",
    "indicator",
    "indicator_title",
    "country",
    "periods",
    "value",
    "unit",
    "target",
    "progress_percent",
    "changed_on",
)


def table_of(
    plan: PlanProgress, language: Language, terms: Terms, zone: str
) -> Iterator[Sequence[Value]]:
    """The names of the columns, and a row for each indicator of an action or for an action."""
    yield HEADER
    for action in plan.progress:
        if not action.indicators:
            yield _row(action, None, language, terms, zone)
        for indicator in action.indicators:
            yield _row(action, indicator, language, terms, zone)


def _row(
    action: ActionProgress,
    indicator: IndicatorOfAction | None,
    language: Language,
    terms: Terms,
    zone: str,
) -> Sequence[Value]:
    return [
        action.code,
        language.of(action.text, action.texts),
        action.starts_on.isoformat(),
        action.ends_on.isoformat(),
        action.responsible,
        action.organisation and language.of(action.organisation, action.organisation_names),
        terms.name("plan_action_states", action.state, language.code),
        _day(action.said_on),
        action.reason,
        action.events_held,
        action.activities_held,
        *(_measured(indicator, language, terms) if indicator else [None] * 8),
        day_of(moment_of(action.changed_at), zone).isoformat(),
    ]


def _measured(each: IndicatorOfAction, language: Language, terms: Terms) -> Sequence[Value]:
    return [
        each.code,
        language.of(each.titles.get("en", each.code), each.titles),
        each.country,
        "/".join(dict.fromkeys(code for code in (each.since, each.until) if code)),
        each.value,
        terms.name("indicator_units", each.unit, language.code),
        each.target,
        None if each.progress is None else round(each.progress * 100),
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
