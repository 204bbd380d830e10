"""The sheet of a report as a workbook: its rows, the codes for them, of which save it is.

Texts are texts: nothing in it is ever calculated, whatever somebody has written into a note.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped]
    DataValidation,
)

from portal.i18n.fields import called
from portal.i18n.language import Language
from portal.reports.rules import Key, Written
from portal.sheets import fill
from portal.vocabularies.terms import Terms
from portal.worksheets.forms import ABOUT, CODES, REPORT, letter
from portal.worksheets.queries import Worksheet
from portal.worksheets.rules import COLUMNS, REMARK, VOCABULARIES

WIDTHS = {"indicator": 22, "title": 46, "state": 16, "note": 40}

_QUIET = PatternFill("solid", fgColor="EDEDED")
_BOLD = Font(bold=True)

Lists = Mapping[str, Sequence[tuple[str, str]]]


def draw_worksheet(found: Worksheet, terms: Terms, language: Language) -> bytes:
    """The workbook, its words in the reader's language and its codes in none."""
    book = Workbook()
    sheet = book.active
    sheet.title = REPORT
    lists = _lists(found, terms, language)
    _draw_rows(sheet, found, language)
    _draw_codes(book.create_sheet(CODES), lists, language)
    _validate(sheet, lists, len(found.rows))
    _draw_about(book.create_sheet(ABOUT), found)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _draw_rows(sheet: Any, found: Worksheet, language: Language) -> None:
    labels = [called(f"sheet_{name}", language) for name in COLUMNS]
    labels[0] = f"{REMARK} {labels[0]}"
    titles = {each.code: language.of(each.title, each.titles) for each in found.asks}
    projects = {own: code for code, own in found.codes.projects.items()}
    _write(sheet, 1, COLUMNS)
    _write(sheet, 2, labels)
    for number, row in enumerate(found.rows, start=3):
        about = _about(row.key, titles[row.key.code], projects)
        _write(sheet, number, [*about, *_filled(row.written)])
    for position, name in enumerate(COLUMNS):
        sheet.column_dimensions[letter(position)].width = WIDTHS.get(name, 14)
        sheet.cell(1, position + 1).font = _BOLD
        sheet.cell(2, position + 1).fill = _QUIET
    # the two rows of names and the indicator stay in sight
    sheet.freeze_panes = "B3"


def _about(key: Key, title: str, projects: Mapping[str, str]) -> list[str]:
    project = projects.get(key.project_id, key.project_id)
    return [key.code, title, key.period, key.region, project, *key.part]


def _filled(written: Written | None) -> list[str | float | None]:
    if written is None:
        return []
    return [written.state, written.numerator, written.denominator, written.note]


def _lists(found: Worksheet, terms: Terms, language: Language) -> Lists:
    """The codes of each column with what they are called."""
    lists = {
        name: [(code, terms.name(vocabulary, code, language.code)) for code in codes]
        for name, vocabulary in VOCABULARIES.items()
        for codes in [found.codes.vocabularies[vocabulary]]
    }
    lists["indicator"] = [(e.code, language.of(e.title, e.titles)) for e in found.asks]
    lists["region"] = [
        (code, terms.name("regions", code, language.code)) for code in found.codes.regions
    ]
    lists["project"] = [(code, "") for code in found.codes.projects]
    lists["period"] = [(c, "") for c in dict.fromkeys(p for e in found.asks for p in e.periods)]
    return lists


def _draw_codes(sheet: Any, lists: Lists, language: Language) -> None:
    """Two columns for each list: the codes, and what they are called."""
    for position, (name, codes) in enumerate(lists.items()):
        first = 2 * position + 1
        _write(sheet, 1, [name, called(f"sheet_{name}", language)], first)
        for number, pair in enumerate(codes, start=2):
            _write(sheet, number, pair, first)
        sheet.column_dimensions[letter(first - 1)].width = 20
        sheet.column_dimensions[letter(first)].width = 34


def _validate(sheet: Any, lists: Lists, rows: int) -> None:
    """Let a spreadsheet offer the codes of a column, also in rows that are added below."""
    for position, (name, codes) in enumerate(lists.items()):
        if not codes:
            continue
        column = letter(2 * position)
        source = f"{CODES}!${column}$2:${column}${len(codes) + 1}"
        offered = DataValidation("list", formula1=source, allow_blank=True)
        at = letter(COLUMNS.index(name))
        offered.add(f"{at}3:{at}{rows + 200}")
        sheet.add_data_validation(offered)


def _draw_about(sheet: Any, found: Worksheet) -> None:
    """Of which report the sheet is, and of which save of it."""
    report = found.report
    told = {"report": report.id, "organisation": report.name, "period": report.period}
    for number, pair in enumerate({**told, "revision": str(report.revision)}.items(), start=1):
        _write(sheet, number, pair)


def _write(sheet: Any, row: int, values: Sequence[str | float | None], first: int = 1) -> None:
    for position, value in enumerate(values, start=first):
        if value is not None and value != "":
            fill(sheet.cell(row, position), value)
