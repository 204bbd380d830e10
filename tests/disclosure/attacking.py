"""Cubes by chance, and what readers of their releases find out, for all tests of attacks."""

import os
from collections.abc import Sequence
from itertools import product
from math import prod

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from portal.disclosure.ledger import Said, newest
from portal.disclosure.report import Release
from portal.disclosure.rules import Policy
from portal.disclosure.tables import ALL, Cube, Dimension, Key, Table
from tests.disclosure.reader import Cells, Reader, Row, meaning

ANYTHING = Policy(fewest_cells_percent=0)
# so many tables of each kind, and every withheld cell of them, for whoever has an hour
DEEP = int(os.environ.get("DISCLOSURE_DEEP", "0"))
MOST_ATTACKED = 5

few = settings(max_examples=DEEP or 15, derandomize=True, deadline=None)

# most counts are small, as in life
counts = st.one_of(st.integers(0, 12), st.integers(0, 12), st.integers(0, 60))


def dimension(name: str, size: int, **groups: tuple[str, ...]) -> Dimension:
    return Dimension(name, tuple(f"{name}{n}" for n in range(size)), groups)


def everything(dimensions: Sequence[Dimension]) -> Table:
    shown = tuple((ALL, *each.groups, *each.categories) for each in dimensions)
    return Table("everything", shown)


def cells_of(cube: Cube, key: Key) -> Cells:
    """The base cells of a key, numbered in the order of the whole cross product."""
    spelled = [
        set(each.categories if label == ALL else each.groups.get(label, (label,)))
        for each, label in zip(cube.dimensions, key, strict=True)
    ]
    bases = product(*(each.categories for each in cube.dimensions))
    return frozenset(
        at
        for at, base in enumerate(bases)
        if all(label in among for label, among in zip(base, spelled, strict=True))
    )


def exact(cube: Cube, cells: Cells) -> int:
    bases = list(product(*(each.categories for each in cube.dimensions)))
    return sum(cube.counts.get(bases[at], 0) for at in cells)


def rows_of(cube: Cube, said: dict[Key, int | None], policy: Policy) -> list[Row]:
    return [
        (cells_of(cube, key), *meaning(value, policy.smallest, policy.rounding_base))
        for key, value in said.items()
        if value is not None
    ]


def values(made: Release) -> dict[Key, int | None]:
    return {key: cell.value for key, cell in made.cells().items()}


def narrowest(
    cube: Cube,
    said: dict[Key, int | None],
    hidden: Sequence[Key],
    policy: Policy,
    known: Sequence[tuple[Key, int, int]] = (),
) -> int:
    """The smallest range that a reader leaves to a hidden cell, of as many as are attacked."""
    rows = [*rows_of(cube, said, policy), *((cells_of(cube, key), *ends) for key, *ends in known)]
    size = prod(len(each.categories) for each in cube.dimensions)
    reader = Reader(rows, size)
    attacked = hidden if DEEP else hidden[:: max(1, len(hidden) // MOST_ATTACKED)]
    ranges = [reader.range_of(cells_of(cube, key)) for key in attacked]
    return min((most - least for least, most in ranges), default=policy.smallest)


def check(cube: Cube, said: dict[Key, int | None], hidden: list[Key], policy: Policy) -> None:
    """The truth is as published, nothing is exact, and no hidden cell is narrow."""
    rows = rows_of(cube, said, policy)
    assert all(least <= exact(cube, cells) <= most for cells, least, most in rows)
    assert all(least < most for _, least, most in rows)
    assert all(value % policy.rounding_base == 0 for value in said.values() if value is not None)
    assert narrowest(cube, said, hidden, policy) >= policy.smallest


def check_shape(made: Release, ladder: Sequence[Table]) -> None:
    """Every cell of each published level's cross product is there, with a figure or the flag."""
    for table, level in zip(made.tables, ladder, strict=False):
        assert [cell.key for cell in table.cells] == list(product(*level.labels))
        assert all((cell.value is None) == (cell.flag == "c") for cell in table.cells)


def hidden_in(said: dict[Key, int | None]) -> list[Key]:
    return [key for key, value in said.items() if value is None]


@st.composite
def cubes(draw: DrawFn, *dimensions: tuple[str, int, int]) -> Cube:
    drawn = [dimension(name, draw(st.integers(low, high))) for name, low, high in dimensions]
    organisations = dimension("organisation", draw(st.integers(3, 5)))
    made = (*drawn, organisations)
    keys = product(*(each.categories for each in made))
    return Cube(made, {key: draw(counts) for key in keys})


def still_true(ledger: Sequence[Said], cube: Cube) -> dict[Key, int | None]:
    """What was said in any release and no correction has made wrong."""
    return {
        said.key: said.value
        for said in ledger
        if said.said and said.said.holds(exact(cube, cells_of(cube, said.key)))
    }


def check_with(
    true_before: dict[Key, int | None], ledger: Sequence[Said], made: Release, cube: Cube
) -> None:
    """Nothing that a release withholds is found out with all that was said before it."""
    last = {key: said.value for key, said in newest(ledger).items()}
    true_now = {key: value for key, value in values(made).items() if value is not None}
    hidden = [key for key in hidden_in(last) if key not in true_before]
    check(cube, true_before | true_now, hidden, ANYTHING)
