"""Somebody's program asks for part of the services, and for what there is not."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient

from tests.conftest import TODAY
from tests.hsds.conftest import KINDS, ReadAll

Find = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def find(visitor: TestClient) -> Find:
    """The contents of one large page."""

    def found(path: str, **asked: str) -> list[dict[str, Any]]:
        answer = visitor.get(f"/hsds/{path}", params={"per_page": "100", **asked})
        assert answer.status_code == 200, answer.text
        return answer.json()["contents"]

    return found


def test_the_front_door_says_which_standard_this_is(visitor: TestClient) -> None:
    told = visitor.get("/hsds/").json()
    assert set(told) == {"version", "profile", "openapi_url"}
    assert told["version"] == "3.0"
    document = visitor.get("/" + told["openapi_url"].split("/", 3)[3]).json()
    for path in KINDS:
        one, many = (
            document["paths"][f"/hsds/{path}/{{record_id}}"],
            document["paths"][f"/hsds/{path}"],
        )
        assert "$ref" in one["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert "application/x-ndjson" in many["get"]["responses"]["200"]["content"]
    asked = {each["name"] for each in document["paths"]["/hsds/services"]["get"]["parameters"]}
    assert asked == {
        *("page", "per_page", "search", "format", "minimal", "full", "modified_after"),
        *("taxonomy_term_id", "taxonomy_id", "organization_id"),
    }


def test_services_are_chosen_by_organisation_and_by_term(find: Find) -> None:
    everything = find("services", full="true")
    one = everything[0]
    of_organisation = find("services", organization_id=one["organization_id"])
    assert {each["organization_id"] for each in of_organisation} == {one["organization_id"]}
    assert len(of_organisation) == sum(
        each["organization_id"] == one["organization_id"] for each in everything
    )
    for term in find("taxonomy_terms"):
        found = find("services", taxonomy_term_id=term["id"])
        told = [each["attributes"][0]["taxonomy_term_id"] == term["id"] for each in everything]
        assert len(found) == sum(told)
        at_places = find("service_at_locations", taxonomy_term_id=term["id"])
        assert {each["service_id"] for each in at_places} <= {each["id"] for each in found}
    kinds, services = sorted(find("taxonomies"), key=lambda each: each["name"])
    assert len(find("services", taxonomy_id=services["id"])) == len(everything)
    assert find("services", taxonomy_id=kinds["id"]) == []
    assert len(find("taxonomy_terms", taxonomy_id=kinds["id"])) == 4
    assert find("taxonomy_terms", parent_id=kinds["id"]) == []
    assert len(find("taxonomy_terms", top_only="true")) == len(find("taxonomy_terms"))
    nothing = str(uuid4())
    for path in ("services", "service_at_locations"):
        for name in ("organization_id", "taxonomy_term_id", "taxonomy_id"):
            assert find(path, **{name: nothing}) == []


@pytest.mark.parametrize("words", ["legal", "юридическая помощь", "HUKUK kömegi", "кумаки ҳуқуқӣ"])
def test_a_search_reads_every_alphabet(words: str, find: Find) -> None:
    found = find("services", search=words)
    assert {each["name"] for each in found} == {"Legal assistance"}
    assert [each["code"] for each in find("taxonomy_terms", search=words)] == ["legal"]


def test_a_search_wants_all_words_and_reads_names_of_organisations(find: Find) -> None:
    assert find("organizations", search="Saharı Sugd") == find(
        "organizations", search="Саҳари Суғд"
    )
    (one,) = find("organizations", search="Саҳари Суғд")
    assert {each["organization_id"] for each in find("services", search="Саҳари Суғд")} == {
        one["id"]
    }
    assert find("organizations", search="Саҳари nowhere") == []
    assert find("services", search="!!!") == []
    assert len(find("taxonomies", search="organisations")) == 1
    assert find("taxonomies", search="%") == []


def test_days_are_those_of_the_edition(find: Find) -> None:
    everything = find("services")
    today = TODAY.isoformat()
    for asked in ("2020-01-01", today, f"{today}T23:59:59Z"[:19], f"{today}T12:00:00+05:00"):
        assert find("services", modified_after=asked) == everything, asked
        assert find("service_at_locations", modified_after=asked)
    for asked in ("2026-11-24", "2026-11-23T20:00:00Z"):
        assert find("services", modified_after=asked) == [], asked


def test_minimal_is_ids_and_days_all_at_once(visitor: TestClient, find: Find) -> None:
    page = visitor.get("/hsds/services?minimal=true").json()
    assert page["total_pages"] == 1
    assert page["size"] == page["total_items"]
    assert all(set(each) == {"id", "modified_date"} for each in page["contents"])
    assert [each["id"] for each in page["contents"]] == [each["id"] for each in find("services")]
    assert visitor.get("/hsds/services?minimal=1&per_page=3").json()["size"] == 3


@pytest.mark.parametrize("path", list(KINDS))
def test_lines_are_the_whole_list(path: str, visitor: TestClient, read_all: ReadAll) -> None:
    answer = visitor.get(f"/hsds/{path}?format=ndjson&page=3&per_page=2")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == read_all(path)


def test_beyond_the_last_page_there_is_nothing(visitor: TestClient) -> None:
    page = visitor.get("/hsds/services?page=9999").json()
    assert (page["empty"], page["contents"], page["size"]) == (True, [], 0)
    assert page["last_page"]
    assert not page["first_page"]
    assert page["total_items"] > 0


def test_an_empty_parameter_is_an_absent_one(visitor: TestClient) -> None:
    bare = visitor.get("/hsds/services").json()
    query = "search=&organization_id=&modified_after=&page=&minimal=&format="
    assert visitor.get(f"/hsds/services?{query}").json() == bare


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        # the standard's search by distance would draw circles around people's homes
        ("service_at_locations", "proximity", "500"),
        ("service_at_locations", "postcode", "744000"),
        ("services", "postcode", "744000"),
        ("services", "fulll", "true"),
        ("organizations", "modified_after", "2026-01-01"),
        ("organizations", "minimal", "true"),
        ("taxonomies", "full", "true"),
        ("", "page", "1"),
        ("services", "page", "0"),
        ("services", "page", "one"),
        ("services", "page", "99999999999999999999999"),
        ("services", "per_page", "101"),
        ("services", "minimal", "perhaps"),
        ("services", "format", "xml"),
        ("services", "organization_id", "o-y4b8df"),
        ("services", "taxonomy_term_id", "legal' OR 1=1"),
        ("services", "modified_after", "yesterday"),
        ("services", "modified_after", "2026-02-30"),
        ("services", "modified_after", "9999-12-31T23:59:59-05:00"),
        ("services", "search", "x" * 201),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    path: str, name: str, value: str, visitor: TestClient
) -> None:
    answer = visitor.get(f"/hsds/{path}", params={name: value})
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["error"]["fields"]) == [name]


@pytest.mark.parametrize("path", list(KINDS))
def test_an_unknown_record_is_404_in_json(path: str, visitor: TestClient) -> None:
    other = "organizations" if path != "organizations" else "services"
    elsewhere = visitor.get(f"/hsds/{other}").json()["contents"][0]["id"]
    for record_id in (str(uuid4()), "nothing", "1", "o-y4b8df", elsewhere):
        answer = visitor.get(f"/hsds/{path}/{record_id}")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
    one = visitor.get(f"/hsds/{path}").json()["contents"][0]["id"]
    assert visitor.get(f"/hsds/{path}/{one}?full=true").status_code == 422
