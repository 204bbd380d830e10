"""One's own devices, and the lost phone of somebody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.accounts.rules import device_of, session_hash
from portal.db import Store, column
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import browsing
from tests.people import MovingClock

PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0.0.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


def sign_in(browser: TestClient, role: str, device: str = DESK) -> str:
    browser.cookies.clear()
    headers = {"User-Agent": device}
    answer = browser.post("/demo/sign-in", data={"role": role}, headers=headers)
    return str(answer.cookies["session"])


def post(browser: TestClient, path: str, **form: str):
    return browser.post(path, data={"csrf": csrf_of(browser), **form})


def lives(browser: TestClient, token: str) -> bool:
    browser.cookies.clear()
    browser.cookies.set("session", token)
    return browser.get("/en/account").status_code == 200


def test_22_own_devices_are_listed_by_a_coarse_name(browser: TestClient) -> None:
    sign_in(browser, "member", PHONE)
    sign_in(browser, "member")
    page = browser.get("/en/account").text
    assert "Chrome, Android" in page
    assert "Firefox, Windows" in page
    assert "120.0" not in page
    assert page.count("this one") == 1
    assert page.index("Firefox, Windows") < page.index("Chrome, Android")


def test_22_one_device_can_be_ended(browser: TestClient) -> None:
    phone, desk = sign_in(browser, "member", PHONE), sign_in(browser, "member")
    answer = post(browser, "/en/account/devices/end", device=session_hash(phone)[:16])
    assert answer.headers["location"] == "/en/account"
    assert not lives(browser, phone)
    assert lives(browser, desk)


def test_22_all_others_can_be_ended(browser: TestClient) -> None:
    phone, other = sign_in(browser, "member", PHONE), sign_in(browser, "member")
    stranger, desk = sign_in(browser, "coordinator"), sign_in(browser, "member")
    assert post(browser, "/en/account/devices/end-others").status_code == 303
    assert [lives(browser, each) for each in (phone, other, stranger, desk)] == [
        False,
        False,
        True,
        True,
    ]


def test_nobody_ends_somebody_elses_device(browser: TestClient) -> None:
    theirs = sign_in(browser, "coordinator")
    sign_in(browser, "member")
    device = session_hash(theirs)[:16]
    assert post(browser, "/en/account/devices/end", device=device).status_code == 404
    assert post(browser, "/en/account/devices/end", device="nothing").status_code == 404
    assert lives(browser, theirs)


def test_ending_needs_the_token_of_the_page(browser: TestClient) -> None:
    sign_in(browser, "coordinator")
    for path in ("/en/account/devices/end", "/en/account/devices/end-others", "/en/lost-phone"):
        assert browser.post(path, data={"name": "demo-member"}).status_code == 403


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_22_a_lost_phone_ends_all_sessions_of_a_person(browser: TestClient, role: str) -> None:
    lost = [sign_in(browser, "member", PHONE), sign_in(browser, "member")]
    mine = sign_in(browser, role)
    answer = post(browser, "/en/lost-phone", name="Demo-Member")
    assert "Done" in answer.text
    assert [lives(browser, each) for each in (*lost, mine)] == [False, False, True]


def test_22_a_lost_phone_ends_all_sessions_of_an_organisation(
    browser: TestClient, store: Store
) -> None:
    lost = [sign_in(browser, "member"), sign_in(browser, "practitioner")]
    with store.read() as db:
        sql = "SELECT organisation_id FROM accounts WHERE id = 'demo-member'"
        (organisation,) = column(db, sql)
    mine = sign_in(browser, "coordinator")
    assert f'value="{organisation}"' in browser.get("/en/lost-phone").text
    assert post(browser, "/en/lost-phone", organisation=organisation).status_code == 200
    assert [lives(browser, each) for each in (*lost, mine)] == [False, False, True]
    with store.read() as db:
        last = column(db, "SELECT verb || ' ' || entity_id FROM audit ORDER BY id DESC LIMIT 1")
        assert last == [f"end_all_sessions {organisation}"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "either a person or"),
        ({"name": "x", "organisation": "y"}, "either a person or"),
        ({"name": "nobody"}, "Nobody signs in"),
        ({"organisation": "o-nowhere"}, "no such organisation"),
    ],
)
def test_a_name_nobody_has_is_said_at_the_field(
    browser: TestClient, form: dict[str, str], says: str
) -> None:
    sign_in(browser, "coordinator")
    answer = post(browser, "/en/lost-phone", **form)
    assert answer.status_code == 422
    assert says in answer.text


def test_sessions_that_are_over_are_swept_and_not_shown(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser, "member", PHONE)
    clock.moment += timedelta(minutes=20)
    sign_in(browser, "member")
    assert "Chrome, Android" not in browser.get("/en/account").text
    clock.moment += timedelta(hours=24, minutes=1)
    with store.transaction() as db:
        start_session(db, "demo-member", clock.moment)
        assert column(db, "SELECT count(*) FROM sessions") == [1]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (PHONE, "Chrome, Android"),
        (DESK, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge, Linux"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_22_a_device_is_known_by_nothing_finer(said: str, name: str) -> None:
    assert device_of(said) == name


def test_23_nothing_is_kept_in_browser_storage(browser: TestClient) -> None:
    sign_in(browser, "member")
    for path in ("/en/account", "/en/account/password", "/en/sign-in"):
        page = browser.get(path)
        assert page.headers["cache-control"] == "no-store"
        assert "localStorage" not in page.text
        assert "sessionStorage" not in page.text
