"""Accepted results as rows of a file: those that stand, each the value of its whole key.

An import is an operator's act: what it brings is accepted at once, and what stood before is kept
beside it as replaced. A row that changes nothing is never refused.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.indicators.checks import problems
from portal.indicators.periods import read_period
from portal.indicators.results import Kept, Standing, find_standing, keep_results
from portal.indicators.rules import Cell
from portal.transfer import cells, references
from portal.transfer.columns import Column, Entry, Kind
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell
from portal.transfer.result_rows import PARTS, Rows, column_of

LARGEST = 999_999_999

KEY = ("indicator", "organisation", "project", "region", "period", *PARTS)

# an indicator and a period: what is made anew together
Group = tuple[str, str]
Line = tuple[str | None, ...]


def period() -> cells.Cell:
    """A month, a quarter or a year."""

    def read(text: str, _finder: Finder) -> str:
        try:
            return read_period(text.upper()).code
        except Invalid as invalid:
            said = invalid.fields["period"][0]
            raise WrongCell(said if isinstance(said, Message) else Message(said)) from invalid

    return cells.Cell(read)


def whereabouts() -> cells.Cell:
    """A region, or a country for somewhere in it."""

    def read(text: str, finder: Finder) -> str:
        if finder.knows_region(text) or finder.knows_country(text):
            return text
        raise WrongCell(
            Message(
                "Write the code of a region, for example TM-M, or of a country, for example TM, for"
                " somewhere in it."
            )
        )

    return cells.Cell(read)


COLUMNS = (
    Column("indicator", references.record("indicators"), required=True),
    Column("organisation", cells.organisation()),
    Column("project", references.record("projects")),
    Column("region", whereabouts()),
    Column("period", period(), required=True),
    Column("sex", cells.code("sexes")),
    Column("age_group", cells.code("result_age_groups")),
    Column("form", cells.code("exploitation_forms")),
    Column("value", cells.number(0, LARGEST)),
    Column("numerator", cells.number(0, LARGEST)),
    Column("denominator", cells.number(0, LARGEST)),
    Column("state", cells.code("result_states", empty="value")),
    Column("note", cells.line(500)),
    Column("quoted_from", cells.line(500)),
)

_SQL = """
    SELECT r.code AS indicator, r.organisation_id AS organisation, p.code AS project, r.region,
        r.period, r.sex, r.age_group, r.form,
        CASE WHEN v.kind NOT IN ('ratio', 'percent') THEN r.numerator END AS value,
        CASE WHEN v.kind IN ('ratio', 'percent') THEN r.numerator END AS numerator,
        r.denominator, r.state, r.note, r.quoted_from
    FROM results AS r
    JOIN indicator_versions AS v ON v.code = r.code AND v.version = r.version
    LEFT JOIN projects AS p ON p.id = r.project_id
    WHERE r.accepted_at IS NOT NULL AND r.replaced_at IS NULL
    ORDER BY r.code, r.period, r.organisation_id, r.region, p.code, r.sex, r.age_group, r.form, r.id
"""


def _together(db: Database, entries: list[Entry], finder: Finder) -> list[CellError]:
    """What is wrong with rows that change something, and with the whole lines they belong to."""
    rows = Rows(db, finder.today)
    errors: list[CellError] = []
    for entry in entries:
        if not entry.is_wrong and _is_to_save(entry):
            wrong = rows.errors(entry)
            entry.is_wrong = bool(wrong)
            errors += wrong
    for (code, at), group in _grouped(entries).items():
        if any(_is_to_save(entry) for entry in group):
            errors += _wrong_lines(rows, group, find_standing(db, code, at))
    return errors


def _wrong_lines(rows: Rows, group: list[Entry], standing: list[Standing]) -> list[CellError]:
    lines: dict[Line, list[Entry]] = {}
    for entry in group:
        lines.setdefault(rows.line(entry), []).append(entry)
    stood: dict[Line, list[Standing]] = {}
    for each in standing:
        stood.setdefault(each.line, []).append(each)
    return [
        error
        for line, there in lines.items()
        if any(_is_to_save(entry) for entry in there) and not any(e.is_wrong for e in there)
        for error in _wrong_line(rows, there, stood.get(line, []))
    ]


def _wrong_line(rows: Rows, there: list[Entry], standing: list[Standing]) -> list[CellError]:
    """What does not fit together once the file's cells stand beside those that it leaves."""
    kept = {rows.kept(entry).key: entry for entry in there}
    left = [
        each
        for each in standing
        if each.key not in kept and not (each.state == "not_reported" and each.report_id is None)
    ]
    line = [*(rows.kept(entry) for entry in there), *left]
    rules = rows.definition(there[0]).rules
    at = {_part(rows.kept(entry)): entry for entry in there}
    first = next(entry for entry in there if _is_to_save(entry))
    return [
        at.get(part, first).error(column_of(rules, said), said)
        for part, said in problems(rules, [_cell(each) for each in line]).items()
    ]


def _part(kept: Kept) -> tuple[str, ...]:
    """Sex, age group and form as they stand: `unknown` is a word of each of them."""
    part = (kept.sex, kept.age_group, kept.form)
    return part if any(part) else ()


def _cell(kept: Kept) -> Cell:
    return Cell(kept.state, kept.numerator, kept.denominator, _part(kept))


def _save_all(db: Database, by: Actor, at: datetime, entries: list[Entry], finder: Finder) -> None:
    """Accept all rows of each indicator and period of which one changes; figures are made once."""
    rows = Rows(db, finder.today)
    for (code, of), group in _grouped(entries).items():
        if not any(_is_to_save(entry) for entry in group):
            continue
        # what a row leaves as it is keeps the version it was reported under
        stood = {each.key: each for each in find_standing(db, code, of)}
        cells_of_group = [rows.kept(entry) for entry in group]
        keep_results(
            db,
            by,
            at,
            [
                each if _is_to_save(entry) else stood[each.key]
                for entry, each in zip(group, cells_of_group, strict=True)
            ],
        )


def _grouped(entries: Iterable[Entry]) -> dict[Group, list[Entry]]:
    """The rows by indicator and period."""
    groups: dict[Group, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.text("indicator"), entry.text("period")), []).append(entry)
    return groups


def _is_to_save(entry: Entry) -> bool:
    return entry.is_new or bool(entry.changes)


RESULTS = Kind("results", COLUMNS, _SQL, key=KEY, together=_together, save_all=_save_all)
