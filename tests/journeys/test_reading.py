"""What the public reads, walked with and without script: registers, coverage, published data."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from portal.i18n.language import load_language
from tests.journeys.conftest import Visiting

BOTH_WAYS = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


@BOTH_WAYS
def test_from_the_front_page_to_an_organisation(visiting: Visiting, script: bool) -> None:
    visit = visiting(script=script, width=320)
    visit.open("")
    visit.follow("Organisations Who helps with what, by region")
    everything = visit.page.locator("#results li.card").count()
    visit.choose("region", "TM-M")
    if not script:
        visit.press("Show")
    expect(visit.page.locator("#results li.card")).not_to_have_count(everything)
    for card in visit.page.locator("#results li.card > p.quiet").all_inner_texts():
        assert card.endswith("Mary")
    first = visit.page.locator("#results li.card h2 a").first
    name = first.inner_text()
    visit.follow(name)
    expect(visit.page.locator("h1")).to_have_text(name)
    expect(visit.page).to_have_title(name)
    assert len(visit.steps) <= 4


@BOTH_WAYS
def test_from_events_to_the_evaluation_of_2014(visiting: Visiting, script: bool) -> None:
    visit = visiting(script=script)
    visit.open("")
    visit.follow("Events", within="header")
    visit.choose("kind", "training")
    if not script:
        visit.press("Show")
    visit.follow("Training on identifying and assisting victims of trafficking in persons")
    said = visit.text()
    assert "January 30, 2014" in said or "30 January 2014" in said
    rows = visit.page.locator("table.bars tbody tr")
    assert [re.sub(r"\s+", " ", row) for row in rows.all_inner_texts()] == [
        "forced labour is widespread 44 %",
        "forced prostitution at a high rate 32 %",
        "men and women are most at risk 56 %",
        "children are most at risk 8 %",
    ]
    assert "Published report of the meeting" in said


@BOTH_WAYS
def test_where_home_visits_exist(visiting: Visiting, script: bool) -> None:
    visit = visiting(script=script, width=320)
    visit.open("")
    visit.unfold("Menu")
    visit.follow("Home visits", within="header")
    row = visit.page.locator("tbody tr", has=visit.page.get_by_role("link", name="Mary"))
    answers = row.locator("td").all_inner_texts()
    assert set(answers) <= {"yes", "ask the hotline"}
    visit.follow("Mary")
    region = urlsplit(visit.page.url)
    assert (region.path, region.query) == ("/en/nearby", "region=TM-M")
    shown = visit.page.locator("#results tbody td").all_inner_texts()
    assert [each.removeprefix("home visits: ") for each in shown] == answers
    assert visit.page.locator("#results .person").count() == 0


@BOTH_WAYS
def test_published_data_from_the_front_page_to_an_answer(visiting: Visiting, script: bool) -> None:
    visit = visiting(script=script, width=320)
    visit.open("")
    visit.follow("Published data Tables to read, filter and download")
    visit.follow("Events")
    visit.page.locator("main select#f-kind").select_option("training")
    visit.press("Show")
    assert visit.page.locator("tbody tr").count() >= 1
    visit.page.locator("tbody th a").first.click()
    assert visit.page.locator("main dl dt").count() >= 5
    visit.follow("Published data", within="header")
    visit.follow("Where do home visits exist?")
    visit.page.locator("main select#region").select_option("TM-M")
    visit.press("Show")
    rows = visit.page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("Mary" in row for row in rows)
    visit.unfold("How it is computed")
    expect(visit.page.locator("pre code")).to_contain_text("SELECT", ignore_case=True)
    visit.follow("Network against trafficking", within="header")
    expect(visit.page).to_have_url(visit.address(""))


def filters_of(query: str) -> set[str]:
    """What is asked, without the language that data pages name there too."""
    return {part for part in query.split("&") if not part.startswith("_lang=")}


@pytest.mark.parametrize(
    "path",
    [
        "organisations?region=TM-M",
        "events/e-2014tj",
        "nearby?region=TM-M",
        "search?q=mary",
        "/data/network/events?kind=training&_lang=en",
        "/data/network/home_visits?region=TM-M&_lang=en",
    ],
)
def test_another_language_keeps_the_page(visiting: Visiting, path: str) -> None:
    visit = visiting()
    visit.open(path)
    asked = urlsplit(visit.page.url)
    for code in ("ru", "tk", "tg"):
        visit.follow(load_language(code).own_name, within="footer")
        expect(visit.page.locator("html")).to_have_attribute("lang", code)
        reached = urlsplit(visit.page.url)
        assert reached.path.replace(f"/{code}/", "/en/") == asked.path
        assert filters_of(reached.query) == filters_of(asked.query)
    visit.follow("English", within="footer")
    assert visit.page.url == visit.address(path)


@BOTH_WAYS
def test_a_member_switches_the_language_after_asking(visiting: Visiting, script: bool) -> None:
    visit = visiting(role="member", script=script)
    visit.open("nearby")
    visit.choose("place", "Mary")
    if not script:
        visit.press("Find")
    visit.follow(load_language("ru").own_name, within="footer")
    expect(visit.page.locator("html")).to_have_attribute("lang", "ru")
    assert visit.page.url == f"{visit.site}/ru/nearby"
