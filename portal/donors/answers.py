"""A project's report as a workbook, with the numbers of its page, and none of them a formula."""

import re
from collections.abc import Iterable, Mapping

from portal.i18n.language import Language
from portal.projects.answers import ProjectShown
from portal.projects.registry import Outcome, Reached
from portal.projects.rules import Given
from portal.sheets import Value, as_workbook

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(code: str, ending: str) -> str:
    """How a file of a project is called."""
    return f"{_UNSAFE.sub('-', code).strip('.-') or 'project'}.{ending}"


def write_report(
    shown: ProjectShown, language: Language, words: Mapping[str, Mapping[str, str]]
) -> bytes:
    """Two sheets: the project, and its logframe with what was reached."""
    return as_workbook(
        {
            "project": _about(shown, language, words),
            "logframe": _lines(shown.logframe, language, words["levels"]),
        }
    )


def _about(
    shown: ProjectShown, language: Language, words: Mapping[str, Mapping[str, str]]
) -> Iterable[list[Value]]:
    said = language.gettext
    days = [day.isoformat() if day else None for day in (shown.starts_on, shown.ends_on)]
    return (
        [said("Code"), shown.code],
        [said("Title"), language.of(shown.title, shown.titles)],
        [said("Donor"), shown.donor],
        [said("Organisation"), language.of(shown.organisation or "", shown.organisation_names)],
        [said("First day"), days[0]],
        [said("Last day"), days[1]],
        [said("State"), words["statuses"][shown.state]],
        [said("Budget"), shown.budget],
        [said("Currency"), shown.currency],
        [said("Credit line"), shown.credit],
    )


def _lines(
    logframe: Iterable[Outcome], language: Language, levels: Mapping[str, str]
) -> Iterable[list[Value]]:
    said = language.gettext
    heads = ("Level", "Aim", "Indicator", "Unit", "Baseline", "Year of the baseline", "Target")
    yield [*map(said, (*heads, "By when", "Reached", "Progress in percent"))]
    for outcome in logframe:
        for line in outcome.lines:
            aim = language.of(outcome.title, outcome.titles)
            yield [levels[outcome.level], aim, *_numbers(line, language)]


def _numbers(line: Reached, language: Language) -> list[Value]:
    return [
        language.of(line.code, line.titles),
        line.unit,
        _given(line.baseline, language),
        line.baseline_year,
        line.target,
        line.due_on.isoformat() if line.due_on else None,
        _given(line.actual, language),
        None if line.progress is None else round(line.progress * 100),
    ]


def _given(number: Given, language: Language) -> Value:
    if number.fewer_than is not None:
        return language.gettext("fewer than %(n)s", n=number.fewer_than)
    return None if number.value is None else round(number.value, 1)
