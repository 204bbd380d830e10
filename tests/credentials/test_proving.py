"""Name, password and code together: nothing tells which was wrong, and trying takes time."""

from datetime import timedelta
from threading import Thread

import argon2
import pytest

from portal.credentials.actions import Claim, Proof, prove
from portal.credentials.rules import network_of, wait_after
from portal.db import Store, column
from portal.errors import TooOften
from portal.settings import Settings
from tests.conftest import MOMENT
from tests.people import Person, make_person

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.7"


@pytest.fixture
def person(store: Store, settings: Settings) -> Person:
    return make_person(store, settings, email="aylar@ngo.example")


def claim(person: Person, **other: str) -> Claim:
    said = {"name": person.name, "password": person.password, "code": person.code(MOMENT)}
    return Claim(**{**said, "visitor": HERE, **other})


def fail(store: Store, settings: Settings, person: Person, times: int, **other: str) -> None:
    for _ in range(times):
        wrong = claim(person, **{"password": "wrong", **other})
        assert prove(store, settings.secret, wrong, MOMENT) == Proof()


@pytest.mark.parametrize("name", ["aylar", "AYLAR ", "Aylar@NGO.example"])
def test_a_right_claim_is_proved(
    store: Store, settings: Settings, person: Person, name: str
) -> None:
    proof = prove(store, settings.secret, claim(person, name=name), MOMENT)
    assert proof == Proof(account_id=person.id)


WRONG = {
    "unknown user": {"name": "nobody"},
    "wrong password": {"password": "wrong kettle north"},
    "wrong code": {"code": "000000"},
    "no code": {"code": ""},
    "wrong printed code": {"code": "0000-0000-0000-0000"},
    "locked": {},
}


@pytest.mark.parametrize("what", list(WRONG))
def test_15_every_failure_is_the_same_and_costs_one_hash(
    store: Store,
    settings: Settings,
    person: Person,
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if what == "locked":
        with store.transaction() as db:
            db.table("accounts").update(person.id, {"locked_at": "2026-11-23T05:00:00Z"})
    hashed: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(hasher: argon2.PasswordHasher, kept: str, password: str) -> bool:
        hashed.append(kept)
        return verify(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    assert prove(store, settings.secret, claim(person, **WRONG[what]), MOMENT) == Proof()
    assert len(hashed) == 1


def test_09_how_far_the_clock_is_off_is_said_after_a_right_password_only(
    store: Store, settings: Settings, person: Person
) -> None:
    late = person.code(MOMENT, -120)
    assert prove(store, settings.secret, claim(person, code=late), MOMENT).seconds_off == -120
    wrong = claim(person, code=late, password="wrong kettle north")
    assert prove(store, settings.secret, wrong, MOMENT) == Proof()


def test_16_failures_make_the_next_try_wait(
    store: Store, settings: Settings, person: Person
) -> None:
    fail(store, settings, person, 5)
    with pytest.raises(TooOften) as told:
        prove(store, settings.secret, claim(person), MOMENT)
    assert told.value.headers == {"Retry-After": "30"}
    later = MOMENT + timedelta(seconds=30)
    right = claim(person, code=person.code(later))
    assert prove(store, settings.secret, right, later).account_id == person.id
    fail(store, settings, person, 4)


def test_16_an_unknown_name_waits_alike(store: Store, settings: Settings, person: Person) -> None:
    fail(store, settings, person, 5, name="nobody")
    with pytest.raises(TooOften):
        prove(store, settings.secret, claim(person, name="nobody"), MOMENT)


def test_16_strangers_cannot_lock_an_account(
    store: Store, settings: Settings, person: Person
) -> None:
    fail(store, settings, person, 5, visitor=ELSEWHERE)
    with pytest.raises(TooOften):
        prove(store, settings.secret, claim(person, visitor=ELSEWHERE), MOMENT)
    assert prove(store, settings.secret, claim(person), MOMENT).account_id == person.id


def test_16_a_hundred_at_once_are_not_free(
    store: Store, settings: Settings, person: Person
) -> None:
    ended: list[str] = []

    def try_it() -> None:
        try:
            prove(store, settings.secret, claim(person, password="wrong"), MOMENT)
            ended.append("judged")
        except TooOften:
            ended.append("waits")

    threads = [Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (ended.count("judged"), ended.count("waits")) == (5, 7)


def test_16_a_network_waits_too_but_not_who_came_in_from_it(
    store: Store, settings: Settings, person: Person
) -> None:
    assert prove(store, settings.secret, claim(person), MOMENT).account_id
    with store.transaction() as db:
        db.execute("UPDATE attempts SET failures = 200 WHERE right_at IS NULL")
    with pytest.raises(TooOften):
        prove(store, settings.secret, claim(person, name="nobody"), MOMENT)
    later = MOMENT + timedelta(seconds=30)
    again = claim(person, code=person.code(later))
    assert prove(store, settings.secret, again, later).account_id == person.id


def test_16_nothing_kept_tells_who_tried_from_where(
    store: Store, settings: Settings, person: Person
) -> None:
    fail(store, settings, person, 1, name="ghostwriter")
    with store.read() as db:
        kept = column(db, "SELECT key FROM attempts")
    assert len(kept) == 2
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert b"ghostwriter" not in stored
    assert b"192.0.2" not in stored


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_r11_a_clock_that_jumps_keeps_nobody_waiting(
    store: Store, settings: Settings, person: Person, jump: timedelta
) -> None:
    fail(store, settings, person, 5)
    at = MOMENT + jump
    right = claim(person, code=person.code(at))
    assert prove(store, settings.secret, right, at).account_id == person.id


@pytest.mark.parametrize(
    ("visitor", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("testclient", "unknown"),
    ],
)
def test_16_a_network_is_a_24_or_a_48(visitor: str, network: str) -> None:
    assert network_of(visitor) == network


@pytest.mark.parametrize(("failures", "seconds"), [(4, 0), (5, 30), (6, 60), (10, 900), (99, 900)])
def test_16_waits_double_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures, 5).total_seconds() == seconds
