"""Ask for a consultation, take it on, say how it ended: with script and without."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.accounts.actions import find_or_make_demo_account
from portal.clock import day_of
from portal.db import Store, count
from portal.nearby.actions import refresh_listing
from tests.conftest import settings_for
from tests.journeys.site import serving
from tests.journeys.visits import begin
from tests.worlds import copy_world


@pytest.fixture
def stage(today: Path, tmp_path: Path) -> Iterator[tuple[str, Path, str, str]]:
    """A site of its own; a practitioner who has time, and the settlement she lives in."""
    folder = tmp_path / "data"
    copy_world(today, folder)
    settings = settings_for(folder)
    store = Store(settings.database)
    with store.transaction() as db:
        day = day_of(datetime.now(UTC), settings.timezone)
        account = find_or_make_demo_account(db, "practitioner", None, day)
        hers = db.table("accounts").get(account)["practitioner_id"]
        row = {"weekly_visits": 20, "travel_km": 30.0, "closed_from": None, "closed_to": None}
        db.table("practitioners").update(hers, {**row, "modes": '["home","phone"]'})
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [hers])
        refresh_listing(db, hers)
        place = db.table("practitioners").get(hers)["place_id"]
    store.close()
    with serving(folder) as address:
        yield address, settings.database, hers, place


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_consultation_is_asked_for_taken_on_and_counted(
    browser: Browser, stage: tuple[str, Path, str, str], script: bool
) -> None:
    site, path, hers, place = stage
    asker = begin(browser, site, width=320, script=script, role="member")
    asker.open(f"practitioners/{hers}")
    asker.follow("Ask for a consultation")
    asker.page.fill("#place", place)
    asker.page.fill("#date", day_of(datetime.now(UTC), "Asia/Ashgabat").isoformat())
    asker.page.select_option("#travel_cost", "asker")
    asker.page.fill("#note", "Call me: 99365123456")
    asker.expected.add(422)
    asker.press("Ask")
    expect(asker.page.locator("#note-wrong")).to_be_visible()
    asker.page.fill("#note", "The side door, please")
    asker.press("Ask")
    expect(asker.page.locator("h1")).to_contain_text("Home visit")
    assert asker.page.evaluate("document.documentElement.scrollWidth") <= 320
    code = asker.page.url.rsplit("/", 1)[1]

    helper = begin(browser, site, width=320, script=script, role="practitioner")
    helper.open("requests")
    helper.page.click(f"main a[href$='{code}']")
    expect(helper.page.locator("main")).not_to_contain_text("side door")
    helper.press("I accept")
    expect(helper.page.locator("main")).to_contain_text("side door")
    helper.follow("Sheet to print")
    helper.press("All are back")
    helper.follow("Say how it ended")
    helper.page.check("[value=visited]")
    helper.press("Save")
    expect(helper.page.locator("main")).to_contain_text("After a visit it helps to talk")

    asker.open(f"requests/{code}")
    expect(asker.page.locator("main")).to_contain_text("Completed")
    store = Store(path)
    with store.read() as db:
        sql = "SELECT count(*) FROM requests WHERE id = :id AND outcome = 'visited'"
        assert count(db, sql, id=code) == 1
    store.close()
    for visit in (asker, helper):
        assert visit.is_clean() == []
        visit.page.context.close()
