"""One person's name in four languages is one name; an exclusion holds however it is spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from portal.agreements.schema import fold_excluded_people_anew
from portal.practitioners.rules import is_same_name, keys_of, name_keys, seems_same_name

ONE_NAME = [
    ("Aýna Döwletowa", "Довлетова Айна"),
    ("Ҷамшед Қурбонзода", "Qurbonzade Jamshed"),
    ("Фёдор Семёнов", "Semenov Fedor Ivanovich"),
    ("O‘tkir Xo‘jayev", "Уткир Хўжаев"),
]
OTHER_NAMES = [("Рустам Каримов", "Рустам Каримова"), ("Айна", "Айна Довлетова"), ("", "")]
NAMES = st.text("Ёёеўуоoaаiи‘' ЯяwvҷҷйXx", max_size=24)


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_one_name_is_the_same_and_excludes_the_same(one: str, other: str) -> None:
    assert is_same_name(one, other)
    assert seems_same_name(other, one)
    assert any(f"|{key}|" in keys_of(other) for key in name_keys(one))


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not is_same_name(one, other)
    assert not seems_same_name(one, other)


@given(NAMES, NAMES)
def test_it_does_not_matter_who_is_named_first(one: str, other: str) -> None:
    assert is_same_name(one, other) == is_same_name(other, one)
    assert not name_keys(one) or any(f"|{key}|" in keys_of(one) for key in name_keys(one))


def test_who_was_excluded_by_an_older_key_stays_excluded() -> None:
    db = Database(memory=True)
    row = {"practitioner_id": "p", "kind": "person", "value": "alehandr mamet"}
    db.table("consent_exclusions").insert(row, pk=("practitioner_id", "kind", "value"))
    fold_excluded_people_anew(db)
    values = [each["value"] for each in db.table("consent_exclusions").rows]
    assert any(f"|{value}|" in keys_of("Alexandr Mämmet") for value in values)
    assert "alehandr mamet" in values
