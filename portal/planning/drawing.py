"""The progress of a plan as a table to take along: a line for each action and indicator."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

from portal.i18n.language import Language
from portal.plans.answers import ActionProgress, IndicatorOfAction, PlanProgress
from portal.vocabularies.terms import Terms

Cell = str | float | None

HEADER = (
    "action",
    "text",
    "starts_on",
    "ends_on",
    "responsible",
    "organisation",
    "state",
    "said_on",
    "reason",
    "events_held",
    "activities_held",
    "indicator",
    "indicator_title",
    "country",
    "periods",
    "value",
    "unit",
    "target",
    "progress_percent",
    "changed_on",
)

_NOT_IN_A_CELL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def draw_csv(plan: PlanProgress, language: Language, terms: Terms) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(HEADER)
    for row in _rows(plan, language, terms):
        writer.writerow(["" if each is None else _harmless(each) for each in row])
    return written.getvalue().encode("utf-8-sig")


def draw_workbook(plan: PlanProgress, language: Language, terms: Terms) -> bytes:
    """One sheet; texts are texts, so that nothing in them is ever calculated."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("plan")
    sheet.append(HEADER)
    for row in _rows(plan, language, terms):
        cells = [WriteOnlyCell(sheet, value=_clean(each)) for each in row]
        for cell, each in zip(cells, row, strict=True):
            if isinstance(each, str) and each:
                cell.data_type = "s"
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _rows(plan: PlanProgress, language: Language, terms: Terms) -> Iterator[list[Cell]]:
    for action in plan.progress:
        if not action.indicators:
            yield _row(action, None, language, terms)
        for indicator in action.indicators:
            yield _row(action, indicator, language, terms)


def _row(
    action: ActionProgress, indicator: IndicatorOfAction | None, language: Language, terms: Terms
) -> list[Cell]:
    return [
        action.code,
        language.of(action.text, action.texts),
        action.starts_on.isoformat(),
        action.ends_on.isoformat(),
        action.responsible,
        action.organisation and language.of(action.organisation, action.organisation_names),
        terms.name("plan_action_states", action.state, language.code),
        _day(action.said_on),
        action.reason,
        action.events_held,
        action.activities_held,
        *(_measured(indicator, language, terms) if indicator else [None] * 8),
        action.changed_at[:10],
    ]


def _measured(each: IndicatorOfAction, language: Language, terms: Terms) -> list[Cell]:
    return [
        each.code,
        language.of(each.titles.get("en", each.code), each.titles),
        each.country,
        "/".join(dict.fromkeys(code for code in (each.since, each.until) if code)),
        each.value,
        terms.name("indicator_units", each.unit, language.code),
        each.target,
        None if each.progress is None else round(each.progress * 100),
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _clean(value: Cell) -> Cell:
    return _NOT_IN_A_CELL.sub("", value) if isinstance(value, str) else value


def _harmless(value: Cell) -> Cell:
    # security: a cell that begins like a formula can call programs where it is opened
    clean = _clean(value)
    return f"'{clean}" if isinstance(clean, str) and clean[:1] in ("=", "+", "-", "@") else clean
