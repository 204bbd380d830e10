"""What a report's sheet is made of: what is asked for, what is written, and the codes."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, column, fetch
from portal.errors import Invalid, NotFound
from portal.indicators.locks import refuse_locked
from portal.indicators.periods import Period, period_of, periods_within
from portal.indicators.rules import State
from portal.reports.actions import CHANGED
from portal.reports.queries import (
    OWN_ROLES,
    Report,
    as_asked,
    find_asked,
    find_written,
    get_report_for,
)
from portal.reports.rules import Key, Written, periods_asked
from portal.vocabularies.terms import Terms
from portal.worksheets.rules import VOCABULARIES, Codes, SheetAsk, SheetRow, lay_out


class Worksheet(msgspec.Struct, frozen=True):
    """A report as a sheet, as it stands now."""

    report: Report
    asks: list[SheetAsk]
    codes: Codes
    written: list[Written]
    rows: list[SheetRow]


def get_worksheet_for(db: Database, actor: Actor, report_id: str, terms: Terms) -> Worksheet:
    """The sheet of a report, for people of its organisation and coordinators."""
    return _worksheet(db, get_report_for(db, actor, report_id), terms)


def get_own_worksheet(
    db: Database, actor: Actor, today: date, report_id: str, terms: Terms
) -> Worksheet:
    """The sheet of a report that somebody may write in now.

    Strangers and other organisations' coordinators get `NotFound`; `Invalid` once it is handed in,
    or when its period is closed.
    """
    report = get_report_for(db, actor, report_id)
    # security: a coordinator reads the reports of others and never writes in them
    if actor.role not in OWN_ROLES or actor.organisation_id != report.organisation_id:
        raise NotFound
    if not report.is_editable:
        raise Invalid({"all": [CHANGED]})
    refuse_locked(db, report.quarter, report.organisation_id, today)
    return _worksheet(db, report, terms)


def _worksheet(db: Database, report: Report, terms: Terms) -> Worksheet:
    asks = find_asks(db, report.quarter)
    codes = _codes(db, terms, report, asks)
    written = find_written(db, report.id)
    used = _used(db, report)
    rows = lay_out(asks, codes, written, used, _home(db, report.organisation_id))
    return Worksheet(report, asks, codes, written, rows)


def find_asks(db: Database, quarter: Period) -> list[SheetAsk]:
    """What a quarter's report asks for, without what has no period in it."""
    definitions = find_asked(db, quarter)
    asks = [
        SheetAsk(
            asked.code,
            definition.title,
            definition.titles,
            asked,
            [each.code for each in periods_asked(quarter, asked.frequency)],
        )
        for definition, asked in zip(definitions, as_asked(definitions), strict=True)
    ]
    return [each for each in asks if each.periods]


def _codes(db: Database, terms: Terms, report: Report, asks: Sequence[SheetAsk]) -> Codes:
    lists = {name: terms.codes(name) for name in VOCABULARIES.values()}
    lists["result_states"] = list(get_args(State))
    regions = column(db, "SELECT code FROM regions ORDER BY position")
    countries = list(dict.fromkeys(code[:2] for code in regions))
    # security: of what others are paid for nothing is told here, not even a code
    own = "SELECT code, id FROM projects WHERE organisation_id = :id"
    named = """
        UNION SELECT p.code, p.id FROM report_cells AS c JOIN projects AS p ON p.id = c.project_id
        WHERE c.report_id = :report ORDER BY 1
    """
    asked = {"id": report.organisation_id, "report": report.id}
    projects = dict(db.execute(own + named, asked).fetchall())
    return Codes(lists, [*regions, *countries], projects, _words(terms, asks))


def _words(terms: Terms, asks: Sequence[SheetAsk]) -> dict[str, dict[str, str]]:
    """By column the words that people know codes by; a word of two codes is none."""
    named = {
        column: [(term.code, word) for term in terms.all(name) for word in term.names.values()]
        for column, name in {**VOCABULARIES, "region": "regions"}.items()
    }
    named["indicator"] = [(e.code, word) for e in asks for word in (e.title, *e.titles.values())]
    return {column: _one_each(pairs) for column, pairs in named.items()}


def _one_each(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    # a code is a word of its own, and never that of another one
    for word, code in ((each, pair[0]) for pair in pairs for each in pair):
        codes.setdefault(word.casefold(), set()).add(code)
    return {word: next(iter(found)) for word, found in codes.items() if len(found) == 1}


def _used(db: Database, report: Report) -> list[Key]:
    """What was told of the quarter before, each once: the keys without their periods."""
    before = report.quarter.before
    months = periods_within(before.first, before.last, "month")
    year = period_of(report.quarter.first, "year").before
    sql = """
        SELECT DISTINCT r.code, '' AS period, r.region, coalesce(r.project_id, '') AS project_id,
            r.sex, r.age_group, r.form
        FROM json_each(:periods) AS p JOIN results AS r ON r.period = p.value
        WHERE r.organisation_id = :id AND r.accepted_at IS NOT NULL AND r.replaced_at IS NULL
            AND r.report_id IS NOT NULL
        ORDER BY r.code, r.region, project_id, r.sex, r.age_group, r.form
    """
    periods = [before.code, year.code, *(each.code for each in months)]
    return fetch(db, Key, sql, periods=as_json(periods), id=report.organisation_id)


def _home(db: Database, organisation_id: str) -> str:
    """The region of an organisation's seat; empty when it is not known."""
    sql = """
        SELECT p.region FROM organisations AS o JOIN places AS p ON p.id = o.place_id
        WHERE o.id = :id
    """
    found: Sequence[str | None] = column(db, sql, id=organisation_id)
    return next(iter(found), None) or ""
