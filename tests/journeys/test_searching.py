"""The box over everything: by keyboard on a phone, without script, and with nothing left behind."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import LANGUAGES
from tests.journeys.conftest import Visiting
from tests.journeys.visits import Visit

TOWN = "Bayramaly"
BOTH_WAYS = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


def leaves_nothing(visit: Visit, *words: str) -> None:
    """No address that the browser asked for, stands at or keeps holds any of these."""
    seen = [request.url for request in visit.requests] + [visit.page.url]
    seen += [request.headers.get("referer", "") for request in visit.requests]
    said = " ".join([*seen, visit.page.title()]).lower()
    assert not any(word.lower() in said for word in words), said
    assert visit.page.evaluate("Object.keys(localStorage).length + sessionStorage.length") == 0


@pytest.mark.parametrize("role", [None, "member"])
def test_as_one_types_by_keyboard_on_a_phone(visiting: Visiting, role: str | None) -> None:
    visit = visiting(width=320, role=role)
    visit.open("search")
    before = visit.page.evaluate("history.length")
    box = visit.page.locator("#q")
    while visit.page.evaluate("document.activeElement.id") != "q":
        visit.page.keyboard.press("Tab")
    visit.page.keyboard.type("Б", delay=20)
    expect(visit.page.locator("#found")).to_have_text("Write at least two letters.")
    visit.page.keyboard.type("айрам", delay=20)
    expect(visit.page.locator("#results h3").first).to_have_text(TOWN)
    expect(visit.page.locator("#found")).to_contain_text("result")
    expect(box).to_be_focused()
    expect(box).to_have_value("Байрам")
    assert visit.page.url == visit.address("search")
    assert visit.page.evaluate("history.length") == before
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile(r"/search(\?q=[^#]+)?#found$"))
    expect(visit.page.locator("#found")).to_be_in_viewport()
    if role:
        leaves_nothing(visit, "%D0", "Bayram")
    link = visit.page.locator("#results h3 a").first
    while not link.evaluate("e => e === document.activeElement"):
        visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("h1")).to_have_text(TOWN)


@BOTH_WAYS
def test_a_members_question_is_in_no_address(visiting: Visiting, script: bool) -> None:
    visit = visiting(role="member", script=script, width=320)
    visit.open("events")
    visit.page.locator("#find").fill("Bayramalx")
    visit.press("Search", within="header")
    visit.press(TOWN)  # did you mean
    expect(visit.page.locator("#q")).to_have_value(TOWN)
    visit.page.get_by_role("button", name="Practitioners").click()
    expect(visit.page.locator("#results h2")).to_contain_text("Practitioners")
    visit.page.get_by_role("button", name="All kinds").click()
    visit.press("What is within 50 km")
    expect(visit.page.locator("#results")).to_contain_text("Near Bayramaly")
    visit.press("100 km")
    visit.page.get_by_role("button", name="Settlements").click()
    expect(visit.page.locator("#results h2")).to_have_count(1)
    assert visit.page.url == visit.address("search") + "#found"
    leaves_nothing(visit, "q=", "bayram", "near=", "kind=")


def test_a_member_who_finds_nobody_goes_on_to_who_will_travel(visiting: Visiting) -> None:
    visit = visiting(role="member", script=False, width=320)
    visit.open("search")
    visit.page.locator("#q").fill(TOWN)
    visit.press("Search")
    visit.press("Who will travel here")
    expect(visit.page.locator("#found")).to_contain_text(TOWN)
    assert visit.page.url == visit.address("nearby") + "#found"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_box_of_every_page_without_script(visiting: Visiting, language: str) -> None:
    visit = visiting(language=language, script=False, width=320)
    for path in ("", "organisations", "calendar", "search"):
        visit.open(path)
        if path == "calendar":
            assert visit.page.locator("#find").count() == 0  # the neutral page says nothing of us
            continue
        visit.page.locator("#find").fill("Байрамали")
        visit.page.locator("#find").press("Enter")
        expect(visit.page.locator("#results h3").first).to_have_text(TOWN)
        expect(visit.page.locator("#found")).to_be_in_viewport()
        assert "/search?q=" in visit.page.url
