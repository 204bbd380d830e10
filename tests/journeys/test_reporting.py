"""A quarter from the list to an accepted report on the smallest phone, with and without script."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

ORGANISATION = "Parahat öý"


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
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320, visit.page.url


def test_a_quarter_is_reported_returned_corrected_and_accepted(office: Office) -> None:
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
    member.press("Check and hand in")
    expect(page.locator("[role=status]")).to_contain_text("The report is handed in")
    # the act of filling in is one more
    assert len(member.steps) + 1 <= 5, member.steps.acts
    fits(member)
    address = page.url.partition("?")[0]

    other = office.visit("coordinator")
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
    member.press("Check and hand in")
    expect(page.locator("[role=status]")).to_contain_text("The report is handed in")

    other.page.goto(f"{address}/review")
    other.press("Accept the report")
    expect(other.page.locator("main")).to_contain_text("Accepted")
    page.goto(address)
    expect(page.locator("[role=status]")).to_contain_text("its numbers count")
    member.press("Correct it")
    expect(page.locator("[role=status]")).to_contain_text("What was accepted counts until then")
    fits(member)
