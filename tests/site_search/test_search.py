"""One box over everything the asker may see, and nothing else."""

import shutil

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from portal.engines import open_engines
from portal.indexes.actions import drain, find_standing, rebuild
from portal.indexes.registry import INDEXES
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, PARTIAL, TODAY


def found(client: TestClient, text: str, **more: str) -> dict:
    answer = client.get("/en/search", params={"q": text, **more}, headers=JSON)
    assert answer.status_code == 200
    return answer.json()


def test_the_shape_of_an_answer(visitor: TestClient) -> None:
    answer = found(visitor, "mary")
    assert set(answer) >= {"engine", "total", "results", "facets"}
    assert answer["engine"] == "embedded"
    assert set(answer["results"][0]) == {"kind", "id", "title", "url", "snippet"}
    assert answer["facets"]["kind"]["places"] >= 1


def test_the_public_finds_no_practitioner_and_a_member_does(as_role, store: Store) -> None:
    with store.read() as db:
        name = column(
            db, "SELECT name FROM practitioners JOIN listings ON practitioner_id = practitioners.id"
        )[0]
    member = as_role("member")
    assert found(member, name)["results"][0]["title"] == name
    member.cookies.clear()
    public = found(member, name)
    assert "practitioners" not in public["facets"]["kind"]
    assert found(member, name, kind="practitioners")["total"] == 0


@pytest.mark.parametrize("typed", ["Байрамали", "Bayramaly", "Baýramali", "bayramly"])
def test_a_place_is_found_in_either_alphabet_and_with_a_slip(
    visitor: TestClient, typed: str
) -> None:
    assert "1219762" in [each["id"] for each in found(visitor, typed)["results"]]


def test_page_and_block_show_the_same_hits(visitor: TestClient) -> None:
    page = visitor.get("/en/search?q=mary").text
    block = visitor.get("/en/search?q=mary", headers=PARTIAL).text
    for each in found(visitor, "mary")["results"]:
        assert f'href="{each["url"]}"' in page
        assert f'href="{each["url"]}"' in block
    assert "<html" not in block
    assert "<mark>" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_lead_into_the_readers_language(visitor: TestClient, language: str) -> None:
    answer = visitor.get(f"/{language}/search", params={"q": "mary"}, headers=JSON).json()
    assert all(each["url"].startswith(f"/{language}/") for each in answer["results"])


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "   ",
        '"',
        "'); DROP TABLE places; --",
        "NEAR(a b) AND OR NOT *",
        "😀😀",
        "שלום",
        "\x00",
        "…—!?",
        "аa бb",
        "<script>alert(1)</script>",
        "x" * 1000,
        "title:mary",
        "^mary$",
    ],
)
def test_whatever_is_typed_gets_an_answer(visitor: TestClient, hostile: str) -> None:
    for headers in ({}, JSON):
        answer = visitor.get("/en/search", params={"q": hostile}, headers=headers)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text or headers


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "x"),
        ("limit", "0"),
        ("page", "0"),
        ("near", "nowhere"),
        ("within", "7"),
        ("per", "2"),
    ],
)
def test_bad_input_is_422(visitor: TestClient, field: str, value: str) -> None:
    answer = visitor.get("/en/search", params={"q": "a", field: value}, headers=JSON)
    assert answer.status_code == 422


def test_what_changed_is_found_after_draining(settings: Settings, store: Store) -> None:
    engine = open_engines(settings).embedded
    with store.transaction() as db:
        organisation = column(db, "SELECT id FROM organisations WHERE visibility = 'public'")[0]
        save_organisation(db, OPERATOR, MOMENT, organisation, {"name": "Quokka rights group"})
    assert find_standing(store, engine).waiting == 1
    assert drain(store, engine, TODAY, patience=20.0) == 1
    assert find_standing(store, engine).waiting == 0
    assert f"organisations:{organisation}" in engine.ids("public")
    with store.transaction() as db:
        save_organisation(db, OPERATOR, MOMENT, organisation, {"visibility": "members"})
    drain(store, engine, TODAY, patience=20.0)
    assert f"organisations:{organisation}" not in engine.ids("public")
    assert f"organisations:{organisation}" in engine.ids("members")
    assert b"quokka" not in (settings.search_folder / "public.db").read_bytes().lower()


def test_a_rebuilt_index_equals_the_drained_one(settings: Settings, store: Store) -> None:
    engine = open_engines(settings).embedded
    before = {index: engine.ids(index) for index in INDEXES}
    rebuild(store, engine, TODAY)
    assert {index: engine.ids(index) for index in INDEXES} == before


def test_a_site_without_its_index_builds_it_anew(settings: Settings, store: Store) -> None:
    engine = open_engines(settings).embedded
    before = engine.ids("members")
    engine.close()
    shutil.rmtree(settings.search_folder)
    assert find_standing(store, engine).must_be_rebuilt
    drain(store, engine, TODAY, patience=20.0)
    assert engine.ids("members") == before
