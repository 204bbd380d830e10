"""Members, coordinators and observers read plans and their progress; nobody else learns of any."""

import csv
import io
from typing import Any

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook

from tests.conftest import JSON, LANGUAGES, PARTIAL
from tests.planning.conftest import Keepers, action_of, keepers  # noqa: F401

PEOPLE = ("2.1", "2.2")  # actions measured by indicators that count people


def test_the_register_as_page_block_and_json(member: TestClient) -> None:
    found = member.get("/en/plans", headers=JSON).json()
    assert (found["total"], found["page"], found["per_page"]) == (2, 1, 50)
    assert {each["state"] for each in found["results"]} == {"in_force"}
    assert [each["actions"] for each in found["results"]] == [8, 8]
    page = member.get("/en/plans")
    assert page.headers["vary"]
    assert "<h1>Action plans</h1>" in page.text
    block = member.get("/en/plans?country=TJ", headers=PARTIAL).text
    assert "<html" not in block
    assert "Tajikistan" in block
    assert "Turkmenistan" not in block
    assert member.get("/en/plans?country=XX", headers=JSON).status_code == 422
    assert member.get("/en/plans?state=nothing", headers=JSON).status_code == 422
    assert member.get("/en/plans?state=draft", headers=JSON).json()["total"] == 0
    assert "New plan" not in page.text


def test_strangers_learn_of_no_plan(keepers: Keepers) -> None:  # noqa: F811
    plan = keepers.plan()["id"]
    addresses = [
        "/en/plans",
        *(f"/en/plans/{plan}{page}" for page in ("", "/print", "/plan.csv", "/plan.xlsx")),
    ]
    for role, status in (("visitor", 303), ("practitioner", 404), ("admin", 404)):
        for address in addresses:
            answer = keepers.get(role, address)
            assert answer.status_code == status, (role, address)
            assert "Action plan against" not in answer.text
    assert keepers.get("visitor", "/en/plans", **JSON).status_code == 401
    assert keepers.get("member", "/en/plans/np-nothing").status_code == 404


def test_a_draft_is_the_coordinators_alone(keepers: Keepers) -> None:  # noqa: F811
    plan = keepers.plan()["id"]
    keepers.post("coordinator", f"/en/plans/{plan}/state", plan_state="draft")
    for role in ("member", "observer"):
        assert keepers.get(role, "/en/plans", **JSON).json()["total"] == 1
        assert keepers.get(role, "/en/plans?state=draft", **JSON).json()["total"] == 0
        for page in ("", "/print", "/plan.csv", "/plan.xlsx", "/edit"):
            assert keepers.get(role, f"/en/plans/{plan}{page}").status_code == 404
    assert "Only coordinators see this plan" in keepers.get("coordinator", f"/en/plans/{plan}").text


def test_the_states_of_the_demo(keepers: Keepers) -> None:  # noqa: F811
    plan = keepers.plan()
    states = {each["code"]: each["state"] for each in plan["progress"]}
    assert states == {
        "1.1": "running",
        "1.2": "running",
        "1.3": "done",
        "2.1": "running",
        "2.2": "running",
        "2.3": "overdue",
        "3.1": "stopped",
        "3.2": "not_begun",
    }
    assert plan["states"] == {"not_begun": 1, "running": 4, "overdue": 1, "done": 1, "stopped": 1}
    trained = action_of(plan, "2.1")
    assert (trained["events_held"], trained["activities_held"]) == (2, 0)
    # a campaign brings its activities with it
    assert action_of(plan, "1.1")["activities_held"] > 5


def test_numbers_of_people_are_for_coordinators(keepers: Keepers) -> None:  # noqa: F811
    def indicators(role: str) -> dict[str, dict[str, Any]]:
        found = keepers.plan(role)["progress"]
        return {each["code"]: each for one in found for each in one["indicators"]}

    whole = indicators("coordinator")
    assert all(each["is_open"] for each in whole.values())
    assert whole["people_trained"]["value"] is not None
    for role in ("member", "observer"):
        seen = indicators(role)
        assert seen.keys() == whole.keys()
        for code in ("people_trained", "practitioners_listed", "reach_psychologist"):
            hidden = seen[code]
            assert not hidden["is_open"]
            assert [hidden[name] for name in ("value", "progress", "since", "baseline")] == [
                None
            ] * 4
        # of a country the portal counts one line, behind which nobody sees how many there are
        assert whole["campaign_activities"]["value"] is not None
        assert seen["campaign_activities"]["value"] is None
        assert seen["campaign_activities"]["target"] == 60
        # what counts no people, and rests on enough organisations, is open and the same
        shown = {code for code, each in seen.items() if each["value"] is not None}
        assert "leaflets" in shown
        assert all(seen[code] == whole[code] for code in shown)
        # the open quarter is in nobody's value
        assert all((each["until"] or "") <= "2026-Q2" for each in seen.values())
        plan = keepers.plan(role)["id"]
        for page in ("", "/print"):
            shown = keepers.get(role, f"/en/plans/{plan}{page}").text
            assert "for coordinators" in shown
        rows = _table(keepers.get(role, f"/en/plans/{plan}/plan.csv").content)
        told = {row["indicator"]: row for row in rows}
        assert told["people_trained"]["value"] == told["people_trained"]["progress_percent"] == ""
        assert told["leaflets"]["value"] != ""


def _table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_table_is_the_same_in_both_forms(keepers: Keepers) -> None:  # noqa: F811
    plan = keepers.plan()["id"]
    answer = keepers.get("coordinator", f"/ru/plans/{plan}/plan.csv")
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{plan}.csv"')
    rows = _table(answer.content)
    assert [row["action"] for row in rows if row["indicator"] in ("", "trainings")] == [
        "1.3",
        "2.1",
        "3.1",
        "3.2",
    ]
    assert {row["state"] for row in rows if row["action"] == "3.2"} == {"Не начато"}
    book = load_workbook(
        io.BytesIO(keepers.get("coordinator", f"/ru/plans/{plan}/plan.xlsx").content)
    )
    cells = [["" if one is None else str(one) for one in row] for row in book.active.values]
    assert cells[0] == list(rows[0])
    assert [row[0:2] for row in cells[1:]] == [[row["action"], row["text"]] for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_words(keepers: Keepers, language: str) -> None:  # noqa: F811
    plan = keepers.plan()
    text = {"en": action_of(plan, "3.2")["text"], **action_of(plan, "3.2")["texts"]}[language]
    for page in ("", "/print"):
        shown = keepers.get("member", f"/{language}/plans/{plan['id']}{page}").text
        assert text in shown
        assert f'<html lang="{language}">' in shown
