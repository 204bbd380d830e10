"""What a donor is given of a project: page, report, workbook and the file to be published."""

import io
from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient
from lxml import etree  # type: ignore[import-untyped]
from openpyxl import load_workbook  # type: ignore[import-untyped]

from portal.donors.rules import budget_by_year, shares_of
from tests.conftest import JSON, SignIn

MURGAP, SUGHD, HOUSE = "pr-murgap", "pr-sughd", "pr-house"

# the order of what we write, as the schema of the IATI standard 2.03 has it
ORDER = [
    "iati-identifier",
    "reporting-org",
    "title",
    "description",
    "participating-org",
    "activity-status",
    "activity-date",
    "activity-scope",
    "recipient-country",
    "sector",
    "default-flow-type",
    "default-finance-type",
    "default-aid-type",
    "budget",
    "result",
]
REQUIRED = {
    "reporting-org": {"ref", "type"},
    "participating-org": {"role"},
    "activity-status": {"code"},
    "activity-date": {"type", "iso-date"},
    "activity-scope": {"code"},
    "recipient-country": {"code"},
    "sector": {"code", "vocabulary"},
    "default-flow-type": {"code"},
    "default-finance-type": {"code"},
    "default-aid-type": {"code"},
    "value": {"currency", "value-date"},
    "result": {"type"},
    "indicator": {"measure"},
    "reference": {"vocabulary", "code"},
    "baseline": {"year", "value"},
    "period-start": {"iso-date"},
    "period-end": {"iso-date"},
    "target": {"value"},
    "actual": {"value"},
}
INSIDE = {
    "budget": ["period-start", "period-end", "value"],
    "result": ["title", "indicator"],
    "indicator": ["title", "description", "reference", "baseline", "period"],
    "period": ["period-start", "period-end", "target", "actual"],
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def activity_of(client: TestClient, project_id: str) -> Any:
    answer = client.get(f"/en/projects/{project_id}/iati.xml")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/xml")
    root = etree.fromstring(answer.content)
    assert (root.tag, root.get("version")) == ("iati-activities", "2.03")
    (activity,) = root
    return activity


def in_order(tags: list[str], order: list[str]) -> bool:
    places = [order.index(tag) for tag in tags]
    return places == sorted(places)


def test_the_file_is_complete_and_in_order(as_role: SignIn) -> None:
    activity = activity_of(as_role("observer"), MURGAP)
    assert in_order([each.tag for each in activity], ORDER)
    assert {each.tag for each in activity} == set(ORDER)
    for element in activity.iter():
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib), element.tag
        if element.tag in INSIDE:
            assert in_order([each.tag for each in element], INSIDE[element.tag])
    reporter = activity.find("reporting-org")
    identifier = activity.findtext("iati-identifier")
    assert identifier == f"{reporter.get('ref')}-DEMO-2024-MURGAP"
    spoken = [each.get(LANG) for each in activity.find("title")]
    assert spoken == [None, "ru", "tk", "tg"]
    assert activity.get(LANG) == "en"
    assert activity.find("activity-status").get("code") == "2"
    assert [d.get("type") for d in activity.iter("activity-date")] == ["1", "2", "3"]
    assert sum(int(v.text) for v in activity.iter("value")) == 48_000
    assert {r.get("type") for r in activity.iter("result")} == {"1", "2"}


def test_the_file_holds_no_exact_number_of_people_whoever_asks(as_role: SignIn) -> None:
    mine = as_role("coordinator").get(f"/en/projects/{MURGAP}", headers=JSON).json()
    exact = [line for aim in mine["logframe"] for line in aim["lines"]]
    people = {line["code"] for line in exact} - {"leaflets"}
    assert any(line["actual"]["value"] % 10 for line in exact if line["code"] in people)
    for role in ("coordinator", "observer", "member"):
        activity = activity_of(as_role(role), MURGAP)
        for indicator in activity.iter("indicator"):
            if indicator.find("reference").get("code") not in people:
                continue
            told = [*indicator.iter("actual"), *indicator.iter("baseline")]
            values = [float(each.get("value")) for each in told]
            assert all(value >= 10 and value % 10 == 0 for value in values)


def test_a_small_number_is_left_out_and_said_in_words(lived_site: TestClient) -> None:
    with lived_site.app.state.site.store.transaction() as db:
        db.execute(
            "UPDATE results SET state = 'value', numerator = 0 WHERE project_id = :id"
            " AND code = 'prevented' AND NOT (period = '2026-Q1' AND sex = 'female')",
            {"id": MURGAP},
        )
    lived_site.post("/demo/sign-in", data={"role": "observer"})
    activity = activity_of(lived_site, MURGAP)
    prevented = next(
        each
        for each in activity.iter("indicator")
        if each.find("reference").get("code") == "prevented"
    )
    assert prevented.find("period/actual") is None
    assert prevented.find("period/target") is not None
    assert "Fewer than 10" in prevented.find("description")[0].text
    assert "fewer than 10" in lived_site.get(f"/en/projects/{MURGAP}").text


def test_the_workbook_says_what_the_page_says(as_role: SignIn) -> None:
    for role in ("coordinator", "observer"):
        client = as_role(role)
        shown = client.get(f"/en/projects/{SUGHD}", headers=JSON).json()
        content = client.get(f"/en/projects/{SUGHD}/report.xlsx").content
        head, *rows = load_workbook(io.BytesIO(content))["logframe"].iter_rows(values_only=True)
        assert head[8] == "Reached"
        lines = [line for aim in shown["logframe"] for line in aim["lines"]]
        assert len(rows) == len(lines) == 3
        page = client.get(f"/en/projects/{SUGHD}").text
        paper = client.get(f"/en/projects/{SUGHD}/report").text
        for row, line in zip(rows, lines, strict=True):
            few = line["actual"]["fewer_than"]
            assert row[8] == (f"fewer than {few}" if few else line["actual"]["value"])
            said = row[8] if few else f"{row[8]:,.0f}"
            assert f'<td class="num">{said}' in page
            assert f'<td class="num">{said}' in paper
        assert shown["credit"] in paper


def test_a_text_in_the_workbook_is_never_a_formula(lived_site: TestClient) -> None:
    store = lived_site.app.state.site.store
    evil = '=HYPERLINK("x")\x01'
    with store.transaction() as db:
        db.execute("UPDATE projects SET title = :e, titles = '{}', donor = :e", {"e": evil})
        db.execute("UPDATE project_outcomes SET title = :e, titles = '{}'", {"e": evil})
    lived_site.post("/demo/sign-in", data={"role": "coordinator"})
    content = lived_site.get(f"/en/projects/{MURGAP}/report.xlsx").content
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert evil[:-1] in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    # nor is it anything but a text in the file
    activity = activity_of(lived_site, MURGAP)
    assert activity.find("title")[0].text == evil[:-1]


def test_a_project_that_lacks_something_has_no_file(as_role: SignIn) -> None:
    client = as_role("coordinator")
    answer = client.get(f"/en/projects/{HOUSE}/iati.xml", headers=JSON)
    assert answer.status_code == 422
    fields = answer.json()["error"]["fields"]
    # a shelter is not named in a file that is made to be published
    assert {"organisation", "reporter_ref"} <= set(fields)
    assert "iati.xml" not in client.get(f"/en/projects/{HOUSE}").text


def test_the_credit_line_stands_on_what_the_project_pays_for(visitor: TestClient) -> None:
    for address in ("campaigns/c-4t8n2r", "materials/m-4k7tq2", "materials/m-4k7tq2/print"):
        assert "Fund of the Seven Rivers" in visitor.get(f"/en/{address}").text, address
    assert "Seven Rivers" not in visitor.get("/en/campaigns/c-7h3w9k").text


@pytest.mark.parametrize("total", [1, 48_000, 99_999_999])
@pytest.mark.parametrize("last", [date(2026, 7, 1), date(2026, 12, 31), date(2029, 2, 28)])
def test_a_budget_falls_on_years_without_loss(total: int, last: date) -> None:
    parts = budget_by_year(total, date(2026, 7, 1), last)
    assert sum(part for _first, _last, part in parts) == total
    assert all(first.year == end.year and part >= 0 for first, end, part in parts)
    assert parts[0][0] == date(2026, 7, 1)
    assert parts[-1][1] == last


def test_shares_of_countries_make_a_hundred() -> None:
    for number in range(1, 8):
        assert sum(round(float(each) * 100) for each in shares_of(number)) == 100 * 100
