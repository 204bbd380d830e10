"""The numbers of a report as tables beside those before them, and as scripts read them."""

from collections.abc import Sequence

import msgspec

from portal.i18n.language import Message
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition
from portal.indicators.rules import Figure, Rules, value_of
from portal.reporting.letters import Words
from portal.reporting.queries import Opened, OwnQuarter
from portal.reporting.rules import (
    Line,
    anchor,
    before_of,
    differing,
    jump,
    lines_of,
    whole_of,
)
from portal.reports.queries import Report
from portal.reports.rules import Key, Written


class NumberRow(msgspec.Struct, frozen=True):
    """One line or part of a table; `field` is the cell, if there is one, that a note stands at."""

    label: str
    is_whole: bool
    was: str
    now: str
    field: str
    jump: Message | None
    note: str
    noted: list[str]

    @property
    def anchor(self) -> str:
        """The id of the row."""
        return anchor(self.field)


class NumberTable(msgspec.Struct, frozen=True):
    """An indicator of a report as a table."""

    definition: Definition
    rows: list[NumberRow]


class Difference(msgspec.Struct, frozen=True):
    """A cell that stands otherwise than somebody typed it."""

    label: str
    anchor: str
    stands: str
    typed: str


def tables_of(opened: Opened, words: Words) -> list[NumberTable]:
    """A table for each indicator of which something was written."""
    now = lines_of(opened.written)
    before = lines_of([*opened.before, *opened.written])
    found = []
    for sheet in opened.sheets:
        rows = []
        for line in (each for each in now if each[0] == sheet.code):
            then = before.get(before_of(line, read_period(line[1])), [])
            rows += _rows(opened, words, sheet.rules, line, (then, now[line]))
        if rows:
            found.append(NumberTable(words.definitions[sheet.code], rows))
    return found


def differences(words: Words, now: Sequence[Written], typed: Sequence[Written]) -> list[Difference]:
    """What stands now beside what was typed, for every cell in which they differ."""
    one, other = ({each.key: each for each in cells} for cells in (now, typed))
    return [
        Difference(
            words.cell(key.field),
            anchor(key.field),
            _said(words, one.get(key)),
            _said(words, other.get(key)),
        )
        for key in differing(now, typed)
    ]


def _rows(
    opened: Opened,
    words: Words,
    rules: Rules,
    line: Line,
    cells: tuple[Sequence[Written], Sequence[Written]],
) -> list[NumberRow]:
    """The line as a whole, then its parts."""
    then, now = cells
    was = {each.key.part: each for each in then}
    parts = [each for each in now if any(each.key.part)]
    whole = next((each for each in now if not any(each.key.part)), None)
    noted: dict[str, list[str]] = {each.field: [] for each in opened.notes}
    for one in opened.notes:
        if not one.settled_at:
            noted[one.field].append(one.note)
    first = whole or now[0]
    field = Key(*line).field
    rows = [
        NumberRow(
            words.line(line),
            True,
            _figure(words, rules, then),
            _figure(words, rules, now),
            field if whole else "",
            jump(rules, then, now),
            first.note or "",
            noted.get(field, []),
        )
    ]
    for each in parts:
        earlier, name = was.get(each.key.part), each.key.field
        note = "" if each is first else each.note or ""
        told = (_said(words, earlier), _said(words, each), name, None, note, noted.get(name, []))
        rows.append(NumberRow(words.part(each.key.part), False, *told))
    return rows


def _figure(words: Words, rules: Rules, cells: Sequence[Written]) -> str:
    """The whole of a line: its number, its share with both numbers, or why there is none."""
    if len(cells) == 1 and cells[0].state not in ("value", "zero"):
        return _said(words, cells[0])
    figure = whole_of(rules, [*cells])
    if figure.numerator is None:
        return "–"
    number = words.language.number(figure.numerator)
    share = value_of(rules.kind, figure)
    if not rules.has_denominator or share is None:
        return number
    return _of(words, figure, f"{share:.0f} %" if rules.kind == "percent" else f"{share:.2f}")


def _of(words: Words, figure: Figure, share: str) -> str:
    numbers = {
        "n": words.language.number(figure.numerator or 0),
        "all": words.language.number(figure.denominator or 0),
    }
    return words.language.gettext("%(n)s of %(all)s", **numbers) + f" ({share})"


def _said(words: Words, cell: Written | None) -> str:
    """One cell as it is written: a number, both, or why there is none."""
    if cell is None:
        return "–"
    if cell.state == "zero":
        return "0"
    if cell.state != "value":
        return words.term("result_states", cell.state)
    if cell.denominator is None:
        return words.language.number(cell.numerator or 0)
    return _of(words, Figure(cell.numerator, cell.denominator), "").removesuffix(" ()")


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
