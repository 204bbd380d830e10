"""The numbers of a report as tables beside those before them, and as scripts read them."""

from collections.abc import Sequence

import msgspec

from portal.i18n.language import Message
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition
from portal.indicators.rules import Rules
from portal.reporting.letters import Words
from portal.reporting.queries import Opened, OwnQuarter
from portal.reporting.rules import (
    Line,
    anchor,
    before_of,
    differing,
    jump,
    lines_of,
)
from portal.reports.queries import Report
from portal.reports.rules import Key, Written


class NumberRow(msgspec.Struct, frozen=True):
    """One line or part of a table; `field` is where a note stands; `last` what was handed in last.

    `last` is empty where it is the same; `answered` are the notes of earlier rounds.
    """

    label: str
    is_whole: bool
    was: str
    now: str
    field: str
    jump: Message | None
    note: str
    noted: list[str]
    answered: list[str]
    last: str
    is_typed: bool

    @property
    def anchor(self) -> str:
        """The id of the row."""
        return anchor(self.field)


class NumberTable(msgspec.Struct, frozen=True):
    """An indicator of a report as a table; `before` is the period before, where it is one."""

    definition: Definition
    rows: list[NumberRow]
    before: str


class StandsOut(msgspec.Struct, frozen=True):
    """A line that is far from what it was."""

    anchor: str
    label: str
    was: str
    now: str
    jump: Message


class Compared(msgspec.Struct, frozen=True):
    """The cells of a line in the period before, now, and when it was handed in the time before."""

    then: Sequence[Written]
    now: Sequence[Written]
    last: Sequence[Written] | None


class Difference(msgspec.Struct, frozen=True):
    """A cell that stands otherwise than somebody typed it."""

    label: str
    anchor: str
    stands: str
    typed: str


def tables_of(opened: Opened, words: Words, handed_in: Sequence[Written] = ()) -> list[NumberTable]:
    """A table for each indicator of which something was written.

    `handed_in` is what was handed in the time before.
    """
    now, last = lines_of(opened.written), lines_of(handed_in)
    before = lines_of([*opened.before, *opened.written])
    found = []
    for sheet in opened.sheets:
        rows: list[NumberRow] = []
        lines = [line for line in dict.fromkeys([*now, *last]) if line[0] == sheet.code]
        for line in lines:
            then = before.get(before_of(line, read_period(line[1])), [])
            compared = Compared(then, now.get(line, []), last.get(line) if handed_in else None)
            rows += _rows(opened, words, sheet.rules, line, compared)
        periods = {read_period(line[1]).before.code for line in lines}
        if rows:
            when = words.language.period(periods.pop()) if len(periods) == 1 else ""
            found.append(NumberTable(words.definitions[sheet.code], rows, when))
    return found


def fields_in(tables: Sequence[NumberTable]) -> list[str]:
    """The fields of notes in the order of the page."""
    return [row.field for each in tables for row in each.rows]


def standing_out(opened: Opened, words: Words) -> list[StandsOut]:
    """What was typed and differs much from the period before: somebody looks at it twice."""
    return [
        StandsOut(row.anchor, words.cell(row.field), row.was, row.now, row.jump)
        for each in tables_of(opened, words)
        for row in each.rows
        if row.jump and row.is_typed
    ]


def differences(words: Words, now: Sequence[Written], typed: Sequence[Written]) -> list[Difference]:
    """What stands now beside what was typed, for every cell in which they differ."""
    one, other = ({each.key: each for each in cells} for cells in (now, typed))
    return [
        Difference(
            words.cell(key.field),
            anchor(key.field),
            words.said(one.get(key)),
            words.said(other.get(key)),
        )
        for key in differing(now, typed)
    ]


def _rows(
    opened: Opened, words: Words, rules: Rules, line: Line, compared: Compared
) -> list[NumberRow]:
    """The line as a whole, then its parts, also those that are there no more."""
    then, now, last = compared.then, compared.now, compared.last
    whole = (words.figure(rules, then), words.figure(rules, now))
    said_last = "" if last is None else words.figure(rules, last)
    field = Key(*line).field
    note = now[0].note or "" if now else ""
    told = (*whole, field if now else "", jump(rules, then, now), note, *_notes(opened, field))
    is_typed = any(each.state == "value" for each in now)
    rows = [NumberRow(words.line(line), True, *told, _changed(said_last, whole[1]), is_typed)]
    was, is_now, before = (
        {each.key.part: each for each in cells} for cells in (then, now, last or ())
    )
    for part in sorted({*was, *is_now, *before} - {("", "", "")}):
        cell, name = is_now.get(part), Key(*line, *part).field
        texts = (words.said(was.get(part)), words.said(cell))
        said_last = "" if last is None else words.said(before.get(part))
        more = cell.note or "" if cell and cell is not now[0] else ""
        told = (*texts, name if cell else "", None, more, *_notes(opened, name))
        rows.append(NumberRow(words.part(part), False, *told, _changed(said_last, texts[1]), False))
    return rows


def _notes(opened: Opened, field: str) -> tuple[list[str], list[str]]:
    """What is noted at a cell, and what was answered."""
    notes = [each for each in opened.notes if each.field == field]
    asked = [each.note for each in notes if not each.settled_at]
    return asked, [each.note for each in notes if each.settled_at]


def _changed(last: str, now: str) -> str:
    return "" if last == now else last


class QuarterCell(msgspec.Struct, frozen=True):
    """One cell as scripts read it; `field` is its name in forms."""

    field: str
    code: str
    period: str
    region: str
    project_id: str
    sex: str
    age_group: str
    form: str
    state: str
    numerator: float | None
    denominator: float | None
    note: str | None


class QuarterNote(msgspec.Struct, frozen=True):
    """What a coordinator noted at a cell, and since when it is settled."""

    field: str
    note: str
    at: str
    settled_at: str | None


class QuarterKnown(msgspec.Struct, frozen=True):
    """What the portal itself counts of the organisation; `room` is where it is corrected."""

    code: str
    numerator: float
    room: str


class QuarterReport(msgspec.Struct, frozen=True):
    """A report as scripts read it; `problems` keep it from being handed in."""

    id: str
    organisation_id: str
    period: str
    due_on: str
    state: str
    revision: int
    cells: list[QuarterCell]
    notes: list[QuarterNote]
    problems: dict[str, list[str]]
    known: list[QuarterKnown]


def report_as_json(opened: Opened, problems: dict[str, list[str]]) -> QuarterReport:
    """All of a report for scripts."""
    report = opened.report
    due_on, state = report.due_on.isoformat(), report.state
    head = (report.id, report.organisation_id, report.period, due_on, state, report.revision)
    notes = [QuarterNote(each.field, each.note, each.at, each.settled_at) for each in opened.notes]
    cells = [_as_json(each) for each in opened.written]
    known = [QuarterKnown(each.code, each.numerator, each.room) for each in opened.known]
    return QuarterReport(*head, cells, notes, problems, known)


def _as_json(cell: Written) -> QuarterCell:
    key = cell.key
    line, part = key.line, key.part
    numbers = (cell.numerator, cell.denominator)
    return QuarterCell(key.field, *line, *part, cell.state, *numbers, cell.note)


class QuarterLine(msgspec.Struct, frozen=True):
    """A quarter of one organisation in a list; without an id nobody has begun it."""

    id: str | None
    organisation_id: str
    organisation: str
    period: str
    state: str
    due_on: str
    handed_in_at: str | None


class QuarterLines(msgspec.Struct, frozen=True):
    """One's own quarters, and for coordinators the reports of others."""

    total: int
    page: int
    per_page: int
    results: list[QuarterLine]


def own_line(organisation_id: str, own: OwnQuarter) -> QuarterLine:
    """A quarter of one's own, begun or not."""
    if own.report:
        return line_of(own.report)
    period, due_on = own.quarter.code, own.due_on.isoformat()
    return QuarterLine(None, organisation_id, "", period, "missing", due_on, None)


def line_of(report: Report) -> QuarterLine:
    """A report in a list."""
    head = (report.id, report.organisation_id, report.name, report.period, report.state)
    return QuarterLine(*head, report.due_on.isoformat(), report.handed_in_at)
