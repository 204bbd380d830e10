"""Sign in with a passkey; everything that is not quite right is refused in the same words."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.db import Store, column, count
from portal.settings import Settings, read_settings
from tests.authenticator import PRESENT, Authenticator
from tests.conftest import JSON
from tests.passkeys.conftest import CHALLENGE, LIST, OPEN, ORIGIN, challenge, come_in, send
from tests.people import MovingClock, Person


def is_in(browser: TestClient) -> bool:
    return browser.get("/en/account").status_code == 200


def refused(browser: TestClient, answer) -> str:
    """That nobody is let in, and the page that says so."""
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert "did not open the door" in answer.text
    assert not is_in(browser)
    return str(answer.text)


def test_09_a_passkey_alone_opens_the_door(
    browser: TestClient, phone: Authenticator, store: Store
) -> None:
    answer = come_in(browser, phone, next="/ru/events")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru/events")
    assert is_in(browser)
    assert "Last used" in browser.get(LIST).text
    with store.read() as db:
        assert column(db, "SELECT by FROM sessions") == ["passkey"]
        (detail,) = column(
            db, "SELECT detail FROM audit WHERE verb = 'sign_in' ORDER BY id DESC LIMIT 1"
        )
        assert detail == '{"signed_by":"passkey"}'
    assert come_in(browser, phone).status_code == 303


def test_18_a_passkey_makes_a_new_id_and_ends_the_old(
    browser: TestClient, phone: Authenticator, store: Store
) -> None:
    first = come_in(browser, phone).cookies["session"]
    second = come_in(browser, phone).cookies["session"]
    assert first != second
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 1


def test_30_it_leads_nowhere_else(browser: TestClient, phone: Authenticator) -> None:
    answer = come_in(browser, phone, next="//elsewhere.example")
    assert answer.headers["location"] == "/en"


def test_10_what_a_browser_is_asked_to_sign(browser: TestClient) -> None:
    _, options = challenge(browser)
    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []
    assert challenge(browser)[1]["challenge"] != options["challenge"]


WRONG = {
    "wrong origin": {"origin": "https://elsewhere.example"},
    "another port": {"origin": "http://localhost:8001"},
    "wrong rp id": {"rp_id": "elsewhere.example"},
    "no user verification": {"flags": PRESENT},
    "nobody present": {"flags": 0x04},
    "a counter that stands": {"step": 0},
    "a counter going back": {"step": -1},
    "in a frame": {"cross_origin": True},
    "another key": {"key": Authenticator(ORIGIN).key},
    "another person": {"user": b"a-somebody-else"},
    "unknown passkey": {"id": b"nobody knows this one at all"},
}


def wrong_answers(browser: TestClient, phone: Authenticator):
    """One answer of every kind that is not right, each with a challenge of its own."""
    phone.counter += 5
    assert come_in(browser, phone).status_code == 303
    browser.cookies.clear()
    for what, wrong in WRONG.items():
        yield what, come_in(browser, Authenticator(**{**vars(phone), **wrong}))
    ticket, options = challenge(browser)
    answer = phone.sign(options)
    answer["response"]["signature"] = answer["response"]["signature"][:-6] + "AAAAAA"
    yield "altered signature", send(browser, ticket, answer)
    _, other = challenge(browser)
    yield "another challenge", send(browser, challenge(browser)[0], phone.sign(other))
    answer = phone.sign(challenge(browser)[1])
    yield "no ticket", send(browser, "", answer)
    ticket, options = challenge(browser)
    yield "another kind", send(browser, ticket, phone.sign(options, type="webauthn.create"))
    ticket, _ = challenge(browser)
    yield "junk", send(browser, ticket, {"id": "x", "response": []})


def test_15_every_wrong_answer_is_refused_in_the_same_words(
    browser: TestClient, phone: Authenticator, store: Store, person: Person
) -> None:
    told = {what: refused(browser, answer) for what, answer in wrong_answers(browser, phone)}
    assert len(told) == len(WRONG) + 5
    with store.transaction() as db:
        db.table("accounts").update(person.id, {"locked_at": "2026-11-23T05:00:00Z"})
    told["locked"] = refused(browser, come_in(browser, phone))
    assert len(set(told.values())) == 1, told
    with store.transaction() as db:
        db.table("accounts").update(person.id, {"locked_at": None})
    assert come_in(browser, phone).status_code == 303


def test_10_a_replayed_challenge_opens_nothing(browser: TestClient, phone: Authenticator) -> None:
    ticket, options = challenge(browser)
    answer = phone.sign(options)
    assert send(browser, ticket, answer).status_code == 303
    browser.cookies.clear()
    refused(browser, send(browser, ticket, answer))
    phone.counter += 1
    refused(browser, send(browser, ticket, phone.sign(options)))


def test_10_a_failed_answer_uses_the_challenge_up(
    browser: TestClient, phone: Authenticator
) -> None:
    ticket, options = challenge(browser)
    refused(browser, send(browser, ticket, {"id": "x"}))
    refused(browser, send(browser, ticket, phone.sign(options)))


@pytest.mark.parametrize("jump", [timedelta(minutes=5), timedelta(days=1), timedelta(minutes=-1)])
def test_r11_an_old_challenge_opens_nothing(
    browser: TestClient, phone: Authenticator, clock: MovingClock, jump: timedelta
) -> None:
    ticket, options = challenge(browser)
    clock.moment += jump
    refused(browser, send(browser, ticket, phone.sign(options)))


def test_10_passkeys_that_count_nothing_are_taken(
    browser: TestClient, phone: Authenticator
) -> None:
    phone.step = 0
    assert come_in(browser, phone).status_code == 303
    assert come_in(browser, phone).status_code == 303
    phone.step = 3
    assert come_in(browser, phone).status_code == 303
    phone.step, phone.counter = 0, 0
    browser.cookies.clear()
    refused(browser, come_in(browser, phone))


def test_24_looking_at_the_sign_in_page_makes_no_challenge(
    browser: TestClient, store: Store
) -> None:
    page = browser.get("/en/sign-in")
    assert "set-cookie" not in page.headers
    assert "Sign in with a passkey" in page.text
    assert 'data-origin="http://localhost:8000"' in page.text
    assert browser.get(CHALLENGE).status_code == 405
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM challenges") == 0
    assert "set-cookie" not in browser.post(CHALLENGE, headers=JSON).headers


def test_16_one_network_cannot_fill_the_disk(
    browser: TestClient, store: Store, clock: MovingClock
) -> None:
    told = [browser.post(CHALLENGE, headers=JSON).status_code for _ in range(62)]
    assert told == [200] * 60 + [429] * 2
    clock.moment += timedelta(minutes=5)
    assert browser.post(CHALLENGE, headers=JSON).status_code == 200
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM challenges") == 1


def test_29_another_site_asks_for_nothing(browser: TestClient, phone: Authenticator) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    assert browser.post(CHALLENGE, headers=foreign).status_code == 403
    assert (
        browser.post(OPEN, data={"ticket": "x", "answer": "{}"}, headers=foreign).status_code == 403
    )


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://Portal.Example/", "portal.example", "https://portal.example"),
        ("https://portal.example:443", "portal.example", "https://portal.example"),
        ("https://portal.example:8443", "portal.example", "https://portal.example:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_10_the_site_is_known_by_its_address(
    settings: Settings, address: str, host: str, origin: str
) -> None:
    found = read_settings({"PORTAL_DATA_DIR": str(settings.data_dir), "PORTAL_BASE_URL": address})
    assert (found.host, found.origin) == (host, origin)
    assert ORIGIN == "http://localhost:8000"
