"""Release figures on a small phone without script: two people there, one person back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.db import Store
from portal.releasing.acts import bring_forward
from tests.conftest import OPERATOR, settings_for
from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world


@pytest.fixture
def folder(today: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    copy_world(today, folder)
    return folder


@pytest.fixture
def two(folder: Path, browser: Browser) -> Iterator[tuple[Visit, Visit]]:
    """Coordinators of two organisations."""
    with serving(folder) as site:
        who = {"width": 320, "script": False, "role": "coordinator"}
        visits = [begin(browser, site, organisation=each, **who) for each in ("", "another")]
        yield visits[0], visits[1]
        assert [visit.faults for visit in visits if visit.faults] == []
        for visit in visits:
            visit.page.context.close()


def work(folder: Path) -> None:
    """What the clocked work does within a minute; the site may have been faster."""
    settings = settings_for(folder)
    store = Store(settings.database)
    bring_forward(store, settings, OPERATOR, datetime.now(UTC))
    store.close()


def fits(visit: Visit) -> None:
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320, visit.page.url


def test_two_people_release_and_one_rolls_back(two: tuple[Visit, Visit], folder: Path) -> None:
    one, other = two
    one.open("releases")
    fits(one)
    one.press("Prepare a release")
    fits(one)
    work(folder)
    one.page.reload()
    fits(one)
    address = one.page.url
    one.press("Send for approval")
    other.open("approvals")
    other.follow("Release of the figures")
    other.follow("What is to be published")
    fits(other)
    other.follow("Approve or refuse")
    other.press("I agree")
    work(folder)
    one.page.reload()
    expect(one.page.locator("main [role=status]")).to_contain_text("published")
    assert "version 2.2" in one.text("footer")
    one.unfold("Roll this release back")
    one.page.fill("#rolled_why", "A count is wrong")
    fits(one)
    one.press("Roll it back")
    work(folder)
    other.page.goto(address)
    expect(other.page.locator("main [role=status]")).to_contain_text("A count is wrong")
    assert "version 1.3" in other.text("footer")
