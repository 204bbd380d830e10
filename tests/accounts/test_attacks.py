"""What somebody would try against sessions and codes, and that it fails."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.queries import actor_of_session, find_session
from portal.accounts.rules import session_hash
from portal.credentials.actions import make_recovery_codes
from portal.db import Store, column, count
from portal.settings import Settings
from tests.architecture.test_routes import TABLE, csrf_of
from tests.conftest import JSON, MOMENT, OPERATOR, browsing
from tests.people import MovingClock, Person, make_person

WRONG_PASSWORD = "wrong kettle north"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def person(store: Store, settings: Settings) -> Person:
    return make_person(store, settings, role="coordinator")


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture
def victim(browser: TestClient, person: Person) -> str:
    """The session id of somebody who is signed in at another browser."""
    return str(sign_in(browser, person).cookies["session"])


def sign_in(browser: TestClient, person: Person, **other: str):
    browser.cookies.clear()
    form = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    return browser.post("/en/sign-in", data={**form, **other})


def as_browser_of(browser: TestClient, token: str) -> TestClient:
    browser.cookies.clear()
    browser.cookies.set("session", token)
    return browser


def sign_in_to_demo(browser: TestClient, role: str) -> str:
    browser.cookies.clear()
    return str(browser.post("/demo/sign-in", data={"role": role}).cookies["session"])


def test_18_a_fixation_attempt_fails(browser: TestClient, person: Person, store: Store) -> None:
    planted = "A" * 43
    browser.cookies.set("session", planted)
    form = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    answer = browser.post("/en/sign-in", data=form)
    assert answer.cookies["session"] != planted
    assert as_browser_of(browser, planted).get("/en/account").status_code == 303
    with store.read() as db:
        assert session_hash(planted) not in column(db, "SELECT hash FROM sessions")


def test_18_a_fixation_attempt_with_a_living_session_fails(
    browser: TestClient, person: Person
) -> None:
    attackers = sign_in_to_demo(browser, "member")
    form = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    given = as_browser_of(browser, attackers).post("/en/sign-in", data=form).cookies["session"]
    assert given != attackers
    assert as_browser_of(browser, attackers).get("/en/account").status_code == 303
    assert "aylar" in as_browser_of(browser, given).get("/en/account").text


@pytest.mark.parametrize("seconds", [0, 29, 59])
def test_13_a_replayed_totp_fails(
    browser: TestClient, person: Person, clock: MovingClock, seconds: int
) -> None:
    assert sign_in(browser, person).status_code == 303
    clock.moment += timedelta(seconds=seconds)
    assert sign_in(browser, person).status_code == 422


def test_29_a_stolen_csrf_pair_fails(
    browser: TestClient, victim: str, clock: MovingClock, person: Person
) -> None:
    mine = sign_in_to_demo(browser, "coordinator")
    my_token = csrf_of(browser)
    stolen = csrf_of(as_browser_of(browser, victim))
    path = "/en/account/devices/end-others"
    assert as_browser_of(browser, victim).post(path, data={"csrf": my_token}).status_code == 403
    assert as_browser_of(browser, mine).post(path, data={"csrf": stolen}).status_code == 403
    # in cookies of its own making a token counts for nothing
    browser.cookies.set("csrf", my_token)
    browser.cookies.set("csrftoken", my_token)
    assert as_browser_of(browser, victim).post(path, data={"csrf": my_token}).status_code == 403
    header = {"X-CSRF-Token": my_token}
    assert browser.post(path, headers=header).status_code == 403
    foreign = {"Origin": "https://elsewhere.example"}
    assert browser.post(path, data={"csrf": stolen}, headers=foreign).status_code == 403
    assert browser.post(path, data={"csrf": stolen}).status_code == 303


def test_29_the_token_of_the_session_before_fails(
    browser: TestClient, victim: str, clock: MovingClock, person: Person
) -> None:
    old = csrf_of(browser)
    clock.moment += timedelta(minutes=1)
    assert sign_in(browser, person, code=person.code(clock.moment)).status_code == 303
    path = "/en/account/devices/end-others"
    assert browser.post(path, data={"csrf": old}).status_code == 403


def test_03_a_foreign_id_fails(
    browser: TestClient, victim: str, store: Store, person: Person
) -> None:
    sign_in_to_demo(browser, "member")
    tries: dict[str, dict[str, str]] = {
        "/en/account/devices/end": {"device": session_hash(victim)[:16]},
        "/en/account/passkeys/remove": {"passkey": "k-000000000000"},
        "/en/kept/f-000000000000/send": {},
        "/en/kept/f-000000000000/drop": {},
    }
    for path, form in tries.items():
        answer = browser.post(path, data={"csrf": csrf_of(browser), **form})
        assert answer.status_code == 404, path
    assert as_browser_of(browser, victim).get("/en/account").status_code == 200


def test_06_a_changed_role_acts_on_the_next_request(
    browser: TestClient, victim: str, store: Store, person: Person
) -> None:
    assert browser.get("/en/lost-phone").status_code == 200
    with store.transaction() as db:
        db.table("accounts").update(person.id, {"role": "observer"})
    assert browser.get("/en/lost-phone").status_code == 403
    posted = browser.post("/en/lost-phone", data={"csrf": csrf_of(browser), "name": "x"})
    assert posted.status_code == 403


def test_06_a_lock_acts_on_the_next_request(
    browser: TestClient, victim: str, store: Store, person: Person
) -> None:
    csrf = csrf_of(browser)
    with store.transaction() as db:
        db.table("accounts").update(person.id, {"locked_at": "2026-11-23T05:00:00Z"})
    assert browser.get("/en/account").status_code == 303
    assert browser.post("/en/lost-phone", data={"csrf": csrf, "name": "x"}).status_code == 303
    assert browser.get("/en/account", headers=JSON).status_code == 401


def test_09_it_is_known_by_what_a_session_was_opened(
    browser: TestClient, store: Store, settings: Settings, person: Person
) -> None:
    with store.transaction() as db:
        code = make_recovery_codes(db, OPERATOR, MOMENT, person.id)[0]
    opened = {
        "password": sign_in(browser, person).cookies["session"],
        "printed": sign_in(browser, person, code=code).cookies["session"],
        "demo": sign_in_to_demo(browser, "admin"),
    }
    with store.read() as db:
        for by, token in opened.items():
            session = find_session(db, token, MOMENT, MOMENT.date())
            actor = actor_of_session(session, settings.secret)
            assert (actor.signed_by, actor.signed_at) == (by, MOMENT)


FAILURES: dict[str, Callable[[Person], dict[str, str]]] = {
    "unknown": lambda _person: {"name": "nobody"},
    "wrong password": lambda _person: {"password": WRONG_PASSWORD},
    "wrong code": lambda _person: {"code": "000000"},
    "locked": lambda _person: {},
}


@pytest.mark.parametrize("what", list(FAILURES))
def test_15_the_sixth_try_waits_alike(
    browser: TestClient, store: Store, person: Person, what: str
) -> None:
    if what == "locked":
        with store.transaction() as db:
            db.table("accounts").update(person.id, {"locked_at": "2026-11-23T05:00:00Z"})
    tried = [sign_in(browser, person, **FAILURES[what](person)) for _ in range(6)]
    assert [each.status_code for each in tried] == [422] * 5 + [429]
    assert tried[-1].headers["retry-after"] == "30"
    assert person.name not in tried[-1].text


def rows(store: Store) -> dict[str, int]:
    with store.read() as db:
        return {name: db.table(name).count for name in db.table_names()}


def test_24_no_page_makes_a_row_or_a_cookie_for_a_stranger(
    browser: TestClient, store: Store
) -> None:
    before = rows(store)
    asked = [example for (method, _), (example, _) in TABLE.items() if method == "GET"]
    for path in asked:
        answer = browser.get(path.replace("{", "").replace("}", ""))
        assert answer.status_code < 500, path
        # the way out takes cookies away, it gives none
        given = answer.headers.get("set-cookie", "")
        assert given == "" or (path == "/exit" and "Max-Age=0" in given), path
    assert len(asked) > 20
    assert rows(store) == before


def test_24_what_a_stranger_posts_makes_no_session_and_no_draft(
    browser: TestClient, store: Store
) -> None:
    tables = ("sessions", "drafts", "accounts")
    with store.read() as db:
        before = {table: count(db, f"SELECT count(*) FROM {table}") for table in tables}
    browser.cookies.set("session", "made-up")
    for (method, _), (example, _) in TABLE.items():
        if method == "POST" and example != "/demo/sign-in":
            browser.post(example, data={"place": "Mary", "csrf": "00" * 64})
    with store.read() as db:
        assert {table: count(db, f"SELECT count(*) FROM {table}") for table in tables} == before
