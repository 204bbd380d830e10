"""A contact in two steps on a phone; hostile texts beside it; the printer gets none of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.clock import day_of
from portal.db import Store, column
from portal.tickets.actions import report
from portal.tickets.forms import Wrong
from portal.transfer.demo_contacts import demo_actor
from tests.conftest import settings_for
from tests.journeys.site import serving
from tests.journeys.test_hostile_text import TRICKS, hostile, unharmed
from tests.journeys.visits import begin
from tests.worlds import copy_world

MOST_STEPS = 2
PHONE = "+993 00 7788"
ZONE = "Asia/Ashgabat"


@pytest.fixture
def planted(today: Path, tmp_path: Path) -> Iterator[dict]:
    """A site of its own: people who take calls now, and words that mean harm."""
    folder = tmp_path / "data"
    copy_world(today, folder)
    store = Store(settings_for(folder).database)
    at = datetime.now(UTC)
    with store.transaction() as db:
        sql = "SELECT practitioner_id FROM listings WHERE confirmed_on > date('now', '-90 days')"
        sql += " AND coalesce(licence_expires_on, '9') > date('now', '2 days') AND practitioner_id"
        sql += " NOT IN (SELECT practitioner_id FROM consent_exclusions) LIMIT 15"
        people = column(db, sql)
        member = demo_actor(db, at, ZONE, "member")
        tickets = [
            plant(db, at, member, each, number) for number, each in enumerate(people[: len(TRICKS)])
        ]
    store.close()
    with serving(folder) as address:
        yield {"site": address, "people": people, "tickets": tickets}


def plant(db, at, member, her: str, number: int) -> str:
    """A trick into what to say when calling, and into a report."""
    way = {"contact_policy": "direct", "contact_hours": "", "phone_shared": 0}
    db.table("practitioners").update(her, way)
    said = {"phone": PHONE, "say_when_calling": hostile("say", number)}
    db.table("practitioner_contacts").upsert({"practitioner_id": her, **said}, pk="practitioner_id")
    wrong = Wrong("contact", "other", hostile("note", number))
    return report(db, member, at, day_of(at, ZONE), "practitioners", her, wrong)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_05_a_contact_in_two_steps(browser: Browser, planted: dict, script: bool) -> None:
    visit = begin(browser, planted["site"], width=320, script=script, role="member")
    visit.open(f"practitioners/{planted['people'][0]}")
    visit.follow("Contact")
    assert PHONE not in visit.page.content()
    visit.press("Urgent situation")
    phone = visit.page.locator("main a[href^='tel:']").first
    expect(phone).to_have_text(PHONE)
    assert len(visit.steps) <= MOST_STEPS, visit.steps.acts
    assert visit.page.url.endswith("/contact")
    assert visit.page.title() == "Contact"
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    visit.page.emulate_media(media="print")
    expect(phone).to_be_hidden()
    visit.page.emulate_media(media="screen")
    visit.follow("Back to the record")
    assert PHONE not in visit.page.content()
    assert visit.is_clean() == []
    visit.page.context.close()


def test_27_what_to_say_and_notes_are_shown_as_they_were_typed(
    browser: Browser, planted: dict
) -> None:
    visit = begin(browser, planted["site"], role="coordinator")
    for number, each in enumerate(planted["people"][:4]):
        visit.open(f"practitioners/{each}/contact")
        visit.press("Urgent situation")
        assert hostile("say", number) in visit.page.locator("dl.facts").text_content()
        unharmed(visit)
    for number, each in enumerate(planted["tickets"]):
        visit.open(f"tickets/{each}")
        assert hostile("note", number) in visit.page.locator("dl.facts").text_content()
        unharmed(visit)
    assert visit.is_clean() == []
    visit.page.context.close()
