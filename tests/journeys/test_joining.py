"""Accept an invitation on a phone, with script and without, in at most six steps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from portal.db import Store
from portal.invitations.actions import Wanted, invite
from tests.conftest import OPERATOR, settings_for
from tests.journeys.site import serving
from tests.journeys.visits import begin
from tests.people import PASSWORD
from tests.worlds import copy_world

MOST_STEPS = 6


@pytest.fixture
def invited(today: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A site of its own, and the path that was printed on paper."""
    folder = tmp_path / "data"
    copy_world(today, folder)
    store = Store(settings_for(folder).database)
    with store.transaction() as db:
        code = invite(db, OPERATOR, datetime.now(UTC), Wanted("Aylar", "coordinator"))
    store.close()
    with serving(folder) as address:
        yield address, f"/join/{code}"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_invitation_is_accepted_in_six_steps(
    browser: Browser, invited: tuple[str, str], script: bool
) -> None:
    site, link = invited
    visit = begin(browser, site, width=320, script=script)
    visit.steps.add("type the link")
    visit.open(link)
    for name, text in {"name": "aylar", "password": PASSWORD, "again": PASSWORD}.items():
        visit.page.fill(f"#{name}", text)
    visit.press("Go on")
    picture = visit.page.locator("img.qr")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("e => e.naturalWidth > 0")
    key = visit.page.inner_text(".key").replace(" ", "")
    visit.page.fill("#code", pyotp.TOTP(key).now())
    visit.press("Go on")
    visit.press("Show ten new codes")
    expect(visit.page.locator(".codes li")).to_have_count(10)
    visit.page.emulate_media(media="print")
    expect(visit.page.locator(".codes")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert len(visit.steps) <= MOST_STEPS, visit.steps.acts
    assert visit.is_clean() == []
    visit.page.context.close()
