"""From a proposal to a counted consultation, on a phone, with script and without."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from portal.clock import day_of
from portal.db import Store, column, count
from portal.settings import Settings
from seed_data.anchors import BAYRAMALY
from tests.conftest import settings_for
from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

NAME = "Jemal Sapbentowa"
PHONE = "+993 00 1234"

# all that the audit says, but for the gazetteer's own lines
SAID = "SELECT detail || entity_id FROM audit WHERE entity <> 'places'"


@pytest.fixture
def stage(today: Path, tmp_path: Path) -> Iterator[tuple[str, Settings]]:
    """A site that this journey may change."""
    folder = tmp_path / "data"
    copy_world(today, folder)
    with serving(folder) as address:
        yield address, settings_for(folder)


def propose(member: Visit) -> tuple[str, str]:
    """A member proposes somebody without e-mail; her id, and the link to hand over."""
    member.open("practitioners/propose")
    member.page.fill("#full_name", NAME)
    member.page.select_option("#profession", "psychologist")
    member.page.select_option("#gender", "female")
    member.page.fill("#place", BAYRAMALY)
    member.page.fill("#travel_km", "30")
    member.page.check("input[name=languages][value=ru]")
    member.page.check("input[name=modes][value=home]")
    member.page.fill("#phone", PHONE)
    member.press("Propose")
    link = member.text("code.key")
    member.follow("Agreement and papers")
    return member.page.url.split("/practitioners/")[1].split("/")[0], link


def consent(herself: Visit, link: str) -> None:
    """She opens the link without an account, reads who sees what, and consents."""
    herself.open(f"consent/{link.rsplit('/', 1)[1]}")
    expect(herself.page.locator("main")).to_contain_text(f"a number that ends in {PHONE[-2:]}")
    herself.page.check("input[name=scope][value=members]")
    herself.page.check("input[name=contact_policy][value=direct]")
    herself.page.check("#ethics")
    herself.press("I consent")
    expect(herself.page.locator("h1")).to_have_text("Your consent is saved")
    herself.open(f"consent/{link.rsplit('/', 1)[1]}", 404)


def find(member: Visit) -> bool:
    """Whether a member who looks for a psychologist finds her."""
    member.open("nearby")
    member.page.fill("#place", BAYRAMALY)
    member.page.select_option("#profession", "psychologist")
    member.page.locator("main").get_by_role("button", name="Find", exact=True).click()
    expect(member.page.locator("#found")).to_contain_text("practitioner")
    return member.page.locator("#results").get_by_role("link", name=NAME).count() == 1


def reveal(member: Visit, her: str) -> None:
    """Two steps from her card to her telephone."""
    member.open(f"practitioners/{her}")
    member.follow("Contact")
    member.page.locator("main button[name=purpose]").first.click()
    expect(member.page.locator(f"a[href='tel:{PHONE.replace(' ', '')}']")).to_be_visible()


def ask(member: Visit, her: str, day: str) -> str:
    """A request for a home visit; its code."""
    member.open(f"practitioners/{her}")
    member.follow("Ask for a consultation")
    member.page.fill("#place", BAYRAMALY)
    member.page.fill("#date", day)
    member.page.select_option("#travel_cost", "asker")
    member.press("Ask")
    expect(member.page.locator("h1")).to_contain_text("Home visit")
    return member.page.url.rsplit("/", 1)[1]


def join(browser: Browser, stage: tuple[str, Settings], her: str) -> Visit:
    """She gets an account of her own: as the demo's practitioner she stands for her record."""
    site, settings = stage
    visit = begin(browser, site, width=320, script=False, role="practitioner")
    store = Store(settings.database)
    with store.transaction() as db:
        db.execute("UPDATE accounts SET practitioner_id = ? WHERE id LIKE 'demo-pract%'", [her])
    store.close()
    return visit


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_proposal_to_a_counted_consultation(
    browser: Browser, stage: tuple[str, Settings], script: bool
) -> None:
    site, settings = stage
    begun = {"width": 320, "script": script}
    first = begin(browser, site, role="member", **begun)
    herself = begin(browser, site, **begun)
    second = begin(browser, site, role="member", organisation="another", **begun)
    her, link = propose(first)
    consent(herself, link)
    assert not find(second)
    second.open(f"practitioners/{her}/agreement")
    second.page.check("#spoken")
    second.press("Agree")
    assert find(second)
    reveal(second, her)
    code = ask(second, her, (day_of(datetime.now(UTC), settings.timezone)).isoformat())

    helper = join(browser, stage, her)
    helper.open(f"requests/{code}")
    helper.press("I accept")
    helper.follow("Say how it ended")
    helper.page.check("input[name=outcome][value=visited]")
    helper.press("Save")
    second.open(f"requests/{code}")
    expect(second.page.locator("main")).to_contain_text("Completed")
    counted(settings, her, code)
    for visit in (first, herself, second, helper):
        assert visit.is_clean() == []
        visit.page.context.close()


def counted(settings: Settings, her: str, code: str) -> None:
    """One consultation, one look at the contact, and not a word about the person helped."""
    store = Store(settings.database)
    with store.read() as db:
        sql = "SELECT count(*) FROM requests WHERE id = :id AND outcome = 'visited'"
        assert count(db, sql, id=code) == 1
        sql = (
            "SELECT count(*) FROM contact_looks WHERE practitioner_id = :her AND shown = 'contact'"
        )
        assert count(db, sql, her=her) == 1
        said = " ".join(column(db, SAID))
        assert not [secret for secret in (NAME, PHONE, BAYRAMALY) if secret in said]
    store.close()


def test_r08_a_withdrawal_leaves_no_member_place_within_a_minute(
    browser: Browser, stage: tuple[str, Settings]
) -> None:
    site, _settings = stage
    herself = begin(browser, site, width=320, script=False, role="practitioner")
    herself.open("work")
    herself.unfold("Menu")
    herself.follow("My record", within="header")
    name = herself.text("h1")
    member = begin(browser, site, width=320, script=False, role="member")
    member.open(f"search?q={name}&kind=practitioners")
    assert member.page.locator("#results").get_by_text(name).count() >= 1
    before = public_bytes(site)
    herself.follow("My consent")
    herself.unfold("Withdraw")
    herself.press("Withdraw my consent")
    expect(herself.page.locator("main")).to_contain_text("You withdrew on")
    until = datetime.now(UTC) + timedelta(seconds=60)
    while datetime.now(UTC) < until:
        member.open(f"search?q={name}&kind=practitioners")
        if member.page.locator("#results").get_by_text(name).count() == 0:
            break
    assert member.page.locator("#results").get_by_text(name).count() == 0
    assert public_bytes(site) == before
    member.page.context.close()
    herself.page.context.close()


def public_bytes(site: str) -> dict[str, bytes]:
    """What a stranger reads of practitioners."""
    found = {}
    for path in PUBLIC:
        with urlopen(site + path) as answer:  # noqa: S310
            found[path] = answer.read()
    return found


PUBLIC = (
    "/data/network/practitioner_counts.csv?_size=max",
    "/data/network/home_visits.csv?region=TM-M",
    "/en/coverage",
    "/en/nearby?region=TM-M",
)
