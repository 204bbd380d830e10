"""How long the audit of one indicator takes, and how much memory: `python -m` this.

Twenty organisations, eleven regions of two countries, the quarters of three years, four sexes,
three ages, ten forms; counts are invented, few of them large, as such counts are. Times differ from
machine to machine.
"""

import resource
import time

import numpy as np

from portal.disclosure.ladder import release
from portal.disclosure.report import Release
from portal.disclosure.rules import Policy
from portal.disclosure.tables import ALL, Cube, Dimension, Table

ORGANISATIONS = tuple(f"organisation {n}" for n in range(20))
REGIONS = tuple(f"TM-{n}" for n in range(6)) + tuple(f"TJ-{n}" for n in range(5))
COUNTRIES = {"TM": REGIONS[:6], "TJ": REGIONS[6:]}
YEARS = ("2024", "2025", "2026")
QUARTERS = tuple(f"{year}-Q{n}" for year in YEARS for n in (1, 2, 3, 4))
BY_YEAR = {year: tuple(name for name in QUARTERS if name.startswith(year)) for year in YEARS}
FORMS = tuple(f"form {n}" for n in range(10))
AGES = ("children", "adults", "unknown")
SEXES = ("women", "men", "other", "unknown")

DIMENSIONS = (
    Dimension("organisation", ORGANISATIONS),
    Dimension("region", REGIONS, COUNTRIES),
    Dimension("quarter", QUARTERS, BY_YEAR),
    Dimension("form", FORMS),
    Dimension("age", AGES),
    Dimension("sex", SEXES),
)
WIDE = (ALL, *COUNTRIES)
PLACES = (*WIDE, *REGIONS)
PERIODS = (*YEARS, *QUARTERS)


def level(name: str, *labels: tuple[str, ...]) -> Table:
    """A level of the ladder over the whole network; what is not named is not told apart."""
    return Table(name, ((ALL,), *labels, *[(ALL,)] * (5 - len(labels))))


LADDER = (
    level("network·year", (ALL,), YEARS),
    level("country·year", WIDE, YEARS),
    level("network·quarter", (ALL,), PERIODS),
    level("country·quarter", WIDE, PERIODS),
    level("region·year", PLACES, YEARS),
    level("region·quarter", PLACES, PERIODS),
    level("region·quarter·form", PLACES, PERIODS, (ALL, *FORMS)),
    level("region·quarter·age", PLACES, PERIODS, (ALL,), (ALL, *AGES)),
    level("region·quarter·sex", PLACES, PERIODS, (ALL,), (ALL,), (ALL, *SEXES)),
)
BY_ORGANISATION = Table("organisation·year", ((ALL, *ORGANISATIONS), (ALL,), YEARS, *[(ALL,)] * 3))


def invented(mean: float) -> Cube:
    """Counts with a mean by base cell, most organisations at work in few regions."""
    chance = np.random.default_rng(7)
    shape = tuple(len(each.categories) for each in DIMENSIONS)
    here = chance.random(shape[:2]) < 0.35
    scale = chance.gamma(0.7, mean / 0.7, size=shape[:2]) * here / 0.35
    counts = chance.poisson(np.broadcast_to(scale[..., *[None] * 4], shape))
    names = [each.categories for each in DIMENSIONS]
    found = {
        tuple(labels[n] for labels, n in zip(names, place, strict=True)): int(counts[tuple(place)])
        for place in np.argwhere(counts).tolist()
    }
    return Cube(DIMENSIONS, found, agreed=frozenset(ORGANISATIONS))


def main() -> None:
    """Print a table: seconds, cells and how the audit ended, for sparse and for dense counts."""
    print(f"{'case':<34}{'s':>7}{'said':>7}{'hidden':>8}{'added':>7}{'width':>7}  stopped")
    everything = Policy(fewest_cells_percent=0)
    for mean in (0.005, 0.05, 0.3):
        cube = invented(mean)
        _measure(f"mean {mean}, ladder", cube, LADDER, Policy())
        _measure(f"mean {mean}, with organisations", cube, (*LADDER[:3], BY_ORGANISATION), Policy())
        _measure(f"mean {mean}, six levels asked", cube, LADDER[:6], everything)
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
