"""A member reports a quarter on one page, and a coordinator of another organisation decides."""

from datetime import date

import pytest

from portal.actor import Actor
from portal.indicators.locks import reopen
from portal.indicators.periods import read_period
from tests.conftest import JSON, LANGUAGES, MOMENT, PARTIAL
from tests.reporting.desk import OWN, QUARTER, Desk, fields_of

# the region of the demo member's own office
HERE = "TM-S"
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
    assert desk.decide(path, "return", **{ASSISTED: "Look again, please."}).status_code == 303

    desk.sign_in("member")
    html = desk.client.get(path).text
    assert html.count("Look again, please.") == 2
    fields = {**fields_of(html), f"assisted|{QUARTER}|TM-A||row-1|numerator": "6"}
    assert desk.save(path, fields, "hand_in").status_code == 303
    desk.sign_in("coordinator")
    page = desk.client.get(f"{path}/review").text
    assert "Female, Adult (18 and older), Forced labour or services" in page
    assert desk.decide(path, "accept").status_code == 303

    desk.sign_in("member")
    assert "Look again, please." in desk.client.get(path).text
    assert desk.post(f"{path}/correct").headers["location"].endswith("?done=correct")
    assert desk.shown(path)["state"] == "draft"


def test_what_is_missing_is_said_at_its_cell_and_nothing_is_lost(desk: Desk) -> None:
    path = desk.open()
    leaflets = f"leaflets|{QUARTER}|TM-A||||"
    fields = {**fields_of(desk.client.get(path).text), f"{leaflets}|numerator": "1 200"}
    answer = desk.save(path, fields, "hand_in")
    assert answer.status_code == 422
    assert 'value="1200"' in answer.text
    assert f'href="#prevented.{QUARTER}.{HERE}...."' in answer.text
    assert f'id="prevented.{QUARTER}.{HERE}...."' in answer.text
    missing = desk.shown(path)["problems"]
    assert f"prevented|{QUARTER}|||||" in missing
    assert f"leaflets|{QUARTER}|||||" not in missing
    assert desk.shown(path)["state"] == "draft"


def test_another_region_and_more_rows_without_script(desk: Desk) -> None:
    path = desk.open()
    client = desk.client
    answer = desk.save(path, {}, "add_line", add="leaflets|TM-M")
    shown = client.get(answer.headers["location"]).text
    assert f'name="leaflets|{QUARTER}|TM-M|||||numerator"' in shown
    assert '<input type="hidden" name="add" value="leaflets|TM-M|">' in shown
    more = desk.save(path, {}, "more_rows", add="leaflets|TM-M").headers["location"]
    assert f'name="assisted|{QUARTER}|{HERE}||row-6|sex"' in client.get(more).text
    assert client.get(f"{path}?add=members|TM-M&add=x&add=a|b|c|d").status_code == 200
    assert client.get(f"{path}?rows=9000").status_code == 422


def test_a_line_may_carry_a_project_of_ones_own(desk: Desk) -> None:
    own = desk.projects()
    path = desk.open()
    html = desk.client.get(path).text
    assert f'<option value="leaflets|{own}">OWN-1 Our own</option>' in html
    assert "Over since spring" not in html
    asked = {"add": "leaflets|TM-M", "for": f"leaflets|{own}"}
    shown = desk.client.get(desk.save(path, asked, "add_line").headers["location"]).text
    line = f"leaflets|{QUARTER}|TM-M|{own}"
    assert f'value="leaflets|TM-M|{own}"' in shown
    assert "OWN-1 Our own</legend>" in shown
    fields = {**fields_of(shown), f"{line}||||numerator": "70"}
    assert desk.save(path, fields).status_code == 303
    html = desk.client.get(path).text
    assert fields_of(html)[f"{line}||||numerator"] == "70"
    assert desk.save(path, fields_of(html)).status_code == 303
    assert [each["project_id"] for each in desk.shown(path)["cells"]] == [own]
    # without a region it is asked for as well
    more = desk.save(path, {"for": f"exploited_again|{own}"}, "add_line").headers["location"]
    assert f'name="exploited_again|{QUARTER}||{own}||||state"' in desk.client.get(more).text


def test_what_the_portal_counts_stands_above_the_form(desk: Desk) -> None:
    with desk.store.transaction() as db:
        row = {"id": "own", "title": "Own", "titles": "{}", "kind": "training", "participants": 12}
        row |= {"starts_on": "2026-09-12", "organisation_id": OWN}
        db.table("events").insert({**row, "summaries": "{}", "evaluation": "{}"})
    path = desk.open()
    known = desk.shown(path)["known"]
    assert {"code": "people_trained", "numerator": 12, "room": "events"} in known
    html = desk.client.get(path).text
    assert html.index("What the portal already counts") < html.index("<legend>")
    assert f'href="/en/indicators/{known[0]["code"]}"' in html
    assert f'href="/en/{known[0]["room"]}"' in html
    assert f'href="{path}/offline"' in html


def test_two_who_write_see_both(desk: Desk) -> None:
    path = desk.open()
    leaflets, again = f"leaflets|{QUARTER}|TM-A||||", f"exploited_again|{QUARTER}|||||"
    first = {f"{leaflets}|numerator": "100", f"{again}|numerator": "1", f"{again}|denominator": "9"}
    assert desk.save(path, first).status_code == 303
    late = {"revision": "0", "act": "save", f"{leaflets}|numerator": "200"}
    answer = desk.post(path, late)
    assert answer.status_code == 422
    assert "now 100, you wrote 200" in answer.text
    # what only the other one wrote is there as well
    shown = fields_of(answer.text)
    assert (shown[f"{leaflets}|numerator"], shown[f"{again}|denominator"]) == ("200", "9")
    assert 'name="revision" value="1"' in answer.text
    assert desk.save(path, shown).status_code == 303
    cells = {each["field"]: each["numerator"] for each in desk.shown(path)["cells"]}
    assert cells == {leaflets: 200, again: 1}


def test_what_was_typed_stays_when_somebody_handed_in_meanwhile(desk: Desk) -> None:
    path = handed_in(desk)
    before = desk.rows()
    late = {"revision": "0", "act": "save", f"leaflets|{QUARTER}|TM-A|||||numerator": "200"}
    answer = desk.post(path, late)
    assert answer.status_code == 422
    assert "you wrote 200" in answer.text
    assert desk.rows() == before


def test_a_note_stands_with_the_parts_of_its_line(desk: Desk) -> None:
    path = desk.open()
    line = f"prevented|{QUARTER}|TM-A|"
    fields = {f"{line}|female|adult||numerator": "2", f"{line}|male|adult||numerator": "0"}
    assert desk.save(path, {**fields, f"{line}||||note": "By telephone."}).status_code == 303
    shown = fields_of(desk.client.get(path).text)
    assert shown[f"{line}||||note"] == "By telephone."
    assert desk.save(path, shown).status_code == 303
    notes = [each["note"] for each in desk.shown(path)["cells"]]
    assert notes == ["By telephone.", None]


def test_a_closed_quarter_is_only_shown(desk: Desk) -> None:
    client = desk.sign_in("member")
    found = client.get("/en/reports", headers=JSON).json()["results"]
    closed = next(each for each in found if each["period"] == "2026-Q1" and each["id"])
    html = client.get(f"/en/reports/{closed['id']}").text
    assert "This quarter is closed" in html
    assert "Correct it" not in html
    before = desk.rows()
    answer = desk.post(f"/en/reports/{closed['id']}/correct")
    assert answer.status_code == 422
    assert desk.rows() == before


def test_what_stands_out_is_asked_before_it_is_handed_in(desk: Desk) -> None:
    path = desk.open()
    line = f"leaflets|{QUARTER}|TM-S||||"
    fields = {**desk.whole(path), f"{line}|state": "value", f"{line}|numerator": "99999"}
    asked = desk.save(path, fields, "hand_in").headers["location"]
    assert asked.endswith("?done=look")
    html = desk.client.get(asked).text
    assert "More than twice as much as before" in html
    assert "Hand in as it is" in html
    assert desk.shown(path)["state"] == "draft"
    done = desk.save(path, fields_of(html), "hand_in_as_is").headers["location"]
    assert done.endswith("?done=handed_in")


def test_parts_that_do_not_fit_are_said_when_they_are_saved(desk: Desk) -> None:
    path, line = desk.open(), f"prevented|{QUARTER}|TM-S|"
    fields = {f"{line}||||numerator": "9", f"{line}|female|adult||numerator": "3"}
    html = desk.client.get(desk.save(path, fields).headers["location"]).text
    assert "This does not fit together yet" in html
    assert "The parts make 3, the whole says 9" in html


def test_notes_are_not_lost_when_a_report_is_accepted(desk: Desk) -> None:
    path = handed_in(desk)
    desk.sign_in("coordinator")
    before = desk.rows()
    # the whole of this line is the sum of its parts, and takes a note as well
    note = {f"assisted|{QUARTER}|TM-A||||": "How many of them again?"}
    asked = desk.decide(path, "accept", **note)
    assert asked.status_code == 422
    assert "Accept without the notes" in asked.text
    assert "How many of them again?" in asked.text
    assert desk.rows() == before
    assert desk.decide(path, "return", **note).status_code == 303
    desk.sign_in("member")
    html = desk.client.get(path).text
    assert html.count("How many of them again?") == 2
    fields = {**fields_of(html), f"assisted|{QUARTER}|TM-A||row-1|numerator": "3"}
    assert desk.save(path, fields, "hand_in").headers["location"].endswith("handed_in")
    desk.sign_in("coordinator")
    html = desk.client.get(f"{path}/review").text
    assert "How many of them again?" in html
    assert "Corrected: it was 4." in html
    assert desk.decide(path, "accept_anyway", **note).status_code == 303


def test_a_quarter_open_again_is_said_until_it_is_corrected(desk: Desk) -> None:
    client = desk.sign_in("member")
    found = client.get("/en/reports", headers=JSON).json()["results"]
    closed = next(each["id"] for each in found if each["period"] == "2025-Q1" and each["id"])
    with desk.store.transaction() as db:
        by = Actor("coordinator", "demo-coordinator", organisation_id="o-7k2m9q")
        told = (OWN, "A number was wrong.", date(2026, 12, 10))
        reopen(db, by, MOMENT, read_period("2025-Q1"), *told)
    assert "A closed quarter is open again" in client.get("/en/work").text
    assert "open again until 10 December 2026" in client.get("/en/reports").text
    assert "A number was wrong." in client.get(f"/en/reports/{closed}").text
    assert desk.post(f"/en/reports/{closed}/correct").status_code == 303
    work = client.get("/en/work").text
    assert "You have begun to correct a report: hand it in." in work
    assert "A closed quarter is open again" not in work
    assert f"/en/reports/{closed}" in work


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(desk: Desk, language: str) -> None:
    path = handed_in(desk).replace("/en/", f"/{language}/")
    for each in (f"/{language}/reports", path):
        assert desk.client.get(each).status_code == 200
    desk.sign_in("coordinator")
    for each in (f"/{language}/reports?state=all&period={QUARTER}", path, f"{path}/review"):
        assert desk.client.get(each).status_code == 200


def test_the_doors(desk: Desk) -> None:
    path = desk.open()
    assert desk.client.post(path, data={"act": "save"}).status_code == 403
    assert desk.client.put(path).status_code in (403, 405)
    desk.client.cookies.clear()
    assert desk.client.get(path, headers=JSON).status_code == 401
    answer = desk.client.get(path, follow_redirects=False)
    assert answer.headers["location"].startswith("/en/sign-in")
