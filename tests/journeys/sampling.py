"""Few rows in which every value of a factor meets every value of each other factor."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product

Row = dict[str, str]
Pair = frozenset[tuple[str, str]]


def pairwise(factors: Mapping[str, Sequence[str]], possible: Callable[[Row], bool]) -> list[Row]:
    """Rows that together hold every pair that some possible row holds; the same ones each time."""
    rows = [dict(zip(factors, values, strict=True)) for values in product(*factors.values())]
    pairs = {n: pairs_of(row) for n, row in enumerate(rows) if possible(row)}
    missing = set().union(*pairs.values())
    chosen = []
    while missing:
        best = max(pairs, key=lambda n: (len(pairs[n] & missing), -n))
        missing -= pairs.pop(best)
        chosen.append(rows[best])
    return chosen


def pairs_of(row: Row) -> set[Pair]:
    """Every two values of a row."""
    return {frozenset(pair) for pair in combinations(row.items(), 2)}
