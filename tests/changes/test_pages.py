"""The pages: the form, both texts after a conflict, the diff, the lists; who sees what on them."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.changes.actions import ask
from portal.changes.forms import Wish
from portal.db import Store, column
from tests.changes.conftest import Cast
from tests.conftest import JSON, LANGUAGES, MOMENT, TODAY

Make = Callable[..., Wish]
Record = Callable[[], dict[str, Any]]
OLD, NEW = "+993 61 234517", "+993 65 998817"


def sign_in(browser: TestClient, role: str, organisation: str = "") -> None:
    browser.cookies.clear()
    form = {"role": role, "organisation": organisation}
    assert browser.post("/demo/sign-in", data=form).status_code == 303


def form_on(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form of details on a page."""
    text = page.split('<form method="post" action="/en/practitioners/')[1].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", text):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            sent.setdefault(name[1], []).append(unescape(value[1] if value else ""))
    for name, inside in re.findall(
        r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', text, re.S
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        sent[name] = [chosen[1] if chosen else ""]
    for name, inside in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S
    ):
        sent[name] = [unescape(inside)]
    return sent


@pytest.fixture
def edit(cast: Cast) -> str:
    return f"/en/practitioners/{cast.her}/edit"


def test_she_changes_what_she_sees_and_nothing_else(
    browser: TestClient, cast: Cast, edit: str, record: Record
) -> None:
    sign_in(browser, "practitioner")
    page = browser.get(edit).text
    assert OLD in page
    before, form = record(), form_on(page)
    untouched = browser.post(edit, data=form)
    assert untouched.headers["location"] == f"/en/practitioners/{cast.her}"
    assert record() == before
    answer = browser.post(edit, data={**form, "travel_km": "15", "languages": ["ru"]})
    assert answer.status_code == 303
    assert record() == {**before, "travel_km": 15.0, "languages": ["ru"]}
    assert "took effect" in browser.get(answer.headers["location"]).text


def test_a_colleague_sees_no_contact_and_keeps_it_by_leaving_it_empty(
    browser: TestClient, cast: Cast, edit: str, record: Record
) -> None:
    sign_in(browser, "member", cast.organisation)
    page = browser.get(edit).text
    assert OLD not in page
    assert "maral-7x@example.org" not in page
    assert "Kept as it is while empty." in page
    before, form = record(), form_on(page)
    browser.post(edit, data={**form, "closed_from": "11", "closed_to": "3"})
    assert record() == {**before, "season": [11, 3]}
    form = form_on(browser.get(edit).text)
    browser.post(edit, data={**form, "drop": ["phone"]})
    assert record()["phone"] is None


def test_a_new_number_waits_and_its_second_person_sees_two_digits(
    browser: TestClient, cast: Cast, edit: str, record: Record
) -> None:
    sign_in(browser, "practitioner")
    answer = browser.post(edit, data={**form_on(browser.get(edit).text), "phone": NEW})
    change = answer.headers["location"]
    own = browser.get(change).text
    assert NEW in own
    assert "Approve" not in own
    sign_in(browser, "coordinator")
    for headers in ({}, JSON):
        told = browser.get(change, headers=headers).text
        assert "a new number ending in 17" in told
        assert NEW not in told
        assert OLD not in told
    page = browser.get(change).text
    form = {"csrf": re.search(r'name="csrf" value="(\w+)"', page)[1]}  # type: ignore[index]
    version = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    done = browser.post(f"{change}/approve", data={**form, "version": version})
    assert done.status_code == 303
    assert record()["phone"] == NEW
    assert NEW not in browser.get(change).text


def test_sent_back_with_a_reason_the_typed_text_stands_in_the_form(
    browser: TestClient, cast: Cast, edit: str
) -> None:
    sign_in(browser, "member", cast.organisation)
    answer = browser.post(edit, data={**form_on(browser.get(edit).text), "phone": NEW})
    change = answer.headers["location"]
    sign_in(browser, "practitioner")
    page = browser.get(change).text
    assert OLD in page
    assert NEW in page
    form = {"csrf": re.search(r'name="csrf" value="(\w+)"', page)[1]}  # type: ignore[index]
    assert browser.post(f"{change}/return", data=form).status_code == 422
    assert browser.post(f"{change}/return", data={**form, "reason": "x"}).status_code == 422
    assert browser.post(f"{change}/return", data={**form, "reason": "wrong"}).status_code == 303
    sign_in(browser, "member", cast.organisation)
    page = browser.get(change).text
    assert "A detail does not seem right" in page
    again = browser.get(f"{edit}?returned=1").text
    assert NEW in again
    assert "maral-7x@example.org" not in again


def test_r12_both_texts_stand_side_by_side_and_the_own_one_is_kept(
    browser: TestClient, store: Store, cast: Cast, edit: str, record: Record, wish: Make
) -> None:
    sign_in(browser, "member", cast.organisation)
    form = form_on(browser.get(edit).text)
    with store.transaction() as db:
        ask(db, cast.herself, MOMENT, TODAY, cast.her, wish(travel_km=25.0, phone=None))
    mine = {**form, "travel_km": ["18"], "transport": ["own"], "phone": [NEW]}
    second = browser.post(edit, data=mine)
    assert second.status_code == 422
    assert "25 km" in second.text
    assert "18 km" in second.text
    kept = form_on(second.text)
    assert (kept["travel_km"], kept["phone"]) == (["18"], [NEW])
    assert (record()["travel_km"], record()["phone"]) == (25.0, None)
    browser.post(edit, data={**kept, "take": ["travel_km"]})
    assert record()["travel_km"] == 25.0
    assert browser.post(edit, data=kept).status_code == 303
    assert record()["travel_km"] == 18.0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("travel_km", "far", "Write a number"),
        ("travel_km", "nan", "Write a number"),
        ("place", "", "Fill this in."),
        ("place", "Nowhereville", "No settlement"),
        ("places", "Mary\nNowhereville", "Nowhereville"),
        ("full_name", "", "Fill this in."),
        ("full_name", "Call +993 65 998817", "Write no phone number here"),
        ("contact_hours", "ring 65 99 88 17", "Write no phone number here"),
        ("phone", "call me", "Write a phone number"),
        ("email", "nobody", "Write an e-mail address"),
        ("transport", "camel", "Choose one of"),
        ("languages", ["tk", "xx"], "Choose one of"),
        ("languages", [], "Leave at least one"),
        ("closed_from", "11", "Choose both months"),
        ("safeguarding_on", "2030-01-01", "not come yet"),
        ("licence_expires_on", "2020-01-01", "This day is over"),
        ("why", "x", "Choose one of"),
        ("say_when_calling", "x" * 501, "Make this shorter"),
        ("status", "agreed", "not known"),
        ("organisation", "o-1", "not known"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_is_kept(
    browser: TestClient, cast: Cast, edit: str, record: Record, field: str, typed: Any, said: str
) -> None:
    sign_in(browser, "coordinator")
    before = record()
    form = {**form_on(browser.get(edit).text), "contact_policy": "direct", field: typed}
    answer = browser.post(edit, data={**form, "licence_issuer": ["A board"]}, headers=JSON)
    assert answer.status_code == 422
    wrong = answer.json()["error"]["fields"]
    assert said in " ".join(wrong["closed_to" if field == "closed_from" else field])
    page = browser.post(edit, data={**form, "licence_issuer": ["A board"]}).text
    assert "A board" in page
    assert record() == before


def test_nobody_else_opens_any_of_it(
    browser: TestClient, store: Store, cast: Cast, edit: str, wish: Make
) -> None:
    with store.transaction() as db:
        ask(db, cast.herself, MOMENT, TODAY, cast.her, wish(phone=NEW))
    base = f"/en/practitioners/{cast.her}"
    gets = ["edit", "changes", "changes/1", "versions", "versions/1"]
    posts = ["edit", *(f"changes/1/{act}" for act in ("approve", "return", "withdraw", "undo"))]
    posts.append("versions/1/restore")
    for role, organisation in (("member", str(cast.stranger.organisation_id)), ("admin", "")):
        sign_in(browser, role, organisation)
        token = {"csrf": browser.get("/en/sign-in").text.split('csrf" value="')[1].split('"')[0]}
        assert [browser.get(f"{base}/{each}").status_code for each in gets] == [404] * len(gets)
        found = [browser.post(f"{base}/{each}", data=token).status_code for each in posts]
        assert found == [404] * len(posts)
    sign_in(browser, "coordinator")
    assert browser.get(f"{base}/changes/{'9' * 30}").status_code == 404
    assert browser.post(edit, data={}).status_code == 403
    browser.cookies.clear()
    assert browser.get(edit).status_code == 303
    assert browser.get(edit, headers=JSON).status_code == 401


def test_versions_and_changes_name_fields_in_page_and_json(
    browser: TestClient, cast: Cast, edit: str, record: Record
) -> None:
    sign_in(browser, "practitioner")
    form = form_on(browser.get(edit).text)
    browser.post(edit, data={**form, "travel_km": "5", "phone": ""})
    base = f"/en/practitioners/{cast.her}"
    for register, state in (("changes", "applied"), ("versions", "version")):
        listed = browser.get(f"{base}/{register}", headers=JSON)
        newest = listed.json()["results"][0]
        assert (newest["state"], set(newest["fields"])) == (state, {"Travels up to (km)", "Phone"})
        assert OLD not in listed.text
        page = browser.get(f"{base}/{register}").text
        assert "Travels up to (km)" in page
        assert OLD not in page
    number = browser.get(f"{base}/versions", headers=JSON).json()["results"][0]["number"]
    preview = browser.get(f"{base}/versions/{number - 1}").text
    assert "40 km" in preview
    csrf = {"csrf": form["csrf"][0]}
    undone = browser.post(f"{base}/changes/1/undo", data=csrf)
    assert undone.status_code == 303
    assert (record()["travel_km"], record()["phone"]) == (40.0, OLD)
    restored = browser.post(f"{base}/versions/{number}/restore", data=csrf)
    assert restored.status_code == 303
    assert (record()["travel_km"], record()["phone"]) == (5.0, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_open_in_every_language(
    browser: TestClient, store: Store, cast: Cast, wish: Make, language: str
) -> None:
    with store.transaction() as db:
        ask(db, cast.herself, MOMENT, TODAY, cast.her, wish(areas=[["place", "1219762"]]))
    sign_in(browser, "coordinator")
    base = f"/{language}/practitioners/{cast.her}"
    with store.read() as db:
        name = column(db, "SELECT name FROM places WHERE id = '1219762'")[0]
    for path in ("edit", "changes", "changes/1", "versions", "versions/1"):
        answer = browser.get(f"{base}/{path}")
        assert answer.status_code == 200, path
    assert name in browser.get(f"{base}/changes/1").text
