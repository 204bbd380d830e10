"""Regions and periods beside each other, held against a plain sum; files that are what one saw."""

import csv
import io
from itertools import product

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook

from portal.db import Store
from portal.texts import restore
from tests.conftest import JSON, PARTIAL, SignIn
from tests.explaining.conftest import Ask

QUARTERS = ("2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
PLACES = ("all", "TJ", "TJ-SU", "TM-M")


def plainly(db, code: str, rule: str, place: str, period: str):  # type: ignore[no-untyped-def]
    """What a reader with a pencil would make of the kept figures."""
    inside = [period] if "-" in period else [f"{period}-Q{number}" for number in (1, 2, 3, 4)]
    kept = [
        db.execute(
            "SELECT numerator, denominator FROM figures WHERE code = ? AND period = ? AND"
            " region = ? AND organisation_id = '' AND sex || age_group || form = ''",
            [code, each, place.replace("all", "")],
        ).fetchone()
        for each in inside
    ]
    known = [each for each in kept if each and each[0] is not None]
    if not known:
        return None
    if rule == "share":
        below = sum(each[1] for each in known)
        return 100 * sum(each[0] for each in known) / below if below else None
    numbers = [each[0] for each in known]
    made = {"sum": sum(numbers), "last": numbers[-1], "mean": sum(numbers) / len(numbers)}
    return made[rule]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("leaflets", "sum"),
        ("in_reintegration", "last"),
        ("members", "last"),
        ("exploited_again", "share"),
        ("days_to_help", "mean"),
    ],
)
def test_a_comparison_is_what_a_pencil_makes(
    ask: Ask, visitor: TestClient, code: str, rule: str
) -> None:
    periods = ("2024", "2025", *QUARTERS)
    asked = "&".join([f"region={e}" for e in PLACES] + [f"period={e}" for e in periods])
    found = ask("coordinator", f"{code}/compare?{asked}")
    cells = {
        (place["region"] or "all", each["period"]): each["value"]
        for place in found["places"]
        for each in place["figures"]
    }
    assert len(cells) == len(PLACES) * len(periods)
    with visitor.app.state.site.store.read() as db:
        for place, period in product(PLACES, periods):
            expected = plainly(db, code, rule, place, period)
            assert cells[place, period] == (
                None if expected is None else pytest.approx(expected)
            ), (place, period)


def test_the_difference_is_said_in_words(ask: Ask, visitor: TestClient) -> None:
    asked = "compare?region=TJ-SU&region=TM-M&period=2024&period=2025"
    found = ask("coordinator", f"leaflets/{asked}")
    sughd = [each["value"] for each in found["places"][0]["figures"]]
    gap = abs(sughd[1] - sughd[0])
    word = "more" if sughd[1] > sughd[0] else "less"
    assert found["differences"][0].startswith("Sughd: from ")
    assert found["differences"][0].endswith(f"{gap:,.0f} {word}.")
    assert found["differences"][-1].startswith("2025: most in ")
    assert "points" in ask("coordinator", f"confirmed_90_days/{asked}")["differences"][0]
    page = visitor.get(f"/en/indicators/leaflets/{asked}").text
    assert 'value="TJ-SU" checked' in page
    assert 'value="all" checked' not in page
    block = visitor.get(f"/en/indicators/leaflets/{asked}", headers=PARTIAL).text
    assert "<!doctype" not in block
    assert "Beside each other" in block


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("region=nowhere&period=2025", "Choose one of"),
        ("&".join(f"region=r{number}" for number in range(3000)), "Choose at most 6."),
        ("&".join(f"period={year}" for year in range(2000, 2009)), "Choose at most 8."),
        ("region=all&period=soon", "Write a period as"),
        ("region=all&else=1", "This filter is not known."),
    ],
)
def test_a_comparison_that_cannot_be_keeps_what_was_ticked(
    visitor: TestClient, asked: str, said: str
) -> None:
    answer = visitor.get(f"/en/indicators/leaflets/compare?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    if "region=all" in asked:
        assert 'value="all" checked' in answer.text
    picture = visitor.get(f"/en/indicators/leaflets/compare.svg?{asked}")
    assert picture.status_code == 422


def rows_of(client: TestClient, path: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return [
        {name: restore(cell) for name, cell in row.items()}
        for row in read(client.get(f"/en/indicators/{path}").content)
    ]


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("code", ["assisted", "exploited_again", "assisted_published"])
def test_the_files_hold_what_the_page_shows(coordinator: TestClient, code: str) -> None:
    rows = rows_of(coordinator, f"{code}/figures.csv")
    said = coordinator.get(f"/en/indicators/{code}/figures.json", headers=JSON).json()
    assert said["total"] == len(rows) > 1
    for row, figure in zip(rows, said["results"], strict=True):
        assert row["code"] == code
        for name in ("period", "region", "sex", "age_group", "form"):
            assert row[name] == figure[name]
        for name in ("value", "numerator", "denominator", "target"):
            number = float(row[name]) if row[name] else None
            assert number == figure[name]
        assert (int(row["reported"]), int(row["expected"])) == (
            figure["reported"],
            figure["expected"],
        )
    table = coordinator.get(f"/en/indicators/{code}", headers=JSON).json()["figures"]
    wholes = {r["period"]: r["value"] for r in rows if not any(r[n] for n in WHOLE)}
    for each in table["over_time"]:
        value = float(wholes[each["period"]]) if wholes[each["period"]] else None
        assert value == each["value"]
    answer = coordinator.get(f"/en/indicators/{code}/figures.xlsx")
    assert f'filename="{code}.xlsx"' in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *cells = sheet.iter_rows(values_only=True)
    assert list(head) == list(rows[0])
    for row, lines in zip(cells, rows, strict=True):
        for cell, text in zip(row, lines.values(), strict=True):
            # a workbook keeps sixteen digits of a number
            is_number = isinstance(cell, int | float)
            assert float(text) == pytest.approx(cell) if is_number else (cell or "") == text


WHOLE = ("region", "sex", "age_group", "form", "organisation")


def test_no_spreadsheet_calculates_what_somebody_typed(client: TestClient, store: Store) -> None:
    trap = '=HYPERLINK("http://x","y")'
    with store.transaction() as db:
        db.execute("UPDATE results SET note = ? WHERE code = 'assisted_published'", [trap])
        titles = '{"en": "=1+1<script>alert(1)</script>"}'
        db.execute(
            "UPDATE indicator_versions SET titles = ? WHERE code = 'assisted_published'", [titles]
        )
    content = client.get("/en/indicators/assisted_published/figures.csv").content
    notes = {row["note"] for row in read(content)}
    assert notes == {f"'{trap}"}
    content = client.get("/en/indicators/assisted_published/figures.xlsx").content
    book = load_workbook(io.BytesIO(content))
    assert {c.data_type for row in book.worksheets[0].iter_rows() for c in row} <= {"s", "n"}
    assert trap in {c.value for row in book.worksheets[0].iter_rows() for c in row}
    page = client.get("/en/indicators/assisted_published").text
    assert "<script>alert" not in page
    assert "=1+1&lt;script&gt;" in page
    assert "<script>alert" not in client.get("/en/indicators/assisted_published/chart.svg").text


def exports_of(store: Store) -> int:
    with store.read() as db:
        sql = "SELECT count(*) FROM audit WHERE verb = 'export' AND entity = 'indicators'"
        return int(db.execute(sql).fetchone()[0])


def test_taking_single_organisations_along_is_written_down(
    client: TestClient, store: Store
) -> None:
    client.post("/demo/sign-in", data={"role": "coordinator"})
    page = client.get("/en/indicators/leaflets").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    path = "/en/indicators/leaflets/organisations"
    assert client.post(path, data={"ending": "csv"}).status_code == 403
    assert client.post(path, data={"csrf": csrf, "ending": "exe"}).status_code == 422
    nothing = "/en/indicators/nothing/organisations"
    assert client.post(nothing, data={"csrf": csrf}).status_code == 404
    assert exports_of(store) == 0
    answer = client.post(path, data={"csrf": csrf, "ending": "csv"})
    rows = read(answer.content)
    assert len({row["organisation"] for row in rows}) > 10
    assert exports_of(store) == 1
    assert not any(row["organisation"] for row in rows_of(client, "leaflets/figures.csv"))


def test_nobody_else_takes_them(as_role: SignIn, visitor: TestClient) -> None:
    path = "/en/indicators/leaflets/organisations"
    assert visitor.post(path, headers=JSON).status_code == 401
    for role in ("member", "practitioner", "admin"):
        page = as_role(role).get("/en/indicators/leaflets").text
        assert "With a row for each organisation" not in page
        token = visitor.get("/en/sign-in").text.split('name="csrf" value="')[1].split('"')[0]
        assert visitor.post(path, data={"csrf": token}).status_code == 403
    mine = {row["organisation"] for row in rows_of(as_role("member"), "leaflets/figures.csv")}
    assert mine == {"", "o-3vd8xw"}
