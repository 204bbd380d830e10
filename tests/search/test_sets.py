"""Sets of numbers in parts hold what sets hold, few numbers or many, in one part or in several."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedded_sets import PART, Sets, changed, how_many, numbers_in


def sets(rows: list[tuple[str, int, bytes]]) -> Sets:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE document (number INTEGER PRIMARY KEY)")
    db.execute("CREATE TABLE held (sort TEXT, key TEXT, part INTEGER, numbers BLOB)")
    db.execute("INSERT INTO document VALUES (?)", (3 * PART,))
    db.executemany("INSERT INTO held VALUES ('named', ?, ?, ?)", rows)
    return Sets(db)


@given(st.lists(st.lists(st.integers(-PART, PART - 1), min_size=1), min_size=1))
def test_a_part_changes_as_a_set_does(times: list[list[int]]) -> None:
    stored, expected = None, set[int]()
    for changes in times:
        changes = list({(~each if each < 0 else each): each for each in changes}.values())
        stored = changed(stored, changes)
        expected = expected - {~each for each in changes} | {each for each in changes if each >= 0}
        assert set(numbers_in(sets([("a", 0, stored)]).holding("named", ["a"]))) == expected
        stored = stored or None


@pytest.mark.parametrize("step", [1, 2, 15, 16, 17, 1000])
def test_dense_parts_and_sparse_ones_are_read_alike(step: int) -> None:
    numbers = range(5, 3 * PART, step)
    rows = [
        ("ab", part, changed(None, [n - part * PART for n in numbers if n // PART == part]))
        for part in range(3)
    ]
    of = sets([*rows, ("abcde", 2, changed(None, [4]))])
    assert numbers_in(of.holding("named", ["ab"])).tolist() == list(numbers)
    assert numbers_in(of.holding("named", ["nobody"])).tolist() == []
    assert numbers_in(of.beginning("named", ["abcd"])).tolist() == [2 * PART + 4]
    assert how_many(of.by_key("named")["ab"] & of.of(numbers)) == len(numbers)
