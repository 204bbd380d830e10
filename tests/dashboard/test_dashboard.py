"""The dashboard: who sees which figure, and what a tile says of it."""

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.indicators.queries import Aim
from tests.conftest import JSON, LANGUAGES, PARTIAL, SignIn
from tests.dashboard.conftest import defined, figure, tiles, watching

ROLES = ("visitor", "practitioner", "member", "coordinator", "admin", "observer")

OPEN, PEOPLE, QUOTED = "campaign_activities", "assisted", "assisted_published"


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_what(role: str, client: TestClient) -> None:
    """Figures that count people are for coordinators; one's own organisation's for its people."""
    if role == "observer":
        with watching(client) as observer:
            found = tiles(observer)
            refused = observer.get("/en/indicators?period=2026-Q3", headers=JSON).status_code
    else:
        if role != "visitor":
            client.post("/demo/sign-in", data={"role": role})
        found = tiles(client)
        refused = client.get("/en/indicators?period=2026-Q3", headers=JSON).status_code
    everything = role == "coordinator"
    assert found[OPEN]["value"] == 11
    assert found[QUOTED]["value"] == 17
    assert (found[PEOPLE]["value"] is not None) == everything
    assert refused == (200 if everything else 422)
    if not everything:
        shut = [each for each in found.values() if not each["is_open"]]
        assert all(each["description"] for each in shut)
        for name in ("value", "before", "year_before", "baseline", "target", "progress"):
            assert {each[name] for each in shut} == {None}
        assert not any(each["line"] or each["reported"] for each in shut)
    owns = [code for code, each in found.items() if each["own"] is not None]
    assert bool(owns) == (role == "member")
    if role == "member":
        assert {PEOPLE, "leaflets"} <= set(owns)


def test_page_block_json_and_languages(as_role: SignIn) -> None:
    client = as_role("coordinator")
    found = client.get("/en/indicators", headers=JSON).json()
    assert (found["total"], found["page"], found["per_page"]) == (31, 1, 50)
    block = client.get("/en/indicators", headers=PARTIAL).text
    assert "<html" not in block
    for language in LANGUAGES:
        answer = client.get(f"/{language}/indicators")
        assert int(answer.headers["content-length"]) <= 14 * 1024
        for each in tiles(client, f"/{language}/indicators").values():
            assert f'/{language}/indicators/{each["code"]}"' in answer.text
            assert each["title"] in answer.text
    assert "18 200" in client.get("/ru/indicators").text.replace("\xa0", " ")
    assert "Варақаҳои паҳншуда" in client.get("/tg/indicators").text
    second = client.get("/en/indicators?per_page=10&page=4", headers=JSON).json()
    assert [each["code"] for each in second["results"]] == ["partners_published"]
    for wrong in (
        "period=2026-13",
        "period=2031-Q1",
        "period=2026-05",
        "group=x",
        "region=x",
        "y=1",
    ):
        assert client.get(f"/en/indicators?{wrong}", headers=JSON).status_code == 422
    assert client.post("/en/indicators").status_code in (403, 405)


def test_what_coordinators_find_there(as_role: SignIn) -> None:
    assert "/en/indicators/new" in as_role("coordinator").get("/en/indicators").text
    page = as_role("member").get("/en/indicators").text
    assert "/en/indicators/new" not in page
    assert "/en/completeness" in page
    assert "/en/completeness" not in as_role("practitioner").get("/en/indicators").text
    assert "What was released, rounded to tens" in page


def test_filters_by_group_and_region(coordinator: TestClient) -> None:
    group = tiles(coordinator, "/en/indicators?group=trainings")
    assert set(group) == {"trainings", "people_trained", "trainings_useful"}
    whole = tiles(coordinator)
    regions = [tiles(coordinator, f"/en/indicators?region={each}") for each in ("TM", "TJ")]
    assert sum(each["leaflets"]["value"] for each in regions) == whole["leaflets"]["value"]
    assert "days_to_help" not in regions[0]
    mary = tiles(coordinator, "/en/indicators?region=TM-M")
    assert 0 < mary["leaflets"]["value"] < regions[0]["leaflets"]["value"]
    # the network's target is not the region's
    assert mary["leaflets"]["target"] is None


def test_a_region_opens_no_more_than_the_network(member: TestClient) -> None:
    path = "/en/indicators?region=TM-M"
    mary = tiles(member, path)
    assert mary["leaflets"]["value"] is None, "another region has too few: it would be the rest"
    tajik = tiles(member, "/en/indicators?region=TJ")
    assert tajik["leaflets"]["value"]
    assert mary["campaign_activities"]["value"] is None, "the portal counts it: one line"
    assert mary[PEOPLE]["value"] is None
    assert "fewer than three organisations are for coordinators" in member.get(path).text


def test_targets_of_what_should_rise_fall_and_stay(client: TestClient, store: Store) -> None:
    aim = {"code": "", "baseline": 18.0, "target": 8.0}
    with store.transaction() as db:
        defined(db, "falls", Aim(**aim), direction="down")
        defined(db, "fell", Aim(**aim), direction="down")
        defined(db, "holds", Aim("", target=50.0), direction="maintain")
        defined(db, "slips", Aim("", target=50.0), direction="maintain")
        defined(db, "silent", Aim("", baseline=1.0, target=50.0))
        for code, now, before in (("falls", 12, 14), ("fell", 7, 6), ("holds", 50, 49)):
            figure(db, code, "2026-Q2", now)
            figure(db, code, "2026-Q1", before)
        figure(db, "slips", "2026-Q2", 45)
    found, page = tiles(client), client.get("/en/indicators?group=other").text
    assert found["falls"]["progress"] == pytest.approx(0.6)
    assert (found["falls"]["trend"], found["falls"]["better"]) == ("down", True)
    assert "60 % of the way from 18 to 8" in page
    assert (found["fell"]["reached"], found["fell"]["better"]) == (True, False)
    assert "Target reached: 8" in page
    assert (found["holds"]["reached"], found["holds"]["better"]) == (True, None)
    assert "Stays at 50, as it should" in page
    assert (found["slips"]["reached"], found["slips"]["progress"]) == (False, pytest.approx(0.9))
    assert "Should stay at 50" in page
    assert (found["silent"]["value"], found["silent"]["measured"]) == (None, False)
    assert "Nothing is recorded of Q2 2026." in page


def test_what_rests_on_fewer_reports_or_on_an_open_quarter_says_so(
    client: TestClient, store: Store
) -> None:
    with store.transaction() as db:
        defined(db, "gaps", Aim("", target=50.0))
        figure(db, "gaps", "2026-Q2", 20, reported=24, expected=25)
        figure(db, "gaps", "2026-Q1", 10, reported=25, expected=25)
        figure(db, "gaps", "2026-Q3", 30, reported=9, expected=25)
    gaps = tiles(client)["gaps"]
    assert (gaps["partial"], gaps["reported"], gaps["trend"]) == (True, 24, "up")
    assert gaps["better"] is None
    assert not gaps["provisional"]
    assert "rests on 24 of 25 reports" in client.get("/en/indicators?group=other").text
    year = tiles(client, "/en/indicators?period=2026")["gaps"]
    assert (year["value"], year["rests_on"]) == (30, ["2026-Q1", "2026-Q2"])
    client.post("/demo/sign-in", data={"role": "coordinator"})
    assert tiles(client, "/en/indicators?period=2026-Q3")["gaps"]["provisional"]
    year = tiles(client, "/en/indicators?period=2026")["gaps"]
    assert (year["value"], year["provisional"]) == (60, True)
    assert "Provisional" in client.get("/en/indicators?period=2026-Q3").text
    assert client.get("/en/indicators?period=2026-Q4", headers=JSON).status_code == 200


def test_a_year_by_each_rule(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        for rule in ("sum", "last", "mean", "none"):
            defined(db, f"by-{rule}", Aim("", target=9.0), period_rule=rule)
            for quarter, number in (("Q1", 4), ("Q2", None), ("Q3", 9), ("Q4", 5)):
                figure(db, f"by-{rule}", f"2025-{quarter}", number)
    found = tiles(client, "/en/indicators?period=2025&group=other")
    assert {code: each["value"] for code, each in found.items()} == {
        "by-sum": 18,
        "by-last": 5,
        "by-mean": 6,
        "by-none": None,
    }
    assert found["by-sum"]["rests_on"] == ["2025-Q1", "2025-Q3", "2025-Q4"]
    assert found["by-last"]["rests_on"] == ["2025-Q4"]
    # a target of a quarter is not that of a sum
    assert [each["measured"] for each in found.values()] == [False, True, True, False]
    page = client.get("/en/indicators?period=2025&group=other").text
    assert "Rests on quarters 1, 3, 4." in page
    assert "Target for a quarter: 9" in page
    assert "choose one of them" in page


def test_an_earlier_version_is_another_thing(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        defined(db, "anew")
        figure(db, "anew", "2026-Q1", 4)
        figure(db, "anew", "2026-Q2", 6, version=2)
    anew = tiles(client)["anew"]
    assert (anew["value"], anew["line"]) == (None, [4])


def test_before_any_quarter_is_closed_the_definitions_stand_there(
    client: TestClient, store: Store
) -> None:
    with store.transaction() as db:
        db.execute("DELETE FROM closed_periods")
    page = client.get("/en/indicators")
    assert page.status_code == 200
    assert "No quarter is closed yet" in page.text
    found = tiles(client)
    assert found[OPEN]["value"] is None
    assert found[QUOTED]["value"] == 17
