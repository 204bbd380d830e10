"""A comparison in the reader's words, and figures as files."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from portal.comparing.rules import APART, POINTS, ends_of, extremes_of, is_share, verdict
from portal.explaining.registry import FigureGiven
from portal.i18n.language import Message
from portal.indicators.queries import Definition
from portal.texts import number_text
from portal.transfer.rules import neutralise, printable
from portal.vocabularies.voice import Voice
from portal.workbooks import write_workbook

COLUMNS = (
    "code",
    "version",
    "period",
    "region",
    "sex",
    "age_group",
    "form",
    "value",
    "numerator",
    "denominator",
    "reported",
    "expected",
    "target",
    "note",
    "source",
    "organisation",
)


class PlaceCompared(msgspec.Struct, frozen=True):
    """A place with its figure of each period."""

    region: str
    figures: list[FigureGiven]


class Comparison(msgspec.Struct, frozen=True):
    """Places and periods beside each other, and what differs, in words."""

    code: str
    title: str
    periods: list[str]
    places: list[PlaceCompared]
    differences: list[str]


class FiguresTaken(msgspec.Struct, frozen=True):
    """All figures of an indicator that somebody may see."""

    code: str
    total: int
    results: list[FigureGiven]


def tell(
    voice: Voice, definition: Definition, rows: Mapping[str, Sequence[FigureGiven]]
) -> list[str]:
    """What differs: of each place between its first and last period, and between the places."""
    said = [_change(voice, definition, row) for row in rows.values()]
    found = extremes_of(list(rows.values()))
    if found:
        high, low = found
        told = {
            "last": voice.language.period(high.period),
            "high": voice.place(high.region),
            "most": voice.number(definition.kind, high.value),
            "low": voice.place(low.region),
            "least": voice.number(definition.kind, low.value),
        }
        said.append(voice.language.say(Message(APART.text, told)))
    return [each for each in said if each]


def _change(voice: Voice, definition: Definition, row: Sequence[FigureGiven]) -> str:
    found = ends_of(row)
    if found is None:
        return ""
    first, last = found
    before, after = first.value or 0.0, last.value or 0.0
    gap = voice.number("count", abs(after - before))
    if is_share(definition.kind):
        gap = voice.language.say(Message(POINTS.text, {"gap": gap}))
    told = {
        "place": voice.place(last.region),
        "before": voice.number(definition.kind, before),
        "after": voice.number(definition.kind, after),
        "first": voice.language.period(first.period),
        "last": voice.language.period(last.period),
        "gap": gap,
    }
    return voice.language.say(Message(verdict(before, after).text, told))


def rows_of(code: str, figures: Sequence[FigureGiven]) -> Iterator[list[str]]:
    """The rows of a file, in the order of its columns."""
    for each in figures:
        notes = dict.fromkeys(one.note for one in each.quoted if one.note)
        sources = dict.fromkeys(one.source for one in each.quoted)
        numbers = (each.value, each.numerator, each.denominator)
        yield [
            code,
            str(each.version),
            each.period,
            each.region,
            each.sex,
            each.age_group,
            each.form,
            *(_written(number) for number in numbers),
            str(each.reported),
            str(each.expected),
            _written(each.target),
            "; ".join(notes),
            "; ".join(sources),
            each.organisation,
        ]


def _written(number: float | None) -> str:
    return "" if number is None else number_text(number)


def as_csv(code: str, figures: Sequence[FigureGiven]) -> bytes:
    """A CSV file, of which no spreadsheet takes a cell for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    # security: a note is what somebody typed
    writer.writerows(
        [neutralise(printable(cell)) for cell in row] for row in rows_of(code, figures)
    )
    return text.getvalue().encode()


def as_xlsx(code: str, figures: Sequence[FigureGiven]) -> bytes:
    """A workbook of texts, in which nothing is ever calculated."""
    target = io.BytesIO()
    rows = ([printable(cell) for cell in row] for row in rows_of(code, figures))
    write_workbook(target, COLUMNS, rows)
    return target.getvalue()
