"""What everybody reads of an indicator that counts people: what was released of it."""

import pytest
from litestar.testing import TestClient

from portal.db import Store
from tests.conftest import JSON


@pytest.fixture
def code(store: Store) -> str:
    """An indicator of people, with figures in the release in force."""
    with store.transaction() as db:
        sql = "SELECT v.code FROM indicator_versions AS v JOIN indicators AS i ON i.code = v.code"
        sql += " WHERE counts_people AND source <> 'quoted' AND kind = 'count' ORDER BY v.code"
        code = str(db.execute(sql).fetchone()[0])
        db.execute("DELETE FROM released_figures WHERE indicator = ?", [code])
        db.execute("DELETE FROM released_levels WHERE indicator = ?", [code])
        for period, area, value in (("2025", "all", 40), ("2026", "all", 60), ("2026", "TM", None)):
            row = {"release_id": 1, "indicator": code, "period": period, "area": area}
            row |= {"sex": "all", "age_group": "all", "form": "all", "version": 1}
            flag = "c" if value is None else None
            db.table("released_figures").insert({**row, "value": value, "flag": flag})
        level = {"release_id": 1, "indicator": code, "cells": 4, "withheld": 1}
        said = {**level, "position": 0, "level": "country_year", "is_published": 1, "why": None}
        shut = {"position": 1, "level": "region_quarter", "is_published": 0, "why": "too_few"}
        db.table("released_levels").insert_all([said, {**level, **shut}])
    return code


def test_the_public_reads_what_was_released(client: TestClient, code: str) -> None:
    page = client.get(f"/en/indicators/{code}").text
    assert "None is released yet" not in page
    assert "withheld to protect people" in page
    assert "25 % of its figures are withheld" in page
    assert "Regions, by quarter" in page
    assert f"/data/network/figures?indicator={code}" in page
    assert "/en/releases" not in page
    told = client.get(f"/en/indicators/{code}", headers=JSON).json()["released"]
    assert told["places"] == ["all", "TM"]
    assert told["figures"]["2026"]["TM"] == {"value": None, "band": None, "withheld": True}
    assert told["figures"]["2025"]["all"]["value"] == 40


def test_coordinators_read_it_beside_the_exact_ones(client: TestClient, code: str) -> None:
    client.post("/demo/sign-in", data={"role": "coordinator"})
    page = client.get(f"/en/indicators/{code}").text
    assert "Released figures" in page
    assert "/en/releases" in page


def test_an_open_indicator_needs_no_release(client: TestClient) -> None:
    assert client.get("/en/indicators/leaflets", headers=JSON).json()["released"] is None
