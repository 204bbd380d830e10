"""What a release of today would say: released counts, open figures, and figures of people.

An indicator that counts people is released only through the engine of disclosure control; whatever
this does not understand is not released, and a level's reason says so.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.compiling.queries import (
    BY_ORGANISATION,
    find_closed_quarters,
    find_contributed,
    find_definitions_of_people,
    find_frozen,
    find_frozen_medians,
    find_reported,
    find_waited,
    median_of,
)
from portal.compiling.rules import (
    AXES,
    REACH,
    WAITED,
    Base,
    Shape,
    are_people,
    cube_of,
    figures_of,
    ladder_of,
    overlapping,
    shape_of,
)
from portal.db import column, fetch
from portal.disclosure.ladder import release
from portal.disclosure.rules import WITHHELD, Cell, Policy, is_fine_enough, is_of_many, is_small
from portal.disclosure.tables import ALL, Table
from portal.headcount.queries import find_earlier, find_lists
from portal.headcount.registry import compile_practitioners
from portal.headcount.rules import (
    COARSER,
    DAILY,
    ORGANISATIONS,
    OVERLAP,
    PEOPLE,
    PLACES,
    TOO_FEW,
    Lists,
    Rung,
    band_of,
    levels_of,
    report_of,
    said_of,
)
from portal.indicators.periods import read_period
from portal.indicators.queries import Counted, Definition, find_versions
from portal.indicators.rules import value_of
from portal.indicators.sight import only_seen
from portal.publication.ledger import ALL as WHOLE
from portal.publication.ledger import Candidate, ReleasedFigure, ReleasedLevel
from portal.publication.rules import policy_on

Clock = Callable[[], float]


def compile_release(
    db: Database, today: date, clock: Clock, timezone: str = "Asia/Ashgabat"
) -> Candidate:
    """All that a release of today says, after disclosure control; `clock` gives seconds.

    In a timezone other than the one in which quarters were closed it is not known who contributed
    to what the portal counted, and that is not released.
    """
    policy = policy_on(today)
    people = find_definitions_of_people(db, today)
    day = compile_practitioners(db, today, policy, clock)
    maker = _Maker(db, policy, clock, timezone)
    made = [maker.make(each) for each in people.values() if each[0].counter not in DAILY]
    parts = [day, *made]
    return Candidate(
        counts=day.counts,
        figures=[
            *find_open_figures(db, people),
            *(figure for part in parts for figure in part.figures),
        ],
        levels=[level for part in parts for level in part.levels],
        said=[cell for part in parts for cell in part.said],
        audits={name: said for part in parts for name, said in part.audits.items()},
    )


class _Maker:
    """Makes what is said of one indicator after the other, from the same lists and quarters."""

    def __init__(self, db: Database, policy: Policy, clock: Clock, timezone: str) -> None:
        self._db = db
        self._policy = policy
        self._clock = clock
        self._timezone = timezone
        self._lists = find_lists(db)
        self._quarters = find_closed_quarters(db)

    def make(self, versions: Sequence[Definition]) -> Candidate:
        """What is said of one indicator."""
        newest = versions[0]
        if newest.counter == WAITED:
            return self._medians(versions)
        bases, unsure = self._counted(versions)
        shape = shape_of(versions, self._quarters, {each.period for each in bases}, unsure)
        within = [each for each in bases if each.period in shape.versions]
        why = self._never(newest, shape, within)
        if why is not None:
            return Candidate(levels=_unsaid(shape, self._lists, why))
        return self._release(shape, within)

    def _counted(self, versions: Sequence[Definition]) -> tuple[list[Base], frozenset[str]]:
        """The people of an indicator, and the periods of which the contributors are not known."""
        newest = versions[0]
        if newest.source == "reported":
            return find_reported(self._db, newest), frozenset()
        bases, unsure = [], set()
        for period, frozen in find_frozen(self._db, newest).items():
            known = None
            if newest.counter in BY_ORGANISATION:
                known = find_contributed(self._db, newest, period, frozen, self._timezone)
            if known is None:
                unsure.add(period)
            bases += frozen if known is None else known
        return bases, frozenset(unsure)

    def _never(self, newest: Definition, shape: Shape, bases: Sequence[Base]) -> str | None:
        """Why nothing of an indicator can be released, or None."""
        if newest.counter in REACH:
            # security: with exact populations it tells where a lone practitioner lives
            return PLACES
        if newest.source == "counted" and shape.unsure.issuperset(shape.periods):
            return ORGANISATIONS if shape.periods else TOO_FEW
        if newest.kind == "median" or newest.place_rule != "sum" or not are_people(bases):
            return PEOPLE
        if newest.total_rule == "none":
            return OVERLAP
        return None if shape.periods else TOO_FEW

    def _release(self, shape: Shape, bases: Sequence[Base]) -> Candidate:
        start = self._clock()
        earlier = find_earlier(self._db, shape.code, len(AXES))
        cube = cube_of(shape, bases, self._lists, [said.key for said in earlier])
        ladder = ladder_of(shape, self._lists)
        made = release(cube, ladder, self._policy, self._clock, earlier)
        tables = {table.name: figures_of(shape, table.cells) for table in made.tables}
        rungs = [
            Rung(each.name, tables.get(each.name), len(_nothing(shape, each))) for each in ladder
        ]
        overlaps = overlapping(shape, self._lists)
        rungs += [Rung(each.name, None, len(_nothing(shape, each))) for each in overlaps]
        why = made.report.stopped_by or (OVERLAP if overlaps else COARSER)
        return Candidate(
            figures=list({row.key: row for rows in tables.values() for row in rows}.values()),
            levels=levels_of(shape.code, rungs, why),
            said=said_of(shape.code, made),
            audits={shape.code: report_of(made, self._clock() - start)},
        )

    def _medians(self, versions: Sequence[Definition]) -> Candidate:
        """The bands of the days to a visit, of the network's quarters alone (D12)."""
        frozen = find_frozen_medians(self._db, versions[0].code)
        shape = shape_of(versions, self._quarters, set(frozen), frozenset())
        if not shape.periods:
            return Candidate(levels=_unsaid(shape, self._lists, TOO_FEW))
        bands = {each: self._band(each, frozen.get(each)) for each in shape.periods}
        said = sum(band is not None for band in bands.values())
        if not is_fine_enough(said, len(bands), self._policy):
            return Candidate(levels=_unsaid(shape, self._lists, TOO_FEW if said else ORGANISATIONS))
        figures = [_banded(shape, period, band) for period, band in bands.items()]
        rungs = [Rung("network_quarter", figures, len(figures))]
        return Candidate(figures=figures, levels=levels_of(shape.code, rungs, COARSER))

    def _band(self, period: str, frozen: float | None) -> str | None:
        visits = find_waited(self._db, period, self._timezone)
        by_organisation: dict[str, int] = {}
        for each in visits:
            by_organisation[each.organisation] = by_organisation.get(each.organisation, 0) + 1
        if frozen is None or "" in by_organisation or median_of(visits) != frozen:
            return None
        is_many = is_of_many(list(by_organisation.values()), self._policy)
        return band_of(frozen) if is_many and not is_small(len(visits), self._policy) else None


def find_open_figures(db: Database, people: Iterable[str] = ()) -> list[ReleasedFigure]:
    """The exact figures that everybody may read: what counts nobody, and what is quoted (D0).

    `people` are the indicators of which a version counts people: no exact figure of any of theirs.
    """
    kept = fetch(db, Counted, "SELECT * FROM figures WHERE organisation_id = '' ORDER BY code")
    sources = _sources(db)
    kinds = {
        (each.code, each.version): each.kind
        for code in column(db, "SELECT code FROM indicators")
        for each in find_versions(db, code)
    }
    hidden = set(people)
    seen = only_seen(db, PUBLIC, [each for each in kept if each.code not in hidden])
    quoted = {code for code, _period, _region in sources}
    return [
        _open_figure(each, value, sources.get((each.code, each.period, each.region)))
        for each in seen
        # what a publication says of one country it does not say of the network
        if (each.code not in quoted or (each.code, each.period, each.region) in sources)
        and (value := value_of(kinds[each.code, each.version], each.figure)) is not None
    ]


def _open_figure(figure: Counted, value: float, source: str | None) -> ReleasedFigure:
    return ReleasedFigure(
        indicator=figure.code,
        period=figure.period,
        area=figure.region or WHOLE,
        sex=figure.sex or WHOLE,
        age_group=figure.age_group or WHOLE,
        form=figure.form or WHOLE,
        version=figure.version,
        value=value,
        source=source,
    )


def _sources(db: Database) -> dict[tuple[str, str, str], str]:
    """The publications that figures are quoted from, by indicator, period and region."""
    sql = """
        SELECT code, period, region, min(quoted_from) FROM results
        WHERE quoted_from IS NOT NULL AND replaced_at IS NULL GROUP BY code, period, region
    """
    rows = db.execute(sql).fetchall()
    return {(code, period, region): said for code, period, region, said in rows}


def _nothing(shape: Shape, table: Table) -> list[ReleasedFigure]:
    return figures_of(shape, (Cell(key, None, WITHHELD) for key in table.every_key()))


def _unsaid(shape: Shape, lists: Lists, why: str) -> list[ReleasedLevel]:
    """The levels of an indicator of which nothing is released, at least its first one."""
    ladder = ladder_of(shape, lists)
    rungs = [Rung(each.name, None, len(_nothing(shape, each))) for each in ladder]
    return levels_of(shape.code, rungs or [Rung(f"network_{shape.frequency}", None, 0)], why)


def _banded(shape: Shape, period: str, band: str | None) -> ReleasedFigure:
    version = shape.version(read_period(period).code)
    flag = None if band else WITHHELD
    return ReleasedFigure(shape.code, period, ALL, ALL, ALL, ALL, version, band=band, flag=flag)
