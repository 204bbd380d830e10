"""Define indicators; make figures of the results that were accepted."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, column, count, fetch
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition, find_definition
from portal.indicators.rules import Cell, Figure, Rules, State, of_line, over_places

WHOLE = ("", "", "")

JSON_FIELDS = ("dimensions", "titles", "descriptions", "verification")


class Result(msgspec.Struct, frozen=True):
    """One accepted cell."""

    organisation_id: str
    region: str
    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None

    @property
    def part(self) -> tuple[str, str, str]:
        """Sex, age group and form."""
        return (self.sex, self.age_group, self.form)


def define(db: Database, by: Actor, at: datetime, definition: Definition) -> None:
    """Add a version of a definition, or change one under which nothing was reported yet.

    `Invalid` when something was: a change of meaning is a further version from a later period on.
    """
    key = {"code": definition.code, "version": definition.version}
    reported = "SELECT count(*) FROM results WHERE code = :code AND version = :version"
    if count(db, reported, **key):
        said = Message("Results were reported under this version. Begin a further one instead.")
        raise Invalid({"all": [said]})
    indicators = db.table("indicators")
    if not indicators.count_where("code = ?", [definition.code]):
        position = count(db, "SELECT coalesce(max(position), 0) + 1 FROM indicators")
        row = {"code": definition.code, "source": definition.source, "position": position}
        indicators.insert({**row, "counter": definition.counter})
    row = msgspec.to_builtins(definition)
    for name in ("source", "counter"):
        del row[name]
    row |= {name: as_json(row[name]) for name in JSON_FIELDS}
    row |= {"at": stamp(at), "by": by.account_id or by.role}
    db.table("indicator_versions").upsert(row)
    audit.record(db, by, at, "define", "indicators", definition.code, version=definition.version)


def count_anew(db: Database, code: str, period: str) -> None:
    """Make the figures of an indicator and a period anew from what was accepted."""
    definition = find_definition(db, code, read_period(period))
    if definition is None:
        return
    table = db.table("figures")
    table.delete_where("code = ? AND period = ?", [code, period])
    table.insert_all(
        {"code": code, "version": definition.version, "period": period, **row}
        for row in _figures(definition.rules, _accepted(db, code, period))
    )


def count_all_anew(db: Database) -> int:
    """Make every figure anew; how many periods of indicators there were."""
    pairs = db.execute("SELECT DISTINCT code, period FROM results WHERE accepted_at IS NOT NULL")
    found = pairs.fetchall()
    for code, period in found:
        count_anew(db, code, period)
    return len(found)


def _accepted(db: Database, code: str, period: str) -> list[Result]:
    sql = """
        SELECT coalesce(organisation_id, '') AS organisation_id, region, sex, age_group, form,
            state, numerator, denominator
        FROM results
        WHERE code = :code AND period = :period AND accepted_at IS NOT NULL
            AND replaced_at IS NULL
    """
    return fetch(db, Result, sql, code=code, period=period)


def _figures(rules: Rules, results: list[Result]) -> Iterator[dict[str, Any]]:
    """A row for each organisation and region, for each region, for all; parts for regions and all.

    Organisations that were expected and have not reported have cells of their own that say so.
    """
    lines: dict[tuple[str, str], list[Result]] = {}
    for each in results:
        lines.setdefault((each.organisation_id, each.region), []).append(each)
    wholes = {key: of_line(rules, [_cell(each) for each in line]) for key, line in lines.items()}
    organisations = sorted({organisation for organisation, _ in lines if organisation})
    regions = sorted({region for _, region in lines if region})
    for organisation in organisations:
        mine = {key: figure for key, figure in wholes.items() if key[0] == organisation}
        yield _row(organisation, "", WHOLE, over_places(rules, mine.values()))
        yield from (
            _row(organisation, region, WHOLE, figure)
            for (_, region), figure in mine.items()
            if region
        )
    yield _row("", "", WHOLE, over_places(rules, wholes.values()))
    for region in regions:
        there = [figure for (_, at), figure in wholes.items() if at == region]
        yield _row("", region, WHOLE, over_places(rules, there))
    for region in ("", *regions):
        yield from _parts(rules, results, region)


def _parts(rules: Rules, results: list[Result], region: str) -> Iterator[dict[str, Any]]:
    """The parts of the network's figure, and those of each single dimension."""
    within = [each for each in results if each.part != WHOLE and region in ("", each.region)]
    wanted = dict.fromkeys(part for each in within for part in _with_margins(each.part))
    for part in wanted:
        lines: dict[tuple[str, str], list[Cell]] = {}
        for each in within:
            if _is_within(each.part, part):
                line = lines.setdefault((each.organisation_id, each.region), [])
                line.append(_cell(each))
        figures = [of_line(Rules(rules.kind), cells) for cells in lines.values()]
        yield _row("", region, part, over_places(rules, figures))


def _with_margins(part: tuple[str, str, str]) -> Iterable[tuple[str, str, str]]:
    """The part itself, and each of its dimensions alone."""
    yield part
    sex, age_group, form = part
    for alone in ((sex, "", ""), ("", age_group, ""), ("", "", form)):
        if alone != WHOLE:
            yield alone


def _is_within(part: tuple[str, str, str], wanted: tuple[str, str, str]) -> bool:
    return all(not want or want == have for have, want in zip(part, wanted, strict=True))


def _cell(result: Result) -> Cell:
    part = tuple(filter(None, result.part))
    return Cell(result.state, result.numerator, result.denominator, part)


def _row(
    organisation: str, region: str, part: tuple[str, str, str], figure: Figure
) -> dict[str, Any]:
    sex, age_group, form = part
    of = {"organisation_id": organisation, "region": region}
    cells = {"sex": sex, "age_group": age_group, "form": form}
    return {**of, **cells, **msgspec.structs.asdict(figure)}


def find_periods(db: Database, code: str) -> list[str]:
    """The periods of an indicator of which something was accepted, oldest first."""
    sql = "SELECT DISTINCT period FROM figures WHERE code = :code ORDER BY period"
    return column(db, sql, code=code)
