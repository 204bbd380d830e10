"""What nobody should send: each is refused at its cell, in words, and leaves nothing behind."""

import pytest

from portal.actor import Actor
from portal.errors import Invalid
from portal.reports.actions import save_cells
from portal.reports.rules import Written, read_field
from tests.conftest import JSON, MOMENT, TODAY
from tests.reporting.desk import OWN, QUARTER, Desk

LEAFLETS = f"leaflets|{QUARTER}|TM-A||||"
AGAIN = f"exploited_again|{QUARTER}|||||"
PREVENTED = f"prevented|{QUARTER}|TM-A||female|adult|"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (f"{LEAFLETS}|numerator", "NaN", "such as 12"),
        (f"{LEAFLETS}|numerator", "1e9", "such as 12"),
        (f"{LEAFLETS}|numerator", "9" * 19, "such as 12"),
        (f"{LEAFLETS}|numerator", "1,000", "such as 12"),
        (f"{LEAFLETS}|numerator", "٣", "such as 12"),
        (f"{LEAFLETS}|numerator", "-1", "zero or more"),
        (f"{LEAFLETS}|numerator", "12,5", "whole numbers"),
        (f"{LEAFLETS}|state", "nonsense", "Choose one"),
        (f"{LEAFLETS}|note", "Call +993 65 123456", "one person"),
        (f"leaflets|{QUARTER}|XX-X|||||numerator", "1", "does not ask"),
        ("leaflets|2026-Q2|TM-A|||||numerator", "1", "does not ask"),
        (f"leaflets|{QUARTER}|TM-A|p-1||||numerator", "1", "does not ask"),
        (f"members|{QUARTER}|TM-A|||||numerator", "1", "does not ask"),
        (f"nothing|{QUARTER}||||||numerator", "1", "does not ask"),
        (f"prevented|{QUARTER}|TM-A||female|nobody||numerator", "1", "does not ask"),
        (f"prevented|{QUARTER}|TM-A||female|||numerator", "1", "does not ask"),
        (f"{AGAIN}|numerator", "3", "Of how many|of how many"),
        ("anything", "1", "does not ask"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_there(
    desk: Desk, field: str, text: str, said: str
) -> None:
    path = desk.open()
    before = desk.rows()
    sent = {f"{LEAFLETS}|state": "value", f"{PREVENTED}|numerator": "3", field: text}
    answer = desk.save(path, sent)
    assert answer.status_code == 422
    assert any(each in answer.text for each in said.split("|"))
    assert f'name="{PREVENTED}|numerator" type="text" inputmode="decimal" value="3"' in answer.text
    assert desk.rows() == before
    if field != "anything":
        name = field.rpartition("|")[0]
        found = desk.post(path, {"revision": "0", "act": "save", **sent}, **JSON).json()
        assert list(found["error"]["fields"]) == [name]


@pytest.mark.parametrize("typed", ["семь", ""])
def test_what_is_wrong_of_a_total_is_said_once_and_there(desk: Desk, typed: str) -> None:
    path, whole = desk.open(), f"assisted|{QUARTER}|TM-S||||"
    fields = {**desk.whole(path), f"{whole}|state": "value", f"{whole}|numerator": typed}
    fields = {name: text for name, text in fields.items() if "|TM-A|" not in name}
    said = "a whole number" if typed else "Write a number, zero"
    html = desk.save(path, fields, "hand_in").text
    # in the summary and at the field
    assert html.count(said) == 2
    assert f'<a href="#{whole.replace("|", ".")}"' in html


def test_rows_say_what_they_are_about_and_once(desk: Desk) -> None:
    path, line = desk.open(), f"assisted|{QUARTER}|TM-A|"
    part = {"sex": "male", "age_group": "adult", "form": "other", "numerator": "2"}
    one = {f"{line}|row-1|{name}": text for name, text in part.items()}
    two = {f"{line}|row-2|{name}": text for name, text in part.items()}
    again = desk.save(path, one | two)
    assert again.status_code == 422
    assert "write one number for it" in again.text
    bare = desk.save(path, {**one, f"{line}|row-1|form": ""})
    assert "row 1</a>" in bare.text
    assert "Choose what this number is about" in bare.text
    odd = {**one, f"{line}|row-1|form": "a|b|c", f"{line}|row-x|sex": "<script>"}
    answer = desk.save(path, odd)
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    reason = desk.save(path, {**one, f"{line}||||state": "no_activity"})
    assert "not both" in reason.text
    assert desk.shown(path)["cells"] == []


def test_ten_thousand_fields_are_no_report(desk: Desk) -> None:
    path = desk.open()
    many = {f"leaflets|{QUARTER}|TM-A||||{n}|numerator": "1" for n in range(10_000)}
    assert desk.save(path, many).status_code in (413, 422)
    fewer = dict(list(many.items())[:3100])
    assert desk.save(path, fewer).status_code in (413, 422)
    assert desk.save(path, {f"{LEAFLETS}|note": "a" * 5000}).status_code == 422
    assert desk.save(path, {}, "erase").status_code == 422
    assert desk.shown(path)["revision"] == 0


def test_a_form_that_holds_nothing_takes_nothing_away(desk: Desk) -> None:
    path = desk.open()
    desk.save(path, {f"{LEAFLETS}|state": "value", f"{LEAFLETS}|numerator": "1 200"})
    (cell,) = desk.shown(path)["cells"]
    assert (cell["field"], cell["numerator"]) == (LEAFLETS, 1200)
    desk.save(path, {})
    assert desk.shown(path)["cells"] == [cell]


@pytest.mark.parametrize("role", ["practitioner", "admin"])
def test_reports_concern_members_and_coordinators(desk: Desk, role: str) -> None:
    path = desk.open()
    before = desk.rows()
    desk.sign_in(role)
    for each in ("/en/reports", path, f"{path}/review"):
        assert desk.client.get(each).status_code == 404
    for each in ("/en/reports", path, f"{path}/review", f"{path}/correct"):
        sent = {"period": QUARTER, "act": "save", "revision": "0"}
        assert desk.post(each, sent).status_code == 404
    assert desk.rows() == before


def test_what_belongs_to_another_organisation(desk: Desk) -> None:
    desk.sign_in("coordinator")
    found = desk.client.get("/en/reports?state=submitted", headers=JSON).json()["results"]
    other = next(each["id"] for each in found if each["organisation_id"] != OWN)
    before = desk.rows()
    assert desk.save(f"/en/reports/{other}", {}).status_code == 404
    assert desk.post(f"/en/reports/{other}/correct").status_code == 404
    for wrong in (
        {"act": "return"},
        {"act": "return", AGAIN: "No.", f"members|{QUARTER}|||||": "No."},
        {},
    ):
        sent = {"act": "", **wrong}
        assert desk.decide(f"/en/reports/{other}", **sent).status_code == 422
    foreign = {"act": "return", "note": "Call +993 65 123456"}
    assert desk.decide(f"/en/reports/{other}", **foreign).status_code == 422
    desk.sign_in("member")
    for method in ("GET", "POST"):
        for each in ("", "/review"):
            answer = desk.client.request(
                method,
                f"/en/reports/{other}{each}",
                headers={"x-csrf-token": desk.csrf, **JSON},
            )
            assert answer.status_code == 404
    assert desk.rows() == before


def test_nobody_decides_on_a_report_of_their_own_organisation(desk: Desk) -> None:
    path = desk.open()
    desk.save(path, desk.whole(path), "hand_in")
    desk.sign_in("coordinator", OWN)
    assert desk.client.get(path).status_code == 200
    before = desk.rows()
    assert desk.client.get(f"{path}/review").status_code == 403
    assert desk.decide(path, "accept").status_code == 403
    assert desk.rows() == before


@pytest.mark.parametrize("period", ["", "2026", "2026-07", "2026-Q9", "2027-Q1", "1990-Q1"])
def test_a_quarter_that_cannot_be_reported(desk: Desk, period: str) -> None:
    desk.sign_in("member")
    before = desk.rows()
    assert desk.post("/en/reports", {"period": period}).status_code in (404, 422)
    assert desk.client.get("/en/reports?period=x&state=nothing").status_code == 422
    assert desk.rows() == before


def test_a_project_of_others_is_refused_at_its_cell(desk: Desk) -> None:
    desk.projects()
    path = desk.open()
    before, field = desk.rows(), f"leaflets|{QUARTER}|TM-A|p-other|||"
    answer = desk.post(path, {"revision": "0", "act": "save", f"{field}|numerator": "3"}, **JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]
    by = Actor("member", "demo-member", organisation_id=OWN)
    told = (path.rpartition("/")[2], 0, [Written(read_field(field), "value", 3)])
    with desk.store.transaction() as db, pytest.raises(Invalid) as refused:
        save_cells(db, by, MOMENT, TODAY, *told)
    assert list(refused.value.fields) == [field]
    assert "Of others" not in desk.client.get(f"{path}?add=leaflets|TM-M|p-other").text
    assert desk.rows() == before
