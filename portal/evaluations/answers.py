"""Questions, results and charts in the reader's language; the fields for the numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from portal.charts import Bar, Group, bar_chart
from portal.errors import Invalid
from portal.evaluations.queries import Asked
from portal.evaluations.rules import (
    RATINGS,
    READY,
    RIGHT,
    WRONG,
    change,
    percent,
    shares,
)
from portal.i18n.language import Language, Message


class Said(msgspec.Struct, frozen=True):
    """An answer, how many gave it, and their share in percent."""

    words: str
    people: int
    percent: float | None


class Answered(msgspec.Struct, frozen=True):
    """A question of an evaluation with what was answered."""

    id: str
    kind: str
    words: str
    total: int
    answers: list[Said]


class Tested(msgspec.Struct, frozen=True):
    """A question of a test: how many answered, the percent who were right, before and after."""

    id: str
    words: str
    options: list[str]
    asked_before: int
    right_before: float | None
    asked_after: int
    right_after: float | None
    change: float | None


class Results(msgspec.Struct, frozen=True):
    """All that is known of an event's evaluation and test."""

    evaluation: list[Answered]
    test: list[Tested]

    @property
    def is_answered(self) -> bool:
        """Whether anybody answered the evaluation."""
        return any(each.total for each in self.evaluation)

    @property
    def is_tested(self) -> bool:
        """Whether anybody took the test."""
        return any(each.asked_before or each.asked_after for each in self.test)


class Entered(msgspec.Struct, frozen=True):
    """One field for a number."""

    name: str
    label: str
    value: str


class Row(msgspec.Struct, frozen=True):
    """The fields of a question."""

    words: str
    fields: list[Entered]


def words_of(question: Asked, language: Language) -> str:
    """A question in the reader's language."""
    if question.ready in READY:
        return language.say(READY[question.ready].words)
    return language.of(question.words or "", question.others)


def options_of(question: Asked, language: Language) -> list[str]:
    """The answers to choose from, in the reader's language."""
    if question.kind == "rating":
        return [language.say(each) for each in RATINGS]
    if question.ready in READY:
        return [language.say(each) for each in READY[question.ready].options]
    return question.other_options.get(language.code) or question.options


def results_of(questions: Sequence[Asked], language: Language) -> Results:
    """The results in the reader's language."""
    return Results(
        [_answered(each, language) for each in questions if each.kind != "test"],
        [_tested(each, language) for each in questions if each.kind == "test"],
    )


def rows_of(
    questions: Sequence[Asked], language: Language, sent: Mapping[str, str] | None = None
) -> list[Row]:
    """The fields for the numbers, filled with what is stored or with what was sent."""
    rows = []
    for question in questions:
        fields = [
            Entered(name, language.say(label), sent.get(name, "") if sent is not None else value)
            for name, label, value in _fields(question, language)
        ]
        rows.append(Row(words_of(question, language), fields))
    return rows


def names_of(questions: Sequence[Asked], language: Language) -> list[str]:
    """The names of all those fields."""
    return [name for each in questions for name, _label, _value in _fields(each, language)]


def counts_of(
    questions: Sequence[Asked], numbers: Mapping[str, int]
) -> dict[tuple[str, str, int], int]:
    """What the fields say, by question, moment and option; `Invalid` for more right than asked."""
    counts: dict[tuple[str, str, int], int] = {}
    wrong: dict[str, list[Message]] = {}
    for question in questions:
        if question.kind != "test":
            prefix = f"{question.id}_after_"
            for name, people in numbers.items():
                if name.startswith(prefix):
                    counts[question.id, "after", int(name.removeprefix(prefix))] = people
            continue
        for moment in ("before", "after"):
            asked = numbers.get(f"{question.id}_{moment}_asked")
            right = numbers.get(f"{question.id}_{moment}_right")
            if asked is None and right is None:
                continue
            if (right or 0) > (asked or 0):
                said = Message("More were right than answered. Look at both numbers.")
                wrong[f"{question.id}_{moment}_right"] = [said]
            counts[question.id, moment, RIGHT] = right or 0
            counts[question.id, moment, WRONG] = (asked or 0) - (right or 0)
    if wrong:
        raise Invalid(wrong)
    return counts


def draw_evaluation(results: Results, language: Language) -> dict[str, Any]:
    """The specification of the chart of what they said: a bar for each answer."""
    groups: list[Group] = []
    for each in results.evaluation:
        groups.append(Group(each.words, []))
        groups += [
            Group(said.words, [Bar(said.percent or 0, in_percent(said.percent, language))])
            for said in each.answers
        ]
    return bar_chart(groups, language.gettext("What participants said"))


def draw_test(results: Results, language: Language) -> dict[str, Any]:
    """The specification of the chart of who was right, before and after."""
    before, after = language.gettext("before"), language.gettext("after")
    groups = [
        Group(
            each.words,
            [
                Bar(each.right_before or 0, _named(each.right_before, before, language), True),
                Bar(each.right_after or 0, _named(each.right_after, after, language)),
            ],
        )
        for each in results.test
    ]
    return bar_chart(groups, language.gettext("Right answers before and after"))


def in_percent(share: float | None, language: Language) -> str:
    """A share as it is written; a dash where nobody answered."""
    return "–" if share is None else f"{language.number(share)} %"


def _named(share: float | None, moment: str, language: Language) -> str:
    return f"{in_percent(share, language)} {moment}"


def _people(question: Asked, moment: str) -> dict[int, int]:
    return {each.option: each.people for each in question.counts if each.moment == moment}


def _answered(question: Asked, language: Language) -> Answered:
    options = options_of(question, language)
    counts = _people(question, "after")
    found = shares(counts, range(1, len(options) + 1))
    said = [Said(words, *share) for words, share in zip(options, found, strict=True)]
    words = words_of(question, language)
    return Answered(question.id, question.kind, words, sum(n for n, _ in found), said)


def _tested(question: Asked, language: Language) -> Tested:
    before, after = (_people(question, moment) for moment in ("before", "after"))
    asked = sum(before.values()), sum(after.values())
    right = percent(before.get(RIGHT, 0), asked[0]), percent(after.get(RIGHT, 0), asked[1])
    return Tested(
        id=question.id,
        words=words_of(question, language),
        options=options_of(question, language),
        asked_before=asked[0],
        right_before=right[0],
        asked_after=asked[1],
        right_after=right[1],
        change=change(*right),
    )


def _fields(question: Asked, language: Language) -> list[tuple[str, Message | str, str]]:
    """Name, label and stored value of each field of a question."""
    if question.kind != "test":
        counts = _people(question, "after")
        return [
            (f"{question.id}_after_{number}", words, str(counts.get(number, "")))
            for number, words in enumerate(options_of(question, language), 1)
        ]
    fields: list[tuple[str, Message | str, str]] = []
    for moment, asked, right in (
        ("before", Message("Before: answered"), Message("Before: right")),
        ("after", Message("After: answered"), Message("After: right")),
    ):
        counts = _people(question, moment)
        total = str(sum(counts.values())) if counts else ""
        fields.append((f"{question.id}_{moment}_asked", asked, total))
        fields.append((f"{question.id}_{moment}_right", right, str(counts.get(RIGHT, ""))))
    return fields
