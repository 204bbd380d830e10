"""A report as a sheet: which rows it is laid out in, what a changed sheet changes.

Of each indicator that a sheet names it is the whole: a cell that has no row any more is taken out.
Of an indicator that it does not name nothing changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import msgspec

from portal.i18n.language import Message
from portal.indicators.checks import NO_DENOMINATOR, problems
from portal.indicators.rules import Cell, Rules
from portal.reports.rules import Asked, Key, Written

# with whom a column is filled: its codes are a list of that name
VOCABULARIES = {
    "sex": "sexes",
    "age_group": "result_age_groups",
    "form": "exploitation_forms",
    "state": "result_states",
}
PARTS = ("sex", "age_group", "form")
KEY = ("indicator", "period", "region", "project", *PARTS)
FILLED = ("state", "value", "denominator", "note")
COLUMNS = ("indicator", "title", "period", "region", "project", *PARTS, *FILLED)

# before the words of the second row, which people read and the portal does not
REMARK = "#"

# with more parts than this only those are laid out that were used, and rows to fill
FEW_PARTS = 12
BLANK_ROWS = 5

Line = tuple[str, str]
Part = tuple[str, str, str]

WHOLE: Part = ("", "", "")


class SheetAsk(msgspec.Struct, frozen=True):
    """An indicator that the report asks for, and of which periods."""

    code: str
    title: str
    titles: dict[str, str]
    asked: Asked
    periods: list[str]

    @property
    def rules(self) -> Rules:
        """By which rules it is counted."""
        return self.asked.rules

    @property
    def parts(self) -> list[str]:
        """Which of the columns of parts it has."""
        return [each for each in PARTS if each in self.asked.dimensions]

    @property
    def has_regions(self) -> bool:
        """Whether it is told by region."""
        return "region" in self.asked.dimensions


class SheetRow(msgspec.Struct, frozen=True):
    """One row of a sheet, with what is written there already."""

    key: Key
    written: Written | None = None


class SheetProblem(msgspec.Struct, frozen=True):
    """One cell that cannot be used: the row as a spreadsheet counts, the column and its letter."""

    row: int
    column: str
    letter: str
    message: Message


class SheetChange(msgspec.Struct, frozen=True):
    """What a sheet changes in one cell of the report; without a row it is taken out."""

    row: int | None
    key: Key
    before: Written | None
    after: Written | None


class Codes(msgspec.Struct, frozen=True):
    """What may stand in the columns of codes; projects by their codes with their ids."""

    vocabularies: Mapping[str, Sequence[str]]
    regions: Sequence[str]
    projects: Mapping[str, str]
    # by column what its codes are called, in every language, where one word is one code
    words: Mapping[str, Mapping[str, str]] = {}

    def code_of(self, column: str, text: str) -> str:
        """A code by itself, or by the word that the sheet's own list has beside it."""
        return self.words.get(column, {}).get(text.casefold(), text)


def lay_out(
    asks: Iterable[SheetAsk],
    codes: Codes,
    written: Sequence[Written],
    used: Sequence[Key],
    region: str,
) -> list[SheetRow]:
    """A row for each cell that is asked for, was used the last time or is written, and blank ones.

    `used` are the keys of the quarter before; `region` is where a line begins that nobody has used.
    """
    by_key = {each.key: each for each in written}
    rows: list[SheetRow] = []
    for ask in asks:
        own = [key for key in by_key if key.code == ask.code]
        last = [key for key in used if key.code == ask.code]
        home = (region if ask.has_regions else "", "")
        lines = _lines(own) or _lines(last) or [home]
        for period in ask.periods:
            there = list(dict.fromkeys([*lines, *_lines(k for k in own if k.period == period)]))
            for line in there:
                rows += _line_rows(ask, codes, period, line, by_key, last)
    return rows


def compare(
    written: Iterable[Written], read: Mapping[Key, tuple[int, Written]], named: Iterable[str]
) -> list[SheetChange]:
    """What the cells of a sheet change of what is written, in the order of the sheet."""
    before = {each.key: each for each in written}
    changes = [
        SheetChange(row, key, before.get(key), after)
        for key, (row, after) in read.items()
        if before.get(key) != after
    ]
    gone = [key for key in before if key.code in set(named) and key not in read]
    return changes + [SheetChange(None, key, before[key], None) for key in gone]


def wrong_together(
    rules: Mapping[str, Rules],
    read: Mapping[Key, tuple[int, Written]],
    changes: Iterable[SheetChange],
) -> list[tuple[int, str, Message]]:
    """Parts that do not fit their whole, by row and column, of the lines that a sheet changes."""
    changed = {each.key.line for each in changes}
    lines: dict[tuple[str, ...], list[tuple[int, Written]]] = {}
    for key, cell in read.items():
        if key.line in changed:
            lines.setdefault(key.line, []).append(cell)
    found = []
    for (code, *_), line in lines.items():
        rows = {_part(each.key): row for row, each in line}
        for part, said in problems(rules[code], [_cell(each) for _, each in line]).items():
            found.append((rows.get(part, line[0][0]), column_of(said), said))
    return found


def column_of(said: Message) -> str:
    """The column in which a problem of a cell is mended."""
    return "denominator" if said == NO_DENOMINATOR else "value"


def _lines(keys: Iterable[Key]) -> list[Line]:
    return list(dict.fromkeys((key.region, key.project_id) for key in keys))


def _line_rows(
    ask: SheetAsk,
    codes: Codes,
    period: str,
    line: Line,
    by_key: Mapping[Key, Written],
    last: Sequence[Key],
) -> list[SheetRow]:
    every = _every_part(ask, codes)
    own = [key.part for key in by_key if key.line == (ask.code, period, *line)]
    used = [key.part for key in last if (key.region, key.project_id) == line]
    parts = dict.fromkeys([WHOLE, *(every or used), *own])
    keys = [Key(ask.code, period, *line, *part) for part in parts]
    blank = [] if every or not ask.parts else [Key(ask.code, period, *line)] * BLANK_ROWS
    return [*(SheetRow(key, by_key.get(key)) for key in keys), *map(SheetRow, blank)]


def _every_part(ask: SheetAsk, codes: Codes) -> list[Part]:
    """All parts when they are few; none when only those that are used are laid out."""
    values = [
        codes.vocabularies[VOCABULARIES[name]] if name in ask.parts else ("",) for name in PARTS
    ]
    parts = [(sex, age, form) for sex, age, form in product(*values)]
    return parts if ask.parts and len(parts) <= FEW_PARTS else []


def _part(key: Key) -> tuple[str, ...]:
    """As it stands in its columns: `unknown` is a word of each of them."""
    return key.part if key.part != WHOLE else ()


def _cell(written: Written) -> Cell:
    return Cell(written.state, written.numerator, written.denominator, _part(written.key))
