"""How long the audit of one indicator takes, and how much memory: `python -m` this.

Twenty organisations, eleven regions of two countries, four quarters, two sexes, four ages; counts
are invented, few of them large, as such counts are. Times differ from machine to machine.
"""

import resource
import time
from itertools import product

import numpy as np

from portal.disclosure.ladder import release
from portal.disclosure.report import Release
from portal.disclosure.rules import Policy
from portal.disclosure.tables import ALL, Cube, Dimension, Table

ORGANISATIONS = tuple(f"organisation {n}" for n in range(20))
REGIONS = tuple(f"TM-{n}" for n in range(6)) + tuple(f"TJ-{n}" for n in range(5))
COUNTRIES = {"TM": REGIONS[:6], "TJ": REGIONS[6:]}
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
TO_DATE = {"to Q2": QUARTERS[:2], "to Q3": QUARTERS[:3]}
SEXES = ("women", "men")
AGES = ("0-13", "14-17", "18-29", "30+")

DIMENSIONS = (
    Dimension("organisation", ORGANISATIONS),
    Dimension("region", REGIONS, COUNTRIES),
    Dimension("quarter", QUARTERS, TO_DATE),
    Dimension("sex", SEXES),
    Dimension("age", AGES),
)
PLACES = (ALL, *COUNTRIES, *REGIONS)
PERIODS = (ALL, *QUARTERS, *TO_DATE)


def level(name: str, *labels: tuple[str, ...]) -> Table:
    """A level of the ladder over the whole network; what is not named is not told apart."""
    return Table(name, ((ALL,), *labels, *[(ALL,)] * (4 - len(labels))))


LADDER = (
    level("network·year"),
    level("country·year", (ALL, *COUNTRIES)),
    level("network·quarter", (ALL,), PERIODS),
    level("country·quarter", (ALL, *COUNTRIES), PERIODS),
    level("region·year", PLACES),
    level("region·quarter", PLACES, PERIODS),
    level("region·quarter·age", PLACES, PERIODS, (ALL,), (ALL, *AGES)),
    level("region·quarter·age·sex", PLACES, PERIODS, (ALL, *SEXES), (ALL, *AGES)),
)
BY_ORGANISATION = Table(
    "organisation·quarter", ((ALL, *ORGANISATIONS), (ALL,), PERIODS, (ALL,), (ALL,))
)


def invented(mean: float) -> Cube:
    """Counts with a mean by base cell, most organisations at work in few regions."""
    chance = np.random.default_rng(7)
    shape = tuple(len(each.categories) for each in DIMENSIONS)
    here = chance.random(shape[:2]) < 0.35
    scale = chance.gamma(0.7, mean / 0.7, size=shape[:2]) * here / 0.35
    counts = chance.poisson(np.broadcast_to(scale[..., None, None, None], shape))
    keys = product(*(each.categories for each in DIMENSIONS))
    agreed = frozenset(ORGANISATIONS)
    return Cube(DIMENSIONS, dict(zip(keys, counts.ravel().tolist(), strict=True)), agreed=agreed)


def main() -> None:
    """Print a table: seconds, cells and how the audit ended, for sparse and for dense counts."""
    print(f"{'case':<34}{'s':>7}{'said':>7}{'hidden':>8}{'added':>7}{'width':>7}  stopped")
    everything = Policy(fewest_cells_percent=0)
    for mean in (0.05, 0.3, 1.0, 4.0):
        cube = invented(mean)
        _measure(f"mean {mean}, ladder", cube, LADDER, Policy())
        _measure(f"mean {mean}, with organisations", cube, (*LADDER[:3], BY_ORGANISATION), Policy())
        _measure(f"mean {mean}, every level asked", cube, LADDER, everything)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory at most {peak} MB")


def _measure(name: str, cube: Cube, ladder: tuple[Table, ...], policy: Policy) -> None:
    start = time.perf_counter()
    made: Release = release(cube, ladder, policy, time.perf_counter)
    took = time.perf_counter() - start
    report = made.report
    said = sum(table.published for table in report.tables)
    hidden = sum(table.withheld for table in report.tables)
    stopped = f"{report.stopped_at} ({report.stopped_by})" if report.stopped_at else "-"
    print(
        f"{name:<34}{took:>7.2f}{said:>7}{hidden:>8}{report.added:>7}"
        f"{report.narrowest or '-':>7}  {stopped}",
        flush=True,
    )


if __name__ == "__main__":
    main()
