"""The register of organisations: what the public reads, and what stays inside."""

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from tests.conftest import JSON, LANGUAGES, PARTIAL


def all_of(client: TestClient, **filters: str) -> list[dict]:
    answer = client.get("/en/organisations", params={"per_page": "100", **filters}, headers=JSON)
    assert answer.status_code == 200
    return answer.json()["results"]


def test_page_block_and_json_say_the_same(visitor: TestClient) -> None:
    page = visitor.get("/en/organisations?service=legal")
    block = visitor.get("/en/organisations?service=legal", headers=PARTIAL)
    found = all_of(visitor, service="legal")
    assert found
    for each in found:
        assert f"/en/organisations/{each['id']}" in page.text
        assert f"/en/organisations/{each['id']}" in block.text
    assert "<html" not in block.text


def test_filters_narrow_by_region_service_and_kind(visitor: TestClient) -> None:
    everything = all_of(visitor)
    assert {each["region"] for each in all_of(visitor, region="TM-M")} == {"TM-M"}
    assert all("medical" in each["services"] for each in all_of(visitor, service="medical"))
    assert {each["kind"] for each in all_of(visitor, kind="state")} == {"state"}
    assert len(all_of(visitor, region="TM-M")) < len(everything)


def test_a_shelter_is_never_public_whatever_its_row_says(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        shelters = column(
            db, "SELECT organisation_id FROM organisation_services WHERE service = 'shelter'"
        )
        db.execute("UPDATE organisations SET visibility = 'public'")
    assert shelters
    shown = {each["id"] for each in all_of(client)}
    assert not shown & set(shelters)
    for shelter in shelters:
        assert client.get(f"/en/organisations/{shelter}").status_code == 404
    assert all_of(client, service="shelter") == []


def test_who_is_not_in_or_no_longer_in_has_no_public_card(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET visibility = 'public'")
        outside = column(db, "SELECT organisation_id FROM membership_now WHERE state <> 'admitted'")
    assert len(outside) >= 6
    assert not {each["id"] for each in all_of(client)} & set(outside)


def test_members_see_more_cards_and_the_duty_phone(as_role) -> None:
    member = as_role("member")
    inside = {each["id"] for each in all_of(member)}
    first = sorted(inside)[0]
    assert "duty_phone" in member.get(f"/en/organisations/{first}", headers=JSON).json()
    member.cookies.clear()
    public = {each["id"] for each in all_of(member)}
    assert public < inside
    card = member.get(f"/en/organisations/{sorted(public)[0]}", headers=JSON).json()
    assert card["duty_phone"] is None
    assert card["state"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_those_of_the_readers_language(visitor: TestClient, language: str) -> None:
    each = next(each for each in all_of(visitor) if len(each["names"]) == 3)
    page = visitor.get(f"/{language}/organisations/{each['id']}")
    wanted = each["names"].get(language, each["name"])
    assert f"<title>{wanted}</title>" in page.text.replace("&#34;", '"')


def test_paging_is_bounded(visitor: TestClient) -> None:
    first = visitor.get("/en/organisations?per_page=5", headers=JSON).json()
    second = visitor.get("/en/organisations?per_page=5&page=2", headers=JSON).json()
    assert len(first["results"]) == len(second["results"]) == 5
    assert first["total"] == second["total"]
    assert {each["id"] for each in first["results"]}.isdisjoint(
        each["id"] for each in second["results"]
    )
    assert "page=2" in visitor.get("/en/organisations?per_page=5").text
    for bad in ("per_page=101", "per_page=0", "page=0", "page=x"):
        assert visitor.get(f"/en/organisations?{bad}", headers=JSON).status_code == 422


def test_an_unknown_filter_is_named(visitor: TestClient) -> None:
    answer = visitor.get("/en/organisations?approved_by=me", headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["approved_by"]
