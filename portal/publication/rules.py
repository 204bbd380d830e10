"""Disclosure control for counts of practitioners: few, none and hidden all look alike.

The numbers D0–D12 are those of the network's disclosure policy; its sources are the ACRO and
OpenSAFELY output rules, the sdcTools user support and the practice of the IOM data collaborative.
"""

from datetime import date

import msgspec

from portal.disclosure.rules import WITHHELD, Policy, is_of_many, is_small, rounded

YES = "yes"
ASK_HOTLINE = "ask_hotline"


# the network's thresholds, from a day on; they are policy: a new one is a new row
POLICIES = (Policy(since=date(2010, 1, 1)),)


class HeldCount(msgspec.Struct, frozen=True):
    """Exact counts by organisation of one region and profession. They stay inside `publication`."""

    region: str
    profession: str
    by_organisation: list[int]
    visiting_by_organisation: list[int]


class ReleasedCount(msgspec.Struct, frozen=True):
    """A figure as it was released: rounded, or None with the flag `c` where it is withheld."""

    region: str
    profession: str
    practitioners: int | None
    flag: str | None
    home_visits: str


def policy_on(day: date) -> Policy:
    """The policy that holds on a day."""
    return max((each for each in POLICIES if each.since <= day), key=lambda each: each.since)


def is_many(by_organisation: list[int], policy: Policy) -> bool:
    """At least `smallest` people of at least `fewest_organisations` organisations (D1, D4).

    A zero is never structural for practitioners, so it is withheld like any small number.
    """
    contributing = [n for n in by_organisation if n > 0]
    enough = sum(contributing) >= policy.smallest
    return enough and len(contributing) >= policy.fewest_organisations


def released_number(by_organisation: list[int], policy: Policy) -> int | None:
    """A rounded count of people, or None where it must be withheld (D1, D2, D4)."""
    if is_small(sum(by_organisation), policy) or not is_of_many(by_organisation, policy):
        return None
    return rounded(sum(by_organisation), policy.rounding_base)


def home_visits(visiting_by_organisation: list[int], policy: Policy) -> str:
    """`yes` where many practitioners visit homes, else `ask_hotline`: few and none alike (D11)."""
    return YES if is_many(visiting_by_organisation, policy) else ASK_HOTLINE


def released_cell(held: HeldCount, policy: Policy) -> ReleasedCount:
    """What may be said about one region and profession."""
    number = released_number(held.by_organisation, policy)
    return ReleasedCount(
        region=held.region,
        profession=held.profession,
        practitioners=number,
        flag=WITHHELD if number is None else None,
        home_visits=home_visits(held.visiting_by_organisation, policy),
    )


def released_cells(held: list[HeldCount], policy: Policy) -> list[ReleasedCount]:
    """Every cell, the withheld ones too: a missing row must not mean zero (D8).

    Where fewer than four in five cells have a number that may be said, this level is too fine and
    none of its numbers is (D12); where home visits exist is said all the same (D11).
    """
    cells = [released_cell(each, policy) for each in held]
    said = sum(cell.practitioners is not None for cell in cells)
    if said * 100 >= policy.fewest_cells_percent * len(cells):
        return cells
    return [msgspec.structs.replace(cell, practitioners=None, flag=WITHHELD) for cell in cells]


def says_the_same(one: list[ReleasedCount], other: list[ReleasedCount]) -> bool:
    """Whether two releases hold the same figures: 12 corrected to 13 is no change (D7)."""
    return _by_cell(one) == _by_cell(other)


def _by_cell(cells: list[ReleasedCount]) -> dict[tuple[str, str], ReleasedCount]:
    return {(cell.region, cell.profession): cell for cell in cells}
