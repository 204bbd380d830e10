"""Disclosure control of counts of people: what may be said of one figure, and in which form.

The numbers D1–D12 are those of the network's disclosure policy; its sources are the ACRO and
OpenSAFELY output rules, the sdcTools user support and the practice of the IOM data collaborative
(CTDC). All counts are whole numbers of people, all shares whole percents.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

WITHHELD = "c"


class Policy(msgspec.Struct, frozen=True):
    """The network's thresholds. Raises ValueError for a policy that would say exact counts.

    `smallest` is k, the smallest count of people that is said and the narrowest range in which a
    withheld one may be found; `rounding_base` is b. `most_seconds` and `most_cells` limit one
    indicator's audit: its time, and how many cells it may withhold beside those that are small.
    `since` is the first day that it holds.
    """

    smallest: int = 10
    rounding_base: int = 10
    fewest_organisations: int = 3
    two_largest_percent: int = 90
    one_category_percent: int = 90
    fewest_cells_percent: int = 80
    most_seconds: float = 60.0
    most_cells: int = 500
    since: date = date.min

    def __post_init__(self) -> None:
        if self.rounding_base < 2:
            raise ValueError("rounding to a base below 2 says the exact count")
        if 2 * self.smallest < self.rounding_base:
            raise ValueError("a count of people would be rounded to nobody")


class Range(msgspec.Struct, frozen=True):
    """The counts of people that somebody must hold possible, both ends included."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """How far apart the ends are, in people: 0 where the count is known exactly."""
        return self.most - self.least

    def holds(self, n: int) -> bool:
        """Whether n people are possible."""
        return self.least <= n <= self.most


class Cell(msgspec.Struct, frozen=True):
    """A figure as it is said: rounded, or None with the flag `c` where it is withheld (D1, D2).

    The key has one label for each dimension. Whether a cell is small itself or hides another one
    is not said: the flag is the same.
    """

    key: tuple[str, ...]
    value: int | None
    flag: str | None


def is_small(n: int, policy: Policy) -> bool:
    """Fewer than k people, nobody included: few and none must look alike (D1).

    A structural zero is no count of people; it is said before this is asked. Raises ValueError
    for a negative count.
    """
    if n < 0:
        raise ValueError("people cannot be fewer than none")
    return n < policy.smallest


def rounded(n: int, base: int) -> int:
    """The multiple of `base` nearest to n, halves upward (D2)."""
    return (2 * n + base) // (2 * base) * base


def meant_by(value: int, policy: Policy) -> Range:
    """The counts that a published figure stands for (D3): 10 means 10 … 14, 20 means 15 … 24.

    Raises ValueError for a figure that rounding cannot have made. A published 0 is structural.
    """
    base = policy.rounding_base
    if value % base or value < 0:
        raise ValueError("not a rounded count")
    if value == 0:
        return Range(0, 0)
    return Range(max(policy.smallest, value - base // 2), value + (base - 1) // 2)


def is_of_many(by_organisation: Sequence[int], policy: Policy) -> bool:
    """At least three organisations contribute, and the two largest hold at most 90 % (D4).

    Otherwise one who contributes could compute what another one holds (the (n, k) dominance rule
    of the ACRO output rules).
    """
    contributing = sorted(n for n in by_organisation if n > 0)
    if len(contributing) < policy.fewest_organisations:
        return False
    return sum(contributing[-2:]) * 100 <= policy.two_largest_percent * sum(contributing)


def is_one_sided(whole: int, parts: Sequence[int], policy: Policy) -> bool:
    """One of several categories holds at least 90 % of their margin: it says what all are (D5)."""
    if whole == 0 or len(parts) < 2:
        return False
    return max(parts) * 100 >= policy.one_category_percent * whole


def percentage(part: int | None, whole: int | None) -> int | None:
    """A whole percent of two published figures, or None where either is withheld or 0 (D6)."""
    if part is None or not whole:
        return None
    return rounded(part * 100, whole) // whole


def mean(total: int | None, people: int | None) -> float | None:
    """A mean to one decimal of two published figures, or None where either is withheld (D6)."""
    if total is None or not people:
        return None
    return round(total / people, 1)


def banded(median: float, people: int | None, width: int) -> Range | None:
    """The band of this width that a median is in, or None where its count is withheld (D12)."""
    if not people:
        return None
    least = int(median // width) * width
    return Range(least, least + width)


def is_news(earlier: Cell | None, now: Cell) -> bool:
    """Whether a cell needs a new row in the ledger: 12 corrected to 13 is still 10 (D7, T7)."""
    return earlier is None or (earlier.value, earlier.flag) != (now.value, now.flag)


def is_fine_enough(passing: int, cells: int, policy: Policy) -> bool:
    """Whether a level of the ladder may be published: four in five of its cells pass (D12)."""
    return cells > 0 and passing * 100 >= policy.fewest_cells_percent * cells
