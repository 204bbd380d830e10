"""No reader of all that is published finds a withheld cell within fewer than k people."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.disclosure.ladder import release
from portal.disclosure.ledger import Said, at_least, newest, news
from portal.disclosure.rules import Policy
from portal.disclosure.tables import ALL, Cube, Dimension, Key, Table
from tests.disclosure.attacking import (
    ANYTHING,
    cells_of,
    check,
    check_shape,
    check_with,
    counts,
    cubes,
    dimension,
    everything,
    exact,
    few,
    hidden_in,
    rows_of,
    still_true,
    values,
)
from tests.disclosure.reader import tried


@few
@given(cube=cubes(("region", 2, 4), ("age", 2, 3)), agreed=st.booleans())
def test_every_margin_of_three_dimensions(cube: Cube, agreed: bool) -> None:
    owners = frozenset(cube.dimensions[-1].categories) if agreed else frozenset()
    cube = Cube(cube.dimensions, cube.counts, agreed=owners)
    ladder = [everything(cube.dimensions)]
    made = release(cube, ladder, ANYTHING, lambda: 0.0)
    check_shape(made, ladder)
    if made.tables:
        check(cube, values(made), hidden_in(values(made)), ANYTHING)
    assert made.report.tables or made.report.stopped_by in ("cells", "stuck")


@few
@given(cube=cubes(("region", 2, 6), ("age", 2, 6)))
def test_every_table_up_to_six_by_six_by_five(cube: Cube) -> None:
    region, age, organisation = ((ALL, *each.categories) for each in cube.dimensions)
    ladder = [
        Table("region", (region, (ALL,), (ALL,))),
        Table("region·age", (region, age, (ALL,))),
        Table("organisation", ((ALL,), age, organisation)),
    ]
    made = release(cube, ladder, ANYTHING, lambda: 0.0)
    check_shape(made, ladder)
    check(cube, values(made), hidden_in(values(made)), ANYTHING)


def test_a_table_of_six_by_six_by_five() -> None:
    dimensions = (dimension("region", 6), dimension("age", 6), dimension("organisation", 5))
    keys = list(product(*(each.categories for each in dimensions)))
    spread = {key: (at * at * 7 + at * 3) % 31 for at, key in enumerate(keys)}
    cube = Cube(dimensions, spread, agreed=frozenset(dimensions[-1].categories))
    made = release(cube, [everything(dimensions)], ANYTHING, lambda: 0.0)
    assert made.report.stopped_by is None
    assert len(made.tables[0].cells) == 7 * 7 * 6
    check(cube, values(made), hidden_in(values(made)), ANYTHING)


@few
@given(cube=cubes(("region", 2, 4), ("sex", 2, 2), ("age", 2, 3)))
def test_two_tables_that_share_a_margin(cube: Cube) -> None:
    region, sex, age, _ = ((ALL, *each.categories) for each in cube.dimensions)
    ladder = [
        Table("by sex", (region, sex, (ALL,), (ALL,))),
        Table("by age", (region, (ALL,), age, (ALL,))),
    ]
    made = release(cube, ladder, ANYTHING, lambda: 0.0)
    check_shape(made, ladder)
    shared = [key for key in values(made) if key[1:] == (ALL, ALL, ALL)]
    for table in made.tables:
        said = {cell.key: cell.value for cell in table.cells}
        assert [said[key] for key in shared] == [values(made)[key] for key in shared]
    check(cube, values(made), hidden_in(values(made)), ANYTHING)


QUARTER = Dimension(
    "quarter", ("Q1", "Q2", "Q3"), {"to Q2": ("Q1", "Q2"), "to Q3": ("Q1", "Q2", "Q3")}
)


@few
@given(data=st.data())
def test_three_releases_with_corrections(data: st.DataObject) -> None:
    region, organisation = dimension("region", 3), dimension("organisation", 3)
    dimensions = (region, QUARTER, organisation)
    exact_now: dict[Key, int] = {}
    ledger: list[Said] = []
    for number in (1, 2, 3):
        for key in product(region.categories, (f"Q{number}",), organisation.categories):
            exact_now[key] = data.draw(counts)
        if number > 1:
            key = data.draw(st.sampled_from(sorted(exact_now)))
            exact_now[key] = data.draw(counts)
        periods = (*QUARTER.categories[:number], *list(QUARTER.groups)[: number - 1])
        table = Table("so far", ((ALL, *region.categories), periods, (ALL,)))
        cube = Cube(dimensions, dict(exact_now))
        made = release(cube, [table], ANYTHING, lambda: 0.0, ledger)
        check_shape(made, [table])
        added = news(made, ANYTHING, ledger)
        assert all(newest(ledger).get(said.key) != said for said in added)
        true_before = still_true(ledger, cube)
        ledger += added
        check_with(true_before, ledger, made, cube)


TINY = Policy(
    smallest=3,
    rounding_base=3,
    fewest_organisations=1,
    two_largest_percent=100,
    one_category_percent=100,
    fewest_cells_percent=0,
)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(first=st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_every_table_of_two_by_two_is_tried(first: list[int]) -> None:
    dimensions = (dimension("region", 2), dimension("organisation", 2))
    keys = list(product(*(each.categories for each in dimensions)))
    names = frozenset(dimensions[1].categories)
    cube = Cube(dimensions, dict(zip(keys, first, strict=True)), agreed=names)
    made = release(cube, [everything(dimensions)], TINY, lambda: 0.0)
    said = values(made)
    rows = rows_of(cube, said, TINY)
    asked = [cells_of(cube, key) for key in hidden_in(said)]
    for least, most in tried(rows, asked, 4, 9):
        assert most - least >= TINY.smallest


@few
@given(data=st.data())
def test_every_table_behind_three_releases_is_tried(data: st.DataObject) -> None:
    region, quarter = dimension("region", 2), dimension("quarter", 3)
    dimensions = (region, quarter, dimension("organisation", 1))
    owner = dimensions[-1].categories
    now = dict.fromkeys(product(region.categories, quarter.categories, owner), 0)
    ledger: list[Said] = []
    for number in (1, 2, 3):
        corrected = data.draw(st.sampled_from(sorted(now)))
        for key in [*product(region.categories, (f"quarter{number - 1}",), owner), corrected]:
            now[key] = data.draw(st.integers(0, 5))
        cube = Cube(dimensions, dict(now), agreed=frozenset(owner))
        table = Table("all", ((ALL, *region.categories), (ALL, *quarter.categories), (ALL,)))
        yes = [
            key
            for key in product(region.categories, (ALL,), (ALL,))
            if exact(cube, cells_of(cube, key)) > 2
        ]
        known = [at_least(key, 3) for key in yes]
        made = release(cube, [table], TINY, lambda: 0.0, ledger, known=known)
        before = still_true(ledger, cube)
        ledger += news(made, TINY, ledger)
        said = before | {key: value for key, value in values(made).items() if value is not None}
        rows = [*rows_of(cube, said, TINY), *((cells_of(cube, key), 3, 99) for key in yes)]
        last = hidden_in({key: each.value for key, each in newest(ledger).items()})
        asked = [key for key in {*last, *yes} if key not in said]
        ranges = tried(rows, [cells_of(cube, key) for key in asked], 6, 7)
        # where the earlier releases alone give a cell away by now, nothing more is said
        is_wide = all(most - least >= 3 for least, most in ranges)
        assert is_wide or (made.tables, made.report.stopped_by) == ((), "stuck")


@pytest.mark.parametrize("base", [5, 10])
def test_a_margin_and_one_of_two_give_the_other_away_with_base_five(base: int) -> None:
    policy = Policy(rounding_base=base, fewest_cells_percent=0)
    dimensions = (dimension("sex", 2), dimension("organisation", 4))
    counts_of = {"sex0": 10, "sex1": 2}
    cube = Cube(
        dimensions, {key: counts_of[key[0]] for key in product(*(d.categories for d in dimensions))}
    )
    shown = (ALL, *dimensions[0].categories)
    made = release(cube, [Table("by sex", (shown, (ALL,)))], policy, lambda: 0.0)
    visible = sum(cell.value is not None for cell in made.cells().values())
    assert visible == (2 if base == 10 else 1)
