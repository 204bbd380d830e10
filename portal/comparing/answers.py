"""A comparison in the reader's words, and figures as files."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from portal.comparing.rules import APART, POINTS, ends_of, extremes_of, is_share, verdict
from portal.explaining.registry import FigureGiven
from portal.i18n.language import Message
from portal.indicators.queries import Definition
from portal.sheets import Value
from portal.vocabularies.voice import Voice

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
    said = voice.language.say(Message(verdict(before, after).text, told))
    if first.is_partial or last.is_partial:
        return f"{said} {voice.language.gettext('Not all have reported')}."
    return said


def table_of(code: str, figures: Sequence[FigureGiven]) -> Iterator[Sequence[Value]]:
    """The names of the columns, and a row for each figure."""
    yield COLUMNS
    for each in figures:
        notes = dict.fromkeys(one.note for one in each.quoted if one.note)
        sources = dict.fromkeys(one.source for one in each.quoted)
        yield [
            code,
            each.version,
            each.period,
            each.region,
            each.sex,
            each.age_group,
            each.form,
            each.value,
            each.numerator,
            each.denominator,
            each.reported,
            each.expected,
            each.target,
            "; ".join(notes),
            "; ".join(sources),
            each.organisation,
        ]
