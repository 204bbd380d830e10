"""Questions about reports: one's own, those that are expected, the cells and notes of one."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of, moment_of, stamp
from portal.db import column, fetch, fetch_one
from portal.errors import NotFound
from portal.indicators.locks import Reopened
from portal.indicators.periods import Period, period_of, read_period
from portal.indicators.queries import Definition, find_definitions
from portal.indicators.rules import State
from portal.projects.queries import find_own_projects
from portal.reports.rules import EDITABLE, Asked, Key, Written, due_on, is_on_time

# whoever may read an organisation's report besides coordinators
OWN_ROLES = ("member", "coordinator")


class Report(msgspec.Struct, frozen=True):
    """A report as it stands. `handed_in_at` is when it was handed in first."""

    id: str
    organisation_id: str
    name: str
    names: dict[str, str]
    period: str
    state: str
    state_at: str
    state_by: str
    note: str | None
    revision: int
    saved_at: str | None
    handed_in_at: str | None
    handed_in_by: str | None

    @property
    def quarter(self) -> Period:
        """The quarter it is about."""
        return read_period(self.period)

    @property
    def due_on(self) -> date:
        """The last day on which it is on time."""
        return due_on(self.quarter)

    @property
    def moment(self) -> datetime:
        """Since when it is in its state."""
        return moment_of(self.state_at)

    @property
    def is_editable(self) -> bool:
        """Whether its organisation may write in it."""
        return self.state in EDITABLE


class Step(msgspec.Struct, frozen=True):
    """One state of a report: since when, by whom, with which note."""

    state: str
    at: str
    who: str | None
    note: str | None

    @property
    def moment(self) -> datetime:
        """When it began."""
        return moment_of(self.at)


class Note(msgspec.Struct, frozen=True):
    """What a coordinator noted at a cell; settled once the report is handed in again."""

    id: int
    field: str
    note: str
    at: str
    settled_at: str | None


class Expected(msgspec.Struct, frozen=True):
    """A member organisation that reports of a quarter."""

    id: str
    name: str
    names: dict[str, str]


_REPORT = """
    SELECT r.id, r.organisation_id, o.name, o.names, r.period, s.state, s.at AS state_at,
        s."by" AS state_by, s.note, r.revision, r.saved_at,
        first.at AS handed_in_at, first."by" AS handed_in_by
    FROM reports AS r JOIN organisations AS o ON o.id = r.organisation_id
    JOIN report_states AS s ON s.id = (SELECT max(id) FROM report_states WHERE report_id = r.id)
    LEFT JOIN report_states AS first ON first.id =
        (SELECT min(id) FROM report_states WHERE report_id = r.id AND state = 'submitted')
"""


def find_report(db: Database, organisation_id: str, period: str) -> Report | None:
    """What an organisation has written of a quarter so far, whoever asks."""
    sql = _REPORT + "WHERE r.organisation_id = :id AND r.period = :period"
    return fetch_one(db, Report, sql, id=organisation_id, period=period)


def get_report_for(db: Database, actor: Actor, report_id: str) -> Report:
    """A report for people of its organisation and for coordinators; strangers get `NotFound`."""
    found = fetch_one(db, Report, _REPORT + "WHERE r.id = :id", id=report_id)
    if found is None or not may_read(actor, found.organisation_id):
        raise NotFound
    return found


def may_read(actor: Actor, organisation_id: str) -> bool:
    """Whether somebody may read an organisation's own results."""
    own = actor.role in OWN_ROLES and actor.organisation_id == organisation_id
    return actor.is_coordinator or own


def find_reports(
    db: Database, *, period: str | None = None, organisation_id: str | None = None
) -> list[Report]:
    """Reports of a quarter, or of an organisation, the newest quarter first."""
    sql = (
        _REPORT
        + """
        WHERE (:period IS NULL OR r.period = :period)
            AND (:organisation IS NULL OR r.organisation_id = :organisation)
        ORDER BY r.period DESC, o.sort_name, o.id
        """
    )
    return fetch(db, Report, sql, period=period, organisation=organisation_id)


def find_accepted(db: Database, period: str) -> set[str]:
    """Whose report of a quarter was accepted: it counts while its correction is written, too."""
    sql = """
        SELECT r.organisation_id FROM reports AS r WHERE r.period = :period AND EXISTS
            (SELECT 1 FROM report_states WHERE report_id = r.id AND state = 'accepted')
    """
    return set(column(db, sql, period=period))


def find_steps(db: Database, report_id: str) -> list[Step]:
    """Every state of a report, newest first."""
    sql = """
        SELECT s.state, s.at, a.name AS who, s.note FROM report_states AS s
        LEFT JOIN accounts AS a ON a.id = s."by" WHERE s.report_id = :id ORDER BY s.id DESC
    """
    return fetch(db, Step, sql, id=report_id)


def find_notes(db: Database, report_id: str) -> list[Note]:
    """What was noted at cells and is not settled, and all that was, newest first."""
    sql = """
        SELECT id, code || '|' || period || '|' || region || '|' || project_id || '|' || part
            AS field, note, at, settled_at
        FROM report_notes WHERE report_id = :id ORDER BY settled_at IS NOT NULL, id DESC
    """
    return fetch(db, Note, sql, id=report_id)


class _Kept(msgspec.Struct, frozen=True):
    code: str
    period: str
    region: str
    project_id: str
    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None
    note: str | None


def find_written(db: Database, report_id: str) -> list[Written]:
    """The working copy of a report: every cell that was written, in the order of its key."""
    sql = """
        SELECT code, period, region, project_id, sex, age_group, form, state, numerator,
            denominator, note
        FROM report_cells WHERE report_id = :id
        ORDER BY code, period, region, project_id, sex, age_group, form
    """
    return [_as_written(each) for each in fetch(db, _Kept, sql, id=report_id)]


def find_handed_in(db: Database, report: Report) -> list[Written]:
    """What a report that waits said when it was handed in the time before; nothing at first."""
    if report.state != "submitted":
        return []
    sql = """
        SELECT code, period, region, coalesce(project_id, '') AS project_id, sex, age_group, form,
            state, numerator, denominator, note
        FROM results WHERE report_id = :id AND accepted_at IS NULL AND replaced_at =
            (SELECT max(replaced_at) FROM results WHERE report_id = :id AND accepted_at IS NULL)
        ORDER BY id
    """
    return [_as_written(each) for each in fetch(db, _Kept, sql, id=report.id)]


def _as_written(kept: _Kept) -> Written:
    part = (kept.sex, kept.age_group, kept.form)
    key = Key(kept.code, kept.period, kept.region, kept.project_id, *part)
    return Written(key, kept.state, kept.numerator, kept.denominator, kept.note)


def may_carry(db: Database, report: Report) -> set[str]:
    """Which projects its cells may carry: none, those of its organisation, those it has."""
    # security: no result is counted for a project of others
    own = {each.id for each in find_own_projects(db, report.organisation_id)}
    return own | {each.key.project_id for each in find_written(db, report.id)} | {""}


def find_asked(db: Database, quarter: Period) -> list[Definition]:
    """What organisations report of a quarter, by the definitions that hold on its first day."""
    return [each for each in find_definitions(db, quarter.first) if each.source == "reported"]


def as_asked(definitions: list[Definition]) -> list[Asked]:
    """What the rules of a report need to know of definitions."""
    return [
        Asked(each.code, each.rules, each.frequency, tuple(each.dimensions)) for each in definitions
    ]


def find_expected(db: Database, quarter: Period, timezone: str) -> list[Expected]:
    """Who reports of a quarter: whoever had joined by its last day and was a member then."""
    after = datetime.combine(quarter.next.first, time(), ZoneInfo(timezone))
    sql = """
        SELECT o.id, o.name, o.names FROM organisations AS o
        WHERE o.joined_on <= :last AND coalesce(
            (SELECT state FROM membership_states WHERE organisation_id = o.id AND at < :after
             ORDER BY id DESC LIMIT 1),
            'admitted') = 'admitted'
        ORDER BY o.sort_name, o.id
    """
    return fetch(db, Expected, sql, last=quarter.last.isoformat(), after=stamp(after))


def find_open_again(db: Database, organisation_id: str, today: date) -> dict[str, Reopened]:
    """By its quarter what is open again for an organisation, until the latest day that was said."""
    sql = """
        SELECT id, period, organisation_id, reason, until, at, "by" FROM reopened_periods
        WHERE organisation_id = :id AND until >= :today ORDER BY until, id
    """
    found = fetch(db, Reopened, sql, id=organisation_id, today=today.isoformat())
    return {each.period: each for each in found}


def is_expected(db: Database, organisation_id: str | None, quarter: Period, timezone: str) -> bool:
    """Whether an organisation reports of a quarter."""
    return any(each.id == organisation_id for each in find_expected(db, quarter, timezone))


def owes(db: Database, organisation_id: str, quarter: Period, timezone: str) -> bool:
    """Whether an organisation reports of a quarter of which something is asked at all."""
    asked = bool(find_asked(db, quarter))
    return asked and is_expected(db, organisation_id, quarter, timezone)


def count_on_time(
    db: Database, organisation_id: str, today: date, timezone: str
) -> tuple[int, int]:
    """Of a member's reports that were due within a year, how many came by that day."""
    quarter, done, asked = quarter_due(today), 0, 0
    for _ in range(4):
        if today > due_on(quarter) and owes(db, organisation_id, quarter, timezone):
            found = find_report(db, organisation_id, quarter.code)
            at = moment_of(found.handed_in_at) if found and found.handed_in_at else None
            done += is_on_time(quarter, day_of(at, timezone) if at else None)
            asked += 1
        quarter = quarter.before
    return done, asked


def quarter_due(today: date) -> Period:
    """The newest quarter that has ended: the one whose reports are due now."""
    return period_of(today, "quarter").before
