"""The answers of an evaluation as a chart, in the reader's language."""

from typing import Any

import msgspec

from portal.charts import Bar, Group, bar_chart
from portal.events.queries import Event
from portal.i18n.language import Language


class Answer(msgspec.Struct, frozen=True):
    """What was said, and the percent who said so."""

    words: str
    percent: float


def answers_of(event: Event, language: Language) -> list[Answer]:
    """The quoted answers in a language, in their order."""
    words = event.evaluation_words
    return [
        Answer(language.of(question, words.get(question, {})), percent)
        for question, percent in event.evaluation.items()
    ]


def draw_answers(event: Event, language: Language) -> dict[str, Any]:
    """The specification of the chart of an event's quoted evaluation."""
    groups = [
        Group(each.words, [Bar(each.percent, f"{language.number(each.percent)} %")])
        for each in answers_of(event, language)
    ]
    return bar_chart(groups, language.gettext("What participants said"))
