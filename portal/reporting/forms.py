"""The form of a report, cell by cell: what was written becomes cells, or messages by field.

A field is named `code|period|region|project|sex|age group|form|what`, with `state`, `numerator`,
`denominator` or `note` for what. A row whose part is chosen is named `code|period|region|project|
row-1|what`, with `sex`, `age_group`, `form` besides.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, get_args

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.indicators.checks import NUMBER_TOO
from portal.indicators.rules import State
from portal.reporting.rules import (
    BLANK_ROWS,
    MOST_ROWS,
    VOCABULARIES,
    Line,
    Sheet,
    keeps_note,
    lines_of,
    name_lines,
    read_number,
)
from portal.reports.actions import MOST_NOTE
from portal.reports.rules import Asked, Key, Written, wrong_cells

NOT_A_NUMBER = Message("Write a number such as 12 or 12,5, without a separator of thousands.")
NOT_A_WHOLE_NUMBER = Message("Write a whole number such as 12, without a separator of thousands.")
NOT_A_STATE = Message("Choose one of the list.")
NOT_ASKED = Message("The report does not ask for this.")
TWICE = Message("This part is there twice: write one number for it.")
NO_PART = Message("Choose what this number is about; where it is not known, choose that.")
TOO_MANY = Message("That is more than a report can hold.")

WHATS = ("state", "numerator", "denominator", "note")

# security: a report of a quarter has some hundred fields; nobody types thousands
MOST_FIELDS = 3000
MOST_TEXT = 1000

STATES: tuple[str, ...] = get_args(State)

# the fields of the page itself; `add` names a line that somebody asked for
OF_PAGE = ("csrf", "act", "revision", "rows", "add", "for")

Wrong = dict[str, Message]
Texts = Mapping[str, str]


class ReportAct(msgspec.Struct, frozen=True):
    """What the page was sent for, and which save it was made of."""

    act: Literal["save", "hand_in", "hand_in_as_is", "add_line", "more_rows"]
    revision: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    rows: Annotated[int, msgspec.Meta(ge=0, le=MOST_ROWS)] = BLANK_ROWS


class ReportWay(msgspec.Struct, frozen=True):
    """How the page of a report is asked for: with which lines and how many blank rows."""

    add: list[Annotated[str, msgspec.Meta(max_length=100)]] = []
    rows: Annotated[int, msgspec.Meta(ge=0, le=MOST_ROWS)] = BLANK_ROWS
    done: Literal["saved", "look", "handed_in", "accepted", "returned", "correct"] | None = None


class ReportOpened(msgspec.Struct, frozen=True):
    """Which quarter is reported of."""

    period: Annotated[str, msgspec.Meta(max_length=7)]


class Noted(msgspec.Struct, frozen=True):
    """A note, cleaned and bounded like every text."""

    note: Annotated[str, msgspec.Meta(max_length=MOST_NOTE)] | None = None


class Read(msgspec.Struct, frozen=True):
    """All that could be read of a form, and what is wrong, by field."""

    written: list[Written]
    wrong: Wrong


class Typed(msgspec.Struct, frozen=True):
    """A form as somebody sent it: what it was sent for, its cells, what was asked to be added."""

    texts: Texts
    act: ReportAct
    read: Read
    codes: list[str]
    added: list[str]

    @property
    def way(self) -> ReportWay:
        """How the page is shown again."""
        return ReportWay(self.added, self.act.rows)


def read_act(sent: Texts) -> ReportAct:
    """What the page was sent for; `Invalid` when it is too large to be a report."""
    if len(sent) > MOST_FIELDS or any(len(text) > MOST_TEXT for text in sent.values()):
        raise Invalid({"all": [TOO_MANY]})
    return read_form(ReportAct, {name: sent.get(name, "") for name in ("act", "revision", "rows")})


def read_lines(
    added: Iterable[str], sheets: Sequence[Sheet], regions: Sequence[str], projects: Sequence[str]
) -> list[Line]:
    """The lines that somebody added, named `code|region|project`; what is no such is left."""
    wanted = dict.fromkeys(tuple(name.split("|")) for name in name_lines(added, ()))
    return [
        (sheet.code, period, region, project)
        for sheet in sheets
        for code, region, project in (each for each in wanted if len(each) == 3)
        if code == sheet.code and project in ("", *projects)
        if (sheet.has_regions and region in regions) or (project and not region)
        for period in sheet.periods
    ]


def read_cells(
    sent: Texts,
    sheets: Sequence[Sheet],
    regions: Sequence[str],
    stored: Sequence[Written],
    projects: Sequence[str] = (),
) -> Read:
    """The cells of a form; what cannot be true is said at its cell, and the rest is read."""
    kept = frozenset(each.key for each in stored)
    lines = frozenset(key.line for key in kept)
    known = _Known({each.code: each for each in sheets}, regions, projects, kept, lines)
    cells, rows, wrong = _sorted(sent)
    for key in list(cells):
        if not known.holds(key):
            wrong[key.field[:200]] = NOT_ASKED
            del cells[key]
    wrong |= _with_rows(rows, cells, known)
    written = []
    for key, texts in cells.items():
        try:
            read = _read(key, texts, known.sheets[key.code])
        except _Refused as refused:
            wrong[key.field] = refused.said
            continue
        written += [read] if read else []
    written, more = _settled(written, stored)
    asked = [Asked(each.code, each.rules, "quarter", tuple(each.codes)) for each in sheets]
    return Read(written, {**wrong_cells(asked, written), **more, **wrong})


def read_typed(
    sent: Texts,
    added: Iterable[str],
    sheets: Sequence[Sheet],
    regions: Sequence[str],
    stored: Sequence[Written],
    projects: Sequence[str] = (),
) -> Typed:
    """The page as it was sent; no indicator is touched that did not stand on it."""
    act = read_act(sent)
    there = {name.partition("|")[0] for name in sent if "|" in name}
    codes = [each.code for each in sheets if each.code in there]
    more = [name for name in dict.fromkeys(added) if name][:MOST_FIELDS]
    read = read_cells(sent, sheets, regions, stored, projects)
    return Typed(sent, act, read, codes, more)


class _Refused(Exception):
    def __init__(self, said: Message) -> None:
        super().__init__(said.text)
        self.said = said


def _sorted(sent: Texts) -> tuple[dict[Key, dict[str, str]], dict[str, dict[str, str]], Wrong]:
    """Fields by cell, and by row; whatever is neither is said."""
    cells: dict[Key, dict[str, str]] = {}
    rows: dict[str, dict[str, str]] = {}
    wrong: Wrong = {}
    for name, text in sent.items():
        *parts, what = name.split("|")
        if len(parts) == 7 and what in WHATS:
            cells.setdefault(Key(*parts), {})[what] = text
        elif len(parts) == 5 and what in (*WHATS, *VOCABULARIES):
            rows.setdefault("|".join(parts), {})[what] = text
        elif name not in OF_PAGE:
            wrong[name[:200]] = NOT_ASKED
    return cells, rows, wrong


class _Known(msgspec.Struct, frozen=True):
    """What a report asks for, and what stands in it already: nothing else may come in."""

    sheets: dict[str, Sheet]
    regions: Sequence[str]
    projects: Sequence[str]
    kept: frozenset[Key]
    lines: frozenset[Line]

    def has(self, line: Line) -> bool:
        """Whether it may have a line."""
        code, period, region, project = line
        sheet = self.sheets.get(code)
        if line in self.lines:
            return sheet is not None
        if sheet is None or project not in ("", *self.projects) or period not in sheet.periods:
            return False
        return not region or (sheet.has_regions and region in self.regions)

    def holds(self, key: Key) -> bool:
        """Whether it may have a cell."""
        if key in self.kept:
            return key.code in self.sheets
        return self.has(key.line) and (not any(key.part) or self.is_part(key))

    def is_part(self, key: Key) -> bool:
        """Whether a part says all that is asked, in codes that there are."""
        codes = self.sheets[key.code].codes
        named = {name: getattr(key, name) for name in VOCABULARIES if getattr(key, name)}
        return named.keys() == codes.keys() and all(named[each] in codes[each] for each in codes)


def _with_rows(
    rows: Mapping[str, dict[str, str]], cells: dict[Key, dict[str, str]], known: _Known
) -> Wrong:
    """Add the cells of rows that hold something to the others."""
    wrong: Wrong = {}
    for name, texts in rows.items():
        numbers = texts.get("numerator", "").strip() + texts.get("denominator", "").strip()
        if not numbers and texts.get("state", "value") == "value":
            continue
        code, period, region, project, _number = name.split("|")
        key = Key(code, period, region, project, *(texts.get(each, "") for each in VOCABULARIES))
        if not known.has(key.line):
            wrong[name[:200]] = NOT_ASKED
        elif key not in known.kept and not known.is_part(key):
            wrong[name] = NO_PART
        elif key in cells:
            wrong[name] = TWICE
        else:
            cells[key] = {each: text for each, text in texts.items() if each in WHATS}
    return wrong


def _read(key: Key, texts: Texts, sheet: Sheet) -> Written | None:
    """The cell; None when nothing was written."""
    state = texts.get("state") or "value"
    if state not in STATES:
        raise _Refused(NOT_A_STATE)
    try:
        numerator = read_number(texts.get("numerator", ""))
        denominator = read_number(texts.get("denominator", ""))
    except ValueError as unreadable:
        is_count = sheet.rules.kind == "count"
        raise _Refused(NOT_A_WHOLE_NUMBER if is_count else NOT_A_NUMBER) from unreadable
    try:
        note = read_form(Noted, {"note": texts.get("note", "")}).note
    except Invalid as problem:
        raise _Refused(first_said(problem)) from problem
    if state == "value" and numerator is None and denominator is None and note is None:
        return None
    return Written(key, msgspec.convert(state, State), numerator, denominator, note)


def first_said(problem: Invalid) -> Message:
    """What was said of a note that cannot be kept."""
    said = problem.fields["note"][0]
    return said if isinstance(said, Message) else Message(said)


def _settled(written: Sequence[Written], stored: Sequence[Written]) -> tuple[list[Written], Wrong]:
    """Lines as they are kept: a note has a cell to stand at, and a reason has no numbers below."""
    before = {line: keeps_note(cells) for line, cells in lines_of(stored).items()}
    notes = {each.key: each.note for each in stored}
    settled: list[Written] = []
    wrong: Wrong = {}
    for line, cells in lines_of(written).items():
        whole, *parts = cells
        if whole.key.field == Key(*line).field and parts:
            if whole.state != "value":
                wrong[whole.key.field] = NUMBER_TOO
            elif whole.numerator is None and whole.denominator is None:
                # the whole is the sum of its parts: its note stands at the first of them
                cells = [msgspec.structs.replace(parts[0], note=whole.note), *parts[1:]]
        owner = cells[0].key
        for each in cells:
            kept = None if each.key in (owner, before.get(line)) else notes.get(each.key)
            settled.append(msgspec.structs.replace(each, note=each.note or kept))
    return settled, wrong
