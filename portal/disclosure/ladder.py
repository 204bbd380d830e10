"""From the coarsest table to the finest that may be published: climbs, audits, rounds (D12).

All of a ladder's published levels are one system with all that was released before; where the
audit does not come to an end, the finest level is left out and the others are audited anew.
"""

from collections.abc import Callable, Sequence

from portal.disclosure.attack import Left
from portal.disclosure.audit import Audited, Judge
from portal.disclosure.ledger import Said
from portal.disclosure.report import TOO_FEW, Published, Release, Report, report_on
from portal.disclosure.rules import Policy, is_fine_enough
from portal.disclosure.tables import Book, Cube, Table

Clock = Callable[[], float]


def release(
    cube: Cube,
    ladder: Sequence[Table],
    policy: Policy,
    clock: Clock,
    earlier: Sequence[Said] = (),
) -> Release:
    """What may be published of a cube: the levels of a ladder, coarsest first, after the audit.

    `earlier` is the ledger, oldest first; the cube must have the base cells of all of it. What an
    earlier release said and a correction made wrong is no longer taken for true. `clock` gives
    seconds; the whole audit keeps within `most_seconds`, each try within half of what is left.
    Raises ValueError for counts below 0 and KeyError for labels that the cube does not know.
    """
    end = clock() + policy.most_seconds
    judge = Judge(Book(cube), policy, earlier)
    levels = climbed(judge, ladder, policy)
    reason = TOO_FEW if len(levels) < len(ladder) else None
    while levels:
        audited = judge.audit(levels, _until(end - (end - clock()) / 2, clock))
        if audited.outcome.stopped is None:
            return _released(audited, levels, _above(ladder, levels), reason)
        reason = audited.outcome.stopped
        levels = levels[:-1]
    return Release((), Report((), _above(ladder, levels), reason, 0, 0, None))


def climbed(judge: Judge, ladder: Sequence[Table], policy: Policy) -> list[Table]:
    """The levels up to the first of which fewer than four in five cells pass D1 and D4."""
    levels: list[Table] = []
    for level in ladder:
        passing = [judge.passes(key) for key in level.every_key()]
        if not is_fine_enough(sum(passing), len(passing), policy):
            break
        levels.append(level)
    return levels


def _released(
    audited: Audited, levels: Sequence[Table], stopped_at: str | None, reason: str | None
) -> Release:
    tables = tuple(
        Published(level.name, tuple(audited.cell(key) for key in level.every_key()))
        for level in levels
    )
    report = Report(
        tables=tuple(report_on(table) for table in tables),
        stopped_at=stopped_at,
        stopped_by=reason,
        added=audited.outcome.added,
        said_before=audited.said_before,
        narrowest=audited.outcome.narrowest,
    )
    return Release(tables, report)


def _above(ladder: Sequence[Table], levels: Sequence[Table]) -> str | None:
    return ladder[len(levels)].name if len(levels) < len(ladder) else None


def _until(moment: float, clock: Clock) -> Left:
    return lambda: moment - clock()
