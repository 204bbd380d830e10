"""What was typed while a session ran out is there again after signing in (security 20)."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import lock
from portal.actor import Actor
from portal.clock import day_of
from portal.db import Store, column, count
from portal.drafts.actions import forget_by_the_clock
from portal.drafts.queries import find_waiting
from portal.drafts.rules import Typed, seal, unseal, worth_keeping
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, MOMENT, OPERATOR, PARTIAL, browsing
from tests.people import MovingClock

TYPED = {"place": "Mary", "profession": "lawyer", "date": ""}
LATE = timedelta(minutes=16)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


def sign_in(browser: TestClient, role: str = "member", **form: str):
    return browser.post("/demo/sign-in", data={"role": role, **form})


def send_late(browser: TestClient, clock: MovingClock, after: timedelta = LATE, **how):
    """A form that was opened while the session lived comes in when it is over."""
    form = {**TYPED, "csrf": csrf_of(browser), **how.pop("form", {})}
    clock.moment += after
    return browser.post(how.pop("path", "/en/nearby"), data=form, **how)


def kept(store: Store) -> int:
    with store.read() as db:
        return count(db, "SELECT count(*) FROM drafts")


def test_20_typed_text_is_kept_over_a_time_out_and_sent(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    answer = send_late(browser, clock)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in?kept=1")
    assert "kept for you" in browser.get("/en/sign-in?kept=1").text
    assert sign_in(browser).headers["location"] == "/en/kept"
    page = browser.get("/en/kept").text
    assert "<dt>Settlement</dt><dd>Mary</dd>" in page
    assert "<dt>Profession</dt><dd>lawyer</dd>" in page
    send = re.search(r'action="(/en/kept/f-\w+/send)"', page)
    fields = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', page.split(send[1])[1].split("</form>")[0])
    )
    assert {name: fields[name] for name in TYPED} == TYPED
    forwarded = browser.post(send[1], data=fields)
    assert (forwarded.status_code, forwarded.headers["location"]) == (307, "/en/nearby")
    assert "Mary" in browser.post("/en/nearby", data=fields).text
    assert "Nothing is kept" in browser.get("/en/kept").text
    assert sign_in(browser).headers["location"] == "/en/nearby"


def test_r14_a_second_click_goes_the_same_way(
    browser: TestClient, clock: MovingClock, store: Store, settings: Settings
) -> None:
    sign_in(browser)
    send_late(browser, clock)
    sign_in(browser)
    with store.read() as db:
        ((draft_id, account, sealed),) = db.execute("SELECT id, account_id, sealed FROM drafts")
    assert ("place", "Mary") in unseal(settings.secret, account, sealed).fields
    form = {"csrf": csrf_of(browser), **TYPED}
    for _ in range(2):
        assert browser.post(f"/en/kept/{draft_id}/send", data=form).status_code == 307
    with store.read() as db:
        ((sealed,),) = db.execute("SELECT sealed FROM drafts")
    assert unseal(settings.secret, account, sealed).fields == []
    clock.moment += timedelta(minutes=2)
    assert browser.post(f"/en/kept/{draft_id}/send", data=form).status_code == 404


def test_20_kept_text_can_be_thrown_away(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    send_late(browser, clock)
    sign_in(browser)
    (drop,) = re.findall(r'action="(/en/kept/f-\w+/drop)"', browser.get("/en/kept").text)
    assert browser.post(drop, data={}).status_code == 403
    assert browser.post(drop, data={"csrf": csrf_of(browser)}).status_code == 303
    assert kept(store) == 0
    assert browser.post(drop, data={"csrf": csrf_of(browser)}).status_code == 404


def test_20_another_person_at_this_browser_never_sees_it(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    send_late(browser, clock)
    with store.read() as db:
        (draft_id,) = column(db, "SELECT id FROM drafts")
    assert sign_in(browser, "coordinator").headers["location"] == "/en/work"
    assert "Mary" not in browser.get("/en/kept").text
    for act in ("send", "drop"):
        answer = browser.post(f"/en/kept/{draft_id}/{act}", data={"csrf": csrf_of(browser)})
        assert answer.status_code == 404
    assert kept(store) == 1


def test_20_after_twelve_hours_of_work_the_text_is_kept_too(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    for _ in range(72):
        clock.moment += timedelta(minutes=10)
        assert browser.get("/en/account").status_code == 200
    send_late(browser, clock, timedelta(minutes=5))
    assert kept(store) == 1


def test_20_nothing_is_kept_for_strangers(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    token = csrf_of(browser)
    cookie = browser.cookies["session"]
    clock.moment += LATE
    browser.cookies.clear()
    form = {**TYPED, "csrf": token}
    assert browser.post("/en/nearby", data=form).headers["location"] == "/en/sign-in"
    browser.cookies.set("session", "made up")
    assert browser.post("/en/nearby", data=form).headers["location"] == "/en/sign-in"
    browser.cookies.clear()
    browser.cookies.set("session", cookie)
    for planted in ({}, {"csrf": "00" * 64}, {"csrf": ""}):
        answer = browser.post("/en/nearby", data={**TYPED, **planted})
        assert answer.headers["location"] == "/en/sign-in"
    assert browser.post("/en/nearby", data=form, headers=JSON).status_code == 401
    foreign = {"Origin": "https://elsewhere.example"}
    assert browser.post("/en/nearby", data=form, headers=foreign).status_code == 403
    assert kept(store) == 0


@pytest.mark.parametrize("ended", ["signed out", "locked", "long ago", "clock set back"])
def test_20_a_session_that_was_ended_keeps_nothing(
    browser: TestClient, clock: MovingClock, store: Store, ended: str
) -> None:
    sign_in(browser)
    cookie, form = browser.cookies["session"], {**TYPED, "csrf": csrf_of(browser)}
    if ended == "signed out":
        browser.post("/en/sign-out", data={"csrf": form["csrf"]})
    if ended == "locked":
        with store.transaction() as db:
            db.table("accounts").update("demo-member", {"locked_at": "2026-11-23T05:00:00Z"})
    clock.moment += {"long ago": timedelta(hours=13), "clock set back": -LATE}.get(ended, LATE)
    browser.cookies.clear()
    browser.cookies.set("session", cookie)
    assert browser.post("/en/nearby", data=form).headers["location"] == "/en/sign-in"
    assert kept(store) == 0


def test_20_no_password_no_code_and_no_upload_is_kept(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sent = [("csrf", "x"), ("password", "a"), ("code", "b"), ("again", "c"), ("current", "d")]
    assert worth_keeping(sent) == []
    assert worth_keeping([*sent, ("card_code", "e"), ("note", " ")]) == []
    assert worth_keeping([*sent, ("note", "f"), ("note", "g")]) == [("note", "f"), ("note", "g")]
    sign_in(browser)
    send_late(browser, clock, path="/en/account/password", form={"place": "", "profession": ""})
    assert kept(store) == 0
    sign_in(browser)
    upload = {"file": ("a.txt", b"text", "text/plain")}
    send_late(browser, clock, files=upload)
    assert kept(store) == 0


def test_20_more_than_64_kb_is_not_kept(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    assert send_late(browser, clock, form={"place": "x" * 70_000}).status_code == 413
    assert kept(store) == 0


def test_20_a_block_goes_to_the_whole_sign_in_page(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    answer = send_late(browser, clock, headers=PARTIAL)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/en/sign-in?kept=1")
    assert kept(store) == 1


def test_20_what_is_kept_is_unreadable_on_the_disk(
    browser: TestClient, clock: MovingClock, store: Store, settings: Settings
) -> None:
    sign_in(browser)
    send_late(browser, clock, form={"place": "Zyxwvut"})
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert b"Zyxwvut" not in stored
    sealed = seal(settings.secret, "a-one", Typed("/en/nearby", [("place", "x")]))
    assert unseal(settings.secret, "a-two", sealed) is None
    assert unseal("another secret", "a-one", sealed) is None


@pytest.mark.parametrize("way", ["sign-out", "exit", "lock", "lost phone", "a day later"])
def test_20_kept_text_is_forgotten(
    browser: TestClient, clock: MovingClock, store: Store, way: str
) -> None:
    sign_in(browser)
    send_late(browser, clock)
    sign_in(browser, "coordinator" if way == "lost phone" else "member")
    if way == "sign-out":
        browser.post("/en/sign-out", data={"csrf": csrf_of(browser)})
    if way == "exit":
        browser.get("/exit")
    if way == "lock":
        with store.transaction() as db:
            lock(db, OPERATOR, clock.moment, "demo-member")
    if way == "lost phone":
        browser.post("/en/lost-phone", data={"csrf": csrf_of(browser), "name": "demo-member"})
    if way == "a day later":
        clock.moment += timedelta(hours=24)
        with store.transaction() as db:
            today = day_of(clock.moment, "Asia/Ashgabat")
            assert forget_by_the_clock(db, OPERATOR, clock.moment, today) == 1
            assert forget_by_the_clock(db, OPERATOR, clock.moment, today) == 0
    assert kept(store) == 0


def test_20_it_waits_a_day_and_on_the_page_of_what_waits(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    send_late(browser, clock)
    me, today = Actor(role="member", account_id="demo-member"), MOMENT.date()
    with store.read() as db:
        (waiting,) = find_waiting(db, me, clock.moment, today)
        assert waiting.path == ("kept",)
        assert waiting.due == "2026-11-24T05:16:00Z"
        assert find_waiting(db, Actor(account_id="else"), clock.moment, today) == []
        assert find_waiting(db, me, clock.moment + timedelta(hours=24), today) == []
    clock.moment += timedelta(hours=24)
    assert sign_in(browser).headers["location"] == "/en/nearby"


def test_only_the_newest_few_are_kept(
    browser: TestClient, clock: MovingClock, store: Store
) -> None:
    sign_in(browser)
    form = {**TYPED, "csrf": csrf_of(browser)}
    clock.moment += LATE
    for n in range(7):
        browser.post("/en/nearby", data={**form, "place": f"Mary {n}"})
    sign_in(browser)
    page = browser.get("/en/kept").text
    assert re.findall(r"<dd>Mary (\d)</dd>", page) == ["6", "5", "4", "3", "2"]


def test_hostile_text_shows_as_text(browser: TestClient, clock: MovingClock) -> None:
    sign_in(browser)
    send_late(browser, clock, form={"place": '"><script>alert(1)</script>'})
    sign_in(browser)
    page = browser.get("/en/kept").text
    assert "<script>alert" not in page
    assert "<dl hx-ignore>" in page
