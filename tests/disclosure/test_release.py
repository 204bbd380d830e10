"""From coarse to fine: which levels are published, why it ends, and what the report says."""

from collections.abc import Callable
from itertools import count, product

import msgspec
import pytest

from portal.disclosure.ladder import release
from portal.disclosure.ledger import Said, entry, exactly, news
from portal.disclosure.rules import Policy
from portal.disclosure.tables import ALL, Book, Cube, Dimension, Table, breakdowns

REGION = Dimension(
    "region", ("R1", "R2", "R3", "R4"), {"north": ("R1", "R2"), "south": ("R3", "R4")}
)
SEX = Dimension("sex", ("women", "men"))
ORGANISATION = Dimension("organisation", ("A", "B", "C"))
DIMENSIONS = (REGION, SEX, ORGANISATION)

WHOLE = Table("network", ((ALL,), (ALL,), (ALL,)))
HALVES = Table("country", ((ALL, "north", "south"), (ALL,), (ALL,)))
REGIONS = Table("region", ((ALL, *REGION.groups, *REGION.categories), (ALL,), (ALL,)))
BY_SEX = Table("region·sex", (REGIONS.labels[0], (ALL, *SEX.categories), (ALL,)))
LADDER = (WHOLE, HALVES, REGIONS, BY_SEX)

ANYTHING = Policy(fewest_cells_percent=0)


def cube(women: tuple[int, ...], men: tuple[int, ...]) -> Cube:
    """Counts by region, each the same for all three organisations."""
    of = {"women": dict(zip(REGION.categories, women, strict=True))}
    of["men"] = dict(zip(REGION.categories, men, strict=True))
    keys = product(*(each.categories for each in DIMENSIONS))
    return Cube(DIMENSIONS, {key: of[key[1]][key[0]] for key in keys})


def still() -> float:
    return 0.0


def hurried(seconds: float) -> Callable[[], float]:
    ticks = count()
    return lambda: next(ticks) * seconds


def test_d12_the_ladder_stops_where_fewer_than_four_in_five_pass() -> None:
    made = release(cube((9, 9, 9, 9), (1, 1, 1, 1)), LADDER, Policy(), still)
    assert [table.name for table in made.tables] == ["network", "country", "region"]
    assert (made.report.stopped_at, made.report.stopped_by) == ("region·sex", "too_few")


def test_d8_every_cell_of_the_cross_product_is_there() -> None:
    made = release(cube((9, 9, 0, 9), (9, 1, 1, 1)), LADDER, ANYTHING, still)
    assert [len(table.cells) for table in made.tables] == [1, 3, 7, 21]
    assert {cell.flag for cell in made.cells().values() if cell.value is None} == {"c"}
    assert {cell.flag for cell in made.cells().values() if cell.value is not None} == {None}


def test_only_a_structural_zero_is_said() -> None:
    nobody = frozenset(("R4", "men", name) for name in "ABC")
    some = cube((9, 9, 9, 9), (9, 9, 0, 0))
    made = release(msgspec.structs.replace(some, structural=nobody), LADDER, ANYTHING, still)
    assert made.cells()[("R4", "men", ALL)].value == 0
    assert made.cells()[("R3", "men", ALL)].flag == "c"
    assert made.report.tables[3].structural == 1


def test_where_nobody_can_be_every_cell_is_a_structural_zero() -> None:
    nobody = frozenset(product(*(each.categories for each in DIMENSIONS)))
    made = release(Cube(DIMENSIONS, {}, structural=nobody), LADDER, Policy(), still)
    assert {cell.value for cell in made.cells().values()} == {0}
    assert made.report.stopped_at is None


def test_d12_margins_of_a_coarser_level_do_not_help_a_finer_one() -> None:
    some = cube((9, 9, 1, 0), (9, 9, 0, 0))
    made = release(some, [HALVES, REGIONS], Policy(fewest_cells_percent=55), still)
    assert made.report.stopped_at == "region"
    assert (made.report.stopped_passing, made.report.stopped_cells) == (2, 4)


def test_d5_a_category_that_cannot_be_is_none_of_the_parts() -> None:
    nobody = frozenset(("R1", "men", name) for name in "ABC")
    some = cube((9, 9, 9, 9), (0, 9, 9, 9))
    made = release(msgspec.structs.replace(some, structural=nobody), LADDER, ANYTHING, still)
    cells = made.cells()
    assert [cells[("R1", sex, ALL)].value for sex in (ALL, "women", "men")] == [30, 30, 0]


def test_cells_that_hold_the_same_people_share_their_fate() -> None:
    nobody = frozenset(("R4", sex, name) for sex in SEX.categories for name in "ABC")
    some = cube((9, 9, 1, 0), (9, 9, 1, 0))
    cells = release(
        msgspec.structs.replace(some, structural=nobody), LADDER, ANYTHING, still
    ).cells()
    assert cells[("south", ALL, ALL)].flag == cells[("R3", ALL, ALL)].flag == "c"


def test_d5_a_breakdown_with_one_large_part_is_withheld_and_its_margin_is_not() -> None:
    made = release(cube((50, 20, 20, 20), (5, 20, 20, 20)), LADDER, ANYTHING, still)
    cells = made.cells()
    assert cells[("R1", ALL, ALL)].value == 170
    assert {cells[("R1", sex, ALL)].flag for sex in SEX.categories} == {"c"}


def test_margins_are_broken_down_one_dimension_at_a_time() -> None:
    found = dict(breakdowns(Book(cube((1,) * 4, (1,) * 4)), REGIONS))
    assert found[(ALL, ALL, ALL)] == [("north", ALL, ALL), ("south", ALL, ALL)]
    assert found[("north", ALL, ALL)] == [("R1", ALL, ALL), ("R2", ALL, ALL)]


def test_d4_an_organisation_that_agreed_is_shown_with_k_applied() -> None:
    table = Table("organisation", ((ALL,), (ALL,), (ALL, "A", "B", "C")))
    some = cube((9, 9, 9, 9), (1, 1, 1, 1))
    shut = release(some, [table], ANYTHING, still).cells()
    opened = msgspec.structs.replace(some, agreed=frozenset({"A"}))
    cells = release(opened, [table], ANYTHING, still).cells()
    assert shut[(ALL, ALL, "A")].value is None
    assert (cells[(ALL, ALL, "A")].value, cells[(ALL, ALL, "B")].value) == (40, None)


def test_when_the_time_is_over_nothing_is_published() -> None:
    made = release(cube((9, 9, 1, 9), (9, 9, 9, 9)), [BY_SEX], ANYTHING, hurried(61))
    assert made.tables == ()
    assert (made.report.stopped_at, made.report.stopped_by) == ("region·sex", "time")


def test_when_too_many_would_be_withheld_the_next_coarser_level_is_left() -> None:
    policy = Policy(fewest_cells_percent=0, rounding_base=5, most_cells=0)
    made = release(cube((9, 9, 9, 9), (9, 9, 1, 9)), LADDER, policy, still)
    assert [table.name for table in made.tables] == ["network", "country", "region"]
    assert (made.report.stopped_at, made.report.stopped_by) == ("region·sex", "cells")


def test_d7_what_was_said_stays_and_is_not_withheld_for_others() -> None:
    first = release(cube((9, 9, 9, 9), (9, 9, 9, 9)), LADDER, ANYTHING, still)
    ledger = news(first, ANYTHING, [])
    assert ledger == [entry(cell, ANYTHING) for cell in first.cells().values()]
    second = release(cube((9, 9, 9, 9), (9, 9, 2, 9)), LADDER, ANYTHING, still, ledger)
    changed = {said.key: said.value for said in news(second, ANYTHING, ledger)}
    assert changed[("R3", "men", ALL)] is None
    assert second.cells()[("R1", "men", ALL)].value == 30


def test_the_report_counts_cells_and_holds_no_figure() -> None:
    made = release(cube((9, 9, 9, 9), (9, 9, 1, 9)), LADDER, ANYTHING, still)
    last = made.report.tables[-1]
    assert last.published + last.withheld + last.structural == 21
    assert last.withheld > last.hiding
    assert made.report.narrowest is not None
    assert made.report.narrowest >= 10
    assert made.report.narrowest == last.narrowest
    assert made.report.tables[0].narrowest is None


def test_counts_below_nobody_or_of_unknown_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        release(Cube(DIMENSIONS, {("R1", "men", "A"): -1}), LADDER, ANYTHING, still)
    for unknown in ("R9", "north"):
        with pytest.raises(KeyError):
            release(Cube(DIMENSIONS, {(unknown, "men", "A"): 1}), LADDER, ANYTHING, still)


def two_regions(*first: int) -> Cube:
    """Counts by region, shared by three organisations almost evenly."""
    shares = [[n // 3, n // 3, n - 2 * (n // 3)] for n in first]
    dimensions = (Dimension("region", ("R1", "R2")), ORGANISATION)
    found = zip(product(("R1", "R2"), "ABC"), [n for each in shares for n in each], strict=True)
    return Cube(dimensions, dict(found))


def test_d7_an_earlier_margin_counts_though_it_is_not_shown_again() -> None:
    parts = Table("parts", (("R1", "R2"), (ALL,)))
    alone = release(two_regions(34, 6), [parts], ANYTHING, still)
    after = release(two_regions(34, 6), [parts], ANYTHING, still, [exactly((ALL, ALL), 40)])
    assert [cell.value for cell in alone.tables[0].cells] == [30, None]
    assert [cell.value for cell in after.tables[0].cells] == [None, None]


def test_d7_a_cell_withheld_earlier_stays_hidden_though_it_is_not_shown_again() -> None:
    total = Table("total", ((ALL,), (ALL,)))
    known = [exactly(("R1", ALL), 34)]
    before = [*known, Said(("R2", ALL), None, None)]
    alone = release(two_regions(34, 6), [total], ANYTHING, still, known)
    after = release(two_regions(34, 6), [total], ANYTHING, still, before)
    assert alone.tables[0].cells[0].value == 40
    assert after.tables[0].cells[0].value is None
