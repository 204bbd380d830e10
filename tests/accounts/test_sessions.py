"""Sessions cannot be fixed from outside, end by the clock, and leave nothing behind."""

from datetime import UTC, datetime, timedelta

import pytest
from litestar.testing import TestClient

from portal import audit
from portal.app import create_app
from portal.db import Store, column, count
from portal.settings import Settings, read_settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import MOMENT, browsing


class MovingClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock):
    with browsing(settings, clock) as opened:
        yield opened


def sign_in(browser: TestClient, role: str = "member", **form: str):
    return browser.post("/demo/sign-in", data={"role": role, **form}, follow_redirects=False)


def is_in(browser: TestClient) -> bool:
    return browser.get("/en/practitioners", follow_redirects=False).status_code == 200


def test_18_a_session_id_from_outside_is_never_adopted(browser: TestClient, store: Store) -> None:
    browser.cookies.set("session", "chosen-by-somebody-else")
    assert not is_in(browser)
    answer = sign_in(browser)
    given = answer.cookies["session"]
    assert given != "chosen-by-somebody-else"
    assert len(given) >= 43
    browser.cookies.clear()
    browser.cookies.set("session", "chosen-by-somebody-else")
    assert not is_in(browser)


def test_a_closed_demo_account_says_so(browser: TestClient, store: Store) -> None:
    sign_in(browser)
    browser.cookies.clear()
    with store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id = 'demo-member'")
    answer = sign_in(browser)
    assert answer.headers["location"] == "/en/sign-in?closed"
    assert "set-cookie" not in answer.headers
    assert "This demo account was closed" in browser.get("/en/sign-in?closed").text
    assert sign_in(browser, "coordinator").headers["location"] != "/en/sign-in?closed"


def test_18_each_sign_in_makes_a_new_id(browser: TestClient) -> None:
    first = sign_in(browser).cookies["session"]
    second = sign_in(browser).cookies["session"]
    assert first != second


def test_19_only_the_hash_of_the_id_is_kept(browser: TestClient, store: Store) -> None:
    token = sign_in(browser).cookies["session"]
    with store.read() as db:
        assert token not in column(db, "SELECT hash FROM sessions")
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert token.encode() not in stored


def test_19_the_cookie_is_for_the_browser_alone(browser: TestClient) -> None:
    cookie = sign_in(browser).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "max-age" not in cookie


def test_24_an_anonymous_visit_makes_no_row_and_no_cookie(
    browser: TestClient, store: Store
) -> None:
    for path in ("/en", "/en/nearby", "/en/organisations", "/en/sign-in", "/en/nothing"):
        assert "set-cookie" not in browser.get(path).headers
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 0


@pytest.mark.parametrize(
    ("step", "steps", "stays"),
    [
        (timedelta(minutes=14), 1, True),
        (timedelta(minutes=16), 1, False),
        (timedelta(minutes=10), 60, True),
        (timedelta(minutes=10), 73, False),
    ],
)
def test_20_a_session_ends_when_idle_and_after_twelve_hours(
    browser: TestClient, clock: MovingClock, step: timedelta, steps: int, stays: bool
) -> None:
    sign_in(browser)
    for _ in range(steps):
        clock.moment += step
        last = is_in(browser)
    assert last == stays


def test_r11_a_clock_set_back_extends_no_session(browser: TestClient, clock: MovingClock) -> None:
    sign_in(browser)
    clock.moment -= timedelta(hours=1)
    assert not is_in(browser)


def test_21_signing_out_ends_it_on_the_server(browser: TestClient) -> None:
    token = sign_in(browser).cookies["session"]
    answer = browser.post("/en/sign-out", data={"csrf": csrf_of(browser)}, follow_redirects=False)
    assert answer.status_code == 303
    assert "cache" in answer.headers["clear-site-data"]
    browser.cookies.set("session", token)
    assert not is_in(browser)


def test_29_signing_out_needs_the_token_of_the_page(browser: TestClient) -> None:
    sign_in(browser)
    assert browser.post("/en/sign-out", follow_redirects=False).status_code == 403
    assert is_in(browser)


def test_the_way_out_ends_the_session_and_goes_to_a_neutral_page(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.get("/exit", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/calendar"
    assert not is_in(browser)
    page = browser.get("/en/calendar").text
    assert "<title>November 2026</title>" in page
    assert "trafficking" not in page.lower()


def test_06_a_lock_and_a_changed_role_act_on_the_next_request(
    browser: TestClient, store: Store
) -> None:
    sign_in(browser)
    assert is_in(browser)
    with store.transaction() as db:
        db.table("accounts").update("demo-member", {"role": "observer"})
    assert not is_in(browser)
    with store.transaction() as db:
        db.table("accounts").update("demo-member", {"role": "member"})
    assert is_in(browser)
    with store.transaction() as db:
        db.table("accounts").update("demo-member", {"locked_at": "2026-11-23T05:00:00Z"})
    assert not is_in(browser)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE organisations SET directory_until = '2026-11-22'",
        "UPDATE organisations SET directory_until = NULL",
        "UPDATE accounts SET directory_until = '2026-11-22'",
        "INSERT INTO membership_states (organisation_id, state, at, by)"
        " SELECT id, 'suspended', '2026-11-23', 'x' FROM organisations",
    ],
)
def test_directory_access_needs_both_grants_and_membership(
    browser: TestClient, store: Store, spoil: str
) -> None:
    sign_in(browser)
    assert is_in(browser)
    with store.transaction() as db:
        db.execute(spoil)
    assert browser.get("/en/practitioners").status_code == 403


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_30_signing_in_leads_nowhere_else(browser: TestClient, back: str) -> None:
    assert sign_in(browser, next=back).headers["location"] == "/en/nearby"
    assert sign_in(browser, next="/ru/practitioners").headers["location"] == "/ru/practitioners"


@pytest.mark.parametrize("form", [{"role": "visitor"}, {"role": ""}, {"role": "admin", "x": "1"}])
def test_the_demo_signs_in_as_nobody_else(browser: TestClient, form: dict[str, str]) -> None:
    assert browser.post("/demo/sign-in", data=form).status_code == 422


def test_the_demo_signs_in_on_this_machine_only(browser: TestClient) -> None:
    answer = browser.post(
        "/demo/sign-in", data={"role": "admin"}, headers={"Host": "portal.example"}
    )
    assert answer.status_code == 404


def test_a_member_of_an_organisation_of_choice(browser: TestClient) -> None:
    assert sign_in(browser, organisation="nowhere").status_code == 404
    assert sign_in(browser, organisation="o-7k2m9q").status_code == 303


def test_production_has_no_demo_door(settings: Settings) -> None:
    environ = {
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET": "a secret of our own that is long enough",
        "PORTAL_BASE_URL": "https://portal.example",
    }
    app = create_app(read_settings(environ), clock=lambda: datetime.now(UTC))
    with TestClient(app, base_url="http://127.0.0.1") as browser:
        answer = browser.post("/demo/sign-in", data={"role": "admin"})
        assert answer.status_code == 404
        assert "demo" not in browser.get("/en/sign-in").text
        assert "strict-transport-security" in browser.get("/en").headers


def test_signing_in_and_out_is_audited_without_names(browser: TestClient, store: Store) -> None:
    sign_in(browser)
    browser.get("/exit", follow_redirects=False)
    with store.read() as db:
        verbs = column(db, "SELECT verb FROM audit ORDER BY id DESC LIMIT 2")
        assert verbs == ["sign_out", "sign_in"]
        assert audit.first_broken(db) is None


def test_a_proxy_never_leads_to_the_demo_door(browser: TestClient) -> None:
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"):
        answer = browser.post("/demo/sign-in", data={"role": "admin"}, headers={header: "x"})
        assert answer.status_code == 404


def test_signing_in_again_ends_the_session_before(browser: TestClient) -> None:
    first = sign_in(browser).cookies["session"]
    sign_in(browser)
    browser.cookies.clear()
    browser.cookies.set("session", first)
    assert not is_in(browser)


def test_the_demos_practitioner_stays_who_she_was(browser: TestClient, store: Store) -> None:
    sign_in(browser, "practitioner")
    whose = "SELECT practitioner_id FROM accounts WHERE id = 'demo-practitioner'"
    others = """
        SELECT l.practitioner_id FROM listings AS l JOIN accounts AS a
            ON a.id = 'demo-practitioner' AND a.organisation_id = l.organisation_id
        WHERE l.practitioner_id <> a.practitioner_id
    """
    with store.transaction() as db:
        before = column(db, whose)
        db.execute(
            "UPDATE listings SET confirmed_on = '2026-11-24' WHERE practitioner_id IN ("
            + others
            + ")"
        )
    sign_in(browser, "practitioner")
    with store.read() as db:
        assert column(db, whose) == before
