"""The test vectors of the disclosure policy, number by number."""

from collections.abc import Iterable

import numpy as np
import pytest

from portal.disclosure.attack import Attacker, found_out
from portal.disclosure.ladder import release
from portal.disclosure.ledger import entry, exactly, news
from portal.disclosure.rules import Policy, Range
from portal.disclosure.suppress import STUCK, protect
from portal.disclosure.system import Statements, System
from portal.disclosure.tables import ALL, Cube, Dimension, Table

FIRST = [[3, 40, 17], [22, 31, 45], [19, 28, 33]]
SECOND = [[2, 9, 20, 26], [19, 10, 21, 6], [3, 17, 14, 1], [10, 29, 12, 0]]
FIFTH = [[3, 0, 17], [0, 4, 45], [19, 28, 33]]

T4 = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2), (2, 3), (3, 2), (3, 3)]
CORNER = [(0, 0), (0, 1), (1, 0), (1, 1)]

Mask = Iterable[tuple[int, int]]


def exact(table: list[list[int]], mask: Mask) -> System:
    """A table with exact margins, and cells that are withheld of it."""
    counts = np.array(table)
    places = np.arange(counts.size).reshape(counts.shape)
    statements = Statements()
    for each in (*places.ravel()[:, None], *places, *places.T, places.ravel()):
        n = int(counts.ravel()[each].sum())
        statements.say(statements.row(np.sort(each)), Range(n, n), fixed=False)
    hidden = {statements.row(places[cell].reshape(1)) for cell in mask}
    return statements.system(counts.ravel(), hidden, {})


def ranges(system: System) -> list[Range]:
    attacker = Attacker(system, 10_000, lambda: 60.0)
    goals = [system.sums.weights([row], [1]) for row in system.to_protect]
    return [found_out(attacker, goal) for goal in goals]


@pytest.mark.parametrize("mask", [[(0, 0)], [(0, 0), (0, 2)]], ids=["T1", "T2"])
def test_t1_t2_the_cell_is_exactly_three(mask: Mask) -> None:
    system = exact(FIRST, mask)
    assert ranges(system)[0] == Range(3, 3)
    assert protect(system, Policy(most_cells=0), lambda: 60.0).stopped is not None


def test_t3_a_rectangle_of_four_keeps_widths_of_twenty() -> None:
    system = exact(FIRST, [(0, 0), (0, 2), (1, 0), (1, 2)])
    assert [each.width for each in ranges(system)] == [20, 20, 20, 20]
    outcome = protect(system, Policy(), lambda: 60.0)
    assert (outcome.stopped, outcome.added) == (None, 0)


def test_t4_two_withheld_in_every_line_are_not_enough() -> None:
    system = exact(SECOND, T4)
    assert ranges(system)[T4.index((2, 0))] == Range(3, 3)
    assert protect(system, Policy(most_cells=0), lambda: 60.0).stopped is not None


def test_t5_a_rectangle_of_few_keeps_widths_of_three() -> None:
    system = exact(FIFTH, CORNER)
    assert [each.width for each in ranges(system)] == [3, 3, 3, 3]
    assert protect(system, Policy(most_cells=0), lambda: 60.0).stopped is not None


@pytest.mark.parametrize("table", [FIRST, SECOND, FIFTH])
def test_more_is_withheld_until_every_range_is_wide(table: list[list[int]]) -> None:
    system = exact(table, [(0, 0)])
    outcome = protect(system, Policy(), lambda: 60.0)
    assert outcome.stopped is None
    assert outcome.added > 0
    system.withheld = outcome.withheld
    assert min(each.width for each in ranges(system)) >= 10


def test_t6_a_quarter_is_the_year_to_date_less_the_others() -> None:
    statements = Statements()
    for places, n in (([0, 1, 2], 64), ([0], 21), ([1], 24), ([2], 19)):
        row = statements.row(np.array(places))
        statements.say(row, Range(n, n), fixed=places != [2])
    system = statements.system(np.array([21, 24, 19]), {3}, {})
    assert ranges(system) == [Range(19, 19)]
    assert protect(system, Policy(), lambda: 60.0).stopped == STUCK


def test_whole_people_are_narrower_than_the_programme_says() -> None:
    statements = Statements()
    for places in ([0, 1], [1, 2], [0, 2], [3, 4], [4, 5], [3, 5]):
        statements.say(statements.row(np.array(places)), Range(0, 7), fixed=True)
    all_six = statements.row(np.arange(6))
    system = statements.system(np.zeros(6, dtype=np.int64), {all_six}, {})
    assert ranges(system) == [Range(0, 21)]
    assert protect(system, Policy(smallest=20), lambda: 60.0).stopped is None
    outcome = protect(system, Policy(smallest=21), lambda: 60.0)
    assert (outcome.stopped, outcome.narrowest) == (STUCK, 20)


ORGANISATIONS = Dimension("organisation", ("A", "B", "C"))
NETWORK = Table("network", ((ALL,),))


def network(*counts: int) -> Cube:
    return Cube((ORGANISATIONS,), {(name,): n for name, n in zip("ABC", counts, strict=True)})


def test_t7_twelve_corrected_to_thirteen_is_still_ten_and_no_news() -> None:
    policy = Policy()
    first = release(network(4, 4, 4), [NETWORK], policy, lambda: 0.0)
    ledger = news(first, policy, [])
    assert [(said.key, said.value) for said in ledger] == [((ALL,), 10)]
    assert ledger == [entry(first.tables[0].cells[0], policy)]
    second = release(network(4, 4, 5), [NETWORK], policy, lambda: 0.0, ledger)
    assert second.tables == first.tables
    assert news(second, policy, ledger) == []
    third = release(network(5, 5, 5), [NETWORK], policy, lambda: 0.0, ledger)
    assert [said.value for said in news(third, policy, ledger)] == [20]


def test_t8_a_cell_of_two_organisations_is_withheld() -> None:
    everything = Policy(fewest_cells_percent=0)
    made = release(network(40, 40, 0), [NETWORK], everything, lambda: 0.0)
    assert [(cell.value, cell.flag) for cell in made.tables[0].cells] == [(None, "c")]


def test_a_figure_said_elsewhere_is_part_of_the_system() -> None:
    everything = Policy(fewest_cells_percent=0)
    elsewhere = [exactly((ALL,), 80)]
    made = release(network(40, 40, 0), [NETWORK], everything, lambda: 0.0, elsewhere)
    assert made.report.said_before == 1
