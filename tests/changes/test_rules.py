"""Which changes one person makes alone, and which wait for a second one."""

from datetime import timedelta

import pytest

from portal.changes.rules import (
    APPROVERS,
    EDITABLE,
    MOVES,
    has_lapsed,
    hint_of,
    is_same,
    is_settled,
    may_approve,
    may_become,
    may_undo,
    moved,
    narrows,
    needs_second,
    readable,
    writable,
)
from portal.practitioners.rules import Person, is_same_person
from tests.conftest import MOMENT

NARROWER = [
    ("languages", ["tk", "ru"], ["ru"]),
    ("areas", [["place", "1"], ["region", "TM-M"]], [["place", "1"]]),
    ("travel_km", 40.0, 20.0),
    ("travel_km", 40.0, None),
    ("season", None, [11, 4]),
    ("season", [12, 2], [11, 4]),
    ("visits_with", "alone", "colleague"),
    ("visits_with", None, "alone"),
    ("contact_policy", "direct", "after_accept"),
    ("contact_policy", "after_accept", None),
    ("phone_shared", 0, 1),
    ("phone", "+993 61 234517", None),
    ("email", "a@example.org", None),
    ("safeguarding_on", "2026-01-01", "2025-01-01"),
    ("safeguarding_on", "2026-01-01", None),
]
WIDER = [
    ("specialisations", [], ["trauma"]),
    ("languages", ["tk"], ["ru"]),
    ("travel_km", None, 5.0),
    ("travel_km", 20.0, 20.5),
    ("season", [11, 4], [12, 2]),
    ("season", [11, 4], None),
    ("visits_with", "asker", "alone"),
    ("contact_policy", "via_organisation", "direct"),
    ("contact_policy", None, "via_organisation"),
    ("phone_shared", 1, 0),
    ("phone", None, "+993 61 234517"),
    ("phone", "+993 61 234517", "+993 61 234518"),
    ("safeguarding_on", None, "2026-01-01"),
    ("place_id", "1", "2"),
    ("name", "A", "B"),
    ("licence_number", "1", None),
    ("licence_expires_on", "2027-01-01", "2026-12-01"),
    ("say_when_calling", "x", None),
]


@pytest.mark.parametrize(("field", "old", "new"), NARROWER)
def test_one_person_is_enough_to_hide(field: str, old: object, new: object) -> None:
    assert narrows(field, old, new)


@pytest.mark.parametrize(("field", "old", "new"), WIDER)
def test_07_widening_and_identity_need_a_second_person(
    field: str, old: object, new: object
) -> None:
    assert not narrows(field, old, new)
    for side in ("herself", "organisation", "coordinator"):
        assert needs_second(side, {field: (old, new)}) == {field}  # type: ignore[arg-type]


@pytest.mark.parametrize("field", EDITABLE)
def test_what_stays_the_same_needs_nobody(field: str) -> None:
    assert narrows(field, "same", "same")


def test_her_own_word_is_enough_for_her_hours_and_her_car() -> None:
    changed = {"contact_hours": ("9-17", "9-12"), "transport": ("own", "shared_taxi")}
    assert needs_second("herself", changed) == frozenset()
    assert needs_second("organisation", changed) == {"contact_hours", "transport"}


def test_nobody_approves_their_own_change_nor_that_of_their_side() -> None:
    one, two, her = Person("one", "Ann Lee"), Person("two", "Bo Dahl"), Person(None, "Ogul", "p-1")
    for side, others in APPROVERS.items():
        assert not may_approve(one, side, one, next(iter(others)), her)
        assert not may_approve(one, side, Person(None, "Bo Dahl"), "coordinator", her)
    assert not may_approve(one, "organisation", two, "organisation", her)
    assert not may_approve(one, "herself", two, "herself", her)
    assert may_approve(one, "organisation", two, "herself", her)
    assert may_approve(one, "coordinator", two, "coordinator", her)


def test_09_two_accounts_of_one_person_are_one() -> None:
    one, her = Person("one", "Ann Lee"), Person(None, "Maral Orazowa", "p-1")
    again, herself = Person("two", "LEE, Ann"), Person("three", "Orazowa Maral")
    assert not may_approve(one, "coordinator", again, "coordinator", her)
    assert not may_approve(Person("four", "M."), "herself", herself, "organisation", her)
    assert not may_approve(herself, "organisation", Person("four", "M."), "herself", her)
    assert is_same_person(Person("one", ""), Person("one", "Other"))
    assert is_same_person(Person("one", "A", "p-1"), Person("two", "B", "p-1"))
    assert not is_same_person(Person("one", ""), Person("two", ""))


def test_a_consent_since_the_change_ends_the_undo() -> None:
    assert is_settled(MOMENT, MOMENT.date())
    assert not is_settled(MOMENT, (MOMENT - timedelta(days=1)).date())
    assert not is_settled(MOMENT, None)


def test_a_change_goes_only_where_the_table_says() -> None:
    assert may_become("waiting", "applied")
    assert not may_become("applied", "waiting")
    assert not may_become("lapsed", "applied")
    assert {end for ends in MOVES.values() for end in ends} >= {s for s in MOVES if s}


def test_r11_a_clock_set_back_opens_no_undo() -> None:
    day = timedelta(days=1)
    assert may_undo(MOMENT, MOMENT + 29 * day)
    assert not may_undo(MOMENT, MOMENT + 30 * day)
    assert not may_undo(MOMENT, MOMENT - day)
    assert has_lapsed(MOMENT, MOMENT + 30 * day)


def test_the_order_of_a_list_says_nothing_and_that_of_a_season_much() -> None:
    assert is_same("languages", ["tk", "ru"], ["ru", "tk"])
    assert is_same("areas", [["place", "1"], ["place", "2"]], [("place", "2"), ("place", "1")])
    assert not is_same("season", [11, 4], [4, 11])


def test_r12_only_fields_that_both_wrote_differently_collide() -> None:
    base = {"travel_km": 40.0, "languages": ["tk"], "name": "A"}
    theirs = {"travel_km": 20.0, "languages": ["tk", "ru"], "name": "A"}
    assert moved(base, theirs, {"name": "B"}) == {}
    assert moved(base, theirs, {"travel_km": 20.0}) == {}
    assert moved(base, theirs, {"travel_km": 60.0, "name": "B"}) == {"travel_km": 20.0}


def test_a_hint_of_a_number_shows_two_digits_of_a_long_one_only() -> None:
    assert hint_of("phone", "+993 61 234517").values == {"end": "17"}
    assert hint_of("phone", "12345").values == {}
    assert hint_of("email", "maral-7x@example.org").values == {}
    assert hint_of("phone", None).text == "nothing"


def test_who_writes_and_reads_a_licence_and_a_contact() -> None:
    assert "licence_number" not in writable("herself")
    assert {"licence_number", "phone"} <= readable("herself")
    assert "licence_number" in writable("organisation")
    assert not {"licence_number", "phone", "email"} & readable("organisation")
    assert "licence_number" in readable("coordinator")
    assert "phone" not in readable("coordinator")
