"""Projects come and go as files by their codes, and results carry them."""

from typing import Any

import pytest

from portal.db import column
from tests.transfer.conftest import said

PROJECT = {
    "code": "HOPE-1",
    "title": "Hope",
    "title_ru": "Надежда",
    "donor": "A foundation",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "credit": "Made possible by a foundation.",
}


def test_a_project_comes_in_and_stays_itself(desk: Any) -> None:
    assert desk.bring("projects", PROJECT).added == 1
    assert desk.bring("projects", PROJECT).unchanged == 1
    assert desk.bring("projects", {"code": "HOPE-1", "title_tk": "Umyt"}).changed == 1
    stored = desk.stored("projects", "HOPE-1")
    assert {name: stored[name] for name in PROJECT} == PROJECT
    assert stored["title_tk"] == "Umyt"
    assert len(desk.ask("SELECT id FROM projects WHERE code = 'HOPE-1'")) == 1


def test_results_carry_a_project(desk: Any) -> None:
    desk.bring("projects", PROJECT)
    of = {"organisation": "o-3vd8xw", "region": "TM-M", "period": "2026-Q3"}
    row = {"indicator": "leaflets", "project": "HOPE-1", **of, "value": "12"}
    assert desk.bring("results", row).added == 1
    (own,) = desk.ask("SELECT id FROM projects WHERE code = 'HOPE-1'")
    with desk.store.read() as db:
        assert column(db, "SELECT numerator FROM results WHERE project_id = :id", id=own) == [12]
    assert desk.bring("results", row).unchanged == 1
    assert (2, "project") in said(desk.bring("results", {**row, "project": "NONE"}))
    # whoever gets it would read what the first one did
    assert desk.bring("projects", {"code": "HOPE-1", "title_tg": "Умед"}).changed == 1
    elsewhere = {"code": "HOPE-1", "organisation": "o-3vd8xw"}
    assert (2, "organisation") in said(desk.bring("projects", elsewhere))


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"code": "a b"}, "code"),
        ({"title": ""}, "title"),
        ({"ends_on": "2025-12-31"}, "ends_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"budget": "1000"}, "currency"),
        ({"currency": "gold"}, "currency"),
        ({"organisation": "o-nobody"}, "organisation"),
        ({"countries": "Turkmenistan"}, "countries"),
    ],
)
def test_what_is_no_project_is_said_at_its_cell(
    desk: Any, more: dict[str, str], wrong: str
) -> None:
    before = desk.counts()
    assert list(said(desk.bring("projects", {**PROJECT, **more}))) == [(2, wrong)]
    assert desk.counts() == before
