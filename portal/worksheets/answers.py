"""What a sheet would change, and every cell of it that has to be mended, in the reader's words."""

from collections.abc import Callable, Sequence

import msgspec

from portal.errors import Invalid
from portal.i18n.language import InPeriod, Language, Message
from portal.reports.rules import Key, Written
from portal.vocabularies.terms import Terms
from portal.worksheets.forms import SheetFile, SheetRead, letter, read_sheet
from portal.worksheets.queries import Worksheet
from portal.worksheets.rules import (
    PARTS,
    VOCABULARIES,
    SheetChange,
    SheetProblem,
    compare,
    wrong_together,
)

ANOTHER = Message("This sheet belongs to another report. Choose that of %(period)s.")


class SheetLine(msgspec.Struct, frozen=True):
    """One cell that would change; without a row it would be taken out."""

    row: int | None
    indicator: str
    title: str
    about: list[str]
    before: str
    after: str


class SheetCell(msgspec.Struct, frozen=True):
    """One cell that has to be mended, and how."""

    row: int
    column: str
    letter: str
    message: str


class SheetAnswer(msgspec.Struct, frozen=True):
    """What became of a sheet: nothing is saved yet. `rows` is what is sent back to save it."""

    report: str
    revision: int
    is_older: bool
    changes: list[SheetLine]
    problems: list[SheetCell]
    rows: str


def look_at(found: Worksheet, sheet: SheetFile, terms: Terms, language: Language) -> SheetAnswer:
    """A sheet beside its report; `Invalid` when it is that of another one."""
    report = found.report
    if sheet.report != report.id:
        said = Message(ANOTHER.text, {"period": InPeriod(report.period)})
        raise Invalid({"workbook": [said]})
    read = read_sheet(sheet.header, sheet.rows, found.asks, found.codes)
    changes = compare(found.written, read.cells, read.named)
    if not read.problems:
        read.problems += _together(found, sheet, read, changes)
    says = _Words(found, terms, language)
    problems = sorted(read.problems, key=lambda each: (each.row, len(each.letter), each.letter))
    return SheetAnswer(
        report.id,
        report.revision,
        sheet.revision != str(report.revision),
        # a row that cannot be read is no row that was taken out
        [says.line(each) for each in changes if each.row or not problems],
        [
            SheetCell(each.row, each.column, each.letter, language.say(each.message))
            for each in problems
        ],
        "" if problems else msgspec.json.encode(read.filled).decode(),
    )


def _together(
    found: Worksheet, sheet: SheetFile, read: SheetRead, changes: Sequence[SheetChange]
) -> list[SheetProblem]:
    rules = {each.code: each.rules for each in found.asks}
    names = [each.casefold() if isinstance(each, str) else "" for each in sheet.header]
    return [
        SheetProblem(row, column, letter(names.index(column)), said)
        for row, column, said in wrong_together(rules, read.cells, changes)
    ]


class _Words:
    """The codes of a report in the reader's language."""

    def __init__(self, found: Worksheet, terms: Terms, language: Language) -> None:
        self._language = language
        self._name: Callable[[str, str], str] = lambda vocabulary, code: terms.name(
            vocabulary, code, language.code
        )
        self._titles = {each.code: language.of(each.title, each.titles) for each in found.asks}
        self._projects = {own: code for code, own in found.codes.projects.items()}

    def line(self, change: SheetChange) -> SheetLine:
        """What a change says."""
        key = change.key
        title = self._titles.get(key.code, key.code)
        before, after = self._cell(change.before), self._cell(change.after)
        return SheetLine(change.row, key.code, title, self._about(key), before, after)

    def _about(self, key: Key) -> list[str]:
        parts = [
            self._name(VOCABULARIES[name], getattr(key, name))
            for name in PARTS
            if getattr(key, name)
        ]
        region = self._name("regions", key.region) if key.region else ""
        project = self._projects.get(key.project_id, "")
        return [each for each in (key.period, region, project, *parts) if each]

    def _cell(self, written: Written | None) -> str:
        if written is None:
            return ""
        said = self._name("result_states", written.state)
        if written.state == "value" and written.numerator is not None:
            said = self._language.number(written.numerator)
            if written.denominator is not None:
                said = f"{said} / {self._language.number(written.denominator)}"
        return f"{said} · {written.note}" if written.note else said
