"""Where home visits are missing: for coordinators alone; the public reads regions as before."""

import io
import re
from pathlib import Path

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook

from portal.db import Store
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, PARTIAL, SignIn, browsing, settings_for
from tests.worlds import copy_world

HERE = "/en/coverage"
ASK = {"profession": "psychologist", "language": "uz", "gender": "female"}


def plain(text: str) -> str:
    """What is in a page, without the frame that leads to the same address in other languages."""
    return text.partition("<main")[2].partition("</main>")[0] or text


@pytest.mark.parametrize("role", ["", "practitioner", "member", "admin"])
def test_whoever_is_no_coordinator_reads_regions_whatever_is_asked(
    as_role: SignIn, visitor: TestClient, role: str
) -> None:
    client = as_role(role) if role else visitor
    for headers in ({}, PARTIAL, JSON):
        told = client.get(HERE, headers=headers)
        asked = client.get(HERE, params={**ASK, "reached_by": "x", "q": "x"}, headers=headers)
        assert (told.status_code, asked.status_code) == (200, 200)
        assert plain(told.text) == plain(asked.text)
        assert "Khorugh" not in told.text
    answer = client.get(HERE, headers=JSON).json()
    assert set(answer) == {"released_on", "results"}
    assert set(answer["results"][0]) == {
        "region",
        "profession",
        "practitioners",
        "flag",
        "home_visits",
    }
    refused = 403 if role else 401
    for part in ("map.svg", "recruit"):
        assert client.get(f"{HERE}/{part}", headers=JSON).status_code == refused
    token = csrf_of(client) if role else "00"
    posted = client.post(f"{HERE}/list", data={"csrf": token}, headers=JSON)
    assert posted.status_code == refused


def test_a_coordinator_reads_page_block_and_json(coordinator: TestClient) -> None:
    page = coordinator.get(HERE, params=ASK)
    block = coordinator.get(HERE, params=ASK, headers=PARTIAL)
    answer = coordinator.get(HERE, params=ASK, headers=JSON).json()
    assert page.text.startswith("<!doctype html>")
    assert "<html" not in block.text
    assert page.headers["cache-control"] == "no-store"
    names = [each["name"] for each in answer["results"]]
    assert len(names) == answer["total"] == answer["nobody"]
    for text in (page.text, block.text):
        found = re.findall(r'<th scope="row"><a href="/en/places/[^>]*>([^<]+)</a>', text)
        assert [each.replace("&#39;", "'") for each in found] == names
    assert [e["population"] or 0 for e in answer["results"]] == sorted(
        (e["population"] or 0 for e in answer["results"]), reverse=True
    )
    assert all(each["distance_band"] for each in answer["results"])
    # what everybody reads stands below, and the indicator is a step away
    assert "ask the hotline" in page.text
    assert "/en/indicators/reach_psychologist" in page.text
    for headers in ({"Accept": "*/*"}, {"HX-Request": "true", "HX-Request-Type": "full"}):
        assert coordinator.get(HERE, headers=headers).text.startswith("<!doctype html>")


def test_filters_pages_and_the_only_ones(coordinator: TestClient) -> None:
    def asked(**query: str) -> dict:
        return coordinator.get(HERE, params=query, headers=JSON).json()

    everywhere, here = asked(**ASK), asked(**ASK, region="TJ-GB")
    assert {each["region"] for each in here["results"]} == {"TJ-GB"}
    assert here["results"] == [e for e in everywhere["results"] if e["region"] == "TJ-GB"]
    halves = [asked(**ASK, per_page="7", page=str(n))["results"] for n in (1, 2)]
    assert halves[0] + halves[1] == everywhere["results"][:14]
    alone = asked(**ASK, reached_by="one")
    assert alone["total"] == everywhere["one"]
    # whoever is the only one is located by nothing
    assert {(e["practitioners"], e["distance_band"]) for e in alone["results"]} == {(1, None)}
    nobody = asked(profession="doctor", language="rsl")
    assert nobody["reached"] == 0
    assert {each["distance_band"] for each in nobody["results"]} == {None}


def test_what_cannot_be_asked_is_said_at_the_field(coordinator: TestClient) -> None:
    for query in ({"profession": "astronaut"}, {"region": "XX"}, {"q": "x"}, {"page": "0"}):
        for part in ("", "/recruit", "/map.svg"):
            answer = coordinator.get(HERE + part, params=query, headers=JSON)
            assert answer.status_code == 422
            assert set(answer.json()["error"]["fields"]) == set(query)
    assert coordinator.get(f"{HERE}/recruit", params={"reach": "41"}).status_code == 422


def test_four_languages(coordinator: TestClient) -> None:
    titles = set()
    for language in LANGUAGES:
        for part in ("", "/recruit"):
            answer = coordinator.get(f"/{language}/coverage{part}")
            assert answer.status_code == 200
            titles.add(re.search(r"<html lang=\"(\w+)\"", answer.text).group(1))
    assert titles == set(LANGUAGES)


def test_the_map_tells_filled_from_hollow(coordinator: TestClient) -> None:
    gap = coordinator.get(HERE, params=ASK, headers=JSON).json()
    drawn = [
        coordinator.get(f"{HERE}/map.svg", params={**ASK, "country": code}) for code in ("TM", "TJ")
    ]
    assert {each.headers["content-type"] for each in drawn} == {"image/svg+xml"}
    assert {each.headers["cache-control"] for each in drawn} == {"no-store"}
    both = "".join(each.text for each in drawn)
    assert both.count('fill="#fff" stroke') == gap["nobody"]
    assert both.count("<circle") == gap["settlements"]
    assert coordinator.get(f"{HERE}/map.svg", params={"country": "FR"}).status_code == 404


def test_recruits_add_up(coordinator: TestClient) -> None:
    answer = coordinator.get(f"{HERE}/recruit", params=ASK, headers=JSON).json()
    page = coordinator.get(f"{HERE}/recruit", params=ASK)
    assert 0 < answer["total"] <= 10
    people = [each["people"] for each in answer["results"]]
    assert people == sorted(people, reverse=True)
    share = 100 * (answer["reached"] + sum(people)) / answer["population"]
    assert answer["results"][-1]["percent_after"] == round(share, 1)
    assert answer["results"][0]["name"] in page.text
    farther = coordinator.get(f"{HERE}/recruit", params={**ASK, "reach": "80"}, headers=JSON)
    assert farther.json()["results"][0]["people"] >= people[0]
    gap = coordinator.get(f"{HERE}/recruit", params={"reach": "10"}, headers=PARTIAL)
    assert "<html" not in gap.text


def test_nobody_is_named(coordinator: TestClient, lived: Path) -> None:
    store = Store(settings_for(lived).database)
    with store.read() as db:
        names = [row["name"] for row in db.query("SELECT name FROM practitioners")]
    store.close()
    for part in ("", "?reached_by=one", "/recruit", "/map.svg"):
        text = coordinator.get(HERE + part).text
        assert not [name for name in names if name in text]


@pytest.fixture
def own(lived: Path, tmp_path: Path) -> Settings:
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")


def test_the_list_leaves_as_a_file_and_that_is_written_down(own: Settings) -> None:
    with browsing(own) as client:
        client.post("/demo/sign-in", data={"role": "coordinator"})
        sent = {**ASK, "csrf": csrf_of(client)}
        rows = client.get(HERE, params=ASK, headers=JSON).json()["results"]
        as_csv = client.post(f"{HERE}/list", data={**sent, "format": "csv"})
        as_xlsx = client.post(f"{HERE}/list", data={**sent, "format": "xlsx"})
        assert client.post(f"{HERE}/list", data={**ASK, "format": "csv"}).status_code == 403
        assert client.post(f"{HERE}/list", data={**sent, "format": "pdf"}).status_code == 422
        # nobody of a region: an empty file, not an error
        empty = {**sent, "profession": "lawyer", "language": "", "region": "TM-S"}
        assert client.post(f"{HERE}/list", data=empty).status_code == 200
    lines = as_csv.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "id,name,region,country,population,practitioners,distance_band"
    assert [line.split(",")[0] for line in lines[1:]] == [each["id"] for each in rows]
    sheet = load_workbook(io.BytesIO(as_xlsx.content)).active
    assert [row[4] for row in sheet.iter_rows(2, values_only=True)] == [
        each["population"] for each in rows
    ]
    for answer in (as_csv, as_xlsx):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment")
    store = Store(own.database)
    with store.read() as db:
        sql = "SELECT \"by\", detail ->> 'rows' FROM audit WHERE entity = 'coverage' ORDER BY id"
        written = db.execute(sql).fetchall()
    store.close()
    assert written[:2] == [("demo-coordinator", len(rows))] * 2
    assert len(written) == 3
