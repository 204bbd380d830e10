"""A directory elsewhere takes over all services of the network, and finds nothing to correct."""

from collections import Counter
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.hsds.queries import find_directory
from portal.publication.actions import publish
from portal.publication.reading import reading as reading_public
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR, browsing
from tests.hsds.conftest import KINDS, ReadAll
from tests.hsds.standard import CHILDREN, faults, folder, records, schema_faults

WAYS: list[tuple[str, dict[str, str]]] = [
    ("services", {}),
    ("services", {"full": "true"}),
    ("organizations", {}),
    ("organizations", {"full": "true"}),
    ("organizations", {"full": "1", "full_service": "true"}),
    ("service_at_locations", {}),
    ("service_at_locations", {"full": "true"}),
    ("taxonomies", {}),
    ("taxonomy_terms", {}),
]


@pytest.mark.parametrize(("path", "asked"), WAYS)
def test_every_record_is_as_the_standard_wants_it(
    path: str, asked: dict[str, str], read_all: ReadAll
) -> None:
    found = read_all(path, **asked)
    assert found
    wrong = Counter(fault for each in found for fault in faults(KINDS[path], each))
    assert wrong == {}


@pytest.mark.skipif(folder() is None, reason="the published schemas are not on this machine")
@pytest.mark.parametrize("strict", [False, True], ids=["lax", "strict"])
@pytest.mark.parametrize(("path", "asked"), WAYS)
def test_the_published_schemas_say_the_same(
    path: str, asked: dict[str, str], strict: bool, read_all: ReadAll
) -> None:
    found = read_all(path, **asked)
    kind = KINDS[path]
    wrong = Counter(fault for each in found for fault in schema_faults(kind, each, strict=strict))
    assert wrong == {}


@pytest.mark.parametrize("path", list(KINDS))
def test_one_record_is_all_that_a_full_list_tells_of_it(
    path: str, visitor: TestClient, read_all: ReadAll
) -> None:
    full = {} if path.startswith("tax") else {"full": "true"}
    for listed in read_all(path, **full)[::9]:
        alone = visitor.get(f"/hsds/{path}/{listed['id']}").json()
        assert alone == listed
        assert faults(KINDS[path], alone) == []
        if folder() is not None:
            assert schema_faults(KINDS[path], alone, strict=True) == []


def test_the_full_services_of_an_organisation_come_when_they_are_asked_for(
    visitor: TestClient, read_all: ReadAll
) -> None:
    (one, *_) = [each for each in read_all("organizations", full="true") if each.get("services")]
    address = f"/hsds/organizations/{one['id']}"
    short, full = visitor.get(address), visitor.get(address, params={"full_service": "true"})
    assert all("attributes" not in each for each in short.json()["services"])
    assert all(each["attributes"] for each in full.json()["services"])
    listed = read_all("organizations", full_service="true")
    assert full.json() in listed


def test_all_links_lead_somewhere_and_no_id_is_two_things(read_all: ReadAll) -> None:
    known: dict[str, set[str]] = {kind: set() for kind in CHILDREN.values()}
    for path, kind in KINDS.items():
        ids = [each["id"] for each in read_all(path)]
        assert len(set(ids)) == len(ids)
        known[kind] = set(ids)
    everything: list[tuple[str, dict[str, Any]]] = []
    for path in ("services", "organizations", "service_at_locations"):
        for each in read_all(path, full="true"):
            everything += records(KINDS[path], each)
    known["location"] = {each["id"] for kind, each in everything if kind == "location"}
    for kind, each in everything:
        assert kind not in KINDS.values() or each["id"] in known[kind]
        for name, value in each.items():
            if name == "link_id":
                assert value in known[each["link_entity"]]
            elif name.endswith("_id"):
                assert value in known[name.removesuffix("_id")], name
    kinds_of: dict[str, set[str]] = {}
    for kind, each in everything:
        kinds_of.setdefault(each["id"], set()).add(kind)
    assert all(len(kinds) == 1 for kinds in kinds_of.values())


def test_what_is_told_is_what_is_public(
    read_all: ReadAll, shared: object, reading: TestClient
) -> None:
    settings: Settings = reading.app.state.site.settings
    with reading_public(settings.generations) as (db, edition):
        cards = {row["id"]: row for row in db.table("organisations").rows}
        declared = db.table("organisation_services").count
        settlements = {row["id"]: row for row in db.table("settlements").rows}
        regions = {row["code"]: row["name_en"] for row in db.table("regions").rows}
    organisations = read_all("organizations", full="true")
    assert {each["uri"].rsplit("/", 1)[1] for each in organisations} == set(cards)
    for each in organisations:
        card = cards[each["uri"].rsplit("/", 1)[1]]
        assert each["name"] == card["name"]
        assert each.get("email") == card["email"]
        assert [phone["number"] for phone in each.get("phones", [])] == (
            [card["phone"]] if card["phone"] else []
        )
        for location in each.get("locations", []):
            place = settlements[card["settlement"]]
            assert (location["name"], location["latitude"]) == (place["name"], place["latitude"])
            assert "addresses" not in location
    services = read_all("services", full="true")
    assert len(services) == declared
    for each in services:
        card = cards[each["organization"]["uri"].rsplit("/", 1)[1]]
        (area,) = each["service_areas"]
        assert (area["extent"], area["name"]) == (card["region"], regions[card["region"]])
        assert each["assured_date"] == edition.published_on
        assert each["last_modified"].startswith(f"{edition.published_on}T00:00:00.000")


def test_ids_outlive_an_edition_and_a_new_edition_is_read(settings: Settings) -> None:
    with browsing(settings) as site:
        first = site.get("/hsds/services?format=ndjson")
        kept = find_directory(settings.generations)
        assert find_directory(settings.generations) is kept
        store = site.app.state.site.store
        with store.transaction() as db:
            db.execute("UPDATE organisations SET email = 'anew@example.org'")
        publish(store, settings, OPERATOR, MOMENT)
        second = site.get("/hsds/services?format=ndjson")
    assert first.headers["etag"] != second.headers["etag"]
    assert (first.headers["x-data-version"], second.headers["x-data-version"]) == ("1.1", "1.2")
    ids = [[line.split('"')[3] for line in each.text.splitlines()] for each in (first, second)]
    assert ids[0] == ids[1]
    assert all("anew@example.org" in line for line in second.text.splitlines())
