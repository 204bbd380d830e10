"""What a project has reached: its logframe with figures of accepted results, counted when asked.

The same rules count here as in the figures of the network: the cells of a line, then lines over
organisations and regions, then periods.
"""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import fetch
from portal.indicators.figures import Result
from portal.indicators.locks import is_closed
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import Definition, find_versions
from portal.indicators.rules import (
    NOT_EXPECTED,
    Cell,
    Figure,
    of_line,
    over_periods,
    over_places,
    progress,
)
from portal.indicators.sight import are_people
from portal.projects.queries import Aimed, Line, Project, find_aims, find_lines
from portal.projects.rules import Given, Level, exactly, guarded, guarded_count, may_keep
from portal.publication.rules import policy_on


class Audience(msgspec.Struct, frozen=True):
    """Whose numbers are given exactly: everybody's, those of one organisation, or nobody's."""

    organisation_id: str | None = None
    is_coordinator: bool = False

    def owns(self, organisation_id: str) -> bool:
        """Whether what an organisation reported is read as it is, of open quarters too."""
        is_own = bool(organisation_id) and organisation_id == self.organisation_id
        return self.is_coordinator or is_own


OTHERS = Audience()


class Reached(msgspec.Struct, frozen=True):
    """A line of a logframe as somebody may see it; `progress` is from 0 to 1."""

    id: str
    code: str
    titles: dict[str, str]
    unit: str
    kind: str
    direction: str
    counts: str
    baseline: Given
    baseline_year: int | None
    target: float | None
    due_on: date | None
    actual: Given
    progress: float | None
    reported: int
    expected: int
    first: date | None = None
    last: date | None = None


class Outcome(msgspec.Struct, frozen=True):
    """An impact, outcome or output with its lines."""

    id: str
    level: Level
    title: str
    titles: dict[str, str]
    lines: list[Reached]


class Accepted(Result, frozen=True):
    """One accepted cell of an indicator, of whatever period."""

    period: str

    @property
    def cell(self) -> Cell:
        """The numbers alone."""
        part = tuple(filter(None, (self.sex, self.age_group, self.form)))
        return Cell(self.state, self.numerator, self.denominator, part)


def audience_of(actor: Actor, project: Project) -> Audience:
    """As whom somebody reads the figures of a project: its keepers read what is theirs exactly."""
    if not may_keep(actor, project.organisation_id):
        return OTHERS
    return Audience(actor.organisation_id, actor.is_coordinator)


def find_outcomes(db: Database, project: Project, audience: Audience, today: date) -> list[Outcome]:
    """The logframe with what was reached, for its keepers or for everybody else."""
    lines = [_reached(db, project, each, audience, today) for each in find_lines(db, project.id)]
    by_aim: dict[str, list[Reached]] = {}
    for aim_id, line in lines:
        by_aim.setdefault(aim_id, []).append(line)
    return [_outcome(each, by_aim.get(each.id, [])) for each in find_aims(db, project.id)]


def count_reached(
    definitions: Iterable[Definition], accepted: Iterable[Accepted]
) -> tuple[Figure, list[Period]]:
    """What accepted cells come to, and of which periods; each by the version that held then."""
    versions = sorted(definitions, key=lambda each: each.version, reverse=True)
    by_period: dict[Period, list[Accepted]] = {}
    for each in accepted:
        by_period.setdefault(read_period(each.period), []).append(each)
    periods = sorted(by_period, key=lambda each: (each.first, each.last))
    figures = [_of_period(versions, period, by_period[period]) for period in periods]
    if not figures or not versions:
        return NOT_EXPECTED, periods
    return over_periods(versions[0].rules, figures), periods


def _of_period(versions: list[Definition], period: Period, cells: list[Accepted]) -> Figure:
    held = [each for each in versions if each.starts <= period.first]
    rules = (held or versions[-1:])[0].rules
    lines: dict[tuple[str, str, str], list[Cell]] = {}
    for each in cells:
        lines.setdefault(each.line, []).append(each.cell)
    return over_places(rules, [of_line(rules, line) for line in lines.values()])


def find_accepted(db: Database, project: Project, line: Line) -> list[Accepted]:
    """The accepted cells that a line counts.

    Those that carry the project; or all of its organisation whose period lies within its days.
    """
    sql = """
        SELECT period, coalesce(organisation_id, '') AS organisation_id, region,
            coalesce(project_id, '') AS project_id, sex, age_group, form, state, numerator,
            denominator
        FROM results WHERE code = :code AND accepted_at IS NOT NULL AND replaced_at IS NULL
            AND ((:counts = 'project' AND project_id = :project)
                OR (:counts = 'organisation' AND organisation_id = :organisation))
        ORDER BY period, id
    """
    about = {"code": line.code, "counts": line.counts, "project": project.id}
    found = fetch(db, Accepted, sql, **about, organisation=project.organisation_id)
    if line.counts == "project":
        return found
    return [each for each in found if _is_within(project, read_period(each.period))]


def _is_within(project: Project, period: Period) -> bool:
    if project.starts_on is None or period.first < project.starts_on:
        return False
    return project.ends_on is None or period.last <= project.ends_on


def _told(db: Database, accepted: list[Accepted], audience: Audience) -> list[Accepted]:
    # security: a quarter that is open may still change, and tells those alone whose it is
    foreign = {each.period for each in accepted if not audience.owns(each.organisation_id)}
    closed = {each for each in foreign if is_closed(db, read_period(each))}
    return [e for e in accepted if audience.owns(e.organisation_id) or e.period in closed]


def _reached(
    db: Database, project: Project, line: Line, audience: Audience, today: date
) -> tuple[str, Reached]:
    versions = find_versions(db, line.code)
    accepted = _told(db, find_accepted(db, project, line), audience)
    figure, periods = count_reached(versions, accepted)
    newest = versions[0]
    given = exactly(newest.kind, figure)
    baseline = Given(line.baseline)
    is_own = audience != OTHERS and all(audience.owns(each.organisation_id) for each in accepted)
    # security: numbers of people are exact for those alone whose own they are (D1, D2), and what
    # counted people under any version is guarded in all of them
    if not is_own and are_people(versions):
        policy = policy_on(today)
        given = guarded(newest.kind, figure, policy)
        if line.baseline is not None and newest.kind == "count":
            baseline = guarded_count(line.baseline, policy)
    gone = progress(newest.direction, baseline.value, line.target, given.value)
    if baseline.fewer_than is not None:
        gone = None
    return line.outcome_id, Reached(
        line.id,
        line.code,
        newest.titles,
        newest.unit,
        newest.kind,
        newest.direction,
        line.counts,
        baseline,
        line.baseline_year,
        line.target,
        line.due_on,
        given,
        gone,
        figure.reported,
        figure.expected,
        min((each.first for each in periods), default=None),
        max((each.last for each in periods), default=None),
    )


def _outcome(aim: Aimed, lines: list[Reached]) -> Outcome:
    return Outcome(aim.id, aim.level, aim.title, aim.titles, lines)
