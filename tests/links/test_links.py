"""A link opens once, for its purpose, in its time; of it only a hash is kept."""

from datetime import timedelta

import pytest

from portal.db import Store
from portal.errors import NotFound
from portal.links.actions import end_links, make_link, use_link
from portal.links.queries import find_link
from tests.conftest import MOMENT

WEEK = timedelta(days=7)


def make(store: Store, subject: str = "p-1") -> str:
    with store.transaction() as db:
        return make_link(db, MOMENT, "confirm", subject, WEEK)


def opens(store: Store, code: str, purpose: str = "confirm", later: timedelta = timedelta()):
    with store.read() as db:
        return find_link(db, purpose, code, MOMENT + later)


def test_a_link_opens_once_however_it_is_typed(store: Store) -> None:
    code = make(store)
    with store.transaction() as db:
        assert use_link(db, MOMENT, "confirm", f" {code.upper()} ").subject_id == "p-1"
    with store.transaction() as db, pytest.raises(NotFound):
        use_link(db, MOMENT, "confirm", code)


def test_a_link_opens_nothing_else_and_not_for_ever(store: Store) -> None:
    code = make(store)
    assert opens(store, code)
    assert not opens(store, code, purpose="consent")
    assert not opens(store, code, later=WEEK)
    assert not opens(store, code[:-1] + ("0" if code[-1] != "0" else "1"))


def test_r11_a_clock_set_back_revives_no_link(store: Store) -> None:
    assert not opens(store, make(store), later=-timedelta(days=1))


def test_a_new_link_ends_those_before_it_for_the_same_person_only(store: Store) -> None:
    first, other, second = make(store), make(store, "p-2"), make(store)
    assert not opens(store, first)
    assert opens(store, other)
    assert opens(store, second)
    with store.transaction() as db:
        end_links(db, MOMENT, "confirm", "p-1")
    assert not opens(store, second)


def test_only_the_hash_of_a_link_is_kept(store: Store) -> None:
    code = make(store)
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored
