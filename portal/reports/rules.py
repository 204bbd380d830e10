"""From which state a report goes to which, when it is due, and what it must say before it is sent.

A report is what one organisation says of one quarter: a line for each indicator, period (the
months of an indicator that is reported monthly; the year, with the last quarter), region and
project, and in each line the cells of its parts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.i18n.language import Message
from portal.indicators.checks import cell_problems, problems
from portal.indicators.periods import Frequency, Period, periods_within
from portal.indicators.rules import Cell, Rules, State

ReportState = Literal["draft", "submitted", "returned", "accepted"]

# what was handed in once is never taken away: a correction begins a draft over it
MOVES: dict[str | None, tuple[ReportState, ...]] = {
    None: ("draft",),
    "draft": ("submitted",),
    "submitted": ("returned", "accepted"),
    "returned": ("submitted",),
    "accepted": ("draft",),
}

# an organisation's own people may write in it
EDITABLE = ("draft", "returned")

# a quarter is reported until the twentieth day after its end
DUE_AFTER = timedelta(days=20)

# reminders: when it can be handed in, a week before it is due, when it is late
STEPS = ("opened", "soon", "late")
SOON = timedelta(days=7)

NOT_WRITTEN = Message("Write a number, zero, or why there is none.")
PARTS_APART = Message("This indicator has no parts of this kind.")


class Key(msgspec.Struct, frozen=True, order=True):
    """What one cell is about; empty texts mean the whole, no region, no project."""

    code: str
    period: str
    region: str = ""
    project_id: str = ""
    sex: str = ""
    age_group: str = ""
    form: str = ""

    @property
    def line(self) -> tuple[str, str, str, str]:
        """Of which line it is a cell."""
        return (self.code, self.period, self.region, self.project_id)

    @property
    def part(self) -> tuple[str, str, str]:
        """Sex, age group and form."""
        return (self.sex, self.age_group, self.form)

    @property
    def field(self) -> str:
        """How the cell is named in forms and in answers about what is wrong with it."""
        return "|".join((*self.line, *self.part))


class Written(msgspec.Struct, frozen=True):
    """A cell as somebody wrote it, right or not."""

    key: Key
    state: State = "value"
    numerator: float | None = None
    denominator: float | None = None
    note: str | None = None

    @property
    def cell(self) -> Cell:
        """The numbers alone, for the rules of counting."""
        # of two parts each has its own place: unknown sex is not unknown age
        part = self.key.part if any(self.key.part) else ()
        return Cell(self.state, self.numerator, self.denominator, part)


class Asked(msgspec.Struct, frozen=True):
    """An indicator as a report asks for it."""

    code: str
    rules: Rules
    frequency: Frequency
    dimensions: Sequence[str]


def read_field(field: str) -> Key:
    """The reverse of `Key.field`; ValueError when it is none."""
    parts = field.split("|")
    if len(parts) != len(Key.__struct_fields__):
        raise ValueError(field)
    return Key(*parts)


def fields_of(written: Iterable[Written]) -> set[str]:
    """Where a note may stand: at every cell, and at the whole of a line that has but parts."""
    return {field for each in written for field in (each.key.field, Key(*each.key.line).field)}


def may_become(now: str | None, wanted: str) -> bool:
    """Whether a report may go from one state to the other."""
    return wanted in MOVES.get(now, ())


def due_on(period: Period) -> date:
    """The last day on which a report of this quarter is on time."""
    return period.last + DUE_AFTER


def is_on_time(period: Period, handed_in: date | None) -> bool:
    """Whether a report was first handed in by the day it was due."""
    return handed_in is not None and handed_in <= due_on(period)


def periods_asked(quarter: Period, frequency: Frequency) -> list[Period]:
    """The periods of an indicator that a quarter's report asks for; a year with its last one."""
    if frequency == "year":
        return [Period(quarter.year, 1, "year")] if quarter.number == 4 else []
    return periods_within(quarter.first, quarter.last, frequency)


def step_of(quarter: Period, today: date) -> str | None:
    """Which reminder is due for a report that was not handed in."""
    due = due_on(quarter)
    if today > due:
        return "late"
    if today >= due - SOON:
        return "soon"
    return "opened" if today > quarter.last else None


def wrong_cells(asked: Sequence[Asked], written: Iterable[Written]) -> dict[str, Message]:
    """By field what is wrong with single cells: these are not even kept as a draft."""
    return _wrong(asked, written, whole=False)


def wrong_report(
    asked: Sequence[Asked], quarter: Period, written: Sequence[Written]
) -> dict[str, Message]:
    """By field all that keeps a report from being handed in.

    Every indicator of every period it asks for has a line, and every line holds its rules.
    """
    wrong = _wrong(asked, written, whole=True)
    there = {(each.key.code, each.key.period) for each in written}
    for each in asked:
        for period in periods_asked(quarter, each.frequency):
            if (each.code, period.code) not in there:
                wrong[Key(each.code, period.code).field] = NOT_WRITTEN
    return wrong


def _wrong(
    asked: Sequence[Asked], written: Iterable[Written], *, whole: bool
) -> dict[str, Message]:
    lines: dict[tuple[str, str, str, str], list[Written]] = {}
    for each in written:
        lines.setdefault(each.key.line, []).append(each)
    by_code = {each.code: each for each in asked}
    wrong: dict[str, Message] = {}
    for (code, *_), line in lines.items():
        wrong |= _wrong_line(by_code[code], line, whole=whole)
    return wrong


def _wrong_line(asked: Asked, line: Sequence[Written], *, whole: bool) -> dict[str, Message]:
    check = problems if whole else cell_problems
    said = check(asked.rules, [each.cell for each in line])
    fields = {each.cell.part: each.key.field for each in line}
    first = line[0].key
    fields.setdefault((), Key(*first.line).field)
    wrong = {fields[part]: message for part, message in said.items()}
    for each in line:
        named = [name for name in ("sex", "age_group", "form") if getattr(each.key, name)]
        if not set(named) <= set(asked.dimensions):
            wrong[each.key.field] = PARTS_APART
    return wrong
