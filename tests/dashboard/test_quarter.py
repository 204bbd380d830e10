"""The report of a quarter: a table to print and to take along, of what its reader may see."""

import csv
import io

from litestar.testing import TestClient
from openpyxl import load_workbook  # type: ignore[import-untyped]

from portal.db import Store
from portal.indicators.queries import Aim
from tests.conftest import JSON, LANGUAGES, SignIn
from tests.dashboard.conftest import defined, figure

HERE = "/en/indicators/quarter"


def test_page_and_files_say_the_same(as_role: SignIn) -> None:
    client = as_role("coordinator")
    found = client.get(HERE, headers=JSON).json()
    assert found["period"] == "2026-Q2"
    assert 0 < found["reports_accepted"] <= found["reports_expected"]
    assert found["total"] == len(found["results"]) == 31
    for language in LANGUAGES:
        assert client.get(f"/{language}/indicators/quarter").text.count('scope="row"') == 31
    page = client.get(HERE).text
    assert "Leaflets given out – 26 of 27 reports" in page
    assert "Q2 2026" in page
    assert "19,900" in page
    table = client.get(f"{HERE}.csv")
    assert 'filename="indicators-2026-Q2-en.csv"' in table.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(client.get(f"{HERE}.xlsx").content)).active
    cells = [[cell.value for cell in row] for row in sheet.rows]
    assert len(rows) == len(cells) == 32
    leaflets = next(row for row in cells if row[0] == "leaflets")
    assert leaflets[4:8] == [18200, 19900, 20550, 20000]
    assert next(row for row in rows if row[0] == "leaflets")[9:] == ["26", "27"]


def test_an_earlier_quarter_is_what_it_was(visitor: TestClient) -> None:
    found = visitor.get(f"{HERE}?period=2025-Q1", headers=JSON).json()
    leaflets = next(each for each in found["results"] if each["code"] == "leaflets")
    assert leaflets["period"] == "2025-Q1"
    now = visitor.get(f"{HERE}?period=2026-Q1", headers=JSON).json()["results"]
    later = next(each for each in now if each["code"] == "leaflets")
    assert later["year_before"] == leaflets["value"]


def test_it_holds_what_its_reader_may_see(as_role: SignIn) -> None:
    for role in ("member", "practitioner", "admin"):
        client = as_role(role)
        found = client.get(HERE, headers=JSON).json()
        codes = {each["code"] for each in found["results"]}
        assert codes & {"assisted", "leaflets", "assisted_published"} == {
            "leaflets",
            "assisted_published",
        }
        for address in (HERE, f"{HERE}.csv"):
            assert "People directly assisted<" not in client.get(address).text
            assert "\nassisted," not in client.get(address).text
        for ending in ("", ".csv", ".xlsx"):
            refused = client.get(f"{HERE}{ending}?period=2026-Q3", headers=JSON)
            assert refused.status_code == 422
            assert "period" in refused.json()["error"]["fields"]
    assert client.get(f"{HERE}?period=2026", headers=JSON).status_code == 422


def test_a_coordinator_looks_ahead_and_is_told(coordinator: TestClient) -> None:
    page = coordinator.get(f"{HERE}?period=2026-Q3").text
    assert "Provisional: Q3 2026 is not closed yet" in page


def test_a_title_is_never_a_formula(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        defined(db, "=1+2", Aim("", target=9.0))
        figure(db, "=1+2", "2026-Q2", 3)
    rows = csv.reader(io.StringIO(client.get(f"{HERE}.csv").content.decode("utf-8-sig")))
    assert [row[:2] for row in rows if "1+2" in row[0]] == [["'=1+2", "'=1+2"]]
    sheet = load_workbook(io.BytesIO(client.get(f"{HERE}.xlsx").content)).active
    cell = next(row[0] for row in sheet.rows if row[0].value == "=1+2")
    assert cell.data_type == "s"
