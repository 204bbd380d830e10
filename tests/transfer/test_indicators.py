"""Indicators come and go as files: what they mean stays under what was reported."""

from typing import Any

import pytest

from portal.actor import Actor
from portal.db import count
from portal.defining.actions import ask_opening
from portal.indicators.queries import find_targets, find_versions
from portal.transfer.actions import KINDS
from portal.transfer.definitions import load_indicators
from tests.transfer.conftest import MORNING, OPERATOR, said

HELPED = {
    "code": "helped_abroad",
    "title": "People helped abroad",
    "title_ru": "Люди, получившие помощь за рубежом",
    "unit": "people",
    "direction": "up",
    "counts_people": "yes",
    "total_rule": "sum",
    "period": "quarter",
    "baseline": "10",
    "target": "25",
    "disaggregations": "region;sex",
    "source": "The register of each organisation.",
}


def test_a_definition_needs_no_more_than_the_named_columns(desk: Any) -> None:
    assert desk.bring("indicators", HELPED).added == 1
    with desk.store.read() as db:
        (stands,) = find_versions(db, "helped_abroad")
        aims = find_targets(db, "helped_abroad")
    assert (stands.kind, stands.source, stands.frequency) == ("count", "reported", "quarter")
    assert stands.dimensions == ["sex", "region"]
    assert stands.titles["ru"].startswith("Люди")
    assert stands.verification == {"en": "The register of each organisation."}
    assert [(each.baseline, each.target) for each in aims] == [(10, 25)]
    assert desk.bring("indicators", HELPED).unchanged == 1


def test_a_code_and_a_title_are_enough(desk: Any) -> None:
    desk.bring("indicators", {"code": "IND-1.2", "title": "Something", "kind": "percent"})
    stored = desk.stored("indicators", "IND-1.2")
    usual = {"counts_people": "yes", "unit": "percent", "direction": "up", "period": "quarter"}
    assert {name: stored[name] for name in usual} == usual


def test_texts_and_aims_may_be_mended_under_results(desk: Any) -> None:
    mended = {"code": "assisted", "title_ru": "Иначе", "target": "400", "source": "Journals."}
    with desk.store.read() as db:
        before = count(db, "SELECT count(*) FROM audit WHERE verb = 'reword'")
    assert desk.bring("indicators", mended).changed == 1
    with desk.store.read() as db:
        newest, *older = find_versions(db, "assisted")
        after = count(db, "SELECT count(*) FROM audit WHERE verb = 'reword'")
    assert (newest.version, older) == (1, [])
    assert newest.titles["ru"] == "Иначе"
    assert newest.titles["tk"]
    assert after == before + 1


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("kind", "median"),
        ("unit", "calls"),
        ("direction", "down"),
        ("counts_people", "no"),
        ("total_rule", "unique"),
        ("place_rule", "mean"),
        ("period_rule", "last"),
        ("period", "month"),
        ("disaggregations", "sex"),
    ],
)
def test_a_meaning_stays_under_results(desk: Any, column: str, text: str) -> None:
    before = desk.counts()
    report = desk.bring("indicators", {"code": "assisted", column: text, "title": "Mended too"})
    assert list(said(report)) == [(2, column)]
    assert "starts" in said(report)[2, column]
    assert desk.counts() == before
    assert desk.stored("indicators", "assisted")["title"] != "Mended too"


def test_a_later_first_day_begins_a_further_version(desk: Any) -> None:
    row = {"code": "assisted", "disaggregations": "sex", "starts": "2026-07-01"}
    early = desk.bring("indicators", row)
    assert "Q3 2026" in said(early)[2, "starts"]
    assert desk.bring("indicators", {**row, "starts": "2026-12-05"}).errors
    assert desk.bring("indicators", {**row, "starts": "2027-01-01"}).changed == 1
    with desk.store.read() as db:
        newest, first = find_versions(db, "assisted")
    assert (newest.version, newest.dimensions) == (2, ["sex"])
    assert first.dimensions == ["sex", "age_group", "form", "region"]
    # the export tells of the newest version, and changes nothing
    assert desk.bring_file("indicators", desk.send("indicators")).changed == 0


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"code": "new", "title": "New"}, "code"),
        ({"code": "a/b", "title": "Slash"}, "code"),
        ({"code": "", "title": "None"}, "code"),
        ({"code": "untitled"}, "title"),
        ({"code": "x", "title": "X", "direction": "sideways"}, "direction"),
        ({"code": "x", "title": "X", "disaggregations": "shoe_size"}, "disaggregations"),
        ({"code": "x", "title": "X", "target": "many"}, "target"),
        ({"code": "x", "title": "X", "quoted": "yes", "counter": "members"}, "counter"),
        ({"code": "assisted", "counter": "members"}, "counter"),
        ({"code": "assisted", "quoted": "yes"}, "quoted"),
    ],
)
def test_what_cannot_be_defined_is_said_at_its_cell(
    desk: Any, row: dict[str, str], wrong: str
) -> None:
    before = desk.counts()
    assert list(said(desk.bring("indicators", row))) == [(2, wrong)]
    assert desk.counts() == before


def test_a_file_says_which_indicator_a_row_is_about(desk: Any) -> None:
    assert (1, "code") in said(desk.bring("indicators", {"title": "Nameless"}))
    twice = desk.write("code,title\nx,X\nx,Y\n")
    assert list(said(desk.bring_file("indicators", twice))) == [(3, "code")]


def test_what_has_ended_stays_so(desk: Any) -> None:
    desk.bring("indicators", {"code": "leaflets", "ended_on": "2026-11-01"})
    assert desk.stored("indicators", "leaflets")["ended_on"] == "2026-11-01"
    assert (2, "ended_on") in said(desk.bring("indicators", {"code": "leaflets", "ended_on": ""}))


def test_an_import_opens_no_figures_alone(desk: Any) -> None:
    before = desk.counts()
    new = {"code": "chairs", "title": "Chairs", "counts_people": "no"}
    assert list(said(desk.bring("indicators", new))) == [(2, "counts_people")]
    assert desk.counts() == before
    assert desk.bring("indicators", {**new, "quoted": "yes"}).added == 1
    assert desk.bring("indicators", {**new, "code": "stools", "counts_people": "yes"}).added == 1
    opened = desk.bring("indicators", {"code": "stools", "counts_people": "no"})
    assert list(said(opened)) == [(2, "counts_people")]
    assert "Two coordinators" in said(opened)[2, "counts_people"]
    # nor does what is open come to mean something else
    for changed in ({"title_ru": "Люди"}, {"period": "month", "starts": "2027-01-01"}):
        errors = said(desk.bring("indicators", {"code": "leaflets", **changed}))
        assert list(errors) == [(2, name) for name in changed]
    assert desk.bring("indicators", {"code": "leaflets", "target": "7"}).changed == 1
    further = {"code": "leaflets", "starts": "2027-01-01", "counts_people": "yes"}
    assert desk.bring("indicators", further).changed == 1


def test_an_import_calls_off_what_waits_to_be_opened(desk: Any) -> None:
    desk.bring("indicators", {"code": "stools", "title": "Stools"})
    with desk.store.transaction() as db:
        keeper = Actor("coordinator", "c-1", organisation_id="o-7k2m9q")
        ask_opening(db, keeper, MORNING, find_versions(db, "stools")[0])
    desk.bring("indicators", {"code": "stools", "title": "People met"})
    sql = "SELECT verdict FROM approvals WHERE subject_id = 'stools/1'"
    assert desk.ask(sql) == ["withdrawn"]


def test_an_export_changes_nothing(desk: Any) -> None:
    report = desk.bring_file("indicators", desk.send("indicators"))
    assert (report.errors, report.changed, report.added) == ([], 0, 0)


def test_an_export_defines_the_same_in_a_portal_that_was_seeded(desk: Any) -> None:
    desk.bring("indicators", HELPED)
    path = desk.send("indicators")
    with desk.store.read() as db:
        before = KINDS["indicators"].stored(db)
    with desk.store.transaction() as db:
        tables = (
            "indicator_changes",
            "figures",
            "results",
            "closed_periods",
            "report_notes",
            "report_cells",
            "project_lines",
            "plan_indicators",
        )
        for table in (*tables, "indicator_targets", "indicator_versions", "indicators"):
            db.table(table).delete_where()
    # what is open is refused at its cell where nobody has opened it, and nothing is imported
    errors = said(desk.bring_file("indicators", path))
    assert errors
    assert {column for _, column in errors} == {"counts_people"}
    with desk.store.transaction() as db:
        load_indicators(db, OPERATOR, MORNING)
    report = desk.bring_file("indicators", path)
    assert (report.errors, report.added) == ([], 1)
    with desk.store.read() as db:
        after = KINDS["indicators"].stored(db)
    assert list(after.items()) == list(before.items())
