"""One's own passkeys: add one after showing who one is, see them, remove one."""

import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal import audit
from portal.db import Store, column, count
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.authenticator import PRESENT, Authenticator
from tests.conftest import JSON
from tests.passkeys.conftest import (
    LIST,
    NEW,
    ORIGIN,
    add,
    begin,
    challenge,
    come_in,
    send_made,
    sign_in,
)
from tests.people import PASSWORD, MovingClock, Person, make_person


@pytest.fixture
def signed_in(browser: TestClient, person: Person, clock: MovingClock) -> TestClient:
    assert sign_in(browser, person, clock).status_code == 303
    return browser


def known(store: Store) -> int:
    with store.read() as db:
        return count(db, "SELECT count(*) FROM passkeys")


def test_09_a_passkey_is_added_and_listed_by_a_coarse_name(
    signed_in: TestClient, store: Store
) -> None:
    signed_in.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0.0.0"
    answer = add(signed_in, Authenticator(ORIGIN))
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    page = signed_in.get(LIST).text
    assert "Chrome, Android" in page
    assert "120.0" not in page
    assert "Last used" not in page
    with store.read() as db:
        (line,) = column(db, "SELECT detail FROM audit WHERE verb = 'add_passkey'")
        assert re.fullmatch(r'\{"passkey":"k-\w+"\}', line)
        assert audit.first_broken(db) is None


def test_10_what_a_browser_is_asked_to_make(signed_in: TestClient, person: Person) -> None:
    add(signed_in, Authenticator(ORIGIN))
    _, options = begin(signed_in)
    assert options["rp"] == {"id": "localhost", "name": "localhost"}
    assert options["user"]["name"] == person.name
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-8, -7, -257]
    assert options["excludeCredentials"][0]["transports"] == ["internal"]
    assert len(options["challenge"]) >= 43


def test_10_only_the_public_half_is_kept(signed_in: TestClient, store: Store) -> None:
    ticket, options = begin(signed_in)
    send_made(signed_in, ticket, Authenticator(ORIGIN).make(options))
    with store.read() as db:
        assert set(db.table("passkeys").columns_dict) == {
            "id",
            "account_id",
            "credential_id",
            "public_key",
            "counter",
            "transports",
            "device",
            "made_at",
            "used_at",
        }
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert ticket.encode() not in stored
    assert options["challenge"].encode() not in stored


def test_09_later_the_password_and_a_code_are_asked_for(
    signed_in: TestClient, person: Person, clock: MovingClock, store: Store
) -> None:
    assert 'name="current"' not in signed_in.get(LIST).text
    clock.moment += timedelta(minutes=5)
    assert 'name="current"' in signed_in.get(LIST).text
    form = {"csrf": csrf_of(signed_in)}
    code = person.code(clock.moment)
    for wrong in ({}, {"current": "wrong kettle north", "code": code}, {"current": PASSWORD}):
        assert signed_in.post(NEW, data={**form, **wrong}).status_code == 422
    ticket, options = begin(signed_in, current=PASSWORD, code=code)
    assert send_made(signed_in, ticket, Authenticator(ORIGIN).make(options)).status_code == 303
    assert known(store) == 1


def test_16_nobody_guesses_there(signed_in: TestClient, clock: MovingClock) -> None:
    clock.moment += timedelta(minutes=5)
    form = {"csrf": csrf_of(signed_in), "current": "wrong kettle north", "code": "0"}
    told = [signed_in.post(NEW, data=form).status_code for _ in range(6)]
    assert told == [422] * 5 + [429]


def test_09_a_removed_passkey_opens_nothing_and_ends_nothing_else(
    signed_in: TestClient, clock: MovingClock, store: Store
) -> None:
    gone, stays = Authenticator(ORIGIN), Authenticator(ORIGIN)
    add(signed_in, gone)
    add(signed_in, stays)
    first = re.findall(r'name="passkey" value="(k-\w+)"', signed_in.get(LIST).text)[0]
    form = {"passkey": first}
    assert signed_in.post(f"{LIST}/remove", data=form).status_code == 403
    form["csrf"] = csrf_of(signed_in)
    assert signed_in.post(f"{LIST}/remove", data=form).status_code == 303
    assert signed_in.get(LIST).status_code == 200
    assert signed_in.post(f"{LIST}/remove", data=form).status_code == 404
    with store.read() as db:
        assert len(column(db, "SELECT id FROM audit WHERE verb = 'remove_passkey'")) == 1
    signed_in.cookies.clear()
    assert come_in(signed_in, gone).status_code == 422
    assert come_in(signed_in, stays).status_code == 303


def test_03_nobody_removes_somebody_elses(
    signed_in: TestClient, clock: MovingClock, store: Store, settings: Settings
) -> None:
    add(signed_in, Authenticator(ORIGIN))
    with store.read() as db:
        (theirs,) = column(db, "SELECT id FROM passkeys")
    signed_in.cookies.clear()
    sign_in(signed_in, make_person(store, settings, "merdan"), clock)
    form = {"csrf": csrf_of(signed_in), "passkey": theirs}
    assert signed_in.post(f"{LIST}/remove", data=form).status_code == 404
    assert theirs not in signed_in.get(LIST).text
    assert known(store) == 1


def test_r14_a_double_click_adds_once(signed_in: TestClient, store: Store) -> None:
    ticket, options = begin(signed_in)
    answer = Authenticator(ORIGIN).make(options)
    assert [send_made(signed_in, ticket, answer).status_code for _ in range(2)] == [303, 303]
    assert known(store) == 1


def test_ten_are_enough(signed_in: TestClient) -> None:
    for _ in range(10):
        assert add(signed_in, Authenticator(ORIGIN)).status_code == 303
    answer = signed_in.post(NEW, data={"csrf": csrf_of(signed_in)})
    assert answer.status_code == 422
    assert "You have 10 passkeys" in answer.text


WRONG = {
    "another site": {"origin": "https://elsewhere.example"},
    "another port": {"origin": "http://localhost:8001"},
    "another host": {"rp_id": "elsewhere.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody there": {"flags": 0x04},
    "in a frame": {"cross_origin": True},
    "a weak algorithm": {"algorithm": -65535},
    "an algorithm not asked for": {"algorithm": -36},
}


@pytest.mark.parametrize("what", list(WRONG))
def test_10_a_wrong_answer_adds_nothing(signed_in: TestClient, store: Store, what: str) -> None:
    made = Authenticator(**{"origin": ORIGIN, **WRONG[what]})
    answer = add(signed_in, made)
    assert answer.status_code == 422
    assert "was not added" in answer.text
    assert known(store) == 0


@pytest.mark.parametrize("junk", ["", "[]", "null", "{}", '{"id": 1}', "\x00", '{"id":"a"}', "{"])
def test_10_junk_is_refused_alike(signed_in: TestClient, store: Store, junk: str) -> None:
    ticket, _ = begin(signed_in)
    form = {"csrf": csrf_of(signed_in), "ticket": ticket, "answer": junk}
    assert signed_in.post(LIST, data=form).status_code == 422
    assert known(store) == 0


def test_10_a_challenge_is_for_one_session_one_purpose_and_once(
    signed_in: TestClient, person: Person, clock: MovingClock, store: Store
) -> None:
    ticket, options = begin(signed_in)
    foreign, asked = challenge(signed_in)
    answer = Authenticator(ORIGIN).make({**options, "challenge": asked["challenge"]})
    assert send_made(signed_in, foreign, answer).status_code == 422
    assert send_made(signed_in, ticket, answer).status_code == 422
    ticket, options = begin(signed_in)
    clock.moment += timedelta(minutes=1)
    assert sign_in(signed_in, person, clock).status_code == 303
    made = Authenticator(ORIGIN)
    assert send_made(signed_in, ticket, made.make(options)).status_code == 422
    assert send_made(signed_in, "made up", made.make(options)).status_code == 422
    assert known(store) == 0


@pytest.mark.parametrize("jump", [timedelta(minutes=5), timedelta(minutes=-1)])
def test_r11_a_challenge_is_good_for_five_minutes(
    signed_in: TestClient, clock: MovingClock, store: Store, jump: timedelta
) -> None:
    ticket, options = begin(signed_in)
    with store.transaction() as db:
        before = "2026-11-23T04:50:00Z"
        db.execute("UPDATE sessions SET started_at = :at, seen_at = :at", {"at": before})
    clock.moment += jump
    answer = send_made(signed_in, ticket, Authenticator(ORIGIN).make(options))
    assert answer.status_code == 422
    assert known(store) == 0


def test_the_demos_people_have_nothing_to_show_first(browser: TestClient, store: Store) -> None:
    browser.post("/demo/sign-in", data={"role": "member"})
    assert add(browser, Authenticator(ORIGIN)).status_code == 303
    assert known(store) == 1


def test_without_script_the_page_says_so(signed_in: TestClient) -> None:
    page = signed_in.get(LIST)
    assert "data-without-passkeys" in page.text
    assert re.search(r'<form[^>]* data-origin="http://localhost:8000" hidden>', page.text)
    assert "htmx" not in page.text
    assert signed_in.post(LIST, headers=JSON).status_code == 403
