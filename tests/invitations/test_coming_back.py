"""The way back to an account never goes around the second factor."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
from litestar.testing import TestClient

from portal.credentials.actions import make_recovery_codes
from portal.db import Store, column, count
from tests.conftest import OPERATOR
from tests.invitations.conftest import key_on
from tests.people import MovingClock

ANOTHER = "lantern maple river"
CHOSEN = {"password": ANOTHER, "again": ANOTHER}
Again = Callable[..., str]


def account_id(store: Store) -> str:
    with store.read() as db:
        (found,) = column(db, "SELECT id FROM accounts WHERE sign_in_name = 'aylar'")
    return str(found)


def printed(store: Store, clock: MovingClock) -> list[str]:
    mine = account_id(store)
    with store.transaction() as db:
        return make_recovery_codes(db, OPERATOR, clock.moment, mine)


def signs_in(browser: TestClient, clock: MovingClock, password: str, phone: pyotp.TOTP) -> bool:
    clock.moment += timedelta(seconds=30)
    form = {"name": "aylar", "password": password, "code": phone.at(clock.moment)}
    return browser.post("/en/sign-in", data=form).status_code == 303


def test_an_invitation_to_come_back_ends_all_sessions(
    browser: TestClient, joined: pyotp.TOTP, invited_again: Again, store: Store
) -> None:
    assert browser.get("/en/account/password").status_code == 200
    invited_again()
    assert browser.get("/en/account/password").status_code == 303
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM sessions") == 0


def test_the_phone_opens_the_way_to_another_password(
    browser: TestClient, joined: pyotp.TOTP, invited_again: Again, clock: MovingClock
) -> None:
    link = invited_again()
    page = browser.get(link).text
    assert 'name="name"' not in page
    assert "aylar" in page
    clock.moment += timedelta(seconds=30)
    answer = browser.post(link, data={**CHOSEN, "code": joined.at(clock.moment)})
    assert answer.headers["location"] == "/en/account/recovery-codes"
    browser.cookies.clear()
    assert signs_in(browser, clock, ANOTHER, joined)
    assert browser.get(link).status_code == 404


def test_14_the_link_alone_resets_nothing(
    browser: TestClient, joined: pyotp.TOTP, invited_again: Again, clock: MovingClock
) -> None:
    link = invited_again()
    for code in ("", "000000", "0000-0000-0000-0000"):
        assert browser.post(link, data={**CHOSEN, "code": code}).status_code == 422
    assert browser.post(f"{link}/phone", data={"code": "000000"}).status_code == 404
    assert browser.post(f"{link}/picture").status_code == 404
    assert not signs_in(browser, clock, ANOTHER, joined)


def test_14_another_phone_needs_a_printed_code(
    browser: TestClient,
    joined: pyotp.TOTP,
    invited_again: Again,
    clock: MovingClock,
    store: Store,
) -> None:
    codes = printed(store, clock)
    link = invited_again()
    answer = browser.post(link, data={**CHOSEN, "code": codes[0]})
    assert answer.headers["location"].startswith(f"{link}?picture=")
    assert "set-cookie" not in answer.headers
    phone = pyotp.TOTP(key_on(browser.get(link).text))
    clock.moment += timedelta(seconds=30)
    shown = browser.post(f"{link}/phone", data={"code": phone.at(clock.moment)})
    assert shown.status_code == 303
    browser.cookies.clear()
    assert not signs_in(browser, clock, ANOTHER, joined)
    assert signs_in(browser, clock, ANOTHER, phone)
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM accounts WHERE sign_in_name = 'aylar'") == 1


def test_14_the_old_way_in_stays_until_the_new_phone_is_set_up(
    browser: TestClient,
    joined: pyotp.TOTP,
    invited_again: Again,
    clock: MovingClock,
    store: Store,
) -> None:
    codes = printed(store, clock)
    browser.post(invited_again(), data={**CHOSEN, "code": codes[0]})
    assert not signs_in(browser, clock, ANOTHER, joined)


def test_16_guessing_the_code_on_a_link_waits(
    browser: TestClient, joined: pyotp.TOTP, invited_again: Again
) -> None:
    link = invited_again()
    for _ in range(5):
        assert browser.post(link, data={**CHOSEN, "code": "000000"}).status_code == 422
    assert browser.post(link, data={**CHOSEN, "code": "000000"}).status_code == 429


def test_a_locked_account_is_not_opened_by_a_link(
    browser: TestClient, joined: pyotp.TOTP, invited_again: Again, store: Store
) -> None:
    link, mine = invited_again(), account_id(store)
    with store.transaction() as db:
        db.table("accounts").update(mine, {"locked_at": "2026-11-23T05:00:00Z"})
    assert browser.get(link).status_code == 404
