"""What the portal counts itself, by name: how it is counted, and what a quarter comes to."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.counting.queries import (
    ADAPTED,
    AT_ACTIVITIES,
    AT_TRAININGS,
    CONFIRMED,
    CONSULTATIONS,
    DAYS_TO_VISIT,
    HELD_TRAININGS,
    PRACTITIONERS,
    PROMPT_ANSWERS,
    SHARED,
    Ask,
    ask_activities,
    ask_downloads,
    ask_members,
    ask_on_time,
    ask_people,
    ask_reach,
    ask_regions,
    ask_rows,
    ask_useful,
)
from portal.counting.rules import Span, fold
from portal.i18n.language import Message
from portal.indicators.periods import Period
from portal.indicators.queries import Definition, find_definition, find_definitions
from portal.indicators.results import Kept
from portal.reports.rules import periods_asked


class Counter(msgspec.Struct, frozen=True):
    """One question: how it is counted, in a sentence; whether it is of a moment or of a period."""

    says: Message
    ask: Ask
    is_state: bool = False


COUNTERS: dict[str, Counter] = {
    "members": Counter(
        Message("Organisations that had joined by the last day and were members then."),
        ask_members,
        is_state=True,
    ),
    "regions_with_member": Counter(
        Message("Regions in which a member organisation had its seat on the last day."),
        ask_regions,
        is_state=True,
    ),
    "practitioners_listed": Counter(
        Message("Practitioners whom members find in the directory when the quarter is closed."),
        ask_rows(PRACTITIONERS, profession=None),
        is_state=True,
    ),
    "psychologists_listed": Counter(
        Message("Psychologists whom members find in the directory when the quarter is closed."),
        ask_rows(PRACTITIONERS, profession="psychologist"),
        is_state=True,
    ),
    "lawyers_listed": Counter(
        Message("Lawyers whom members find in the directory when the quarter is closed."),
        ask_rows(PRACTITIONERS, profession="lawyer"),
        is_state=True,
    ),
    "confirmed_90_days": Counter(
        Message(
            "Practitioners in the directory when the quarter is closed who confirmed their record"
            " in the 90 days before, of all in the directory."
        ),
        ask_rows(CONFIRMED, profession=None),
        is_state=True,
    ),
    "reach_psychologist": Counter(
        Message(
            "People in settlements to which a listed psychologist travels when the quarter is"
            " closed, of all people in settlements whose population is known."
        ),
        ask_reach("psychologist"),
        is_state=True,
    ),
    "reach_lawyer": Counter(
        Message(
            "People in settlements to which a listed lawyer travels when the quarter is closed,"
            " of all people in settlements whose population is known."
        ),
        ask_reach("lawyer"),
        is_state=True,
    ),
    "requests_48_hours": Counter(
        Message(
            "Requests made in the quarter that somebody accepted within 48 hours, of all but those"
            " that ended sooner without an answer."
        ),
        ask_rows(PROMPT_ANSWERS),
    ),
    "days_to_visit": Counter(
        Message("The median of the days from the request to the visit, of visits in the quarter."),
        ask_rows(DAYS_TO_VISIT),
    ),
    "consultations": Counter(
        Message("Requests for a home visit whose visit was made in the quarter."),
        ask_rows(CONSULTATIONS),
    ),
    "campaign_activities": Counter(
        Message("Activities of published campaigns, by the day on which they were held."),
        ask_activities,
    ),
    "campaign_participants": Counter(
        Message("The sum of those who came to each activity, where somebody counted them."),
        ask_people(AT_ACTIVITIES),
    ),
    "materials_shared": Counter(
        Message("Materials whose first version was published in the quarter and that still are."),
        ask_rows(SHARED),
    ),
    "materials_adapted": Counter(
        Message("Those of the materials shared in the quarter that were made of an earlier one."),
        ask_rows(ADAPTED),
    ),
    "materials_downloaded": Counter(
        Message("The sum of all downloads of files of materials in the months of the quarter."),
        ask_downloads,
    ),
    "trainings": Counter(
        Message("Trainings and workshops that ended in the quarter and were not cancelled."),
        ask_rows(HELD_TRAININGS),
    ),
    "people_trained": Counter(
        Message("The sum of those who came to each of these trainings, where somebody counted."),
        ask_people(AT_TRAININGS),
    ),
    "trainings_useful": Counter(
        Message("Answers of 4 or 5 of 5, of all answers to how useful the trainings were."),
        ask_useful,
    ),
    "reports_on_time": Counter(
        Message("Reports handed in by the twentieth day after the quarter, of all expected."),
        ask_on_time,
    ),
}


def count_period(db: Database, quarter: Period, today: date, timezone: str) -> list[Kept]:
    """All that the portal counts of a quarter, its months, and of the year when it ends it.

    What holds at a moment is counted as of the day that is handed in, and only for the periods that
    end with the quarter. Nothing is kept by this.
    """
    kept: list[Kept] = []
    for each in find_definitions(db, quarter.first):
        for period in periods_asked(quarter, each.frequency):
            definition = find_definition(db, each.code, period)
            if definition is not None:
                kept += _counted(db, definition, Span(period, today, timezone), quarter)
    return kept


def _counted(db: Database, definition: Definition, span: Span, quarter: Period) -> list[Kept]:
    counter = COUNTERS.get(definition.counter or "") if definition.source == "counted" else None
    if counter is None or (counter.is_state and span.period.last != quarter.last):
        return []
    return [
        Kept(
            code=definition.code,
            version=definition.version,
            period=span.period.code,
            region=each.region,
            sex=each.sex,
            age_group=each.age_group,
            numerator=each.numerator,
            denominator=each.denominator,
        )
        for each in fold(counter.ask(db, span), definition.dimensions)
    ]
