"""Requests as people meet them: the form, the register, one request, step by step."""

import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import find_or_make_demo_account
from portal.requests.actions import accept, decline
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, TODAY
from tests.requests.conftest import BAYRAMALY, NOTE, SATURDAY, Stage

FORM = {
    "profession": "psychologist",
    "mode": "home",
    "place": "Baýramaly",
    "date": SATURDAY.isoformat(),
    "part": "morning",
    "accompaniment": "asker",
    "travel_cost": "shared",
    "form_key": "a-key-of-one-form",
    "age_group": "adult",
    "language": "tk",
}
HIDDEN = {
    "place",
    "language",
    "gender",
    "age_group",
    "specialisation",
    "accompaniment",
    "travel_cost",
    "note",
    "duty_phone",
}


def sign_in(browser: TestClient, role: str, organisation: str = "") -> TestClient:
    browser.cookies.clear()
    browser.post("/demo/sign-in", data={"role": role, "organisation": organisation})
    return browser


def sent(browser: TestClient, path: str, **form: str):
    return browser.post(path, data={**form, "csrf": csrf_of(browser)})


def json(browser: TestClient, path: str) -> dict:
    answer = browser.get(path, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


def as_person(stage: Stage, browser: TestClient, practitioner_id: str) -> TestClient:
    """The demo's practitioner becomes this one."""
    with stage.store.transaction() as db:
        account = find_or_make_demo_account(db, "practitioner", None, TODAY)
    sign_in(browser, "practitioner")
    with stage.store.transaction() as db:
        db.table("accounts").update(account, {"practitioner_id": practitioner_id})
    return browser


def test_the_form_makes_a_request_and_leads_to_the_choice(
    browser: TestClient, stage: Stage
) -> None:
    member = sign_in(browser, "member")
    answer = sent(member, "/en/requests", **FORM)
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    page = member.get(path).text
    assert "Whom do you want to ask?" in page
    shown = json(member, path)
    assert shown["state"] == "open"
    assert shown["place"] == "Bayramaly"
    assert [each["id"] for each in shown["candidates"]]
    one, two = (each["id"] for each in shown["candidates"][:2])
    assert sent(member, f"{path}/offer", first=one, second=one).status_code == 422
    assert sent(member, f"{path}/offer", first=one, second=two).status_code == 303
    shown = json(member, path)
    assert [each["fate"] for each in shown["chosen"]] == ["asked", "next"]
    assert shown["candidates"] == []


def test_r14_the_same_form_sent_twice_makes_one_request(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    before = stage.one("SELECT count(*) FROM requests")
    places = {sent(member, "/en/requests", **FORM).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert stage.one("SELECT count(*) FROM requests") == before + 1


def test_a_card_of_the_search_leads_to_the_filled_form(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    asked = {"place": BAYRAMALY, "profession": "psychologist", "language": "ru"}
    page = member.get("/en/nearby", params=asked).text
    button = re.search(r'form="consultation" name="practitioner" value="([^"]+)"', page)
    assert button
    form = page.split('id="consultation"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert hidden["place"] == BAYRAMALY
    hidden["practitioner"] = button.group(1)
    answer = member.post("/en/requests/new", data=hidden)
    assert answer.status_code == 200
    assert f'name="practitioner" value="{button.group(1)}"' in answer.text
    assert 'spellcheck="false" value="Bayramaly"' in answer.text
    assert BAYRAMALY not in answer.text
    assert 'id="gender"' not in answer.text
    named = sent(member, "/en/requests", **FORM, practitioner=button.group(1))
    assert named.status_code == 303, named.text
    assert json(member, named.headers["location"])["state"] == "offered"


def test_a_practitioners_page_leads_to_the_form(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    page = member.get(f"/en/practitioners/{stage.people[0]}").text
    assert f"/en/requests/new?practitioner={stage.people[0]}" in page
    assert member.get(f"/en/requests/new?practitioner={stage.people[0]}").status_code == 200
    assert member.get("/en/requests/new?practitioner=p-nobody").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", ""),
        ("date", "2026-11-22"),
        ("date", "2027-06-01"),
        ("place", ""),
        ("place", "Nowhereville"),
        ("place", "Türkmenbaşy"),
        ("profession", "wizard"),
        ("mode", "drone"),
        ("note", "call 99365123456"),
        ("note", "x" * 301),
        ("accompaniment", "a crowd"),
        ("organisation_id", "o-other"),
        ("state", "accepted"),
        ("form_key", "short"),
    ],
)
def test_04_bad_input_is_422_and_says_so_at_the_field(
    browser: TestClient, stage: Stage, field: str, value: str
) -> None:
    member = sign_in(browser, "member")
    form = {**FORM, "note": "side door", field: value}
    before = stage.one("SELECT count(*) FROM requests")
    answer = sent(member, "/en/requests", **form)
    assert answer.status_code == 422
    assert stage.one("SELECT count(*) FROM requests") == before
    if field == "note":
        assert 'id="note-wrong"' in answer.text
    elif field != "note" and field in FORM:
        assert "side door" in answer.text
    told = member.post("/en/requests", data={**form, "csrf": csrf_of(member)}, headers=JSON)
    assert list(told.json()["error"]["fields"]) == [field]


def test_an_ambiguous_settlement_offers_its_candidates(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    answer = sent(member, "/en/requests", **{**FORM, "place": "Türkmenbaşy"})
    assert len(re.findall(r'<button class="quiet-button" name="place"', answer.text)) > 1


def test_nobody_is_said_to_bear_the_cost_of_a_home_visit_unasked(
    browser: TestClient, stage: Stage
) -> None:
    member = sign_in(browser, "member")
    answer = sent(member, "/en/requests", **{**FORM, "place": BAYRAMALY, "travel_cost": ""})
    assert answer.status_code == 422
    assert 'id="travel_cost-wrong"' in answer.text
    # the settlement has its name again, also after an error
    assert 'value="Bayramaly"' in answer.text
    assert BAYRAMALY not in answer.text


def test_the_asker_reads_who_answers_by_when_and_what_then(
    browser: TestClient, stage: Stage
) -> None:
    one, two = stage.people[:2]
    member = sign_in(browser, "member")
    page = member.get(f"/en/requests/{stage.create(one)}").text
    assert "is asked to answer by 10:00 tomorrow." in page
    assert "the request opens again and you see it here" in page
    assert "Home visit, Bayramaly, Mary, Saturday, 28 November 2026" in page
    assert "the next is asked" in member.get(f"/en/requests/{stage.create(one, two)}").text


def test_a_child_is_not_visited_by_one_alone(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    form = {**FORM, "age_group": "child", "accompaniment": "nobody"}
    answer = sent(member, "/en/requests", **form)
    assert answer.status_code == 422
    assert 'id="accompaniment-wrong"' in answer.text


def test_before_accepting_a_practitioner_sees_no_settlement(
    browser: TestClient, stage: Stage
) -> None:
    one = stage.people[0]
    request = stage.create(one)
    hers = as_person(stage, browser, one)
    shown = json(hers, f"/en/requests/{request}")
    assert {name for name in HIDDEN if shown[name] is not None} == set()
    assert shown["region"] == "TM-M"
    assert shown["mode"] == "home"
    assert shown["distance_band"]
    assert shown["wished_on"] == SATURDAY.isoformat()
    assert shown["chosen"] == shown["candidates"] == []
    (line,) = [e for e in json(hers, "/en/requests")["results"] if e["id"] == request]
    assert line["place"] is None
    for path in (f"/en/requests/{request}", "/en/requests"):
        page = hers.get(path).text
        assert "Bayramaly" not in page
        assert NOTE not in page
        assert "Demo member" not in page
    assert hers.get(f"/en/requests/{request}/sheet").status_code == 404
    assert hers.get(f"/en/requests/{request}/complete").status_code == 404
    assert sent(hers, f"/en/requests/{request}/returned").status_code == 404


def test_after_accepting_she_sees_where_and_what(browser: TestClient, stage: Stage) -> None:
    one = stage.people[0]
    request = stage.create(one)
    hers = as_person(stage, browser, one)
    for _ in range(2):
        assert sent(hers, f"/en/requests/{request}/accept").status_code == 303
    shown = json(hers, f"/en/requests/{request}")
    assert shown["state"] == shown["mine"] == "accepted"
    assert shown["place"] == "Bayramaly"
    assert shown["note"] == NOTE
    assert NOTE in hers.get(f"/en/requests/{request}").text
    sheet = hers.get(f"/en/requests/{request}/sheet").text
    assert request in sheet
    assert "Returned at" in sheet
    assert NOTE not in sheet


def test_who_declines_sees_it_no_more_and_the_asker_reads_not_this_time(
    browser: TestClient, stage: Stage
) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    hers = as_person(stage, browser, one)
    for _ in range(2):
        answer = sent(hers, f"/en/requests/{request}/decline", reason="too_far")
        assert answer.headers["location"] == "/en/requests"
    assert hers.get(f"/en/requests/{request}").status_code == 404
    assert sent(hers, f"/en/requests/{request}/accept").status_code == 404
    member = sign_in(browser, "member")
    shown = json(member, f"/en/requests/{request}")
    assert [each["fate"] for each in shown["chosen"]] == ["not_this_time", "asked"]
    assert "too_far" not in str(shown)
    assert "too long" not in member.get(f"/en/requests/{request}").text


def test_03_strangers_find_nothing(browser: TestClient, stage: Stage) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    other = stage.one(
        "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
        " ON m.organisation_id = o.id WHERE m.state = 'admitted'"
        " AND o.directory_until IS NOT NULL AND o.id <> :own",
        own=stage.asker.organisation_id,
    )
    for visitor in (sign_in(browser, "member", other), as_person(stage, browser, two)):
        assert visitor.get(f"/en/requests/{request}").status_code == 404
        assert request not in visitor.get("/en/requests").text
        for act in ("offer", "cancel", "accept", "decline", "returned", "complete"):
            form = {"first": stage.people[2]} if act == "offer" else {}
            assert sent(visitor, f"/en/requests/{request}/{act}", **form).status_code == 404
    assert stage.holder(request) == one


def test_a_coordinator_sees_code_state_count_and_region(browser: TestClient, stage: Stage) -> None:
    request = stage.create(stage.people[0])
    coordinator = sign_in(browser, "coordinator")
    shown = json(coordinator, f"/en/requests/{request}")
    told = {name for name, value in shown.items() if value not in (None, [])}
    assert told == {"id", "side", "state", "region", "created_at", "asked"}
    assert coordinator.get(f"/en/requests/{request}").status_code == 200
    assert sent(coordinator, f"/en/requests/{request}/cancel").status_code == 403


def test_the_register_has_the_contracts_shape_and_its_filter(
    browser: TestClient, stage: Stage
) -> None:
    stage.create()
    member = sign_in(browser, "member")
    found = json(member, "/en/requests?per_page=1")
    assert set(found) == {"total", "page", "per_page", "results"}
    assert len(found["results"]) == 1
    some = json(member, "/en/requests?state=open&per_page=100")["results"]
    assert {each["state"] for each in some} == {"open"}
    assert member.get("/en/requests?state=lost").status_code == 422
    block = member.get("/en/requests", headers={"HX-Request-Type": "partial"}).text
    assert "<html" not in block


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_for_the_person_helped_names_no_practitioner(
    browser: TestClient, stage: Stage, language: str
) -> None:
    member = sign_in(browser, "member")
    names = member.get("/en/nearby", params={"place": BAYRAMALY}, headers=JSON).json()["results"]
    before = stage.one("SELECT count(*) FROM audit")
    page = sent(member, f"/{language}/requests/referral", place=BAYRAMALY)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert names
    assert not [each for each in names if each["name"] in page.text or each["id"] in page.text]
    assert names[0]["organisation"] in page.text
    assert stage.one("SELECT count(*) FROM audit") == before


def test_titles_and_addresses_say_nothing(browser: TestClient, stage: Stage) -> None:
    one = stage.people[0]
    request = stage.create(one)
    stage.do(accept, request, one, by=stage.as_practitioner(one))
    member = sign_in(browser, "member")
    for path in ("", "/new", f"/{request}", f"/{request}/sheet", f"/{request}/complete"):
        page = member.get(f"/en/requests{path}").text
        title = page.split("<title>")[1].split("</title>")[0]
        assert title in {"Requests", "New request", "Request", "Sheet", "How it ended"}
        assert not re.search(r'href="[^"]*(place|language|date|note)=', page)


def test_29_a_change_needs_the_token_of_a_page(browser: TestClient, stage: Stage) -> None:
    request = stage.create(stage.people[0])
    member = sign_in(browser, "member")
    for path in (f"/en/requests/{request}/cancel", "/en/requests"):
        assert member.post(path, data=FORM).status_code == 403
    assert member.get(f"/en/requests/{request}/cancel").status_code == 405
    assert stage.state(request) == "offered"


def test_r14_an_open_request_is_chosen_again_after_all_have_answered(
    browser: TestClient, stage: Stage
) -> None:
    one = stage.people[0]
    request = stage.create(one)
    stage.do(decline, request, one, "no_reason", by=stage.as_practitioner(one))
    member = sign_in(browser, "member")
    shown = json(member, f"/en/requests/{request}")
    assert one not in [each["id"] for each in shown["candidates"]]
    answer = sent(member, f"/en/requests/{request}/cancel", nobody="1")
    assert answer.status_code == 303
    assert stage.state(request) == "declined"


def test_a_telephone_request_needs_no_settlement(browser: TestClient, stage: Stage) -> None:
    member = sign_in(browser, "member")
    form = {**FORM, "mode": "phone", "place": "", "travel_cost": "none"}
    answer = sent(member, "/en/requests", **form)
    assert answer.status_code == 303, answer.text
    shown = json(member, answer.headers["location"])
    assert shown["place"] is None
    assert shown["region"]
    assert shown["candidates"]
    assert shown["wished_on"] == (TODAY + timedelta(days=5)).isoformat()
