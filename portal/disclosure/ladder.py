"""From the coarsest table to the finest that may be published: climbs, audits, rounds (D12).

All of a ladder's published levels are one system with all that was released before; where the
audit does not come to an end, the finest level is left out and the others are audited anew.
"""

from collections.abc import Callable, Sequence

import msgspec

from portal.disclosure.attack import Left
from portal.disclosure.audit import Audited, Judge
from portal.disclosure.ledger import Said
from portal.disclosure.report import TOO_FEW, Published, Release, Report
from portal.disclosure.rules import Policy, is_fine_enough
from portal.disclosure.tables import Cube, Key, Table

Clock = Callable[[], float]


class Climb(msgspec.Struct, frozen=True):
    """How far a ladder goes: its levels that are fine enough, and what stopped it."""

    levels: tuple[Table, ...]
    passing: int = 0
    cells: int = 0


def release(
    cube: Cube,
    ladder: Sequence[Table],
    policy: Policy,
    clock: Clock,
    earlier: Sequence[Said] = (),
    known: Sequence[Said] = (),
) -> Release:
    """What may be published of a cube: the levels of a ladder, coarsest first, after the audit.

    `earlier` is the ledger, oldest first; the cube must have the base cells of all of it. What an
    earlier release said and a correction made wrong is no longer taken for true. `known` are
    ranges that anybody reads of counts elsewhere (`at_least`); they do not make a count a said
    one: where it is withheld, or no level shows it, it still keeps its k people. `clock` gives
    seconds; the whole audit keeps within `most_seconds`, each try within half of what is left.
    Raises ValueError for counts below 0 and for what is known but not true, KeyError for labels
    that the cube does not know.
    """
    end = clock() + policy.most_seconds
    judge = Judge(cube, policy, earlier, known)
    climb = climbed(judge, ladder, policy)
    levels = climb.levels
    empty = Report((), None, TOO_FEW, 0, 0, None, climb.passing, climb.cells)
    while levels:
        audited = judge.audit(levels, _until(end - (end - clock()) / 2, clock))
        if audited.outcome.stopped is None:
            return _released(audited, levels, _stopped(empty, ladder, levels))
        empty = Report((), None, audited.outcome.stopped, 0, 0, None)
        levels = levels[:-1]
    return Release((), _stopped(empty, ladder, levels))


def climbed(judge: Judge, ladder: Sequence[Table], policy: Policy) -> Climb:
    """The levels up to the first of which fewer than four in five cells pass D1 and D4.

    A margin that a coarser level has already is none of a level's own cells, and no help to it.
    """
    seen: set[Key] = set()
    for at, level in enumerate(ladder):
        judged = judge.passing(level)
        own = [passes for key, passes in judged.items() if key not in seen]
        if own and not is_fine_enough(sum(own), len(own), policy):
            return Climb(tuple(ladder[:at]), sum(own), len(own))
        seen.update(judged)
    return Climb(tuple(ladder))


def _released(audited: Audited, levels: Sequence[Table], stopped: Report) -> Release:
    tables = tuple(
        Published(level.name, tuple(audited.cell(key) for key in level.every_key()))
        for level in levels
    )
    report = msgspec.structs.replace(
        stopped,
        tables=tuple(audited.report(level) for level in levels),
        added=audited.outcome.added,
        said_before=audited.said_before,
        narrowest=audited.outcome.narrowest,
    )
    return Release(tables, report)


def _stopped(report: Report, ladder: Sequence[Table], levels: Sequence[Table]) -> Report:
    """A report that names the first level which is left out, and why, if one is."""
    if len(levels) == len(ladder):
        return msgspec.structs.replace(report, stopped_by=None)
    return msgspec.structs.replace(report, stopped_at=ladder[len(levels)].name)


def _until(moment: float, clock: Clock) -> Left:
    return lambda: moment - clock()
