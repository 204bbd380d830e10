"""Make figures of accepted results: of organisations, regions, countries and parts."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from portal.indicators.periods import read_period
from portal.indicators.queries import find_definition
from portal.indicators.rules import Cell, Figure, Rules, State, of_line, over_places

WHOLE = ("", "", "")


class Result(msgspec.Struct, frozen=True):
    """One accepted cell."""

    organisation_id: str
    region: str
    project_id: str
    sex: str
    age_group: str
    form: str
    state: State
    numerator: float | None
    denominator: float | None

    @property
    def line(self) -> tuple[str, str, str]:
        """Of which organisation, where, and for which project."""
        return (self.organisation_id, self.region, self.project_id)

    @property
    def part(self) -> tuple[str, str, str]:
        """Sex, age group and form."""
        return (self.sex, self.age_group, self.form)


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
        SELECT coalesce(organisation_id, '') AS organisation_id, region,
            coalesce(project_id, '') AS project_id, sex, age_group, form, state, numerator,
            denominator
        FROM results
        WHERE code = :code AND period = :period AND accepted_at IS NOT NULL
            AND replaced_at IS NULL
    """
    return fetch(db, Result, sql, code=code, period=period)


def _figures(rules: Rules, results: list[Result]) -> Iterator[dict[str, Any]]:
    """A row for each organisation and region, for each region and country, for all; and parts.

    Organisations that were expected and have not reported have cells of their own that say so. What
    was done for two projects in one region are two lines.
    """
    lines: dict[tuple[str, str, str], list[Result]] = {}
    for each in results:
        lines.setdefault(each.line, []).append(each)
    wholes = [(key, of_line(rules, [_cell(each) for each in line])) for key, line in lines.items()]
    for organisation in sorted({each.organisation_id for each in results} - {""}):
        mine = [(region, figure) for (own, region, _), figure in wholes if own == organisation]
        yield _row(organisation, "", WHOLE, over_places(rules, [figure for _, figure in mine]))
        for region in sorted({region for region, _ in mine} - {""}):
            there = [figure for at, figure in mine if at == region]
            yield _row(organisation, region, WHOLE, over_places(rules, there))
    places = ["", *_places(results)]
    for place in places:
        there = [figure for (_, at, _), figure in wholes if _lies_in(at, place)]
        yield _row("", place, WHOLE, over_places(rules, there))
    for place in places:
        yield from _parts(rules, results, place)


def _places(results: list[Result]) -> list[str]:
    """The regions and, by the two letters they begin with, the countries of which it is told."""
    regions = {each.region for each in results} - {""}
    return sorted(regions | {region[:2] for region in regions})


def _lies_in(region: str, place: str) -> bool:
    return place in ("", region) or region.startswith(f"{place}-")


def _parts(rules: Rules, results: list[Result], place: str) -> Iterator[dict[str, Any]]:
    """The parts of the network's figure, and those of each single dimension."""
    within = [each for each in results if each.part != WHOLE and _lies_in(each.region, place)]
    wanted = dict.fromkeys(part for each in within for part in _with_margins(each.part))
    for part in wanted:
        lines: dict[tuple[str, str, str], list[Cell]] = {}
        for each in within:
            if _is_within(each.part, part):
                lines.setdefault(each.line, []).append(_cell(each))
        figures = [of_line(Rules(rules.kind), cells) for cells in lines.values()]
        yield _row("", place, part, over_places(rules, figures))


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
    part = result.part if result.part != WHOLE else ()
    return Cell(result.state, result.numerator, result.denominator, part)


def _row(
    organisation: str, region: str, part: tuple[str, str, str], figure: Figure
) -> dict[str, Any]:
    sex, age_group, form = part
    of = {"organisation_id": organisation, "region": region}
    cells = {"sex": sex, "age_group": age_group, "form": form}
    return {**of, **cells, **msgspec.structs.asdict(figure)}
