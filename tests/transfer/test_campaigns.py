"""Campaigns and activities come from files; who came is counted, when somebody came."""

from typing import Any

import pytest

from tests.transfer.conftest import said

CAMPAIGN = {
    "id": "c-new",
    "title": "A campaign",
    "organisation": "o-h8p2zd;o-7k2m9q",
    "regions": "TM-M;TM-S",
    "starts_on": "2026-09-01",
    "ends_on": "2026-12-01",
    "audiences": "youth;teachers",
}
ACTIVITY = {
    "id": "a-new",
    "campaign": "c-new",
    "kind": "seminar",
    "held_on": "2026-10-01",
    "place": "1218667",
    "women": "12",
    "men": "",
    "girls": "0",
    "boys": "3",
    "given_out": "250",
    "organisation": "o-7k2m9q",
    "materials": "m-4k7tq2",
}


def test_a_new_campaign_is_published_with_those_who_take_part(desk: Any) -> None:
    assert said(desk.bring("campaigns", CAMPAIGN)) == {}
    assert desk.ask("SELECT state FROM campaigns WHERE id = 'c-new'") == ["published"]
    sql = "SELECT organisation_id FROM campaign_organisations WHERE campaign_id = 'c-new'"
    assert desk.ask(sql) == ["o-7k2m9q"]
    assert desk.stored("campaigns", "c-new")["organisation"] == CAMPAIGN["organisation"]
    assert desk.bring("campaigns", CAMPAIGN).unchanged == 1


def test_one_that_waits_is_not_published_by_a_file_and_does_not_leave_by_one(desk: Any) -> None:
    (waiting,) = desk.ask("SELECT id FROM campaigns WHERE state = 'waiting'")
    assert desk.bring("campaigns", {"id": waiting, "title": "Another"}).changed == 1
    assert desk.ask("SELECT id FROM campaigns WHERE state = 'waiting'") == [waiting]
    assert waiting not in desk.send("campaigns").read_text()


def test_unknown_is_not_nobody(desk: Any) -> None:
    desk.bring("campaigns", CAMPAIGN)
    assert said(desk.bring("activities", ACTIVITY)) == {}
    counts = "SELECT women || '/' || coalesce(men, '-') || '/' || girls FROM activities"
    assert desk.ask(counts + " WHERE id = 'a-new'") == ["12/-/0"]
    assert desk.bring("activities", ACTIVITY).unchanged == 1
    assert desk.bring("activities", {"id": "a-new", "men": "4"}).changed == 1
    assert desk.stored("activities", "a-new")["women"] == "12"


@pytest.mark.parametrize(
    ("kind", "column", "text", "words"),
    [
        ("campaigns", "organisation", "o-none", "No organisation has this id"),
        ("campaigns", "organisation", "", "Fill this in"),
        ("campaigns", "regions", "TM-M;XX", "Write the code of a region"),
        ("campaigns", "starts_on", "--09-01", "Write the date as year-month-day"),
        ("campaigns", "ends_on", "2026-08-01", "ends before it begins"),
        ("campaigns", "audiences", "all", "Choose one of"),
        ("activities", "campaign", "c-none", "There is no record with this id in campaigns"),
        ("activities", "kind", "party", "Choose one of: workshop"),
        ("activities", "held_on", "2026-02-30", "There is no such day"),
        ("activities", "place", "Nowhere", "No settlement of this id or name"),
        ("activities", "women", "-1", "Write a whole number"),
        ("activities", "boys", "2.5", "Write a whole number"),
        ("activities", "materials", "m-4k7tq2;m-none", "no record with this id in materials"),
    ],
)
def test_bad_cells(desk: Any, kind: str, column: str, text: str, words: str) -> None:
    desk.bring("campaigns", CAMPAIGN)
    before = desk.counts()
    row = {"campaigns": CAMPAIGN, "activities": ACTIVITY}[kind]
    report = desk.bring(kind, {**row, "id": "x-1"}, {**row, "id": "x-2", column: text})
    assert list(said(report)) == [(3, column)]
    assert words in said(report)[3, column]
    assert desk.counts() == before


def test_nobody_has_come_to_what_is_still_to_come(desk: Any) -> None:
    desk.bring("campaigns", CAMPAIGN)
    coming = {**ACTIVITY, "held_on": "2027-01-10"}
    found = said(desk.bring("activities", coming))
    assert set(found) == {(2, "women"), (2, "girls"), (2, "boys")}
    nobody = {"women": "", "girls": "", "boys": ""}
    assert desk.bring("activities", {**coming, **nobody}).added == 1
