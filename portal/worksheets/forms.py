"""The rows of a sheet become cells of a report, or problems at their cells.

Columns are found by name, in whatever order they stand. A row with nothing to the right of its
codes is blank: it says only that its indicator is in the sheet.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, get_args

import msgspec

from portal.errors import CannotTransfer, Invalid
from portal.i18n.language import Message
from portal.indicators.rules import State
from portal.reports.actions import MOST_NOTE, PERSONAL
from portal.reports.rules import Key, Written, wrong_cells
from portal.requests.rules import personal_in
from portal.texts import clean
from portal.workbooks import read_workbook
from portal.worksheets.rules import (
    COLUMNS,
    FILLED,
    PARTS,
    REMARK,
    VOCABULARIES,
    Codes,
    SheetAsk,
    SheetProblem,
    column_of,
)

MISSING = Message("The column “%(column)s” is missing. Put it back, under this very name.")
UNKNOWN = Message("The column “%(column)s” is not known. Take it out.")
TWICE_COLUMN = Message("The column “%(column)s” is there twice. Take one out.")
NOT_ASKED = Message("The report does not ask for this. Choose one of: %(choices)s.")
CHOOSE = Message("Choose one of: %(choices)s.")
NO_PARTS = Message("This indicator has no parts of this kind: leave this empty.")
NO_REGIONS = Message("This indicator is not told by region: leave this empty.")
NO_SECOND = Message("This indicator is one number: leave this empty.")
NOT_A_NUMBER = Message("Write a number such as 12 or 12,5, without a separator of thousands.")
TWICE = Message("Row %(row)s is about the same. Keep one of them.")
TOO_LONG = Message("Make this shorter: at most %(most)s characters.")

ONCE_MORE = Message("This did not arrive whole. Send it once more.")

# the names of the sheets in a workbook
REPORT, CODES, ABOUT = "report", "codes", "about"

MOST_ROWS = 5000
MOST_COLUMNS = 40
# of a sheet that is wrong throughout nobody reads more
MOST_PROBLEMS = 200
MOST_UNPACKED = 32 * 1024 * 1024

_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?")

Text = str | Message
Rows = Sequence[tuple[int, Sequence[Text]]]
Wrong = dict[str, Message]


class SheetFile(msgspec.Struct, frozen=True):
    """A workbook as it came: of which report and save it says it is, and its rows."""

    report: str
    revision: str
    header: Sequence[Text]
    rows: Rows


class SheetRead(msgspec.Struct):
    """What could be read: cells with their rows by what they are about, and every problem."""

    cells: dict[Key, tuple[int, Written]]
    named: list[str]
    problems: list[SheetProblem]
    filled: list[tuple[int, list[str]]]


class SheetSave(msgspec.Struct, frozen=True):
    """What is sent back to save a sheet that was looked at."""

    revision: Annotated[int, msgspec.Meta(ge=0)]
    rows: str


def open_sheet(content: bytes) -> SheetFile:
    """The rows of a workbook; `CannotTransfer` when it is none, or none of ours."""
    about = {
        row[0]: row[1]
        for row in read_workbook(content, sheet=ABOUT, most_bytes=MOST_UNPACKED, most=(20, 2))
        if len(row) > 1 and isinstance(row[0], str) and isinstance(row[1], str)
    }
    header: Sequence[Text] = []
    rows: list[tuple[int, Sequence[Text]]] = []
    # security: a small file can hold very many rows, and very wide ones
    most = (MOST_ROWS + 1, MOST_COLUMNS)
    lines = read_workbook(content, sheet=REPORT, most_bytes=MOST_UNPACKED, most=most)
    for number, cells in enumerate(lines, start=1):
        if number > MOST_ROWS:
            raise CannotTransfer(Message("The file has too many rows. Split it into smaller ones."))
        if number == 1:
            header = cells
        elif any(cells):
            rows.append((number, cells))
    return SheetFile(str(about.get("report", "")), str(about.get("revision", "")), header, rows)


def read_rows(sent: str) -> Rows:
    """The rows that a page of ours showed and sends back; `Invalid` when they are none."""
    try:
        rows = msgspec.json.decode(sent, type=list[tuple[int, list[str]]])
    except msgspec.DecodeError as error:
        raise Invalid({"workbook": [ONCE_MORE]}) from error
    if len(rows) > MOST_ROWS or any(len(texts) != len(COLUMNS) for _, texts in rows):
        raise Invalid({"workbook": [ONCE_MORE]})
    return [(number, [clean(text) for text in texts]) for number, texts in rows]


def read_sheet(
    header: Sequence[Text], rows: Rows, asks: Sequence[SheetAsk], codes: Codes
) -> SheetRead:
    """The cells of a sheet; nothing of it is read when its columns are not those it should have."""
    names = [each.casefold().strip() if isinstance(each, str) else "" for each in header]
    while names and not names[-1]:
        names.pop()
    found = SheetRead({}, [], _wrong_header(names), [])
    if found.problems:
        return found
    reader = _Reader(names, {each.code: each for each in asks}, codes, found)
    for number, texts in rows:
        if reader.is_full:
            return found
        reader.read(number, texts)
    said = wrong_cells([each.asked for each in asks], [cell for _, cell in found.cells.values()])
    for key, (number, _) in found.cells.items():
        if key.field in said:
            reader.tell(number, column_of(said[key.field]), said[key.field])
    return found


def letter(position: int) -> str:
    """The name a spreadsheet gives to a column, counted from 0."""
    first, last = divmod(position, 26)
    return (letter(first - 1) if first else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[last]


def _wrong_header(names: Sequence[str]) -> list[SheetProblem]:
    """Columns that lack, that nobody knows, or that are there twice; titles may lack."""
    wrong = [
        SheetProblem(1, name, "", _with(MISSING, column=name))
        for name in COLUMNS
        if name not in names and name != "title"
    ]
    for position, name in enumerate(names):
        said = UNKNOWN if name not in COLUMNS else TWICE_COLUMN
        if name not in COLUMNS or name in names[:position]:
            shown = name or letter(position)
            wrong.append(SheetProblem(1, shown, letter(position), _with(said, column=shown)))
    return wrong


class _Reader:
    """Reads row by row and keeps what it finds."""

    def __init__(
        self, names: Sequence[str], asks: Mapping[str, SheetAsk], codes: Codes, found: SheetRead
    ) -> None:
        self._at = {name: position for position, name in enumerate(names)}
        self._asks, self._codes, self._found = asks, codes, found
        self._told: set[tuple[int, str]] = set()

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that nothing more is looked at."""
        return len(self._told) >= MOST_PROBLEMS

    def tell(self, row: int, column: str, said: Message) -> None:
        """Keep a problem, the first of each cell."""
        if (row, column) not in self._told:
            self._told.add((row, column))
            problem = SheetProblem(row, column, letter(self._at[column]), said)
            self._found.problems.append(problem)

    def read(self, row: int, texts: Sequence[Text]) -> None:
        """Put what a row says among the cells."""
        cells = {name: texts[at] if at < len(texts) else "" for name, at in self._at.items()}
        first = cells["indicator"]
        if isinstance(first, str) and first.startswith(REMARK):
            return
        if isinstance(first, str) and not any(cells[name] for name in FILLED):
            self._name(self._codes.code_of("indicator", first), row, cells)
            return
        broken = [(n, each) for n, each in cells.items() if isinstance(each, Message)]
        for name, said in broken:
            if name != "title":
                self.tell(row, name, said)
        plain = {
            name: self._codes.code_of(name, each)
            for name, each in cells.items()
            if isinstance(each, str)
        }
        if len(plain.keys() - {"title"}) == len(cells.keys() - {"title"}):
            self._keep(row, plain)

    def _name(self, code: str, row: int, cells: Mapping[str, Text]) -> None:
        """An indicator of the report whose row is blank: what it said before is taken out."""
        if code in self._asks and code not in self._found.named:
            self._found.named.append(code)
            texts = [str(cells.get(name) or "") for name in COLUMNS]
            self._found.filled.append((row, texts))

    def _keep(self, row: int, texts: Mapping[str, str]) -> None:
        ask = self._asks.get(texts["indicator"])
        if ask is None:
            self.tell(row, "indicator", _choices(NOT_ASKED, list(self._asks)))
            return
        key = self._key(ask, texts)
        written, wrong = _written(ask, key, texts)
        wrong = {**self._wrong_key(ask, texts), **wrong}
        if not wrong and key in self._found.cells:
            wrong["indicator"] = _with(TWICE, row=self._found.cells[key][0])
        for name, said in wrong.items():
            self.tell(row, name, said)
        if wrong:
            return
        self._found.cells[key] = (row, written)
        self._found.filled.append((row, [texts.get(name, "") for name in COLUMNS]))
        if ask.code not in self._found.named:
            self._found.named.append(ask.code)

    def _key(self, ask: SheetAsk, texts: Mapping[str, str]) -> Key:
        project = self._codes.projects.get(texts["project"], "")
        part = [texts[name] for name in PARTS]
        return Key(ask.code, texts["period"].upper(), texts["region"], project, *part)

    def _wrong_key(self, ask: SheetAsk, texts: Mapping[str, str]) -> Wrong:
        """What is wrong with the columns that say what a row is about."""
        known = {name: self._codes.vocabularies[VOCABULARIES[name]] for name in PARTS}
        known |= {"region": self._codes.regions, "project": list(self._codes.projects)}
        wrong = {
            name: _choices(CHOOSE, codes)
            for name, codes in known.items()
            if texts[name] and texts[name] not in codes
        }
        wrong |= {name: NO_PARTS for name in PARTS if texts[name] and name not in ask.parts}
        if texts["region"] and not ask.has_regions:
            wrong["region"] = NO_REGIONS
        if texts["period"].upper() not in ask.periods:
            wrong["period"] = _choices(NOT_ASKED, ask.periods)
        return wrong


def _written(ask: SheetAsk, key: Key, texts: Mapping[str, str]) -> tuple[Written, Wrong]:
    """The cell a row says, and what is wrong with it; without a state a number is a value."""
    wrong: Wrong = {}
    state, note = texts["state"] or "value", texts["note"] or None
    if state not in get_args(State):
        wrong["state"] = _choices(CHOOSE, get_args(State))
    value, of = _number(texts["value"]), _number(texts["denominator"])
    for name, number in (("value", value), ("denominator", of)):
        if texts[name] and number is None:
            wrong[name] = NOT_A_NUMBER
    if texts["denominator"] and not ask.rules.has_denominator:
        wrong["denominator"] = NO_SECOND
    if note and len(note) > MOST_NOTE:
        wrong["note"] = _with(TOO_LONG, most=MOST_NOTE)
    elif note and personal_in(note):
        wrong["note"] = PERSONAL
    return Written(key, state, value, of, note), wrong  # type: ignore[arg-type]


def _number(text: str) -> float | None:
    # adding nothing makes a plain zero of a negative one
    return float(text.replace(",", ".")) + 0.0 if _NUMBER.fullmatch(text) else None


def _choices(said: Message, known: Sequence[str]) -> Message:
    return _with(said, choices=", ".join(known))


def _with(said: Message, **values: str | int) -> Message:
    return Message(said.text, {**values})
