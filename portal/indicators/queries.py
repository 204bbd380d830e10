"""Questions about definitions and figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Literal

import msgspec
from sqlite_utils import Database

from portal.db import as_json, count, fetch, fetch_one
from portal.indicators.periods import Frequency, Period
from portal.indicators.rules import Direction, Figure, Kind, PeriodRule, PlaceRule, Rules, TotalRule

Source = Literal["reported", "counted", "quoted"]


class Definition(msgspec.Struct, frozen=True):
    """One version of what an indicator means and how it is counted."""

    code: str
    version: int
    source: Source
    counter: str | None
    starts: date
    kind: Kind
    unit: str
    direction: Direction
    counts_people: bool
    total_rule: TotalRule
    place_rule: PlaceRule
    period_rule: PeriodRule
    frequency: Frequency
    dimensions: list[str]
    titles: dict[str, str]
    descriptions: dict[str, str]
    verification: dict[str, str]
    reporters: str

    @property
    def rules(self) -> Rules:
        """By which rules it is counted."""
        return Rules(self.kind, self.total_rule, self.place_rule, self.period_rule, self.direction)

    @property
    def title(self) -> str:
        """Its title as it was written first."""
        return self.titles.get("en") or next(iter(self.titles.values()))

    @property
    def meaning(self) -> str:
        """A fingerprint of all it says, but for who may read its figures."""
        said = msgspec.structs.replace(self, counts_people=False)
        return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether everybody reads exact figures that the network reported or counted."""
        return not self.counts_people and self.source != "quoted"


class Counted(msgspec.Struct, frozen=True):
    """One figure as it is kept: of a period, for all or one organisation, region and part."""

    code: str
    version: int
    period: str
    organisation_id: str
    region: str
    sex: str
    age_group: str
    form: str
    numerator: float | None
    denominator: float | None
    reported: int
    expected: int

    @property
    def figure(self) -> Figure:
        """What is known."""
        return Figure(self.numerator, self.denominator, self.reported, self.expected)

    @property
    def part(self) -> tuple[str, ...]:
        """Sex, age group and form; three empty words mean the whole."""
        return (self.sex, self.age_group, self.form)


class Aim(msgspec.Struct, frozen=True):
    """What an indicator starts from and should reach.

    An empty region is all of them. An empty period is any that has no aim of its own.
    """

    code: str
    region: str = ""
    period: str = ""
    baseline: float | None = None
    target: float | None = None


def nearest_aim(aims: Iterable[Aim], code: str, region: str, period: Period) -> Aim | None:
    """The aim that holds for a region and a period: its own, its year's, or the standing one.

    A region without an aim has none: the network's is not its own.
    """
    wanted = (period.code, str(period.year), "")
    found = {each.period: each for each in aims if (each.code, each.region) == (code, region)}
    return next((found[each] for each in wanted if each in found), None)


_DEFINITION = """
    SELECT v.code, v.version, i.source, i.counter, v.starts, v.kind, v.unit, v.direction,
        v.counts_people, v.total_rule, v.place_rule, v.period_rule, v.frequency, v.dimensions,
        v.titles, v.descriptions, coalesce(v.verification, '{}') AS verification, v.reporters
    FROM indicator_versions AS v JOIN indicators AS i ON i.code = v.code
"""


def find_definitions(db: Database, on: date) -> list[Definition]:
    """The definitions that hold on a day, in the order of the list."""
    sql = (
        _DEFINITION
        + """
        WHERE v.version = (SELECT max(w.version) FROM indicator_versions AS w
                           WHERE w.code = v.code AND w.starts <= :on)
        AND (i.ended_on IS NULL OR i.ended_on > :on)
        ORDER BY i.position, i.code
        """
    )
    return fetch(db, Definition, sql, on=on.isoformat())


def find_definition(db: Database, code: str, period: Period) -> Definition | None:
    """The version of a definition that holds for a period, or None."""
    sql = (
        _DEFINITION + "WHERE v.code = :code AND v.starts <= :first ORDER BY v.version DESC LIMIT 1"
    )
    return fetch_one(db, Definition, sql, code=code, first=period.first.isoformat())


def find_versions(db: Database, code: str) -> list[Definition]:
    """Every version of a definition, newest first."""
    return fetch(
        db, Definition, _DEFINITION + "WHERE v.code = :code ORDER BY v.version DESC", code=code
    )


def find_version(db: Database, code: str, version: int) -> Definition | None:
    """One version of a definition, or None."""
    sql = _DEFINITION + "WHERE v.code = :code AND v.version = :version"
    return fetch_one(db, Definition, sql, code=code, version=version)


def is_reported(db: Database, definition: Definition) -> bool:
    """Whether anything was reported under this version: what it means stays as it is."""
    sql = "SELECT count(*) FROM results WHERE code = :code AND version = :version"
    return bool(count(db, sql, code=definition.code, version=definition.version))


def find_figures(
    db: Database, *, code: str | None = None, first: str = "", last: str = "9999"
) -> list[Counted]:
    """The network's figures between two periods, the whole of all regions only, oldest first."""
    sql = """
        SELECT * FROM figures
        WHERE organisation_id = '' AND region = '' AND sex = '' AND age_group = '' AND form = ''
            AND (:code IS NULL OR code = :code) AND period BETWEEN :first AND :last
        ORDER BY code, period
    """
    return fetch(db, Counted, sql, code=code, first=first, last=last)


def find_network(db: Database, periods: Sequence[str]) -> list[Counted]:
    """The network's wholes of all indicators in some periods: what a dashboard shows."""
    sql = """
        SELECT f.* FROM json_each(:periods) AS p JOIN figures AS f ON f.period = p.value
        WHERE f.organisation_id = '' AND f.region = '' AND f.sex = '' AND f.age_group = ''
            AND f.form = ''
    """
    return fetch(db, Counted, sql, periods=as_json(list(periods)))


def find_regional(db: Database, code: str, periods: Sequence[str]) -> list[Counted]:
    """The wholes of regions and countries (two letters), of an indicator in some periods."""
    sql = """
        SELECT f.* FROM json_each(:periods) AS p
        JOIN figures AS f ON f.code = :code AND f.period = p.value AND f.organisation_id = ''
        WHERE f.region <> '' AND f.sex = '' AND f.age_group = '' AND f.form = ''
        ORDER BY f.period, f.region
    """
    return fetch(db, Counted, sql, code=code, periods=as_json(list(periods)))


def find_targets(db: Database, code: str | None = None) -> list[Aim]:
    """Baselines and targets, of one indicator or of all."""
    sql = """
        SELECT code, region, period, baseline, target FROM indicator_targets
        WHERE :code IS NULL OR code = :code ORDER BY code, region, period
    """
    return fetch(db, Aim, sql, code=code)


def find_parts(db: Database, code: str, period: str) -> list[Counted]:
    """All that is kept of an indicator in a period: regions, parts, organisations."""
    sql = """
        SELECT * FROM figures WHERE code = :code AND period = :period
        ORDER BY organisation_id, region, sex, age_group, form
    """
    return fetch(db, Counted, sql, code=code, period=period)
