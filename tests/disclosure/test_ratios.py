"""A share is read off two published figures, and neither they nor the rest are few (D6)."""

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from portal.disclosure.ladder import release
from portal.disclosure.ledger import Said, news
from portal.disclosure.rules import Policy, percentage
from portal.disclosure.tables import ALL, Cube, Dimension, Key, Table
from tests.disclosure.attacking import (
    ANYTHING,
    cells_of,
    check,
    check_shape,
    check_with,
    counts,
    cubes,
    exact,
    few,
    hidden_in,
    narrowest,
    still_true,
    values,
)

PART = Dimension("part", ("yes", "no"))


def with_parts(cube: Cube, yes: Sequence[int]) -> Cube:
    """A cube whose people are those without the answer yes, beside those with it."""
    counts = {(*key, "no"): n for key, n in cube.counts.items()}
    counts |= {(*key, "yes"): n for key, n in zip(cube.counts, yes, strict=False)}
    return Cube((*cube.dimensions, PART), counts)


def shares(said: dict[Key, int | None]) -> dict[Key, int]:
    found = {key: percentage(said[key], said[(*key[:-1], ALL)]) for key in said if key[-1] == "yes"}
    return {key: share for key, share in found.items() if share is not None}


@few
@given(cube=cubes(("region", 2, 4)), yes=st.lists(counts, min_size=20, max_size=20))
def test_neither_part_nor_the_rest_of_a_share_is_found_out(cube: Cube, yes: list[int]) -> None:
    some = with_parts(cube, yes)
    region = (ALL, *cube.dimensions[0].categories)
    ladder = [
        Table("network", ((ALL,), (ALL,), (ALL, "yes", "no"))),
        Table("region", (region, (ALL,), (ALL, "yes", "no"))),
    ]
    made = release(some, ladder, ANYTHING, lambda: 0.0)
    check_shape(made, ladder)
    said = values(made)
    check(some, said, hidden_in(said), ANYTHING)
    for key in shares(said):
        # whoever reads part and whole knows the rest as well as its own figure would say it
        rest = (*key[:-1], "no")
        is_wide = narrowest(some, said, [rest], ANYTHING) >= ANYTHING.smallest
        assert is_wide or exact(some, cells_of(some, rest)) >= ANYTHING.smallest


def test_a_share_of_nearly_all_is_not_said() -> None:
    organisations = Dimension("organisation", ("A", "B", "C"))
    by_part = {"yes": 14, "no": 1}
    keys = product(organisations.categories, PART.categories)
    some = Cube((organisations, PART), {key: by_part[key[1]] for key in keys})
    table = Table("parts", ((ALL,), (ALL, "yes", "no")))
    made = release(some, [table], ANYTHING, lambda: 0.0)
    assert shares(values(made)) == {}
    assert made.cells()[(ALL, ALL)].value == 50


def test_a_share_of_few_others_takes_its_whole_or_its_part_along() -> None:
    organisations = Dimension("organisation", ("A", "B", "C"))
    by_part = {"yes": 14, "no": 3}
    keys = product(organisations.categories, PART.categories)
    some = Cube((organisations, PART), {key: by_part[key[1]] for key in keys})
    policy = Policy(rounding_base=5, fewest_cells_percent=0)
    table = Table("parts", ((ALL,), (ALL, "yes", "no")))
    said = values(release(some, [table], policy, lambda: 0.0))
    assert said[(ALL, "no")] is None
    assert None in (said[(ALL, ALL)], said[(ALL, "yes")])


QUARTER = Dimension("quarter", ("Q1", "Q2", "Q3"), {"year": ("Q1", "Q2", "Q3")})


@few
@given(data=st.data())
def test_three_releases_of_shares(data: st.DataObject) -> None:
    organisations = Dimension("organisation", ("A", "B", "C"))
    dimensions = (QUARTER, organisations, PART)
    now: dict[Key, int] = {}
    ledger: list[Said] = []
    for number in (1, 2, 3):
        for key in product((f"Q{number}",), organisations.categories, PART.categories):
            now[key] = data.draw(counts)
        corrected = data.draw(st.sampled_from(sorted(now)))
        now[corrected] = data.draw(counts)
        periods = (*QUARTER.categories[:number], "year")
        table = Table("so far", (periods, (ALL,), (ALL, "yes", "no")))
        some = Cube(dimensions, dict(now))
        made = release(some, [table], ANYTHING, lambda: 0.0, ledger)
        check_shape(made, [table])
        true_before = still_true(ledger, some)
        ledger += news(made, ANYTHING, ledger)
        check_with(true_before, ledger, made, some)
