"""Texts become values and the same texts again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.texts import clean, is_formula, neutralise, printable, restore
from portal.transfer import cells
from portal.transfer.forms import letter
from portal.transfer.organisations import granted_until
from portal.transfer.report import WrongCell

HOSTILE = st.text(st.sampled_from("=+-@'; ()0129ab\t\n\r\u202eÝҷ\u0306"), max_size=12)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


class Nobody:
    """A finder for cells that ask it nothing but the day."""

    today = date(2026, 11, 23)


def again(cell: cells.Cell, text: str) -> Any:
    return cell.value(text, Nobody())  # type: ignore[arg-type]


@given(st.text() | HOSTILE)
def test_a_neutralised_text_comes_back(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(st.text() | HOSTILE)
def test_nothing_that_a_spreadsheet_calculates_leaves(text: str) -> None:
    assert not is_formula(neutralise(text))


@given(st.text() | HOSTILE)
def test_a_cleaned_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert printable(printable(text)) == printable(text) == clean(printable(text))


@pytest.mark.parametrize("text", ["+993 12 345678", "--03-03", "-2", "(0)12", "'Ak", "-", ""])
def test_phones_dates_and_numbers_are_left_alone(text: str) -> None:
    assert neutralise(text) == text


@pytest.mark.parametrize("text", ["=1", "@x", "+x(1)", "-2+A1", "+1\n=x", "-2|'x'!A0", "'=1"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text


@given(st.integers(1, 12), st.integers(1, 12))
def test_seasons_come_back(first: int, last: int) -> None:
    cell = cells.season()
    assert again(cell, cell.text((first, last))) == (first, last)


@given(st.floats(-180, 180, allow_subnormal=False).map(lambda value: round(value, 12)))
def test_numbers_come_back(value: float) -> None:
    cell = cells.number(-180, 180)
    assert again(cell, cell.text(value)) == value


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=4))
def test_absences_come_back_in_the_order_of_time_or_overlap(periods: list[list[date]]) -> None:
    cell = cells.absences()
    text = cell.text([(start.isoformat(), end.isoformat()) for start, end in periods])
    try:
        value = again(cell, text)
    except WrongCell:
        return
    assert value == sorted(value)
    assert again(cell, cell.text(value)) == value


QUESTIONS = st.text(
    st.characters(exclude_characters=";", exclude_categories=("C", "Z")), min_size=1
)


@given(st.dictionaries(QUESTIONS, st.integers(0, 100) | st.just(12.5), max_size=4))
def test_evaluations_come_back(shares: dict[str, float]) -> None:
    cell = cells.percents()
    assert again(cell, cell.text(shares)) == shares


@pytest.mark.parametrize(
    ("stored", "today", "until"),
    [
        ("", date(2026, 11, 23), "2027-11-23"),
        ("2026-11-23", date(2026, 11, 23), "2027-11-23"),
        ("2026-11-24", date(2026, 11, 23), "2026-11-24"),
        ("", date(2028, 2, 29), "2029-02-28"),
    ],
)
def test_a_grant_runs_for_a_year(stored: str, today: date, until: str) -> None:
    assert granted_until(stored, today) == until


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    assert [letter(position) for position in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
