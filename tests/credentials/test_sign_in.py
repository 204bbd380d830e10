"""Sign in as somebody with an account does, in a production site and in the demo."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.credentials.actions import make_recovery_codes
from portal.db import Store, column, count
from portal.settings import Settings, read_settings
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, browsing
from tests.people import MovingClock, Person, make_person

SECRET = "a secret of our own that is long enough"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def production(settings: Settings) -> Settings:
    environ = {
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET": SECRET,
        "PORTAL_BASE_URL": "https://portal.example",
        "PORTAL_PROXY_HEADER": "X-Real-IP",
    }
    return read_settings(environ)


@pytest.fixture
def browser(production: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(production, clock, address="https://portal.example") as opened:
        yield opened


@pytest.fixture
def person(store: Store, production: Settings) -> Person:
    return make_person(store, production, organisation_id=None, role="observer")


def sign_in(browser: TestClient, person: Person, language: str = "en", **other: str):
    form = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    headers = {"Origin": "https://portal.example", **JSON} if other.pop("json", "") else {}
    path = f"/{language}/sign-in"
    return browser.post(path, data={**form, **other}, headers=headers, follow_redirects=False)


def is_in(browser: TestClient) -> bool:
    answer = browser.get("/en/account/password", follow_redirects=False)
    return answer.status_code == 200


def test_somebody_signs_in(browser: TestClient, person: Person) -> None:
    page = browser.get("/en/sign-in").text
    assert 'type="password"' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'name="csrf"' not in page
    assert "Member</button>" not in page
    answer = sign_in(browser, person)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/overview")
    assert is_in(browser)


def test_19_the_cookie_is_bound_to_this_host(browser: TestClient, person: Person) -> None:
    cookie = sign_in(browser, person).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_18_each_sign_in_makes_a_new_id_and_ends_the_old(
    browser: TestClient, person: Person, clock: MovingClock, store: Store
) -> None:
    first = sign_in(browser, person).cookies["__Host-session"]
    clock.moment += timedelta(minutes=1)
    answer = sign_in(browser, person, code=person.code(clock.moment))
    assert answer.cookies["__Host-session"] != first
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 1


def test_signing_in_leads_back_and_nowhere_else(browser: TestClient, person: Person) -> None:
    answer = sign_in(browser, person, next="//elsewhere.example")
    assert answer.headers["location"] == "/en/overview"
    assert 'value="/ru/events"' in browser.get("/en/sign-in?next=/ru/events").text


WRONG = (
    {"name": "nobody"},
    {"password": "wrong kettle north"},
    {"code": "000000"},
    {"code": "0000-0000-0000-0000"},
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_15_unknown_wrong_and_locked_look_alike(
    browser: TestClient, person: Person, store: Store, language: str
) -> None:
    told = []
    for wrong in WRONG:
        answer = sign_in(browser, person, language, **wrong)
        told.append((answer.status_code, answer.text.replace("nobody", person.name)))
    with store.transaction() as db:
        db.table("accounts").update(person.id, {"locked_at": "2026-11-23T05:00:00Z"})
    answer = sign_in(browser, person, language)
    told.append((answer.status_code, answer.text))
    assert {status for status, _ in told} == {422}
    assert len({text for _, text in told}) == 1
    assert "set-cookie" not in answer.headers


def test_a_script_is_told_the_same(browser: TestClient, person: Person) -> None:
    answer = sign_in(browser, person, code="000000", json="1")
    assert answer.status_code == 422
    assert "fit together" in answer.json()["error"]["fields"]["all"][0]


def test_an_empty_field_is_said_at_the_field(browser: TestClient) -> None:
    answer = browser.post("/en/sign-in", data={"name": "aylar"})
    assert answer.status_code == 422
    assert 'id="password-wrong"' in answer.text
    assert 'value="aylar"' in answer.text


def test_09_the_page_says_how_far_the_phones_clock_is_off(
    browser: TestClient, person: Person
) -> None:
    answer = sign_in(browser, person, code=person.code(MOMENT, 240))
    assert "4 min ahead" in answer.text
    answer = sign_in(browser, person, code=person.code(MOMENT, -240))
    assert "4 min behind" in answer.text
    answer = sign_in(browser, person, code=person.code(MOMENT, 240), password="wrong kettle north")
    assert "ahead" not in answer.text


def test_13_a_code_seen_over_the_shoulder_opens_nothing(
    browser: TestClient, person: Person
) -> None:
    assert sign_in(browser, person).status_code == 303
    browser.cookies.clear()
    assert sign_in(browser, person).status_code == 422


def test_14_a_printed_code_opens_once_and_shows_what_is_left(
    browser: TestClient, person: Person, store: Store
) -> None:
    with store.transaction() as db:
        code = make_recovery_codes(db, OPERATOR, MOMENT, person.id)[0]
    answer = sign_in(browser, person, code=code)
    assert answer.headers["location"] == "/en/account/recovery-codes"
    assert "9 codes are left" in browser.get("/en/account/recovery-codes").text
    browser.cookies.clear()
    assert sign_in(browser, person, code=code).status_code == 422


def test_16_too_many_tries_wait_from_there_only(browser: TestClient, person: Person) -> None:
    for _ in range(5):
        assert sign_in(browser, person, code="000000").status_code == 422
    answer = sign_in(browser, person)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    browser.headers["X-Real-IP"] = "198.51.100.7"
    assert sign_in(browser, person).status_code == 303


def test_20_server_clock_ends_it(browser: TestClient, person: Person, clock: MovingClock) -> None:
    sign_in(browser, person)
    clock.moment += timedelta(minutes=16)
    assert not is_in(browser)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_r11_a_clock_that_jumps_a_day_extends_no_session(
    browser: TestClient, person: Person, clock: MovingClock, jump: timedelta
) -> None:
    sign_in(browser, person)
    clock.moment += jump
    assert not is_in(browser)
    assert sign_in(browser, person).status_code == 422


def test_21_back_after_signing_out_shows_the_way_in(browser: TestClient, person: Person) -> None:
    sign_in(browser, person)
    page = browser.get("/en/account/password")
    assert page.headers["cache-control"] == "no-store"
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = browser.post("/en/sign-out", data={"csrf": csrf}, follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    back = browser.get("/en/account/password", follow_redirects=False)
    assert back.headers["location"].startswith("/en/sign-in")


def test_24_a_failed_try_leaves_no_session_and_no_cookie(
    browser: TestClient, person: Person, store: Store
) -> None:
    assert "set-cookie" not in sign_in(browser, person, code="000000").headers
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 0


def test_another_site_cannot_sign_anybody_in(browser: TestClient, person: Person) -> None:
    form = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    headers = {"Origin": "https://elsewhere.example"}
    assert browser.post("/en/sign-in", data=form, headers=headers).status_code == 403


def test_04_a_role_that_is_sent_along_is_refused(
    browser: TestClient, person: Person, store: Store
) -> None:
    assert sign_in(browser, person, role="admin").status_code == 422
    with store.read() as db:
        assert column(db, "SELECT role FROM accounts WHERE id = :id", id=person.id) == ["observer"]


def test_mails_are_written_in_the_language_of_the_last_sign_in(
    browser: TestClient, person: Person, clock: MovingClock, store: Store
) -> None:
    for language in ("tk", "ru"):
        clock.moment += timedelta(minutes=1)
        form = {"name": person.name, "password": person.password}
        form["code"] = person.code(clock.moment)
        answer = browser.post(f"/{language}/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303
        with store.read() as db:
            sql = "SELECT language FROM accounts WHERE id = :id"
            assert column(db, sql, id=person.id) == [language]
