"""Accept an invitation: open it, name and password, the phone, the printed codes."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from litestar.testing import TestClient

from portal import audit
from portal.db import Store, column, count
from portal.settings import Settings
from tests.conftest import LANGUAGES, MOMENT
from tests.invitations.conftest import NAMED, ORGANISATION, key_on
from tests.people import PASSWORD, MovingClock

Invited = Callable[..., str]


def accounts(store: Store) -> int:
    with store.read() as db:
        return count(db, "SELECT count(*) FROM accounts WHERE sign_in_name = 'aylar'")


def test_an_invitation_is_accepted_in_five_steps(
    browser: TestClient, invited: Invited, clock: MovingClock, store: Store
) -> None:
    link = invited()
    opened = browser.get(link.removeprefix("/en"), headers={"Accept-Language": "en"})
    assert opened.headers["location"] == link
    welcome = browser.get(link).text
    assert 'value="Aylar"' not in welcome
    assert "<dd>Member</dd>" in welcome
    with store.read() as db:
        sql = "SELECT name FROM organisations WHERE id = :id"
        assert f"<dd hx-ignore>{column(db, sql, id=ORGANISATION)[0]}</dd>" in welcome
    chosen = browser.post(link, data=NAMED)
    assert chosen.headers["location"].startswith(f"{link}?picture=")
    phone = pyotp.TOTP(key_on(browser.get(chosen.headers["location"]).text))
    assert accounts(store) == 0
    shown = browser.post(f"{link}/phone", data={"code": phone.at(clock.moment)})
    assert shown.headers["location"] == "/en/account/recovery-codes"
    page = browser.get("/en/account/recovery-codes").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    printed = browser.post("/en/account/recovery-codes", data={"csrf": csrf})
    assert len(re.findall(r"<code>[0-9a-z-]{19}</code>", printed.text)) == 10
    assert "I have them" in printed.text
    assert "<code>" not in browser.get("/en/account/recovery-codes").text
    assert browser.get("/en/practitioners").status_code == 200


def test_what_an_account_gets_is_what_was_invited(joined: pyotp.TOTP, store: Store) -> None:
    sql = "SELECT role || ' ' || organisation_id || ' ' || directory_until FROM accounts WHERE"
    with store.read() as db:
        found = column(db, sql + " sign_in_name = 'aylar'")
        verbs = column(db, "SELECT verb FROM audit ORDER BY id DESC LIMIT 6")
        assert audit.first_broken(db) is None
        private = column(db, "SELECT coalesce(password, salt, picture) FROM invitations")
    assert found == [f"member {ORGANISATION} 2027-11-23"]
    assert verbs == [
        "sign_in",
        "accept",
        "end_all_sessions",
        "set_password",
        "set_phone",
        "invite",
    ]
    assert private == [None]


def test_somebody_who_joined_signs_in(
    browser: TestClient, joined: pyotp.TOTP, clock: MovingClock
) -> None:
    browser.cookies.clear()
    form = {"name": "AYLAR", "password": PASSWORD, "code": joined.at(clock.moment)}
    assert browser.post("/en/sign-in", data=form).status_code == 422
    clock.moment += timedelta(seconds=30)
    form["code"] = joined.at(clock.moment)
    assert browser.post("/en/sign-in", data=form).status_code == 303


def test_17_an_invitation_has_128_bits_and_only_its_hash_is_kept(
    invited: Invited, store: Store
) -> None:
    code = invited().rsplit("/", 1)[1]
    assert len(code.replace("-", "")) * 5 >= 128
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (72, 404), (-1, 404), (-24, 404)])
def test_17_an_invitation_is_good_for_72_hours(
    browser: TestClient, invited: Invited, clock: MovingClock, hours: int, status: int
) -> None:
    link = invited()
    clock.moment += timedelta(hours=hours)
    assert browser.get(link).status_code == status
    assert browser.post(link, data=NAMED).status_code == (303 if status == 200 else 404)


@pytest.mark.parametrize("jump", [timedelta(days=4), timedelta(days=-1)])
def test_r11_a_clock_that_jumps_opens_no_invitation(
    browser: TestClient, invited: Invited, clock: MovingClock, jump: timedelta, store: Store
) -> None:
    link = invited()
    assert browser.post(link, data=NAMED).status_code == 303
    code = pyotp.TOTP(key_on(browser.get(link).text)).at(clock.moment + jump)
    clock.moment += jump
    assert browser.post(f"{link}/phone", data={"code": code}).status_code == 404
    assert accounts(store) == 0


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(seconds=-1)])
def test_r11_a_clock_that_jumps_revives_no_used_invitation(
    browser: TestClient, invited: Invited, clock: MovingClock, jump: timedelta, store: Store
) -> None:
    link = invited()
    browser.post(link, data=NAMED)
    phone = pyotp.TOTP(key_on(browser.get(link).text))
    form = {"code": phone.at(clock.moment)}
    assert browser.post(f"{link}/phone", data=form).status_code == 303
    clock.moment += jump
    form = {"code": phone.at(clock.moment)}
    assert browser.post(f"{link}/phone", data=form).status_code == 404
    assert accounts(store) == 1


def test_17_an_invitation_opens_once(
    browser: TestClient, joined: pyotp.TOTP, store: Store, invited: Invited
) -> None:
    link = invited("Merdan")
    browser.post(link, data={**NAMED, "name": "merdan"})
    key = key_on(browser.get(link).text)
    code = pyotp.TOTP(key).at(MOMENT)
    assert browser.post(f"{link}/phone", data={"code": code}).status_code == 303
    for path in (link, f"{link}/phone"):
        answer = browser.post(path, data={**NAMED, "code": code})
        assert answer.status_code == 404
    assert browser.get(link).status_code == 404


def test_r14_a_double_click_makes_one_account(
    browser: TestClient, invited: Invited, clock: MovingClock, store: Store
) -> None:
    link = invited()
    for _ in range(2):
        assert browser.post(link, data=NAMED).status_code == 303
    code = pyotp.TOTP(key_on(browser.get(link).text)).at(clock.moment)
    first = browser.post(f"{link}/phone", data={"code": code})
    second = browser.post(f"{link}/phone", data={"code": code})
    assert (first.status_code, second.status_code) == (303, 404)
    assert "sign in with the name and password you chose" in second.text
    assert accounts(store) == 1


def test_a_newer_invitation_ends_the_older(browser: TestClient, invited: Invited) -> None:
    first, second = invited(), invited()
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200


def test_the_picture_opens_once_and_is_kept_nowhere(browser: TestClient, invited: Invited) -> None:
    link = invited()
    page = browser.get(browser.post(link, data=NAMED).headers["location"])
    assert page.headers["cache-control"] == "no-store"
    address = page.text.split('class="qr" src="')[1].split('"')[0]
    shown = browser.get(address)
    assert shown.headers["content-type"] == "image/svg+xml"
    assert shown.headers["cache-control"] == "no-store"
    assert shown.content.startswith(b"<?xml")
    assert browser.get(address).status_code == 404
    again = browser.post(f"{link}/picture").headers["location"]
    other = browser.get(again).text.split('class="qr" src="')[1].split('"')[0]
    assert other != address
    assert browser.get(other).status_code == 200
    assert "<img" not in browser.get(link).text


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"name": ""}, "name", "Fill this in"),
        ({"name": "a b c"}, "name", "no spaces"),
        ({"name": "aylar@ngo.example"}, "name", "no spaces"),
        ({"name": "demo-member"}, "name", "taken"),
        ({"password": "short", "again": "short"}, "password", "12 to 128"),
        ({"password": "password1234", "again": "password1234"}, "password", "Many people"),
        ({"again": "another one"}, "again", "not the same"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field(
    browser: TestClient, invited: Invited, sent: dict[str, str], field: str, says: str
) -> None:
    browser.post("/demo/sign-in", data={"role": "member"})
    browser.cookies.clear()
    answer = browser.post(invited(), data={**NAMED, **sent})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert says in answer.text.split(f'id="{field}-wrong"')[1].split("</span>")[0]
    assert PASSWORD not in answer.text


def test_a_wrong_code_says_what_to_do(
    browser: TestClient, invited: Invited, clock: MovingClock
) -> None:
    link = invited()
    browser.post(link, data=NAMED)
    wrong = browser.post(f"{link}/phone", data={"code": "000000"})
    assert wrong.status_code == 422
    assert "does not fit" in wrong.text
    late = pyotp.TOTP(key_on(wrong.text)).at(clock.moment - timedelta(minutes=5))
    answer = browser.post(f"{link}/phone", data={"code": late})
    assert "5 min behind" in answer.text


def test_the_phone_waits_for_name_and_password(browser: TestClient, invited: Invited) -> None:
    link = invited()
    assert browser.post(f"{link}/phone", data={"code": "000000"}).status_code == 404
    assert browser.post(f"{link}/picture").status_code == 404


def test_name_and_password_can_be_chosen_anew(browser: TestClient, invited: Invited) -> None:
    link = invited()
    browser.post(link, data=NAMED)
    assert "another name" in browser.get(link).text
    assert 'value="aylar"' in browser.get(f"{link}?back=1").text
    assert browser.post(link, data={**NAMED, "name": "aylar.2"}).status_code == 303


@pytest.mark.parametrize("role", ["role", "organisation", "status"])
def test_04_what_was_not_asked_is_refused(browser: TestClient, invited: Invited, role: str) -> None:
    assert browser.post(invited(), data={**NAMED, role: "admin"}).status_code == 422


def test_another_site_cannot_accept(browser: TestClient, invited: Invited) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    assert browser.post(invited(), data=NAMED, headers=headers).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_whole_way(
    browser: TestClient, invited: Invited, language: str, settings: Settings
) -> None:
    link = invited().replace("/en/", f"/{language}/")
    assert f'lang="{language}"' in browser.get(link).text
    browser.post(link, data=NAMED)
    assert f'lang="{language}"' in browser.get(link).text
    over = browser.get(f"/{language}/join/nothing")
    assert over.status_code == 404


def test_mails_are_written_in_the_language_of_the_invitations_page(
    browser: TestClient, invited: Invited, clock: MovingClock, store: Store
) -> None:
    link = invited().replace("/en/", "/tg/")
    browser.post(link, data=NAMED)
    phone = pyotp.TOTP(key_on(browser.get(link).text))
    browser.post(f"{link}/phone", data={"code": phone.at(clock.moment)})
    with store.read() as db:
        found = column(db, "SELECT language FROM accounts WHERE sign_in_name = 'aylar'")
    assert found == ["tg"]
