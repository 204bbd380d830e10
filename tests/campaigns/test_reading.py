"""Read about campaigns: who sees which, and what of them."""

import pytest

from portal.materials.actions import note_published
from tests.campaigns.conftest import MARY, RESULT, VILLAGE, Stage
from tests.conftest import JSON, LANGUAGES, PARTIAL

INSIDE = ("ann", "bea", "cem", "cora")
STRANGERS = (None, "dan")


def ids(stage: Stage, name: str | None, query: str = "") -> list[str]:
    found = stage.network.as_(name).get(f"/en/campaigns{query}", headers=JSON)
    assert found.status_code == 200, found.text
    return [each["id"] for each in found.json()["results"]]


def test_list_block_and_json_say_the_same(stage: Stage) -> None:
    client = stage.network.as_(None)
    page, block = client.get("/en/campaigns").text, client.get("/en/campaigns", headers=PARTIAL)
    assert "Ask before you go" in page
    assert "Ask before you go" in block.text
    assert "<html" not in block.text
    found = client.get("/en/campaigns", headers=JSON).json()
    assert (found["total"], found["page"]) == (1, 1)


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("?region=TM-M", True),
        ("?region=TM-B", False),
        ("?audience=labour_migrants", True),
        ("?audience=teachers", False),
        ("?period=running", True),
        ("?period=ended", False),
        ("?period=coming", False),
        ("?year=2026", True),
        ("?year=2025", False),
        ("?region=&audience=&period=&year=&organisation=", True),
    ],
)
def test_filters(stage: Stage, query: str, is_there: bool) -> None:
    assert bool(ids(stage, None, query)) is is_there


@pytest.mark.parametrize(
    "query", ["?region=nowhere", "?audience=x", "?period=x", "?year=x", "?a=b"]
)
def test_a_wrong_filter_is_said(stage: Stage, query: str) -> None:
    assert stage.network.as_(None).get(f"/en/campaigns{query}").status_code == 422


def test_the_filter_by_organisation_tells_of_no_hidden_one(stage: Stage) -> None:
    assert ids(stage, None, f"?organisation={stage.first}") == [stage.id]
    assert ids(stage, None, f"?organisation={stage.second}") == []
    assert ids(stage, "cem", f"?organisation={stage.second}") == [stage.id]
    assert stage.second not in stage.network.as_(None).get("/en/campaigns").text


def test_only_organisations_with_a_public_card_are_named_to_the_public(stage: Stage) -> None:
    assert [each["id"] for each in stage.shown(None)["organisations"]] == [stage.first]
    assert [each["id"] for each in stage.shown("cem")["organisations"]] == [
        stage.first,
        stage.second,
    ]
    assert stage.second not in stage.page(None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_answers(stage: Stage, language: str) -> None:
    stage.hold("ca-1")
    client = stage.network.as_(None)
    assert client.get(f"/{language}/campaigns").status_code == 200
    page = client.get(f"/{language}/campaigns/{stage.id}")
    assert page.status_code == 200
    assert ("Спроси до отъезда" in page.text) is (language == "ru")


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("published", ("ann", "bea", "cem", "cora", None, "dan")),
        ("waiting", ("ann", "bea", "cem", "cora")),
        ("draft", ("ann", "bea", "cora")),
        ("withdrawn", ("ann", "bea", "cora")),
    ],
)
def test_who_sees_a_campaign_in_a_state(
    stage: Stage, state: str, readers: tuple[str | None, ...]
) -> None:
    stage.set(state=state)
    stage.hold("ca-1")
    for name in (None, "ann", "bea", "cem", "dan", "cora"):
        client, expected = stage.network.as_(name), 200 if name in readers else 404
        for path in ("", "/map.svg", "/kinds.svg"):
            assert client.get(stage.path + path).status_code == expected, (name, path)
        assert bool(ids(stage, name)) is (name in readers), name


@pytest.mark.parametrize("name", STRANGERS)
def test_people_who_came_are_in_no_public_answer(stage: Stage, name: str | None) -> None:
    stage.hold("ca-1")
    shown = stage.shown(name)
    assert shown["participants"] is None
    (held,) = shown["held"]
    assert [held[each] for each in ("women", "men", "girls", "boys", "result")] == [None] * 5
    client = stage.network.as_(name)
    paths = ("", "/map.svg", "/kinds.svg")
    told = "".join(client.get(stage.path + path).text for path in paths)
    told += client.get("/en/campaigns").text + client.get("/en/campaigns", headers=JSON).text
    assert RESULT not in told
    # none of the four numbers, their sums or their total
    for number in ("71", "72", "73", "74", "143", "147", "144", "146", "290"):
        assert f">{number}<" not in told, number
        assert f":{number}" not in told, number
    assert "published by release only" in stage.page(name)


@pytest.mark.parametrize("name", INSIDE)
def test_members_read_who_came_by_sex_and_age(stage: Stage, name: str) -> None:
    stage.hold("ca-1")
    stage.hold("ca-2", women=9, men=None, girls=None, boys=None)
    stage.hold("ca-3", women=None, men=None, girls=None, boys=None)
    assert stage.shown(name)["participants"] == {
        "women": 80,
        "men": 72,
        "girls": 73,
        "boys": 74,
        "activities": 2,
    }
    assert stage.shown(name)["not_all"] == ["men", "girls", "boys"]
    page = stage.page(name)
    assert RESULT in page
    for said in (">80<", ">at least 72<", ">at least 299<", "came: 290<", "came: at least 9<"):
        assert said in page, said


def test_what_nobody_counted_is_not_zero(stage: Stage) -> None:
    stage.hold("ca-1", kind="distribution", women=0, men=None, girls=12, boys=None)
    shown = stage.shown("ann")
    assert [shown["participants"][each] for each in ("women", "boys")] == [0, None]
    page = stage.page("ann")
    assert "People reached: at least 12<" in page
    figures = page.split("<h2>Figures</h2>")[1]
    assert ">–<" in figures
    assert ">0<" in figures
    assert "The public never sees these numbers." in figures


def test_where_people_will_meet_is_for_members(stage: Stage) -> None:
    stage.hold("ca-today", held_on="2026-11-23")
    stage.hold("ca-coming", held_on="2026-11-30")
    for name in STRANGERS:
        shown = stage.shown(name)
        assert (shown["held"], shown["activities"], shown["given_out"]) == ([], 0, None)
        assert stage.network.as_(name).get(f"{stage.path}/kinds.svg").status_code == 404
    assert len(stage.shown("cem")["held"]) == 2
    assert "30 November 2026" in stage.page("ann")


def test_a_place_of_the_network_is_told_by_its_region(stage: Stage) -> None:
    stage.hold("ca-1", place_id=VILLAGE)
    (held,) = stage.shown(None)["held"]
    assert (held["place"], held["place_id"], held["region"]) == (None, None, "TM-M")
    assert "Small Village" not in stage.page(None)
    assert "Small Village" not in stage.network.as_(None).get(f"{stage.path}/map.svg").text
    assert stage.shown("cem")["held"][0]["place"] == "Small Village"
    assert "Small Village" in stage.network.as_("cem").get(f"{stage.path}/map.svg").text


def test_at_whose_homes_people_talked_is_told_by_the_region(stage: Stage) -> None:
    stage.hold("ca-1", kind="household_visits")
    (held,) = stage.shown(None)["held"]
    assert (held["place_id"], held["region"]) == (None, "TM-M")
    assert stage.shown("ann")["held"][0]["place_id"] == MARY


def test_what_is_given_out_is_summed(stage: Stage) -> None:
    stage.hold("ca-1")
    stage.hold("ca-2", given_out=5)
    assert stage.shown(None)["given_out"] == 305
    assert {each["given_out"] for each in stage.shown(None)["held"]} == {None}


def test_materials_are_those_one_may_see(stage: Stage) -> None:
    with stage.network.store.transaction() as db:
        row = {"titles": "{}", "summaries": "{}", "kind": "leaflet", "language": "ru"}
        row |= {"licence": "cc_by", "visibility": "public", "added_at": "2026-01-01T00:00:00Z"}
        row |= {"added_by": "a-ann"}
        for number, (visibility, state) in enumerate(
            (("public", "published"), ("members", "published"), ("public", "draft"))
        ):
            whole = {**row, "id": f"m-{number}", "title": f"Leaflet {number}"}
            whole |= {"visibility": visibility, "organisation_id": stage.first}
            db.table("materials").insert({**whole, "campaign_id": stage.id if number else None})
            version = {"id": f"mv-{number}", "material_id": f"m-{number}", "number": 1}
            whole_version = {**version, "at": "2026-01-01T00:00:00Z", "by": "a-ann"}
            db.table("material_versions").insert(whole_version)
            said = {"version_id": f"mv-{number}", "state": state, "by": "a-ann"}
            db.table("material_states").insert({**said, "at": "2026-01-01T00:00:00Z"})
            note_published(db, f"m-{number}")
        there = [{"material_id": "m-0", "language": code} for code in ("ru", "tk")]
        db.table("material_languages").insert_all(there, replace=True)
    stage.hold("ca-1", materials=["m-0"])
    names = lambda who: [each["id"] for each in stage.shown(who)["materials"]]  # noqa: E731
    assert names(None) == ["m-0"]
    assert names("cem") == ["m-0", "m-1"]
    assert names("ann") == ["m-0", "m-1", "m-2"]
    listed = stage.network.as_(None).get("/en/campaigns", headers=JSON).json()["results"]
    assert listed[0]["materials"] == 1
    assert stage.shown(None)["materials"][0]["languages"] == ["ru", "tk"]
    assert "Russian, Turkmen" in stage.page(None)


def test_nobody_is_offered_what_they_may_not_do(stage: Stage) -> None:
    stage.hold("ca-1")
    assert "Record an activity" not in stage.page(None)
    assert "Record an activity" not in stage.page("cem")
    assert "Record an activity" in stage.page("bea")
    assert "Withdraw the campaign" not in stage.page("bea")
    assert "Withdraw the campaign" in stage.page("ann")
    assert "Withdraw the campaign" in stage.page("cora")
    assert "New campaign" not in stage.network.as_(None).get("/en/campaigns").text
