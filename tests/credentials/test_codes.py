"""Codes of phones and of paper open once, whatever the clock does."""

from datetime import timedelta

import pytest

from portal import audit
from portal.credentials.actions import make_recovery_codes, use_code
from portal.credentials.queries import count_unused_codes
from portal.credentials.rules import plain_code, step_of
from portal.db import Store, column
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.people import Person, make_person

DAY = timedelta(days=1)


@pytest.fixture
def person(store: Store, settings: Settings) -> Person:
    return make_person(store, settings)


def tried(store: Store, settings: Settings, person: Person, code: str, at=MOMENT):
    with store.transaction() as db:
        return use_code(db, settings.secret, person.id, code, at)


def test_13_a_code_works_once(store: Store, settings: Settings, person: Person) -> None:
    code = person.code(MOMENT)
    assert tried(store, settings, person, code).is_right
    assert not tried(store, settings, person, code).is_right
    later = MOMENT + timedelta(seconds=30)
    assert not tried(store, settings, person, code, later).is_right
    assert tried(store, settings, person, person.code(later), later).is_right
    assert not tried(store, settings, person, person.code(MOMENT, -30), later).is_right


@pytest.mark.parametrize(
    ("seconds", "right", "off"),
    [
        (0, True, None),
        (30, True, None),
        (-30, True, None),
        (60, False, 60),
        (-240, False, -240),
        (600, False, 600),
        (660, False, None),
    ],
)
def test_09_a_neighbouring_window_tells_how_far_the_clock_is_off(
    store: Store, settings: Settings, person: Person, seconds: int, right: bool, off: int | None
) -> None:
    verdict = tried(store, settings, person, person.code(MOMENT, seconds))
    assert (verdict.is_right, verdict.seconds_off) == (right, off)


def test_r11_a_clock_a_day_back_takes_no_old_code(
    store: Store, settings: Settings, person: Person
) -> None:
    assert tried(store, settings, person, person.code(MOMENT)).is_right
    back = MOMENT - DAY
    for seconds in (-30, 0, 30):
        assert not tried(store, settings, person, person.code(back, seconds), back).is_right
    assert not tried(store, settings, person, person.code(MOMENT), back).is_right


def test_r11_a_clock_a_day_forward_takes_no_old_code(
    store: Store, settings: Settings, person: Person
) -> None:
    assert not tried(store, settings, person, person.code(MOMENT), MOMENT + DAY).is_right


def test_14_printed_codes_are_hashed_and_open_once(
    store: Store, settings: Settings, person: Person
) -> None:
    with store.transaction() as db:
        codes = make_recovery_codes(db, OPERATOR, MOMENT, person.id)
    assert len(set(codes)) == 10
    assert all(len(plain_code(code)) * 5 == 80 for code in codes)
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert not any(text.encode() in stored for c in codes for text in (c, plain_code(c)))
    assert tried(store, settings, person, codes[0]).is_right
    assert not tried(store, settings, person, codes[0]).is_right
    assert tried(store, settings, person, codes[1].upper().replace("-", " ")).is_right
    assert not tried(store, settings, person, "0000-0000-0000-0000").is_right
    with store.read() as db:
        assert count_unused_codes(db, person.id) == 8


def test_14_new_codes_end_the_old_ones(store: Store, settings: Settings, person: Person) -> None:
    with store.transaction() as db:
        old = make_recovery_codes(db, OPERATOR, MOMENT, person.id)
        new = make_recovery_codes(db, OPERATOR, MOMENT, person.id)
    assert not tried(store, settings, person, old[0]).is_right
    assert tried(store, settings, person, new[0]).is_right


def test_somebody_elses_code_opens_nothing(
    store: Store, settings: Settings, person: Person
) -> None:
    other = make_person(store, settings, "merdan")
    with store.transaction() as db:
        theirs = make_recovery_codes(db, OPERATOR, MOMENT, other.id)
    assert not tried(store, settings, person, theirs[0]).is_right
    assert not tried(store, settings, person, other.code(MOMENT)).is_right


def test_a_misread_letter_is_the_one_that_was_printed() -> None:
    assert plain_code("O0il- 1L ") == "001111"


def test_each_change_is_one_line_of_ids(store: Store, settings: Settings, person: Person) -> None:
    with store.transaction() as db:
        code = make_recovery_codes(db, OPERATOR, MOMENT, person.id)[0]
    tried(store, settings, person, code)
    with store.read() as db:
        verbs = column(db, "SELECT verb FROM audit ORDER BY id DESC LIMIT 4")
        assert verbs == ["use_code", "make_codes", "set_phone", "set_password"]
        assert set(column(db, "SELECT detail FROM audit WHERE entity = 'accounts'")) == {"{}"}
        assert audit.first_broken(db) is None


def test_a_step_lasts_thirty_seconds() -> None:
    assert step_of(MOMENT + timedelta(seconds=30)) == step_of(MOMENT) + 1
