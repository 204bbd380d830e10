"""Results come and go as files: accepted as they stand, and held to the rules of their lines."""

import csv
from typing import Any

import pytest

from portal.db import count, fetch
from portal.indicators.locks import reopen
from portal.indicators.periods import read_period
from portal.indicators.queries import Counted, find_parts
from portal.transfer.actions import KINDS
from tests.conftest import MOMENT, OPERATOR
from tests.transfer.conftest import MONDAY, said

WHERE = {"organisation": "o-3vd8xw", "region": "TM-M", "period": "2026-Q3"}
BLANK = {"sex": "", "value": "", "numerator": "", "denominator": "", "state": "", "note": ""}


def cell(indicator: str = "assisted", **more: str) -> dict[str, str]:
    return {**BLANK, **WHERE, "indicator": indicator, **more}


def figure(desk: Any, code: str = "assisted", period: str = "2026-Q3", **wanted: str) -> Counted:
    with desk.store.read() as db:
        of = {"organisation_id": "o-3vd8xw", "region": "TM-M", "sex": "", **wanted}
        return next(
            each
            for each in find_parts(db, code, period)
            if all(getattr(each, name) == value for name, value in of.items())
        )


def test_what_comes_in_is_accepted_and_counted(desk: Any) -> None:
    rows = (cell(sex="female", value="3"), cell(sex="male", value="2"), cell(value="5"))
    assert desk.bring("results", *rows, dry_run=True).added == 3
    assert desk.bring("results", *rows).added == 3
    assert figure(desk).numerator == 5
    assert desk.bring("results", *rows).unchanged == 3
    told = desk.ask("SELECT entity FROM audit WHERE verb = 'import' ORDER BY id DESC LIMIT 1")
    assert told == ["results"]


def test_a_correction_is_a_further_row(desk: Any) -> None:
    desk.bring("results", cell("leaflets", value="120"))
    assert desk.bring("results", cell("leaflets", value="130", note="Counted anew.")).changed == 1
    assert figure(desk, "leaflets").numerator == 130
    with desk.store.read() as db:
        where = "FROM results WHERE code = 'leaflets' AND organisation_id = 'o-3vd8xw'"
        both = "SELECT count(*) " + where + " AND period = '2026-Q3' AND numerator IN (120, 130)"
        assert count(db, both) == 2
        assert count(db, both + " AND replaced_at IS NULL") == 1


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (cell("unheard_of", value="1"), "indicator", "Import it first"),
        (cell("members", value="1"), "indicator", "counts this itself"),
        (cell("assisted_published", value="1", period="2026"), "organisation", "quoted"),
        (cell(value="1", organisation=""), "organisation", "whose"),
        (cell(value="1", organisation="Nobody at all"), "organisation", "No organisation"),
        (cell(value="1", region="XX-1"), "region", "TM-M"),
        (cell(value="1", period="2026-13"), "period", "2026-Q1"),
        (cell(value="1", period="2026-07"), "period", "quarter"),
        (cell(value="1", period="2027-Q1"), "period", "not begun"),
        (cell(value="1", period="2026-Q2"), "period", "closed"),
        (cell(value="1", period="2019-Q1"), "period", "not defined"),
        (cell(value="1", sex="neither"), "sex", "female"),
        (cell("leaflets", value="1", sex="female"), "sex", "no parts"),
        (cell(value="-1"), "value", "from 0"),
        (cell(value="1.5"), "value", "whole numbers"),
        (cell(), "value", "why there is none"),
        (cell(value="4", state="no_activity"), "value", "not both"),
        (cell(value="4", state="guessed"), "state", "not_applicable"),
        (cell(numerator="4"), "numerator", "value"),
        (cell(value="4", note="Call +993 65 123456"), "note", "one person"),
        (cell("exploited_again", value="120", region=""), "value", "of 100"),
        (cell("exploited_again", numerator="7", denominator="5", region=""), "numerator", "100"),
        (cell("exploited_again", numerator="7", region=""), "denominator", "how many"),
    ],
)
def test_a_result_that_cannot_be_is_refused_at_its_cell(
    desk: Any, row: dict[str, str], column: str, says: str
) -> None:
    before = desk.counts()
    good = cell("days_to_help", value="4", region="")
    found = said(desk.bring("results", good, row))
    assert list(found) == [(3, column)]
    assert says in found[3, column]
    assert desk.counts() == before


def test_a_project_of_others_is_refused_at_its_cell(desk: Any) -> None:
    with desk.store.transaction() as db:
        row = {"id": "p-other", "code": "OTHER-1", "title": "Of others", "titles": "{}"}
        row |= {"descriptions": "{}", "countries": "[]", "regions": "[]"}
        (other,) = db.query("SELECT id FROM organisations WHERE id <> 'o-3vd8xw' LIMIT 1")
        db.table("projects").insert({**row, "organisation_id": other["id"]})
    before = desk.ask("SELECT count(*) FROM results")
    found = desk.bring("results", cell("leaflets", value="3", project="OTHER-1"))
    assert [(each.column) for each in found.errors] == ["project"]
    assert desk.ask("SELECT count(*) FROM results") == before


def test_parts_are_held_against_the_whole_that_stands_afterwards(desk: Any) -> None:
    desk.bring(
        "results", cell(value="5"), cell(sex="female", value="3"), cell(sex="male", value="2")
    )
    found = said(desk.bring("results", cell(sex="male", value="4")))
    assert "7" in found[2, "value"]
    assert "5" in found[2, "value"]
    over = said(desk.bring("results", cell(sex="male", value="9")))
    assert "larger than the whole" in over[2, "value"]
    whole = [cell(sex="male", value="4"), cell(value="7")]
    assert desk.bring("results", *whole).changed == 2


def test_a_closed_period_opens_for_whom_it_was_opened(desk: Any) -> None:
    row = cell("leaflets", value="77", period="2026-Q1")
    assert (2, "period") in said(desk.bring("results", row))
    with desk.store.transaction() as db:
        of = (read_period("2026-Q1"), "o-3vd8xw", "A box was found.", MONDAY)
        reopen(db, OPERATOR, MOMENT, *of)
    assert desk.bring("results", row).errors == []
    assert figure(desk, "leaflets", "2026-Q1").numerator == 77


def test_what_others_published_is_quoted_with_its_source(desk: Any) -> None:
    row = {"indicator": "assisted_published", "region": "TJ", "period": "2024", "value": "31"}
    assert (2, "quoted_from") in said(desk.bring("results", row))
    assert desk.bring("results", {**row, "quoted_from": "Annual report 2024"}).added == 1
    found = figure(desk, "assisted_published", "2024", organisation_id="", region="TJ")
    assert found.numerator == 31
    quoted = cell("leaflets", value="3") | {"quoted_from": "A leaflet"}
    assert (2, "quoted_from") in said(desk.bring("results", quoted))


def test_a_file_names_indicator_and_period(desk: Any) -> None:
    lacking = desk.write("organisation,value\no-3vd8xw,3\n")
    assert set(said(desk.bring_file("results", lacking))) == {(1, "indicator"), (1, "period")}
    twice = desk.bring("results", cell("leaflets", value="1"), cell("leaflets", value="2"))
    assert "Row 2" in said(twice)[3, "indicator"]


def test_organisations_may_be_named(desk: Any) -> None:
    (name,) = desk.ask("SELECT name FROM organisations WHERE id = 'o-3vd8xw'")
    desk.bring("results", cell("leaflets", value="8", organisation=name))
    assert figure(desk, "leaflets").numerator == 8


def test_an_export_brings_the_same_figures_to_an_empty_portal(desk: Any) -> None:
    path = desk.send("results")
    with desk.store.read() as db:
        before = figures_of(db)
    with desk.store.transaction() as db:
        for table in ("figures", "results", "closed_periods"):
            db.table(table).delete_where()
    report = desk.bring_file("results", path)
    assert report.errors == []
    with path.open(encoding="utf-8") as lines:
        assert report.added == len(list(csv.DictReader(lines)))
    with desk.store.read() as db:
        after = figures_of(db)
    assert after == before
    assert len(KINDS["results"].key) == 8


def figures_of(db: Any) -> list[Counted]:
    sql = """
        SELECT * FROM figures ORDER BY code, period, organisation_id, region, sex, age_group, form
    """
    return fetch(db, Counted, sql)
