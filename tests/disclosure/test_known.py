"""What everybody reads elsewhere of a count that is withheld: "home visits: yes" (D11)."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.disclosure.ladder import release
from portal.disclosure.ledger import Said, at_least, entry, exactly, newest
from portal.disclosure.report import Release
from portal.disclosure.rules import Cell, Range
from portal.disclosure.tables import ALL, Cube, Dimension, Key, Table
from tests.disclosure.attacking import ANYTHING, few, hidden_in, narrowest, values

EVERYBODY = 10_000
REGION = Dimension("region", ("R1", "R2", "R3"))
VISITS = Dimension("visits", ("yes", "no"))
ORGANISATION = Dimension("organisation", ("A", "B", "C"))
DIMENSIONS = (REGION, VISITS, ORGANISATION)

NETWORK = Table("network", ((ALL,), (ALL,), (ALL,)))
REGIONS = Table("region", ((ALL, *REGION.categories), (ALL,), (ALL,)))
BY_VISITS = Table("region·visits", (REGIONS.labels[0], (ALL, *VISITS.categories), (ALL,)))
LADDER = (NETWORK, REGIONS, BY_VISITS)


def cube(*people: tuple[int, int]) -> Cube:
    """By region who visits homes and who does not, shared by three organisations."""
    by_part = {
        (region, part): n
        for region, both in zip(REGION.categories, people, strict=True)
        for part, n in zip(VISITS.categories, both, strict=True)
    }
    keys = product(*(each.categories for each in DIMENSIONS))
    owners = {name: at for at, name in enumerate(ORGANISATION.categories)}
    return Cube(DIMENSIONS, {key: (by_part[key[:2]] + owners[key[2]]) // 3 for key in keys})


def made_of(
    some: Cube,
    known: Sequence[Said],
    earlier: Sequence[Said] = (),
    ladder: Sequence[Table] = LADDER,
) -> Release:
    return release(some, ladder, ANYTHING, lambda: 0.0, earlier, known=known)


YES = ("R1", "yes", ALL)


def test_a_known_lower_bound_makes_a_total_tell_too_much() -> None:
    some = cube((12, 1), (60, 60), (60, 60))
    shown = ("R1", ALL, ALL)
    for ladder in (LADDER, LADDER[:2]):
        alone = made_of(some, [], ladder=ladder)
        told = made_of(some, [at_least(YES, 10)], ladder=ladder)
        # ten to fourteen in all, and ten at least who visit: all but four of them do
        assert (alone.cells()[shown].value, told.cells()[shown].value) == (10, None)
        assert told.report.stopped_by is None


def test_what_is_known_is_not_what_is_said() -> None:
    some = cube((12, 40), (60, 60), (60, 60))
    made = made_of(some, [at_least(YES, 10)], ladder=[NETWORK])
    assert made.report.said_before == 0
    assert made.report.narrowest is not None
    assert made.report.narrowest >= 10


def test_where_what_is_known_leaves_too_little_nothing_is_published() -> None:
    some = cube((12, 40), (60, 60), (60, 60))
    made = made_of(some, [Said(YES, None, Range(10, 15))], ladder=LADDER[:2])
    assert (made.tables, made.report.stopped_at, made.report.stopped_by) == ((), "network", "stuck")


@pytest.mark.parametrize("known", [at_least(YES, 13), Said(YES, None, Range(0, 11))])
def test_what_is_known_must_be_true(known: Said) -> None:
    with pytest.raises(ValueError, match="not true"):
        made_of(cube((12, 1), (60, 60), (60, 60)), [known])


@pytest.mark.parametrize("known", [exactly(YES, 12), Said(YES, None, None)])
def test_a_figure_is_not_known_but_said(known: Said) -> None:
    with pytest.raises(ValueError, match="ledger"):
        made_of(cube((12, 1), (60, 60), (60, 60)), [known])


def test_what_was_known_earlier_counts_while_it_is_true() -> None:
    ledger = [entry(Cell(YES, None, "c"), ANYTHING), at_least(YES, 10)]
    assert newest(ledger)[YES].said is None
    ladder = [REGIONS]
    shown = ("R1", ALL, ALL)
    still = made_of(cube((12, 1), (60, 60), (60, 60)), [], ledger, ladder)
    no_more = made_of(cube((3, 10), (60, 60), (60, 60)), [], ledger, ladder)
    assert (still.cells()[shown].value, no_more.cells()[shown].value) == (None, 10)


people = st.tuples(st.integers(0, 30), st.integers(0, 30))


@few
@given(by_region=st.lists(people, min_size=3, max_size=3))
def test_nobody_who_reads_of_home_visits_finds_a_withheld_count(
    by_region: list[tuple[int, int]],
) -> None:
    some = cube(*by_region)
    visiting: list[Key] = [
        (region, "yes", ALL)
        for region, (yes, _) in zip(REGION.categories, by_region, strict=True)
        if yes >= 10
    ]
    made = made_of(some, [at_least(key, 10) for key in visiting])
    said = values(made)
    hidden = [*hidden_in(said), *(key for key in visiting if said.get(key) is None)]
    if made.tables:
        read = [(key, 10, EVERYBODY) for key in visiting]
        assert narrowest(some, said, hidden, ANYTHING, read) >= 10
