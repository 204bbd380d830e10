"""A member reports a quarter on one page, and a coordinator of another organisation decides."""

from tests.conftest import JSON, PARTIAL
from tests.reporting.desk import OWN, QUARTER, Desk, fields_of

ASSISTED = f"assisted|{QUARTER}|TM-A||female|adult|forced_labour"


def handed_in(desk: Desk) -> str:
    path = desk.open()
    answer = desk.save(path, desk.whole(path), "hand_in")
    assert answer.status_code == 303, answer.text
    return path


def test_the_list_has_what_is_due_on_top(desk: Desk) -> None:
    client = desk.sign_in("member")
    html = client.get("/en/reports").text
    assert html.index("Report this quarter") < html.index("Earlier quarters")
    assert "Reports of other organisations" not in html
    found = client.get("/en/reports", headers=JSON).json()
    assert found["results"][0] | {"due_on": ""} == {
        "id": None,
        "organisation_id": OWN,
        "organisation": "",
        "period": QUARTER,
        "state": "missing",
        "due_on": "",
        "handed_in_at": None,
    }
    assert {each["organisation_id"] for each in found["results"]} == {OWN}
    assert client.get("/en/reports", headers=PARTIAL).text.startswith("<h1>")
    path = desk.open()
    assert desk.open() == path
    assert "Go on with this report" in client.get("/en/reports").text


def test_a_quarter_is_saved_handed_in_returned_corrected_accepted(desk: Desk) -> None:
    path = desk.open()
    fields = desk.whole(path)
    assert desk.save(path, fields).headers["location"].endswith("?done=saved")
    html = desk.client.get(path).text
    assert "Together 4" in html
    assert fields_of(html).items() >= {f"assisted|{QUARTER}|TM-A||row-1|numerator": "4"}.items()
    assert desk.shown(path)["problems"] == {}
    assert desk.save(path, fields_of(html), "hand_in").headers["location"].endswith("handed_in")
    assert "The report is handed in" in desk.client.get(path).text

    desk.sign_in("coordinator")
    assert path.removeprefix("/en/") in desk.client.get("/en/work").text
    note = {ASSISTED: "Look again, please.", "act": "return", "note": ""}
    assert desk.post(f"{path}/review", note).status_code == 303

    desk.sign_in("member")
    html = desk.client.get(path).text
    assert html.count("Look again, please.") == 2
    fields = {**fields_of(html), f"assisted|{QUARTER}|TM-A||row-1|numerator": "6"}
    assert desk.save(path, fields, "hand_in").status_code == 303
    desk.sign_in("coordinator")
    page = desk.client.get(f"{path}/review").text
    assert "Female, Adult (18 and older), Forced labour or services" in page
    assert desk.post(f"{path}/review", {"act": "accept"}).status_code == 303

    desk.sign_in("member")
    assert "Look again, please." in desk.client.get(path).text
    assert desk.post(f"{path}/correct").headers["location"].endswith("?done=correct")
    assert desk.shown(path)["state"] == "draft"
