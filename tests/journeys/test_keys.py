"""Passkeys in a real browser with an authenticator, and what a browser keeps of a visit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.clock import stamp
from portal.db import Store, count
from tests.conftest import settings_for
from tests.journeys.conftest import PICTURES
from tests.journeys.site import serving
from tests.journeys.test_access import AXE, RULES
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

KEPT_IN_BROWSER = "localStorage.length + sessionStorage.length + document.cookie.length"
KEPT_ELSEWHERE = """async () => (await indexedDB.databases()).length
  + (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length"""
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def folder(today: Path, tmp_path: Path) -> Path:
    """A data directory of its own."""
    copied = tmp_path / "data"
    copy_world(today, copied)
    return copied


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    """The site by name: browsers know no passkeys of numbers."""
    with serving(folder, "localhost") as address:
        yield address


def with_authenticator(visit: Visit, **other: object) -> tuple[object, str]:
    """Give the browser an authenticator; the session that commands it, and its id."""
    commands = visit.page.context.new_cdp_session(visit.page)
    commands.send("WebAuthn.enable")
    made = commands.send("WebAuthn.addVirtualAuthenticator", {"options": {**PHONE, **other}})
    return commands, made["authenticatorId"]


def axe_finds_nothing(visit: Visit) -> None:
    """States that stand in no list of addresses are looked at on the way."""
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visit.page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def counted(folder: Path, sql: str) -> int:
    store = Store(settings_for(folder).database)
    with store.read() as db:
        found = count(db, sql)
    store.close()
    return found


def test_10_a_passkey_is_made_and_opens_the_door(browser: Browser, site: str, folder: Path) -> None:
    visit = begin(browser, site, width=320, role="coordinator")
    commands, phone = with_authenticator(visit)
    visit.open("account")
    visit.follow("Passkeys: sign in with finger, face or the device’s own code")
    expect(visit.page.locator("[data-without-passkeys]")).to_be_hidden()
    visit.press("Add a passkey")
    axe_finds_nothing(visit)
    visit.press("Make the passkey on this device")
    expect(visit.page.get_by_role("heading", name="My passkeys")).to_be_visible()
    axe_finds_nothing(visit)
    visit.page.screenshot(path=PICTURES / "passkeys-320.png", full_page=True)
    assert (
        len(commands.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"])
        == 1
    )
    visit.press("Sign out", within="header")
    expect(visit.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    axe_finds_nothing(visit)
    visit.page.screenshot(path=PICTURES / "sign-in-320.png", full_page=True)
    visit.press("Sign in with a passkey")
    expect(visit.page).to_have_url(visit.address("work"))
    assert counted(folder, "SELECT count(*) FROM sessions WHERE by = 'passkey'") == 1
    assert visit.page.evaluate(KEPT_IN_BROWSER) == 0
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visit.is_clean() == []
    visit.page.context.close()


def test_10_the_same_device_makes_no_second_one_and_says_so(browser: Browser, site: str) -> None:
    visit = begin(browser, site, role="member")
    with_authenticator(visit)
    visit.open("account/passkeys")
    visit.press("Add a passkey")
    visit.press("Make the passkey on this device")
    # only once it is saved may another page be asked for
    expect(visit.page.get_by_role("heading", name="My passkeys")).to_be_visible()
    visit.press("Add a passkey")
    visit.press("Make the passkey on this device")
    expect(visit.page.get_by_role("alert")).to_contain_text("No passkey was made")
    expect(visit.page.get_by_role("button", name="Make the passkey")).to_be_enabled()
    assert visit.is_clean() == []
    visit.page.context.close()


def test_10_a_phone_whose_holder_is_not_verified_opens_nothing(
    browser: Browser, site: str, folder: Path
) -> None:
    visit = begin(browser, site, role="member")
    commands, phone = with_authenticator(visit)
    visit.open("account/passkeys")
    visit.press("Add a passkey")
    visit.press("Make the passkey on this device")
    expect(visit.page.get_by_role("heading", name="My passkeys")).to_be_visible()
    visit.press("Sign out", within="header")
    asked = {"authenticatorId": phone, "isUserVerified": False}
    commands.send("WebAuthn.setUserVerified", asked)
    visit.press("Sign in with a passkey")
    expect(visit.page.get_by_role("alert")).to_contain_text("No passkey answered")
    assert counted(folder, "SELECT count(*) FROM sessions") == 0
    assert visit.is_clean() == []
    visit.page.context.close()


def test_09_without_script_password_and_code_remain(browser: Browser, site: str) -> None:
    visit = begin(browser, site, script=False)
    visit.open("sign-in")
    expect(visit.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(visit.page.locator("#password")).to_be_visible()
    visit.page.context.close()
    visit = begin(browser, site, script=False, role="member")
    visit.open("account/passkeys")
    expect(visit.page.locator("[data-without-passkeys]")).to_be_visible()
    expect(visit.page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    visit.page.context.close()


def test_09_at_another_address_no_passkey_is_offered(browser: Browser, site: str) -> None:
    visit = begin(browser, site.replace("localhost", "127.0.0.1"))
    visit.open("sign-in")
    expect(visit.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    assert visit.is_clean() == []
    visit.page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_21_back_after_signing_out_shows_the_way_in(
    browser: Browser, site: str, script: bool
) -> None:
    visit = begin(browser, site, role="coordinator", script=script)
    visit.open("practitioners")
    name = visit.page.locator("main li.card h2, main li.card h3").first.inner_text()
    visit.press("Sign out", within="header")
    expect(visit.page).to_have_url(visit.address("sign-in"))
    visit.page.go_back()
    expect(visit.page).to_have_url(visit.address("sign-in?next=%2Fen%2Fpractitioners"))
    expect(visit.page.locator("#password")).to_be_visible()
    assert name not in visit.page.content()
    visit.page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_20_typed_text_comes_back_after_a_time_out(
    browser: Browser, site: str, folder: Path, script: bool
) -> None:
    begin(browser, site, role="member").page.context.close()
    visit = begin(browser, site, width=320, role="coordinator", script=script)
    visit.open("lost-phone")
    visit.page.fill("#name", "demo-member")
    run_out(folder)
    visit.press("Sign out everywhere")
    expect(visit.page.get_by_role("status")).to_contain_text("kept for you")
    visit.press("Coordinator")
    expect(visit.page).to_have_url(visit.address("kept"))
    expect(visit.page.locator("dl")).to_contain_text("demo-member")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    if script:
        axe_finds_nothing(visit)
        visit.page.screenshot(path=PICTURES / "kept-320.png", full_page=True)
    visit.press("Send it now")
    expect(visit.page.get_by_role("status")).to_contain_text("Done")
    visit.open("kept")
    expect(visit.page.get_by_text("Nothing is kept.")).to_be_visible()
    assert visit.is_clean() == []
    visit.page.context.close()


def run_out(folder: Path) -> None:
    """Twenty minutes go by."""
    store = Store(settings_for(folder).database)
    before = stamp(datetime.now(UTC) - timedelta(minutes=20))
    with store.transaction() as db:
        db.execute("UPDATE sessions SET started_at = :at, seen_at = :at", {"at": before})
    store.close()


def test_23_nothing_is_kept_in_browser_storage(browser: Browser, site: str) -> None:
    visit = begin(browser, site, role="coordinator")
    for path in ("", "practitioners", "account", "account/passkeys", "kept", "search?q=mary"):
        visit.open(path)
    visit.open("nearby")
    visit.choose("place", "Mary")
    assert visit.page.evaluate(KEPT_IN_BROWSER) == 0
    assert visit.page.evaluate(KEPT_ELSEWHERE) == 0
    assert visit.is_clean() == []
    visit.page.context.close()


def test_18_a_fixation_attempt_fails_in_the_browser(browser: Browser, site: str) -> None:
    visit = begin(browser, site)
    planted = {"name": "session", "value": "chosen-by-somebody-else", "url": site}
    visit.page.context.add_cookies([planted])
    visit.open("sign-in")
    visit.press("Member")
    (given,) = [c for c in visit.page.context.cookies() if c["name"] == "session"]
    assert given["value"] != planted["value"]
    assert given["httpOnly"]
    other = begin(browser, site)
    other.page.context.add_cookies([planted])
    other.open("account")
    assert other.page.locator("#password").count() == 1
    assert visit.page.evaluate(KEPT_IN_BROWSER) == 0
    visit.page.context.close()
    other.page.context.close()
