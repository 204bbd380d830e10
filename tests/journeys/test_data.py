"""A reader who knows no SQL answers three questions with the published data."""

import pytest

from tests.journeys.conftest import Visiting

IN = {
    "en": {
        "visits": "Where do home visits exist?",
        "figures": "What do the figures of an indicator say over time, and who says so?",
        "services": "Which organisations offer a service, and where?",
    },
    "ru": {
        "visits": "Где возможны выезды на дом?",
        "figures": "Что говорят числа показателя по периодам и кто их сообщает?",
        "services": "Какие организации оказывают услугу и где?",
    },
}

CLICKS = 4


@pytest.mark.parametrize("language", IN)
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_three_questions_are_answered_in_four_clicks_each(
    visiting: Visiting, script: bool, language: str
) -> None:
    visit = visiting(width=320, script=script, language=language)
    for question in (_home_visits, _people_assisted, _legal_help):
        visit.steps.acts.clear()
        visit.open(f"/data/?_lang={language}")
        question(visit, IN[language])
        assert len(visit.steps) <= CLICKS
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert visit.page.locator("html").get_attribute("lang") == language


def _home_visits(visit, said: dict[str, str]) -> None:
    visit.follow(said["visits"])
    visit.page.select_option("#region", "TJ-KT")
    _show(visit)
    rows = visit.page.locator("tbody tr")
    assert rows.count() == 4


def _people_assisted(visit, said: dict[str, str]) -> None:
    visit.follow(said["figures"])
    row = visit.page.locator("tbody tr", has_text="2018").inner_text()
    assert "20" in row.split("\t")[1]
    assert "Published report on direct assistance in Tajikistan, 2018" in row
    assert visit.page.locator(".chart img").get_attribute("alt")


def _legal_help(visit, said: dict[str, str]) -> None:
    visit.follow(said["services"])
    visit.page.select_option("#service", "legal")
    visit.page.select_option("#region", "TM-S")
    _show(visit)
    assert visit.page.locator("tbody a[href^='tel:+']").count() >= 1


def _show(visit) -> None:
    visit.steps.add("show")
    visit.page.locator("form.filters button").click()
    visit.page.wait_for_load_state()
