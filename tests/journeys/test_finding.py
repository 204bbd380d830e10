"""Who will travel to me, walked by a member with and without script, on a phone and at a desk."""

import json
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from portal.db import Store
from portal.geo import distance_km
from seed_data.anchors import BAYRAMALY
from tests.conftest import settings_for
from tests.journeys.conftest import Visiting
from tests.journeys.visits import Visit

MOST_STEPS = 4
TOWN = "Bayramaly"  # as the gazetteer writes it
EVERYWHERE = pytest.mark.parametrize("width", [320, 1280])
BOTH_WAYS = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


def next_monday() -> date:
    """The coming Monday, never today."""
    today = date.today()  # noqa: DTZ011  two days of slack are left on either side
    return today + timedelta(days=7 - today.weekday())


def psychologist_of(visit: Visit) -> str:
    """The name of the first psychologist offered who answers every wish; her card says why."""
    cards = visit.page.locator("#results ol.people").first.locator("li.card")
    for card in cards.all():
        said = " ".join(card.inner_text().split())
        if "Psychologist ·" in said and "free: Monday morning" in said:
            assert "speaks Russian" in said
            assert re.search(r"travels up to \d+ km|names this place", said), said
            assert re.search(r"you are (less than|about|\d|more than|up to)", said), said
            assert "not the gender you prefer" not in said
            assert "does not travel" not in said
            return card.get_by_role("link").inner_text()
    raise AssertionError(visit.text("#results"))


def wish(visit: Visit, place: str | None = "Baýramaly") -> None:
    """The four wishes of the first-day task; her profession is read on the card."""
    if place:
        visit.choose("place", place)
    visit.choose("language", "ru")
    visit.choose("gender", "female")
    visit.choose("date", next_monday().isoformat())


@EVERYWHERE
def test_found_in_four_steps_as_one_chooses(visiting: Visiting, width: int) -> None:
    visit = visiting(width=width, role="member")
    visit.open("nearby")
    before = visit.page.evaluate("history.length")
    wish(visit)
    assert psychologist_of(visit)
    assert len(visit.steps) <= MOST_STEPS, visit.steps.acts
    assert visit.page.url == visit.address("nearby")
    assert visit.page.evaluate("history.length") == before
    assert [request.url for request in visit.requests if "language=ru" in request.url] == []
    assert visit.page.evaluate("Object.keys(localStorage).length + sessionStorage.length") == 0


@EVERYWHERE
def test_found_in_one_step_when_the_form_is_sent(visiting: Visiting, width: int) -> None:
    visit = visiting(width=width, role="member", script=False)
    visit.open("nearby")
    wish(visit)
    visit.press("Find")
    assert psychologist_of(visit)
    assert len(visit.steps) == 1
    # the browser is at the answers at once
    assert visit.page.url == visit.address("nearby") + "#found"
    expect(visit.page.locator("#found")).to_be_in_viewport()


def test_found_when_the_script_cannot_be_read(visiting: Visiting) -> None:
    visit = visiting(role="member", width=320)
    visit.page.route("**/htmx*.js", lambda route: route.fulfill(body="}{ cut off"))
    visit.open("nearby")
    visit.script = False
    wish(visit)
    visit.press("Find")
    assert psychologist_of(visit)
    faults = [visit.faults.pop(0) for _ in range(2)]
    assert all(each.startswith("script error: Unexpected token") for each in faults), faults


@EVERYWHERE
def test_found_in_four_steps_by_the_list_of_regions(visiting: Visiting, width: int) -> None:
    visit = visiting(width=width, role="member", script=False)
    visit.open("nearby")
    visit.follow("Choose from a list by region")
    visit.follow("Mary")
    visit.press(TOWN)
    expect(visit.page.locator("#place")).to_have_value(re.compile(TOWN))
    wish(visit, place=None)
    visit.press("Find")
    assert psychologist_of(visit)
    assert len(visit.steps) <= MOST_STEPS, visit.steps.acts
    assert visit.page.url == visit.address("nearby") + "#found"


@BOTH_WAYS
def test_every_wish_of_the_fold_is_heard(visiting: Visiting, script: bool) -> None:
    visit = visiting(role="member", script=script)
    visit.open("nearby")
    visit.choose("place", BAYRAMALY)
    visit.choose("profession", "psychologist")
    visit.unfold("More wishes")
    visit.choose("part", "morning")
    visit.choose("age_group", "child")
    if not script:
        visit.press("Find")
    said = visit.text("#results")
    assert "a second adult must be present" in said
    assert "morning" in said
    assert (
        visit.page.locator("#results ol.people").first.locator("li.card").count()
        == visit.page.locator("#results ol.people").first.get_by_text("Psychologist ·").count()
    )


def test_nobody_is_offered_beyond_her_own_radius(visiting: Visiting, today) -> None:
    visit = visiting(role="member")
    answer = visit.page.request.get(
        visit.address(f"nearby?place={BAYRAMALY}&limit=100"),
        headers={"Accept": "application/json"},
    )
    offered = json.loads(answer.body())["results"]
    store = Store(settings_for(today).database)
    with store.read() as db:
        places = {row["id"]: row for row in db.query("SELECT * FROM places")}
        people = {row["id"]: row for row in db.query("SELECT * FROM practitioners")}
        naming = {row["practitioner_id"] for row in db.query("SELECT * FROM service_areas")}
    store.close()
    asked = (places[BAYRAMALY]["latitude"], places[BAYRAMALY]["longitude"])
    by_radius = [people[each["id"]] for each in offered if each["id"] not in naming]
    assert len(by_radius) >= 1
    for person in by_radius:
        home = places[person["place_id"]]
        assert distance_km(asked, (home["latitude"], home["longitude"])) <= person["travel_km"]
    assert all(each["covers"] for each in offered)
    visit.open("nearby")
    visit.choose("place", BAYRAMALY)
    names = visit.page.locator("#results ol.people").first.locator("h3").all_inner_texts()
    assert names == [each["name"] for each in offered[: len(names)]]


@BOTH_WAYS
def test_an_ambiguous_name_is_asked_back_once(visiting: Visiting, script: bool) -> None:
    visit = visiting(role="member", script=script, width=320)
    visit.expected.add(422)
    visit.open("nearby")
    visit.choose("place", "Türkmenbaşy")
    if not script:
        visit.press("Find")
    asked_back = visit.page.get_by_role("alert").get_by_role("button")
    assert asked_back.count() >= 2
    second = asked_back.nth(1)
    meant, chosen = second.inner_text(), second.get_attribute("value")
    second.click()
    expect(visit.page.locator("#found")).to_contain_text("Türkmenbaşy")
    region = meant.split(", ")[1]
    expect(visit.page.locator("#results > p.quiet").first).to_have_text(region)
    shown = visit.page.locator("#place").input_value()
    visit.choose("profession", "psychologist")
    if not script:
        visit.press("Find")
    expect(visit.page.locator("#results > p.quiet").first).to_have_text(region)
    expect(visit.page.locator("#place")).to_have_value(shown)
    assert visit.page.get_by_role("alert").count() == 0
    assert chosen


def test_two_letters_bring_suggestions(visiting: Visiting) -> None:
    visit = visiting(role="member")
    visit.open("nearby")
    visit.page.locator("#place").press_sequentially("Ba", delay=30)
    options = visit.page.locator("datalist#places option")
    expect(options.first).to_be_attached()
    labels = [each.get_attribute("value") for each in options.all()]
    assert TOWN in labels, labels
    visit.choose("place", TOWN)
    expect(visit.page.locator("#found")).to_contain_text(TOWN)


@pytest.mark.parametrize("typed", ["Bayramali", "Байрамали", "Baýramaly"])
def test_the_town_is_known_by_any_spelling(visiting: Visiting, typed: str) -> None:
    visit = visiting(role="member", script=False)
    visit.open("nearby")
    visit.choose("place", typed)
    visit.press("Find")
    expect(visit.page.locator("#found")).to_contain_text(TOWN)


def test_search_answers_as_one_types(visiting: Visiting) -> None:
    visit = visiting(role="member")
    visit.open("search")
    before = visit.page.evaluate("history.length")
    visit.page.locator("#q").press_sequentially("Байрам", delay=20)
    expect(visit.page.locator("#results")).to_contain_text(TOWN)
    visit.page.locator("#q").fill("Хуҷанд")
    expect(visit.page.locator("#results")).to_contain_text("Khujand")
    expect(visit.page.locator("#results")).not_to_contain_text(TOWN)
    assert visit.page.url == visit.address("search")
    assert visit.page.evaluate("history.length") == before


@BOTH_WAYS
def test_back_after_sign_out_asks_to_sign_in(visiting: Visiting, script: bool) -> None:
    visit = visiting(role="member", script=script)
    visit.open("practitioners")
    visit.page.locator("#results li.card a").first.click()
    name = visit.page.locator("h1").inner_text()
    visit.press("Sign out", within="header")
    expect(visit.page).to_have_url(visit.address("sign-in"))
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("Sign in")
    assert name not in visit.page.content()
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("Sign in")


def test_back_to_the_answers_after_sign_out_shows_nobody(visiting: Visiting) -> None:
    visit = visiting(role="member")
    visit.open("nearby")
    wish(visit)
    name = psychologist_of(visit)
    visit.press("Sign out", within="header")
    expect(visit.page).to_have_url(visit.address("sign-in"))
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("Who will travel to me")
    assert name not in visit.page.content()


@BOTH_WAYS
@EVERYWHERE
def test_the_way_out_ends_the_session(visiting: Visiting, script: bool, width: int) -> None:
    visit = visiting(role="member", script=script, width=width)
    visit.open("practitioners")
    visit.follow("Exit this page", within="header")
    expect(visit.page).to_have_url(visit.address("calendar"))
    said = visit.text("body")
    for word in ("Network", "traffick", "Practitioner", "Sign in"):
        assert word not in said
    assert visit.page.context.cookies() == []
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("Sign in")
