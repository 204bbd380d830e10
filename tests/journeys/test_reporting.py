"""A quarter on the smallest phone, with and without script: what is asked, reported, accepted,
closed and explained.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

ORGANISATION = "Parahat öý"
CODE = "nights_sheltered"
TITLE = "Nights in a shelter"


@dataclass
class Office:
    """A site of its own, and those who came to it."""

    site: str
    browser: Browser
    script: bool
    visits: list[Visit] = field(default_factory=list)

    def visit(self, role: str) -> Visit:
        """Somebody on a small phone."""
        begun = begin(self.browser, self.site, width=320, script=self.script, role=role)
        begun.expected.add(422)
        self.visits.append(begun)
        return begun


@pytest.fixture(params=[False, True], ids=["plain", "script"])
def office(
    request: pytest.FixtureRequest, today: Path, tmp_path: Path, browser: Browser
) -> Iterator[Office]:
    folder = tmp_path / "data"
    copy_world(today, folder)
    with serving(folder) as address:
        opened = Office(address, browser, request.param)
        yield opened
        assert [visit.faults for visit in opened.visits if visit.faults] == []
        for visit in opened.visits:
            visit.page.context.close()


def fits(visit: Visit) -> None:
    visit.page.wait_for_load_state("load")  # before its style comes a page is as wide as it likes
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320, visit.page.url


def define(desk: Visit) -> str:
    """A further indicator from the quarter on that is closed next; which one that is."""
    desk.open("indicators/new")
    fits(desk)
    page = desk.page
    page.fill("#code", CODE)
    page.fill("#title_en", TITLE)
    page.fill("#description_en", "Each night of each guest.")
    for name, value in {
        "kind": "count",
        "unit": "days",
        "direction": "up",
        "frequency": "quarter",
        "total_rule": "sum",
        "place_rule": "sum",
        "period_rule": "sum",
    }.items():
        page.select_option(f"#{name}", value)
    quarter = page.input_value("#starts")
    desk.press("Define it")
    expect(page.locator("h1")).to_have_text("What it means and how it is counted")
    fits(desk)
    return quarter


def close(desk: Visit, quarter: str) -> None:
    """Freeze the quarter, whoever has not reported."""
    desk.open(f"completeness?period={quarter}")
    fits(desk)
    desk.follow("Close this quarter")
    fits(desk)
    desk.press(f"Close {quarter[-2:]} {quarter[:4]}")
    expect(desk.page.locator("[role=status]").first).to_contain_text("The quarter is closed")


def count_otherwise(desk: Visit) -> None:
    """A further version, after what was reported."""
    desk.open(f"indicators/{CODE}/definition")
    desk.page.select_option("#kind", "median")
    for name in ("place_rule", "period_rule"):
        desk.page.select_option(f"#{name}", "none")
    desk.press("Begin version 2")
    expect(desk.page.locator("[role=status]").first).to_have_text("Saved.")
    fits(desk)


def reads(desk: Visit, quarter: str) -> str:
    """What the dashboard says of the indicator."""
    desk.open(f"indicators?period={quarter}")
    fits(desk)
    return " ".join(desk.card(TITLE).inner_text().split())


def hand_in(member: Visit) -> None:
    """Hand in what was written; a number far from the one before is looked at once more."""
    member.press("Check and hand in")
    if member.page.url.endswith("done=look"):
        fits(member)
        member.press("Hand in as it is")
    expect(member.page.locator("[role=status]")).to_contain_text("The report is handed in")


def test_a_quarter_is_asked_reported_accepted_closed_and_explained(office: Office) -> None:
    other = office.visit("coordinator")
    quarter = define(other)
    member = office.visit("member")
    page = member.page
    member.open("work")
    member.follow("Report your organisation’s quarter.")
    member.press("Report this quarter")
    fits(member)
    assert page.locator('select[name$="|state"]').count() >= 9
    for each in page.locator('select[name$="|state"]').all():
        each.select_option("zero")
    leaflets = page.locator('fieldset#leaflets input[name$="|numerator"]')
    page.locator('fieldset#leaflets select[name$="|state"]').select_option("value")
    leaflets.fill("1 200")
    page.locator(f'fieldset#{CODE} select[name$="|state"]').select_option("value")
    page.locator(f'fieldset#{CODE} input[name$="|numerator"]').fill("31")
    hand_in(member)
    # the act of filling in is one more
    assert len(member.steps) + 1 <= 5, member.steps.acts
    fits(member)
    address = page.url.partition("?")[0]

    other.open("reports?state=submitted")
    other.page.locator("ul.steps").get_by_role("link").filter(has_text=ORGANISATION).click()
    fits(other)
    row = other.page.locator('tr[id^="leaflets."]')
    row.locator("summary").click()
    row.locator("textarea").fill("Are these all copies, or sheets?")
    other.press("Send it back with the notes")
    expect(other.page.locator("main")).to_contain_text("Came back with a note")

    member.open("work")
    member.follow("Your organisation’s report came back with notes: correct it.")
    expect(page.locator("fieldset#leaflets")).to_contain_text("Are these all copies, or sheets?")
    leaflets.fill("1,000")
    member.press("Check and hand in")
    expect(page.locator("[role=alert]")).to_contain_text("without a separator of thousands")
    expect(leaflets).to_have_value("1,000")
    fits(member)
    leaflets.fill("1000")
    hand_in(member)

    other.page.goto(f"{address}/review")
    other.press("Accept the report")
    expect(other.page.locator("main")).to_contain_text("Accepted")
    page.goto(address)
    expect(page.locator("[role=status]")).to_contain_text("its numbers count")
    member.press("Correct it")
    expect(page.locator("[role=status]")).to_contain_text("What was accepted counts until then")
    fits(member)

    close(other, quarter)
    before = reads(other, quarter)
    assert f"{TITLE} 31" in before
    count_otherwise(other)
    assert reads(other, quarter) == before
    other.open(f"indicators/{CODE}/explain?period={quarter}")
    fits(other)
    told = other.text()
    assert "Frozen when the quarter was closed" in told
    assert f"{ORGANISATION}" in told
    assert re.search(r"31 .*Version 1, accepted .+ \(.+\) · Its report", told)
