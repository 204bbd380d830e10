"""Change one's own password, print new codes: the present ones are asked for first."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.db import Store, count
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import browsing
from tests.people import PASSWORD, MovingClock, Person, make_person

ANOTHER = "lantern maple river"
CHOSEN = {"password": ANOTHER, "again": ANOTHER, "current": PASSWORD}
CODES = "/en/account/recovery-codes"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def person(store: Store, settings: Settings) -> Person:
    return make_person(store, settings, role="coordinator")


@pytest.fixture
def browser(settings: Settings, clock: MovingClock, person: Person) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        assert sign_in(opened, person, clock).status_code == 303
        clock.moment += timedelta(minutes=1)
        yield opened


def sign_in(browser: TestClient, person: Person, clock: MovingClock, password: str = PASSWORD):
    form = {"name": person.name, "password": password, "code": person.code(clock.moment)}
    return browser.post("/en/sign-in", data=form)


def post(browser: TestClient, path: str, form: dict[str, str]):
    return browser.post(path, data={"csrf": csrf_of(browser), **form})


def test_a_password_is_changed_and_other_devices_are_signed_out(
    browser: TestClient, person: Person, clock: MovingClock, store: Store
) -> None:
    with store.transaction() as db:
        row = {"hash": "x", "account_id": person.id, "started_at": "2026", "seen_at": "2026"}
        db.table("sessions").insert({**row, "started_at": "2026-11-23T05:00:00Z"})
    form = {**CHOSEN, "code": person.code(clock.moment)}
    assert "holds" in post(browser, "/en/account/password", form).text
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 1
    clock.moment += timedelta(minutes=1)
    assert sign_in(browser, person, clock).status_code == 422
    assert sign_in(browser, person, clock, ANOTHER).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"current": "wrong kettle north"}, "fit together"),
        ({"code": "000000"}, "fit together"),
        ({"password": "password1234", "again": "password1234"}, "Many people"),
        ({"again": "something else"}, "not the same"),
        ({"current": ""}, "Fill this in"),
    ],
)
def test_a_password_is_not_changed_without_the_present_one_and_a_code(
    browser: TestClient, person: Person, clock: MovingClock, wrong: dict[str, str], says: str
) -> None:
    form = {**CHOSEN, "code": person.code(clock.moment), **wrong}
    answer = post(browser, "/en/account/password", form)
    assert answer.status_code == 422
    assert says in answer.text
    clock.moment += timedelta(minutes=1)
    assert sign_in(browser, person, clock).status_code == 303


def test_16_a_session_left_open_does_not_let_guess(
    browser: TestClient, person: Person, clock: MovingClock
) -> None:
    for _ in range(5):
        assert post(browser, "/en/account/password", {**CHOSEN, "code": "0"}).status_code == 422
    assert post(browser, "/en/account/password", {**CHOSEN, "code": "0"}).status_code == 429


def test_14_new_codes_need_password_and_code(
    browser: TestClient, person: Person, clock: MovingClock
) -> None:
    first = post(browser, CODES, {})
    assert len(re.findall(r"<code>[0-9a-z-]{19}</code>", first.text)) == 10
    assert first.headers["cache-control"] == "no-store"
    assert "10 codes are left" in browser.get(CODES).text
    assert post(browser, CODES, {}).status_code == 422
    assert post(browser, CODES, {"current": PASSWORD, "code": "000000"}).status_code == 422
    form = {"current": PASSWORD, "code": person.code(clock.moment)}
    second = post(browser, CODES, form)
    assert second.status_code == 200
    assert not set(re.findall(r"<code>(.*?)</code>", first.text)) & set(
        re.findall(r"<code>(.*?)</code>", second.text)
    )


def test_the_demos_people_have_nothing_to_change(browser: TestClient) -> None:
    browser.cookies.clear()
    browser.post("/demo/sign-in", data={"role": "member"})
    for path in (CODES, "/en/account/password"):
        assert "no password" in browser.get(path).text
    assert post(browser, CODES, {}).status_code == 403
