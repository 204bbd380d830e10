"""How a report is laid out to be filled in, and what a reviewer looks at twice."""

import re
from collections.abc import Iterable, Sequence
from itertools import product

import msgspec

from portal.i18n.language import Message
from portal.indicators.periods import Period
from portal.indicators.rules import Figure, Rules, State, of_line, value_of
from portal.reports.rules import Key, Written

# the parts of a number, each with the vocabulary of its codes
VOCABULARIES = {"sex": "sexes", "age_group": "result_age_groups", "form": "exploitation_forms"}

# so few parts stand all on the page; of more, rows are chosen
MOST_IN_GRID = 12

BLANK_ROWS = 3
MOST_ROWS = 60

# as many digits as the sheet of a report takes
LARGEST = 999_999_999

# where what the portal counts is written down, and corrected
PLACES = {
    "campaign_activities": "campaigns",
    "campaign_participants": "campaigns",
    "trainings": "events",
    "people_trained": "events",
    "consultations": "requests",
    "materials_shared": "materials",
}

MORE_THAN_TWICE = Message("More than twice as much as before: is it right?")
LESS_THAN_HALF = Message("Less than half of what it was: is it right?")
SHARE_MOVED = Message("This share moved by more than 20 points: is it right?")

# a change of so few is no jump, whatever share it is
FEW = 5

Part = tuple[str, str, str]
Line = tuple[str, str, str, str]

# a separator of thousands needs three digits after it; so many after a sign are no decimals
_NUMBER = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]{1,2}))?")
_SPACES = re.compile("[\u00a0\u2009\u202f]")


class Sheet(msgspec.Struct, frozen=True):
    """An indicator as the form asks for it: its periods, and the codes of its parts."""

    code: str
    rules: Rules
    periods: tuple[str, ...]
    has_regions: bool
    codes: dict[str, tuple[str, ...]]

    @property
    def grid(self) -> list[Part]:
        """All parts, when they are few; else none, and rows are chosen."""
        lists = [self.codes.get(name, ("",)) for name in VOCABULARIES]
        cells = [(sex, age, form) for sex, age, form in product(*lists)]
        return cells if self.codes and len(cells) <= MOST_IN_GRID else []

    @property
    def has_rows(self) -> bool:
        """Whether its parts are too many for a grid."""
        return bool(self.codes) and not self.grid


def read_number(text: str) -> float | None:
    """A number with comma or point and with spaces between thousands; ValueError for all else.

    `1,000` is refused: nobody knows whether it is a thousand or one.
    """
    clean = _SPACES.sub(" ", text).strip()
    if not clean:
        return None
    found = _NUMBER.fullmatch(clean)
    if found is None or len(clean) > 20:
        raise ValueError(text)
    sign, whole, rest = found.groups()
    # adding nothing makes a plain zero of a negative one
    number = float(f"{sign}{whole.replace(' ', '')}.{rest or 0}") + 0.0
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


def text_of(number: float | None) -> str:
    """A number as somebody would write it into a field."""
    if number is None:
        return ""
    return str(int(number)) if number == int(number) else f"{number:.2f}".rstrip("0")


def name_lines(added: Iterable[str], projects: Iterable[str]) -> list[str]:
    """Lines as they are named, `code|region|project`: a region goes with the project beside it."""
    chosen = {code: project for code, _, project in (name.partition("|") for name in projects)}
    named = [
        f"{each}|{chosen.pop(each.partition('|')[0], '')}" if each.count("|") == 1 else each
        for each in added
    ]
    return [*named, *(f"{code}||{project}" for code, project in chosen.items() if project)]


def place_of(counter: str) -> str:
    """In which part of the portal a number is corrected."""
    return PLACES[counter]


def anchor(field: str) -> str:
    """The id by which a page's address names a field."""
    return field.replace("|", ".")


def lines_of(written: Iterable[Written]) -> dict[Line, list[Written]]:
    """Cells by their lines, each in the order of its parts, the whole first."""
    found: dict[Line, list[Written]] = {}
    for each in sorted(written, key=lambda one: one.key):
        found.setdefault(each.key.line, []).append(each)
    return found


def whole_of(rules: Rules, cells: Sequence[Written]) -> Figure:
    """What a line says as a whole."""
    return of_line(rules, [each.cell for each in cells])


def keeps_note(cells: Sequence[Written]) -> Key:
    """Which cell of a line carries the line's note: the whole, or its first part."""
    return min(each.key for each in cells)


def says(written: Written) -> tuple[State, float | None, float | None, str | None]:
    """What a cell says, a written-out zero like any other."""
    zero = written.state == "zero" or (written.state == "value" and written.numerator == 0)
    if zero and not written.denominator:
        return ("zero", None, None, written.note)
    return (written.state, written.numerator, written.denominator, written.note)


def differing(now: Iterable[Written], typed: Iterable[Written]) -> list[Key]:
    """The cells in which two versions differ."""
    one, other = ({each.key: says(each) for each in cells} for cells in (now, typed))
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def with_what_came(now: Iterable[Written], typed: Iterable[Written]) -> list[Written]:
    """What was typed, and besides it what somebody else added meanwhile."""
    mine = {each.key: each for each in typed}
    return sorted({**{each.key: each for each in now}, **mine}.values(), key=lambda each: each.key)


def jump(rules: Rules, before: Sequence[Written], now: Sequence[Written]) -> Message | None:
    """What a reviewer should look at twice in a line, in words."""
    figures = [whole_of(rules, cells) for cells in (before, now)]
    was, is_now = (value_of(rules.kind, each) for each in figures)
    if was is None or is_now is None:
        return None
    if rules.kind == "percent":
        return SHARE_MOVED if abs(is_now - was) > 20 else None
    if abs(is_now - was) < FEW:
        return None
    if is_now > 2 * was:
        return MORE_THAN_TWICE
    return LESS_THAN_HALF if is_now < was / 2 else None


def before_of(line: Line, period: Period) -> Line:
    """The same line in the period before."""
    return (line[0], period.before.code, *line[2:])


def lines_offered(
    sheet: Sheet, own: str, there: Iterable[Line], before: Iterable[Line]
) -> list[Line]:
    """The lines of an indicator: one's own region first, then where there is or was work."""
    used = {line[2] for line in before if line[0] == sheet.code and line[2]}
    regions = [own, *sorted(used - {own})] if sheet.has_regions else [""]
    found = [(sheet.code, period, region, "") for period in sheet.periods for region in regions]
    more = [line for line in there if line[0] == sheet.code and line not in found]
    return sorted([*found, *more], key=lambda line: sheet.periods.index(line[1]))


def filled(
    sheets: Iterable[Sheet],
    lines: Iterable[Line],
    written: Iterable[Written],
    before: Iterable[Written],
) -> dict[str, str]:
    """The fields of a form as they stand; of many parts those of the quarter before are offered."""
    by_code, there = {each.code: each for each in sheets}, lines_of(written)
    offered = {(each.key.code, each.key.region, each.key.part) for each in before}
    texts: dict[str, str] = {}
    for line in lines:
        cells, sheet = there.get(line, []), by_code[line[0]]
        texts |= _whole_texts(line, cells)
        parts = [each for each in cells if any(each.key.part)]
        if not sheet.has_rows:
            for each in parts:
                texts |= _texts(each.key.field, each)
            continue
        more = {part for code, region, part in offered if (code, region) == (line[0], line[2])}
        blank = sorted(more - {each.key.part for each in parts} - {("", "", "")})
        rows = [*parts, *(Written(Key(*line, *part)) for part in blank)]
        for number, each in enumerate(rows, 1):
            texts |= _row_texts(row_name(line, number), each)
    return texts


def row_name(line: Line, number: int) -> str:
    """How a row of a line is named in the form."""
    return "|".join((*line, f"row-{number}"))


def _whole_texts(line: Line, cells: Sequence[Written]) -> dict[str, str]:
    field = Key(*line).field
    if not cells:
        return {f"{field}|state": "value"}
    first = cells[0]
    texts = {f"{field}|note": first.note or "", f"{field}|state": "value"}
    return texts | (_texts(field, first) if first.key.field == field else {})


def _row_texts(name: str, written: Written) -> dict[str, str]:
    part = dict(zip(VOCABULARIES, written.key.part, strict=True))
    return {f"{name}|{each}": code for each, code in part.items()} | _texts(name, written)


def _texts(name: str, written: Written) -> dict[str, str]:
    is_part_zero = written.state == "zero" and any(written.key.part)
    numerator = "0" if is_part_zero else text_of(written.numerator)
    state = "value" if is_part_zero else written.state
    denominator = text_of(written.denominator)
    return {
        f"{name}|state": state,
        f"{name}|numerator": numerator,
        f"{name}|denominator": denominator,
    }
