"""What a release counts: accepted results of closed quarters, and who contributed what is counted.

What the portal counted when a quarter was closed has no organisation. It is asked for again by
organisation; where that comes to other numbers, the frozen ones stand and nobody is known behind.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from statistics import median

import msgspec
from sqlite_utils import Database

from portal.campaigns.rules import COUNTED as CAME
from portal.compiling.rules import COUNTS_OF_PEOPLE, Base, Part, people_of
from portal.counting.queries import (
    CAME_TO_ACTIVITIES,
    CAME_TO_TRAININGS,
    PROMPT,
    VISITS,
    asked_of,
    held_within,
)
from portal.counting.rules import Came, Piece, Span, as_pieces, fold
from portal.db import column, fetch
from portal.evaluations.queries import count_useful
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition, find_versions
from portal.indicators.rules import State


class Accepted(msgspec.Struct, frozen=True):
    """One accepted cell that nothing has replaced."""

    period: str
    organisation: str
    region: str
    project: str
    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None

    @property
    def line(self) -> tuple[str, ...]:
        """Of which line it is a cell."""
        return (self.period, self.organisation, self.region, self.project)


class Visited(msgspec.Struct, frozen=True):
    """How long one visit was waited for, and whose it was."""

    organisation: str
    days: int


Contributions = dict[str, list[Piece]]
Ask = Callable[[Database, Span], Contributions]

_ACCEPTED = """
    SELECT period, coalesce(organisation_id, '') AS organisation, region,
        coalesce(project_id, '') AS project, sex, age_group, form, state, numerator, denominator
    FROM results WHERE code = :code AND accepted_at IS NOT NULL AND replaced_at IS NULL
        AND quoted_from IS NULL
"""


def find_definitions_of_people(db: Database, today: date) -> dict[str, list[Definition]]:
    """By code the versions of each indicator that counts people in any of them, newest first.

    Those that are to come decide, but are none of them. A figure is judged by the stricter of its
    own version and the others. Practitioners, requests and participants are people whatever a
    definition says (D0).
    """
    found = {}
    for code in column(db, "SELECT code FROM indicators ORDER BY position, code"):
        versions = find_versions(db, code)
        if versions and versions[0].source != "quoted" and _are_people(versions):
            begun = [each for each in versions if each.starts <= today]
            found[code] = begun or versions[-1:]
    return found


def find_closed_quarters(db: Database) -> list[str]:
    """The closed quarters, oldest first; one that is open again for somebody is among them."""
    # what is no quarter's code is none of ours
    quarters = "WHERE period GLOB '[12][0-9][0-9][0-9]-Q[1-4]'"
    return column(db, "SELECT period FROM closed_periods " + quarters + " ORDER BY period")


def find_reported(db: Database, definition: Definition) -> list[Base]:
    """What organisations reported of an indicator, in whatever period."""
    sql = _ACCEPTED + " AND organisation_id IS NOT NULL"
    lines: dict[tuple[str, ...], list[Accepted]] = {}
    for each in fetch(db, Accepted, sql, code=definition.code):
        lines.setdefault(each.line, []).append(each)
    return [base for line in lines.values() for base in _bases(definition, line)]


def find_frozen(db: Database, definition: Definition) -> dict[str, list[Base]]:
    """What the portal counted of an indicator, by period."""
    sql = _ACCEPTED + " AND organisation_id IS NULL"
    found: dict[str, list[Base]] = {}
    for each in fetch(db, Accepted, sql, code=definition.code):
        found.setdefault(each.period, []).extend(_bases(definition, [each]))
    return found


def find_contributed(
    db: Database, definition: Definition, period: str, frozen: Sequence[Base], timezone: str
) -> list[Base] | None:
    """What is frozen of a period by organisation; None where it is not known who contributed."""
    asked = read_period(period)
    ask = BY_ORGANISATION[definition.counter or ""]
    found = ask(db, Span(asked, asked.last, timezone))
    bases = [
        _counted(definition, period, organisation, piece)
        for organisation, pieces in found.items()
        for piece in fold(pieces, definition.dimensions)
    ]
    if "" in found or _sums(bases) != _sums(frozen):
        return None
    return bases


def find_frozen_medians(db: Database, code: str) -> dict[str, float]:
    """The median of each period as it was counted when it was closed."""
    sql = _ACCEPTED + " AND organisation_id IS NULL AND region = ''"
    found = fetch(db, Accepted, sql, code=code)
    return {each.period: each.numerator for each in found if each.numerator is not None}


def find_waited(db: Database, period: str, timezone: str) -> list[Visited]:
    """How many days each visit of a period was waited for."""
    asked = read_period(period)
    sql = "SELECT coalesce(organisation_id, '') AS organisation, days_waited AS days " + VISITS
    span = Span(asked, asked.last, timezone)
    return fetch(db, Visited, sql + " AND days_waited IS NOT NULL", **asked_of(span))


def median_of(visits: Sequence[Visited]) -> float | None:
    """The median of the days, as it is counted when a quarter is closed."""
    return float(median(each.days for each in visits)) if visits else None


def _are_people(versions: Sequence[Definition]) -> bool:
    always = versions[0].counter in COUNTS_OF_PEOPLE
    return always or any(each.counts_people for each in versions)


def _bases(definition: Definition, line: Sequence[Accepted]) -> Iterator[Base]:
    first = line[0]
    cells = [
        Part(each.sex, each.age_group, each.form, each.state, each.numerator, each.denominator)
        for each in line
    ]
    for cell in people_of(definition.rules, cells):
        people = cell.numerator or 0.0
        whole = (cell.denominator or 0.0) if definition.rules.has_denominator else people
        yield Base(
            period=first.period,
            organisation=first.organisation,
            region=first.region,
            sex=cell.sex,
            age_group=cell.age_group,
            form=cell.form,
            people=people,
            rest=whole - people,
        )


def _counted(definition: Definition, period: str, organisation: str, piece: Piece) -> Base:
    whole = (piece.denominator or 0.0) if definition.rules.has_denominator else piece.numerator
    return Base(
        period=period,
        organisation=organisation,
        region=piece.region,
        sex=piece.sex,
        age_group=piece.age_group,
        people=piece.numerator,
        rest=whole - piece.numerator,
    )


def _sums(bases: Sequence[Base]) -> dict[tuple[str, ...], tuple[float, float]]:
    found: dict[tuple[str, ...], tuple[float, float]] = {}
    for each in bases:
        key = (each.region, each.sex, each.age_group)
        people, rest = found.get(key, (0.0, 0.0))
        found[key] = (people + each.people, rest + each.rest)
    return {key: sums for key, sums in found.items() if sums != (0.0, 0.0)}


class _Piece(Piece, frozen=True, kw_only=True):
    organisation: str


class _Came(Came, frozen=True, kw_only=True):
    organisation: str


def _ask_rows(sql: str) -> Ask:
    def ask(db: Database, span: Span) -> Contributions:
        found: Contributions = {}
        for each in fetch(db, _Piece, sql, **asked_of(span)):
            found.setdefault(each.organisation, []).append(each)
        return found

    return ask


def _ask_people(sql: str) -> Ask:
    def ask(db: Database, span: Span) -> Contributions:
        found: Contributions = {}
        for each in fetch(db, _Came, sql, **{**asked_of(span), **held_within(span)}):
            found.setdefault(each.organisation, []).extend(as_pieces(each, CAME))
        return {organisation: pieces for organisation, pieces in found.items() if pieces}

    return ask


def _ask_useful(db: Database, span: Span) -> Contributions:
    sql = "SELECT DISTINCT organisation_id FROM events WHERE organisation_id IS NOT NULL"
    days = (span.period.first, span.period.last)
    answers = {each: count_useful(db, *days, each) for each in column(db, sql)}
    return {
        organisation: [Piece(numerator=good, denominator=whole)]
        for organisation, (good, whole) in answers.items()
        if whole
    }


# Whose a request is, is who asked for it; a training and an activity are whose they are.
_ASKED_BY = "SELECT coalesce(organisation_id, '') AS organisation, region, "

BY_ORGANISATION: dict[str, Ask] = {
    "consultations": _ask_rows(_ASKED_BY + "count(*) AS numerator " + VISITS + " GROUP BY 1, 2"),
    "requests_48_hours": _ask_rows(_ASKED_BY + PROMPT + " GROUP BY 1, 2"),
    "campaign_participants": _ask_people(
        "SELECT coalesce(a.organisation_id, c.organisation_id, '') AS organisation, "
        + CAME_TO_ACTIVITIES
        + " GROUP BY 1, 2"
    ),
    "people_trained": _ask_people(
        "SELECT coalesce(e.organisation_id, '') AS organisation, "
        + CAME_TO_TRAININGS
        + " GROUP BY 1, 2"
    ),
    "trainings_useful": _ask_useful,
}
