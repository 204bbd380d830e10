"""Settlements are found by any name, from two letters, by region, and from a position."""

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, PARTIAL


def suggested(client: TestClient, typed: str) -> list[dict]:
    answer = client.get("/en/places", params={"q": typed}, headers=JSON)
    assert answer.status_code == 200
    return answer.json()["results"]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("bayr", "1219762"),
        ("Байрам", "1219762"),
        ("Aşgab", "162183"),
        ("Ашхабад", "162183"),
        ("ashgabt", "162183"),
        ("Душ", "1221874"),
        ("Krasnovodsk", "601594"),
        ("Чарджоу", "1219649"),
        ("Kurgan-Tyube", "1220747"),
    ],
)
def test_the_typeahead_knows_scripts_typos_and_renamed_towns(
    visitor: TestClient, typed: str, place: str
) -> None:
    assert place in [each["id"] for each in suggested(visitor, typed)[:5]]


def test_one_letter_is_not_enough(visitor: TestClient) -> None:
    assert suggested(visitor, "b") == []
    assert suggested(visitor, "") == []


def test_a_suggestion_says_what_tells_places_apart(visitor: TestClient) -> None:
    first = suggested(visitor, "Aşgabat")[0]
    assert set(first) == {"id", "name", "region", "population"}
    assert first["region"] == "TM-S"


def test_the_block_is_a_list_of_options(visitor: TestClient) -> None:
    block = visitor.get("/en/places", params={"place": "Türkmenbaşy"}, headers=PARTIAL)
    assert block.text.count("<option") > 1
    assert "<html" not in block.text
    # several share the name: each says its id, so that the choice is clear
    assert 'value="Türkmenbaşy (' in block.text


def test_without_a_script_there_is_a_list_by_region(visitor: TestClient) -> None:
    regions = visitor.get("/en/places").text
    assert "region=TJ-GB" in regions
    towns = visitor.get("/en/places?region=TJ-GB").text
    assert ">Khorugh</button>" in towns


def test_every_settlement_has_a_region_and_the_capital_its_own(store: Store) -> None:
    with store.read() as db:
        assert (
            column(db, "SELECT id FROM places WHERE region NOT IN (SELECT code FROM regions)") == []
        )
        assert len(column(db, "SELECT id FROM places WHERE origin = 'geonames'")) == 209
        capital = column(db, "SELECT region FROM places WHERE id = '162183'")
        assert capital == ["TM-S"]


def test_local_places_are_for_members_alone(as_role, store: Store) -> None:
    with store.read() as db:
        local = column(db, "SELECT id FROM places WHERE origin = 'network'")
        name = column(db, "SELECT name FROM places WHERE id = :id", id=local[0])[0]
    member = as_role("member")
    assert local[0] in [each["id"] for each in suggested(member, name)]
    assert member.get(f"/en/places/{local[0]}").status_code == 200
    member.cookies.clear()
    assert local[0] not in [each["id"] for each in suggested(member, name)]
    assert member.get(f"/en/places/{local[0]}").status_code == 404
    answer = member.get("/en/nearby", params={"place": local[0]}, headers=JSON)
    assert answer.status_code == 422


def test_a_position_is_snapped_to_the_nearest_settlement(member: TestClient) -> None:
    point = {"latitude": "37.62", "longitude": "62.15", "csrf": csrf_of(member)}
    answer = member.post("/en/places/nearest", data=point)
    assert answer.json()["name"] == "Bayramaly"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("latitude", "longitude", "wrong"),
    [
        ("91", "60", "latitude"),
        ("-90.5", "60", "latitude"),
        ("37", "181", "longitude"),
        ("x", "60", "latitude"),
        ("nan", "60", "latitude"),
        ("", "60", "latitude"),
    ],
)
def test_a_position_off_the_earth_is_422(
    member: TestClient, latitude: str, longitude: str, wrong: str
) -> None:
    point = {"latitude": latitude, "longitude": longitude, "csrf": csrf_of(member)}
    answer = member.post("/en/places/nearest", data=point, headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [wrong]
