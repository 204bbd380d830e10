"""How one figure came about, in the reader's words, and the rows that the reader may see of it."""

from collections.abc import Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace
from sqlite_utils import Database

from portal.errors import NotFound
from portal.explaining.queries import find_over_time
from portal.explaining.registry import FigureGiven, Frame, put_together
from portal.explaining.rules import Which, is_alike
from portal.i18n.language import Message
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import Counted, Definition
from portal.indicators.rules import Figure, value_of
from portal.indicators.sight import only_seen, sees_line
from portal.reports.queries import Expected, may_read
from portal.tracing.forms import Traced
from portal.tracing.letters import longer_steps, steps_of
from portal.tracing.queries import (
    Earlier,
    Frozen,
    Input,
    find_frozen,
    find_inputs,
    find_silent,
    find_unaccepted,
)
from portal.tracing.rules import rows_of
from portal.vocabularies.voice import Voice

NOTHING_THERE = Message("Nothing was reported from there.")

MEANWHILE = Message(
    "The definition changed meanwhile how it is counted, so there is no figure for all of it."
)


class InputGiven(msgspec.Struct, frozen=True):
    """A row that a figure is made of."""

    organisation: str
    name: str
    region: str
    sex: str
    age_group: str
    form: str
    state: str
    numerator: float | None
    denominator: float | None
    version: int
    note: str | None
    source: str | None
    report: str | None
    accepted_at: str
    accepted_by: str
    is_own: bool
    corrected_from: Earlier | None


class InputsGiven(msgspec.Struct, frozen=True):
    """The rows that the reader may see, a page of them."""

    total: int
    page: int
    per_page: int
    results: list[InputGiven]


class FigureExplained(msgspec.Struct, frozen=True):
    """A figure, how it came about, and what it rests on."""

    code: str
    title: str
    figure: FigureGiven
    steps: list[str]
    made_of: list[FigureGiven]
    organisations: int
    others: int
    inputs: InputsGiven
    silent: int
    silent_names: list[str]
    unaccepted: int
    unaccepted_names: list[str]
    closed_at: str | None
    changed_at: str | None
    closed_by: str | None


def explain(db: Database, voice: Voice, frame: Frame, traced: Traced, zone: str) -> FigureExplained:
    """A figure, how it came about, and of its rows those that the reader may see."""
    if not is_empty_place(db, frame, traced):
        return _explained(db, voice, frame, traced, zone)
    # security: that nothing came from a region is told to whoever may see the figure of all
    found = _explained(db, voice, frame, replace(traced, region=""), zone)
    return replace(
        found,
        figure=frame.unknown(found.figure.period, traced.which),
        steps=[voice.language.say(NOTHING_THERE)],
        made_of=[],
        organisations=0,
        others=0,
        inputs=_page_of(frame, [], traced, voice),
        changed_at=None,
    )


def is_empty_place(db: Database, frame: Frame, traced: Traced) -> bool:
    """Whether a region or country is asked for from which nothing is kept of the period."""
    if not traced.which.region or traced.which.organisation:
        return False
    kept = find_over_time(db, frame.sight.definition.code, traced.which)
    period = read_period(traced.period) if traced.period else None
    return not any(period is None or period.holds(read_period(each.period)) for each in kept)


def _explained(
    db: Database, voice: Voice, frame: Frame, traced: Traced, zone: str
) -> FigureExplained:
    sight, which = frame.sight, traced.which
    kept = _find_kept(db, frame, traced)
    period = read_period(traced.period or kept[-1].period)
    inside = [each for each in kept if period.holds(read_period(each.period))]
    if not inside:
        raise NotFound
    definition = sight.version(inside[-1].version)
    figure = put_together(frame, inside, period, which)
    is_one = inside[-1].period == period.code
    everything = find_inputs(db, definition.code, period.code) if is_one else []
    rows = rows_of(everything, which)
    seen = [each for each in rows if _may_see_row(frame, each)]
    made_of = [] if is_one else [frame.give(each) for each in inside]
    silent = _find_silent(db, definition, everything, period, zone)
    came = find_unaccepted(db, period)
    frozen = find_frozen(db, period)
    return FigureExplained(
        code=definition.code,
        title=voice.language.of(definition.title, definition.titles),
        figure=figure,
        steps=_steps(voice, frame, inside, figure, seen if len(seen) == len(rows) else []),
        made_of=made_of,
        organisations=len(owners := {each.organisation_id for each in rows} - {""}),
        others=len(owners - {each.organisation_id for each in seen}),
        inputs=_page_of(frame, seen, traced, voice),
        silent=sum(each.id not in came for each in silent),
        silent_names=_names(frame, voice, [each for each in silent if each.id not in came]),
        unaccepted=sum(each.id in came for each in silent),
        unaccepted_names=_names(frame, voice, [each for each in silent if each.id in came]),
        closed_at=frozen.at if frozen else None,
        changed_at=_changed(definition, rows, frozen),
        closed_by=frozen.who if frozen and sight.actor.is_coordinator else None,
    )


def _find_kept(db: Database, frame: Frame, traced: Traced) -> list[Counted]:
    """The figures of a place, part or organisation that the reader may see; else `NotFound`."""
    sight, which = frame.sight, traced.which
    kept = find_over_time(db, sight.definition.code, which)
    if which.organisation:
        # security: what one organisation reported is read by its own people and by coordinators
        kept = kept if may_read(sight.actor, which.organisation) else []
    else:
        kept = only_seen(db, sight.actor, kept)
    if not kept:
        raise NotFound
    return kept


def _may_see_row(frame: Frame, row: Input) -> bool:
    sight = frame.sight
    # security: who sees a figure sees no row of another organisation behind it
    if row.organisation_id:
        return may_read(sight.actor, row.organisation_id)
    # security: and of what was counted here only rows of the version and the place that are open
    held = [each for each in sight.versions if each.version == row.version]
    return any(sees_line(sight.actor, each, row.region) for each in held)


def _find_silent(
    db: Database, definition: Definition, inputs: list[Input], period: Period, zone: str
) -> list[Expected]:
    """Only what organisations report can be missing."""
    asked = inputs and definition.source == "reported"
    return find_silent(db, inputs, period, zone) if asked else []


def _names(frame: Frame, voice: Voice, who: Sequence[Expected]) -> list[str]:
    # security: who has not reported is named to coordinators only
    named = who if frame.sight.actor.is_coordinator else []
    return [voice.language.of(each.name, each.names) for each in named]


def _changed(definition: Definition, rows: Sequence[Input], frozen: Frozen | None) -> str | None:
    """When a figure that was frozen was corrected last, by an exception."""
    if frozen is None or definition.source != "reported":
        return None
    newest = max((each.accepted_at for each in rows), default="")
    return newest if newest > frozen.at else None


def _page_of(frame: Frame, rows: Sequence[Input], traced: Traced, voice: Voice) -> InputsGiven:
    shown = rows[traced.offset : traced.offset + traced.per_page]
    given = [_input_of(frame, each, voice) for each in shown]
    return InputsGiven(len(rows), traced.page, traced.per_page, given)


def _steps(
    voice: Voice,
    frame: Frame,
    inside: Sequence[Counted],
    figure: FigureGiven,
    rows: Sequence[Input],
) -> list[str]:
    definitions = [frame.sight.version(each.version) for each in inside]
    if inside[-1].period == figure.period:
        return steps_of(voice, definitions[-1], figure, rows)
    if not is_alike(definitions):
        return [voice.language.say(MEANWHILE)]
    return longer_steps(voice, definitions[-1], figure, [frame.give(each) for each in inside])


def shown_lines(rows: Sequence[InputGiven]) -> list[list[InputGiven]]:
    """The rows by who reported them of where, accepted at once: each with all its parts."""
    line = lambda row: (row.organisation, row.region, row.report, row.accepted_at)  # noqa: E731
    return [list(group) for _, group in groupby(rows, line)]


def state_of(voice: Voice, definition: Definition, cell: InputGiven | Earlier) -> str:
    """A value or, in words, why there is none."""
    if cell.state != "value":
        return voice.term("result_states", cell.state)
    kind = definition.kind
    value = voice.number(kind, value_of(kind, Figure(cell.numerator, cell.denominator)))
    if cell.denominator is None:
        return value
    some, whole = (voice.number("count", n) for n in (cell.numerator, cell.denominator))
    return f"{value} ({some} / {whole})"


def heading_of(voice: Voice, period: Period, which: Which, name: str) -> str:
    """Which figure it is: when, where, of whom."""
    said = [voice.language.period(period.code), voice.place(which.region)]
    return voice.language.list([*said, *filter(None, [voice.part(*which.part), name])])


def _input_of(frame: Frame, row: Input, voice: Voice) -> InputGiven:
    """A row as it is shown."""
    actor, owner = frame.sight.actor, row.organisation_id
    is_own = may_read(actor, owner) if owner else actor.is_coordinator
    return InputGiven(
        organisation=row.organisation_id,
        name=voice.language.of(row.name, row.names),
        region=row.region,
        sex=row.sex,
        age_group=row.age_group,
        form=row.form,
        state=row.state,
        numerator=row.numerator,
        denominator=row.denominator,
        version=row.version,
        note=row.note,
        source=row.quoted_from,
        report=row.report_id,
        accepted_at=row.accepted_at,
        # security: names of accounts are for coordinators and those whose own row it is, and
        # what stood before may be of a version that counted people
        accepted_by=row.who if is_own and not row.is_own else "",
        is_own=row.is_own,
        corrected_from=row.earlier if is_own or row.quoted_from else None,
    )
