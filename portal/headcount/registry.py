"""What a release says of the practitioners of its day: rounded, audited, region by region."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.disclosure.audit import Judge
from portal.disclosure.ladder import climbed, release
from portal.disclosure.ledger import Said, at_least
from portal.disclosure.report import Release
from portal.disclosure.rules import WITHHELD, Cell, Policy
from portal.disclosure.tables import ALL, Cube, Key, Table
from portal.headcount.queries import (
    find_codes,
    find_earlier_practitioners,
    find_listed,
    find_lists,
)
from portal.headcount.rules import (
    COARSER,
    CONFIRMED,
    DAILY,
    PRACTITIONERS,
    TOO_FEW,
    Rung,
    cube_of_practitioners,
    figures_of_day,
    ladder_of_practitioners,
    levels_of,
    report_of,
    said_of,
)
from portal.indicators.periods import Period, period_of
from portal.indicators.queries import find_definition
from portal.publication.ledger import Candidate, ReleasedFigure, ReleasedLevel
from portal.publication.queries import count_held
from portal.publication.rules import YES, ReleasedCount, home_visits

Clock = Callable[[], float]


def compile_practitioners(db: Database, today: date, policy: Policy, clock: Clock) -> Candidate:
    """Counts by region and profession, and the indicators of who is listed on the day."""
    start = clock()
    lists, earlier = find_lists(db), find_earlier_practitioners(db)
    cube = cube_of_practitioners(find_listed(db, today), lists, [said.key for said in earlier])
    whole = ladder_of_practitioners(lists)
    ladder = _without_confirmed(cube, whole, policy)
    counts = _visits(db, today, policy)
    made = release(cube, ladder, policy, clock, earlier, _known(counts, policy))
    cells = made.cells()
    figures, levels = _indicators(db, today, whole, made)
    return Candidate(
        counts=[_counted(each, cells) for each in counts],
        figures=figures,
        levels=levels,
        said=said_of(PRACTITIONERS, made),
        audits={PRACTITIONERS: report_of(made, clock() - start)},
    )


def _without_confirmed(cube: Cube, ladder: Sequence[Table], policy: Policy) -> list[Table]:
    """The ladder; who confirmed is beside it, and too few of them stop nothing else."""
    judge = Judge(cube, policy, (), ())
    has = {level.name for level in climbed(judge, ladder[:2], policy).levels}
    return [level for level in ladder if level.name != CONFIRMED or CONFIRMED in has]


def _visits(db: Database, today: date, policy: Policy) -> list[ReleasedCount]:
    """Every region and profession with what is said of home visits, without a number (D11)."""
    return [
        ReleasedCount(
            each.region,
            each.profession,
            None,
            WITHHELD,
            home_visits(each.visiting_by_organisation, policy),
        )
        for each in count_held(db, today)
    ]


def _known(counts: Sequence[ReleasedCount], policy: Policy) -> list[Said]:
    # "home visits: yes" tells everybody that there are at least so many, said or not (D11)
    return [
        at_least((each.profession, ALL, ALL, each.region, ALL), policy.smallest)
        for each in counts
        if each.home_visits == YES
    ]


def _counted(count: ReleasedCount, cells: dict[Key, Cell]) -> ReleasedCount:
    cell = cells.get((count.profession, ALL, ALL, count.region, ALL))
    if cell is None:
        return count
    return msgspec.structs.replace(count, practitioners=cell.value, flag=cell.flag)


def _indicators(
    db: Database, today: date, ladder: Sequence[Table], made: Release
) -> tuple[list[ReleasedFigure], list[ReleasedLevel]]:
    codes = find_codes(db, DAILY)
    figures: list[ReleasedFigure] = []
    levels: list[ReleasedLevel] = []
    for counter in (each for each in DAILY if each in codes):
        code = codes[counter]
        version = _version(db, code, period_of(today, "quarter"))
        rungs = list(_rungs(counter, code, version, today, ladder, made))
        figures += [each for rung in rungs for each in rung.figures or ()]
        levels += levels_of(code, rungs, _why(rungs, made))
    return figures, levels


def _rungs(
    counter: str, code: str, version: int, today: date, ladder: Sequence[Table], made: Release
) -> Iterator[Rung]:
    """The levels that have figures of an indicator."""
    published = {table.name for table in made.tables}
    nothing = {key: Cell(key, None, WITHHELD) for level in ladder for key in level.every_key()}
    cells = nothing | made.cells()
    for level in ladder:
        keys = level.every_key()
        rows = list(figures_of_day(counter, code, version, today.isoformat(), cells, keys))
        if rows:
            name = "network_day" if level.name == CONFIRMED else level.name
            yield Rung(name, rows if level.name in published else None, len(rows))


def _why(rungs: Sequence[Rung], made: Release) -> str:
    """Why the first level of an indicator that is not published is not; each stops for itself."""
    first = next((rung.name for rung in rungs if rung.figures is None), None)
    if first is not None and first == made.report.stopped_at:
        return made.report.stopped_by or TOO_FEW
    return TOO_FEW if first == "network_day" else COARSER


def _version(db: Database, code: str, quarter: Period) -> int:
    definition = find_definition(db, code, quarter)
    return definition.version if definition else 1
