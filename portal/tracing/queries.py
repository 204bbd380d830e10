"""Questions about what a figure is made of: rows, who is missing, and when it was frozen."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import fetch, fetch_one
from portal.indicators.locks import quarters_of
from portal.indicators.periods import Period
from portal.indicators.rules import State
from portal.reports.queries import Expected, find_accepted, find_expected, find_reports


class Input(msgspec.Struct, frozen=True):
    """One accepted cell as it stands: whose, what, accepted when and by whom."""

    id: int
    code: str
    version: int
    period: str
    organisation_id: str
    name: str
    names: dict[str, str]
    region: str
    project_id: str
    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None
    note: str | None
    quoted_from: str | None
    report_id: str | None
    accepted_at: str
    who: str
    before: str | None

    @property
    def part(self) -> tuple[str, str, str]:
        """Sex, age group and form."""
        return (self.sex, self.age_group, self.form)

    @property
    def is_own(self) -> bool:
        """Whether the portal wrote it itself when a quarter was closed."""
        if self.report_id is not None or self.quoted_from is not None:
            return False
        return self.state == "not_reported" or not self.organisation_id

    @property
    def moment(self) -> datetime:
        """When it was accepted."""
        return moment_of(self.accepted_at)

    @property
    def earlier(self) -> "Earlier | None":
        """What stood for the same before it was corrected."""
        return msgspec.json.decode(self.before, type=Earlier) if self.before else None


class Earlier(msgspec.Struct, frozen=True):
    """A cell that was accepted once and corrected since."""

    state: State
    numerator: float | None
    denominator: float | None


class Frozen(msgspec.Struct, frozen=True):
    """When a quarter was closed, and by whom."""

    at: str
    who: str

    @property
    def moment(self) -> datetime:
        """Since when it is closed."""
        return moment_of(self.at)


def find_inputs(db: Database, code: str, period: str) -> list[Input]:
    """The accepted cells of a period, each with the one that stood there before."""
    sql = """
        SELECT r.id, r.code, r.version, r.period,
            coalesce(r.organisation_id, '') AS organisation_id, coalesce(o.name, '') AS name,
            coalesce(o.names, '{}') AS names, r.region, coalesce(r.project_id, '') AS project_id,
            r.sex, r.age_group, r.form, r.state, r.numerator, r.denominator, r.note,
            r.quoted_from, r.report_id, r.accepted_at,
            coalesce((SELECT a.name FROM report_states AS s JOIN accounts AS a ON a.id = s."by"
                      WHERE s.report_id = r.report_id AND s.state = 'accepted'
                      ORDER BY s.id DESC LIMIT 1),
                     (SELECT a.name FROM accounts AS a WHERE a.id = r."by"), r."by", '') AS who,
            (SELECT json_object('state', e.state, 'numerator', e.numerator,
                                'denominator', e.denominator)
             FROM results AS e
             WHERE e.code = r.code AND e.period = r.period AND e.replaced_at IS NOT NULL
                AND e.accepted_at IS NOT NULL AND e.id <> r.id
                AND e.organisation_id IS r.organisation_id AND e.region = r.region
                AND e.project_id IS r.project_id AND e.sex = r.sex
                AND e.age_group = r.age_group AND e.form = r.form
             ORDER BY e.replaced_at DESC, e.id DESC LIMIT 1) AS before
        FROM results AS r LEFT JOIN organisations AS o ON o.id = r.organisation_id
        WHERE r.code = :code AND r.period = :period AND r.accepted_at IS NOT NULL
            AND r.replaced_at IS NULL
        ORDER BY o.sort_name, r.organisation_id, r.region, r.project_id, r.sex, r.age_group,
            r.form
    """
    return fetch(db, Input, sql, code=code, period=period)


def find_silent(db: Database, inputs: list[Input], period: Period, zone: str) -> list[Expected]:
    """Who was expected to report of a period and has said nothing of it that counts."""
    spoke = {each.organisation_id for each in inputs if each.state != "not_reported"}
    expected = find_expected(db, quarters_of(period)[-1], zone)
    return [each for each in expected if each.id not in spoke]


def find_unaccepted(db: Database, period: Period) -> set[str]:
    """Whose report of a period was handed in and waits, or came back, without being accepted."""
    quarter = quarters_of(period)[-1].code
    reports = find_reports(db, period=quarter)
    handed_in = {each.organisation_id for each in reports if each.handed_in_at}
    return handed_in - find_accepted(db, quarter)


def find_frozen(db: Database, period: Period) -> Frozen | None:
    """When the quarter was closed in which a period ends; None while it is open."""
    sql = """
        SELECT c.at, coalesce(a.name, c."by") AS who FROM closed_periods AS c
        LEFT JOIN accounts AS a ON a.id = c."by" WHERE c.period = :period
    """
    return fetch_one(db, Frozen, sql, period=quarters_of(period)[-1].code)
