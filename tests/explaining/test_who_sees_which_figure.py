"""Definitions are everybody's; exact figures follow role, kind of indicator and closed quarters."""

import csv
import io
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from portal.db import Store
from tests.conftest import JSON, SignIn
from tests.explaining.conftest import OWN, ROLES, Ask, split_versions

NEWEST = "2026-Q3"

# indicator: who sees figures of all; open and counted ones only of closed quarters
SEES = {
    "leaflets": ROLES,
    "members": ROLES,
    "assisted_published": ROLES,
    "assisted": ("coordinator",),
    "practitioners_listed": ("coordinator",),
    "days_to_help": ("coordinator",),
}


@pytest.mark.parametrize("code", list(SEES))
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(ask: Ask, role: str, code: str) -> None:
    found = ask(role, code)
    sees = role in SEES[code]
    assert found["title"]
    assert found["versions"][0]["version"] == 1
    assert found["figures_are_open"] is sees
    figures = found["figures"]
    assert bool(figures["over_time"]) is sees
    assert bool(figures["periods"]) is sees
    if not sees:
        assert figures["by_region"] == figures["by_part"] == []
        assert all(each["baseline"] is None for each in found["targets"])
    for name in ("explain", "compare", "compare?region=all&period=2025"):
        assert (ask(role, f"{code}/{name}") != 404) is sees, name


@pytest.mark.parametrize("role", ROLES)
def test_a_picture_is_for_whom_the_figures_are(
    as_reader: Callable[[str], TestClient], role: str
) -> None:
    client = as_reader(role)
    expected = 200 if role == "coordinator" else 404
    for name in ("chart.svg", "parts.svg", "map.svg", "compare.svg?region=all&period=2025"):
        assert client.get(f"/en/indicators/assisted/{name}").status_code == expected, name
    answer = client.get("/en/indicators/leaflets/chart.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == ("no-cache" if role == "visitor" else "no-store")
    again = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/en/indicators/leaflets/chart.svg", headers=again).status_code == 304


@pytest.mark.parametrize("role", ROLES)
def test_an_open_quarter_is_read_by_coordinators_only(ask: Ask, role: str) -> None:
    sees = role == "coordinator"
    found = ask(role, "leaflets")["figures"]
    assert (NEWEST in found["periods"]) is sees
    assert (NEWEST in {each["period"] for each in found["over_time"]}) is sees
    for path in (f"leaflets?period={NEWEST}", f"leaflets/explain?period={NEWEST}"):
        assert (ask(role, path) != 404) is sees, path
    taken = ask(role, "leaflets/figures.json")["results"]
    assert (NEWEST in {e["period"] for e in taken if not e["organisation"]}) is sees
    (place,) = ask(role, f"leaflets/compare?region=all&period={NEWEST}")["places"]
    assert (place["figures"][0]["value"] is not None) is sees
    (place,) = ask(role, "leaflets/compare?region=all&period=2026")["places"]
    # the year so far rests on what its reader may see
    assert place["figures"][0]["reported"] == sum(
        e["reported"] for e in found["over_time"] if e["period"].startswith("2026")
    )


def test_a_member_reads_its_own_figures_beside(ask: Ask) -> None:
    found = ask("member", "assisted")["figures"]
    assert {each["organisation"] for each in found["own"]} == {OWN}
    assert found["over_time"] == []
    assert ask("member", f"assisted/explain?organisation={OWN}")["others"] == 0
    rows = ask("member", "assisted/figures.json")["results"]
    assert {each["organisation"] for each in rows} == {OWN}
    for role in ("visitor", "observer", "practitioner", "admin"):
        assert ask(role, "assisted")["figures"]["own"] == []
        assert ask(role, f"assisted/explain?organisation={OWN}") == 404
        assert ask(role, "assisted/figures.json") == 404
    assert ask("member", "leaflets/explain?organisation=o-s2k6bd") == 404
    assert ask("coordinator", "leaflets/explain?organisation=o-s2k6bd")["inputs"]["total"]


def test_the_page_says_why_there_is_no_number(visitor: TestClient) -> None:
    page = visitor.get("/en/indicators/assisted").text
    assert "exact figures are read by coordinators only" in page
    assert "chart.svg" not in page
    assert (
        "Quarters appear here when they are closed." in visitor.get("/en/indicators/leaflets").text
    )


def test_what_counted_people_once_stays_shut(client: TestClient, store: Store) -> None:
    split_versions(store, "leaflets", "2026-04-01", "2026-Q2")
    found = client.get("/en/indicators/leaflets", headers=JSON).json()
    assert found["figures"]["periods"] == ["2026-Q2"]
    taken = client.get("/en/indicators/leaflets/figures.csv").text
    assert {row["period"] for row in csv.DictReader(io.StringIO(taken))} == {"2026-Q2"}
    path = "/en/indicators/leaflets/explain?period="
    assert client.get(f"{path}2026-Q1").status_code == 404
    year = client.get(f"{path}2026", headers=JSON).json()
    assert [each["period"] for each in year["made_of"]] == ["2026-Q2"]
    asked = "/en/indicators/leaflets/compare?region=all&period=2025"
    (place,) = client.get(asked, headers=JSON).json()["places"]
    assert place["figures"][0]["value"] is None


def test_the_ladder_of_the_page(as_role: SignIn, visitor: TestClient) -> None:
    path = "/en/indicators/leaflets"
    whole = visitor.get(path)
    assert "<!doctype html>" in whole.text
    assert "HX-Request-Type" in whole.headers["vary"]
    block = visitor.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "<!doctype" not in block
    assert "By region" in block
    restored = visitor.get(path, headers={"Accept": "*/*"})
    assert restored.text == whole.text
    assert visitor.post(path, follow_redirects=False).status_code in (303, 403, 405)
    for language, title in (("ru", "листовки"), ("tk", "kagyzlar"), ("tg", "Варақа")):
        page = visitor.get(f"/{language}/indicators/leaflets").text
        assert f'lang="{language}"' in page
        assert title in page
