"""The figures of one indicator as one reader may see them, each with what it should reach."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlite_utils import Database

from portal.errors import NotFound
from portal.explaining.queries import Quoted, find_of_period, find_over_time, find_quoted
from portal.explaining.rules import Sight, Which, combine, periods_in
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import Aim, Counted, Definition, nearest_aim
from portal.indicators.rules import Figure, progress, value_of
from portal.indicators.sight import find_seen_aims, only_seen
from portal.reports.queries import may_read

# as many as a chart of a phone's width can hold
MOST_PERIODS = 40


class Source(msgspec.Struct, frozen=True):
    """Where a quoted figure was published, and what was said beside it."""

    source: str
    note: str | None


class FigureGiven(msgspec.Struct, frozen=True):
    """A figure that may be seen: unknown is null, a share is from 0 to 100."""

    version: int
    period: str
    organisation: str
    region: str
    sex: str
    age_group: str
    form: str
    value: float | None
    numerator: float | None
    denominator: float | None
    reported: int
    expected: int
    baseline: float | None = None
    target: float | None = None
    progress: float | None = None
    quoted: list[Source] = []

    @property
    def which(self) -> Which:
        """Which figure of its period it is."""
        return Which(self.organisation, self.region, self.sex, self.age_group, self.form)

    @property
    def is_partial(self) -> bool:
        """Whether somebody who was expected has not reported."""
        return self.reported < self.expected


class Gallery(msgspec.Struct, frozen=True):
    """What the page of an indicator shows of its figures."""

    region: str
    period: str | None
    periods: list[str]
    over_time: list[FigureGiven]
    by_region: list[FigureGiven]
    by_part: list[FigureGiven]
    own: list[FigureGiven]


class Frame(msgspec.Struct, frozen=True):
    """What every figure of an indicator is put in: targets, and the sources of quoted ones."""

    sight: Sight
    aims: list[Aim]
    quoted: list[Quoted]

    def give(self, counted: Counted) -> FigureGiven:
        """A figure with what it should reach."""
        which = Which(counted.organisation_id, counted.region, *counted.part)
        definition = self.sight.version(counted.version)
        return self.made(definition, counted.period, which, counted.figure)

    def made(self, of: Definition, period: str, which: Which, figure: Figure) -> FigureGiven:
        """The same of a figure that is not kept but was just made of several."""
        value = value_of(of.kind, figure)
        aim = self.aim(of.code, period, which)
        return FigureGiven(
            version=of.version,
            period=period,
            organisation=which.organisation,
            region=which.region,
            sex=which.sex,
            age_group=which.age_group,
            form=which.form,
            value=value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            reported=figure.reported,
            expected=figure.expected,
            baseline=aim.baseline,
            target=aim.target,
            progress=progress(of.direction, aim.baseline, aim.target, value),
            quoted=self._sources(period, which),
        )

    def unknown(self, period: str, which: Which) -> FigureGiven:
        """A figure of which nothing is kept."""
        return self.made(self.sight.definition, period, which, Figure())

    def aim(self, code: str, period: str, which: Which) -> Aim:
        """What a figure should reach; parts and single organisations have no targets."""
        if which.organisation or not which.is_whole:
            return Aim(code)
        return nearest_aim(self.aims, code, which.region, read_period(period)) or Aim(code)

    def _sources(self, period: str, which: Which) -> list[Source]:
        """Those of the figure itself, and of all that were added up to it."""
        found = [
            Source(each.source, each.note)
            for each in self.quoted
            if each.period == period
            and (each.sex, each.age_group, each.form) == which.part
            and each.region.startswith(which.region)
        ]
        return list(dict.fromkeys(found))


def frame_of(db: Database, sight: Sight) -> Frame:
    """What the figures of an indicator are put in."""
    code = sight.definition.code
    return Frame(sight, find_seen_aims(db, sight.actor, code), find_quoted(db, code))


def given(db: Database, frame: Frame, counted: Iterable[Counted]) -> list[FigureGiven]:
    """Of these figures of all, of regions and of parts those that the reader may see."""
    # security: nothing leaves here of a version or a period that is not open to the reader
    return [frame.give(each) for each in only_seen(db, frame.sight.actor, counted)]


def own_of(sight: Sight) -> str:
    """The organisation whose own figures the reader may see beside; empty for none."""
    own = sight.actor.organisation_id or ""
    return own if own and may_read(sight.actor, own) else ""


def find_gallery(db: Database, frame: Frame, region: str, period: str | None) -> Gallery:
    """The figures of the page; `NotFound` for a period of which the reader sees nothing."""
    code = frame.sight.definition.code
    over_time = given(db, frame, find_over_time(db, code, Which(region=region)))
    everywhere = over_time if not region else given(db, frame, find_over_time(db, code, Which()))
    periods = [each.period for each in everywhere]
    if period and periods and period not in periods:
        raise NotFound
    chosen = period or (periods[-1] if periods else None)
    parts = given(db, frame, find_of_period(db, code, chosen)) if chosen in periods else []
    own = own_of(frame.sight)
    mine = find_over_time(db, code, Which(organisation=own)) if own else []
    return Gallery(
        region=region,
        period=chosen,
        periods=periods,
        over_time=over_time[-MOST_PERIODS:],
        by_region=[each for each in parts if each.region and each.which.is_whole],
        by_part=[each for each in parts if each.region == region and _is_single(each)],
        own=[frame.give(each) for each in mine][-MOST_PERIODS:],
    )


def _is_single(figure: FigureGiven) -> bool:
    """Whether a part is of one dimension, as it is shown; crossings are in the files."""
    return sum(bool(each) for each in figure.which.part) == 1


def put_together(
    frame: Frame, kept: Sequence[Counted], period: Period, which: Which
) -> FigureGiven:
    """The figure of a period out of those kept in it: itself, or made of all that lie in it."""
    by_period = {each.period: each for each in kept}
    newest = frame.sight.version(kept[-1].version)
    definitions = [frame.sight.version(each.version) for each in kept]
    figures = [
        by_period[each.code].figure if each.code in by_period else None
        for each in periods_in(newest, period)
    ]
    return frame.made(newest, period.code, which, combine(definitions, figures))
