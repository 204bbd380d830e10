"""A report as the form shows it, cell by cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from portal.indicators.queries import Definition
from portal.reporting.forms import ReportWay, read_lines
from portal.reporting.letters import Words
from portal.reporting.queries import Opened
from portal.reporting.rules import (
    MOST_ROWS,
    VOCABULARIES,
    Line,
    Part,
    Sheet,
    anchor,
    filled,
    lines_of,
    lines_offered,
    row_name,
    whole_of,
)
from portal.reports.rules import Key

Texts = Mapping[str, str]


class CellShown(msgspec.Struct, frozen=True):
    """One part of a line, in a grid (named by its key) or a row (named by its number)."""

    name: str
    field: str
    label: str
    part: Part
    state: str
    numerator: str
    denominator: str
    said: list[str]
    notes: list[str]

    @property
    def anchor(self) -> str:
        """The id of its number."""
        return anchor(self.name)

    def chosen(self, name: str) -> str:
        """Which sex, age group or form it is about."""
        return self.part[list(VOCABULARIES).index(name)]


class LineShown(msgspec.Struct, frozen=True):
    """One line: an indicator, a period, a region."""

    whole: CellShown
    region: str
    note: str
    computed: float | None
    cells: list[CellShown]
    rows: list[CellShown]

    @property
    def holds_parts(self) -> bool:
        """Whether something stands in its parts: then they are open."""
        parts = [*self.cells, *self.rows]
        return any(each.numerator or each.denominator or each.said or each.notes for each in parts)


class SectionShown(msgspec.Struct, frozen=True):
    """An indicator with its lines; `more` are the regions of which a line can be added."""

    definition: Definition
    sheet: Sheet
    lines: list[LineShown]
    more: list[str]


class ProblemShown(msgspec.Struct, frozen=True):
    """What is wrong or was noted, with the cell's name and where it stands on the page."""

    anchor: str
    label: str
    said: list[str]


class Filling(msgspec.Struct, frozen=True):
    """The form of a report as it is shown now: what stands in it, and what was said of cells."""

    opened: Opened
    words: Words
    texts: Texts
    added: list[Line]
    way: ReportWay
    said: Mapping[str, Sequence[str]]

    @property
    def lines(self) -> list[Line]:
        """All lines that the form has."""
        return all_lines(self.opened, self.added)

    def sections(self) -> list[SectionShown]:
        """The indicators in their order."""
        definitions = self.words.definitions
        found = []
        for sheet in self.opened.sheets:
            lines = [line for line in self.lines if line[0] == sheet.code]
            used = {line[2] for line in lines}
            regions = self.words.terms.codes("regions") if sheet.has_regions else []
            # in a region of its own a project has a line besides
            more = [each for each in regions if self.opened.projects or each not in used]
            shown = [self._line(sheet, line) for line in lines]
            found.append(SectionShown(definitions[sheet.code], sheet, shown, more))
        return found

    def shown(self, revision: int) -> dict[str, Any]:
        """What the template of the form needs of it; `revision` is the save it was made of."""
        sections = self.sections()
        noted = {each.field: [each.note] for each in self.opened.notes if not each.settled_at}
        return {
            "sections": sections,
            "problems": problems_of(sections, self.words, self.said),
            "noted": problems_of(sections, self.words, noted),
            "revision": revision,
            "added": list(dict.fromkeys(self.way.add)),
            "rows": self.way.rows,
        }

    def problems(self, said: Mapping[str, Sequence[str]]) -> list[ProblemShown]:
        """What is said of cells, each with a link to where the page has it."""
        lines = self.lines
        at_home = {_at_home(field, lines): told for field, told in said.items()}
        return problems_of(self.sections(), self.words, at_home)

    def _line(self, sheet: Sheet, line: Line) -> LineShown:
        whole = Key(*line)
        stored = lines_of(self.opened.written).get(line, [])
        parts = {each.key.part for each in stored if any(each.key.part)}
        grid = [] if sheet.has_rows else list(dict.fromkeys([*sheet.grid, *sorted(parts)]))
        is_sum = sheet.rules.total_rule == "sum" and bool(parts)
        computed = whole_of(sheet.rules, stored).numerator if is_sum else None
        return LineShown(
            self._cell(whole.field, whole.field, whole.part, self.words.line(line)),
            line[2],
            self.texts.get(f"{whole.field}|note", ""),
            computed,
            [self._grid_cell(Key(*line, *part)) for part in grid],
            self._rows(line) if sheet.has_rows else [],
        )

    def _grid_cell(self, key: Key) -> CellShown:
        return self._cell(key.field, key.field, key.part, self.words.part(key.part))

    def _rows(self, line: Line) -> list[CellShown]:
        """The rows that say something, and some that are blank."""
        start = row_name(line, 0)[:-1]
        names = {name.rpartition("|")[0] for name in self.texts if name.startswith(start)}
        used = [name for name in sorted(names, key=_number_of) if self._is_used(name)]
        last = max(map(_number_of, used), default=0)
        blank = [row_name(line, last + number) for number in range(1, self.way.rows + 1)]
        return [self._row(line, name) for name in [*used, *blank]][: MOST_ROWS + len(used)]

    def _row(self, line: Line, name: str) -> CellShown:
        sex, age_group, form = (self.texts.get(f"{name}|{each}", "") for each in VOCABULARIES)
        part = (sex, age_group, form)
        # a row that says no part is not the whole of its line
        field = Key(*line, *part).field if any(part) else name
        return self._cell(name, field, part, self.words.part(part))

    def _is_used(self, name: str) -> bool:
        fields = (*VOCABULARIES, "numerator", "denominator")
        return any(self.texts.get(f"{name}|{each}") for each in fields)

    def _cell(self, name: str, field: str, part: Part, label: str) -> CellShown:
        said = [text for each in {name, field} for text in self.said.get(each, [])]
        notes = [each for each in self.opened.notes if not each.settled_at]
        state, numerator, denominator = (
            self.texts.get(f"{name}|{what}", "") for what in ("state", "numerator", "denominator")
        )
        return CellShown(
            name,
            field,
            label,
            part,
            state or "value",
            numerator,
            denominator,
            said,
            [each.note for each in notes if each.field == field],
        )


def fill(
    opened: Opened,
    words: Words,
    way: ReportWay,
    texts: Texts | None,
    said: Mapping[str, Sequence[str]],
) -> Filling:
    """The form with what was typed, or else with what stands."""
    # a line that was typed is shown again, whether the page offers it or not
    typed = {
        "|".join((each[0], *each[2:4]))
        for each in (name.split("|") for name in texts or ())
        if len(each) > 4
    }
    regions, projects = words.terms.codes("regions"), [each.id for each in opened.projects]
    added = read_lines([*way.add, *sorted(typed)], opened.sheets, regions, projects)
    if texts is None:
        lines = all_lines(opened, added)
        texts = filled(opened.sheets, lines, opened.written, opened.before)
    lines = all_lines(opened, added)
    at_cells: dict[str, list[str]] = {}
    for field, told in said.items():
        at_cells.setdefault(_at_home(field, lines), []).extend(told)
    return Filling(opened, words, texts, added, way, at_cells)


def all_lines(opened: Opened, added: Sequence[Line]) -> list[Line]:
    """The lines that a report has, is offered, or was asked for."""
    there = [*dict.fromkeys(each.key.line for each in opened.written), *added]
    before = {each.key.line for each in opened.before}
    return [
        line
        for sheet in opened.sheets
        for line in lines_offered(sheet, opened.own_region, dict.fromkeys(there), before)
    ]


def _at_home(field: str, lines: Sequence[Line]) -> str:
    """Where something is said of a line that the page has not: at the indicator's first one."""
    code, _, rest = field.partition("|")
    period = rest.partition("|")[0]
    if field.count("|") != 6 or any(Key(*line).field == field for line in lines):
        return field
    if field != Key(code, period).field:
        return field
    first = next((line for line in lines if line[:2] == (code, period)), None)
    return Key(*first).field if first else field


def problems_of(
    sections: Iterable[SectionShown], words: Words, said: Mapping[str, Sequence[str]]
) -> list[ProblemShown]:
    """What is wrong, each with a link to its cell, in the order of the page."""
    lines = [line for section in sections for line in section.lines]
    cells = [each for line in lines for each in (line.whole, *line.cells, *line.rows)]
    names = {each.field: each.name for each in cells}
    order = {each: place for place, each in enumerate(names)}
    rows = {each.name: number for line in lines for number, each in enumerate(line.rows, 1)}
    return [
        ProblemShown(
            anchor(names.get(field, field)), words.cell(field, rows.get(field, 0)), list(texts)
        )
        for field, texts in sorted(said.items(), key=lambda each: order.get(each[0], -1))
    ]


def _number_of(name: str) -> int:
    number = name.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
