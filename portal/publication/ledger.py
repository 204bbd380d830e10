"""What a release holds, in which states it may be, and what stands after one is rolled back."""

from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from typing import Any, Literal, TypeVar

import msgspec

from portal.disclosure.rules import WITHHELD
from portal.publication.rules import ASK_HOTLINE, ReleasedCount

ALL = "all"

Row = TypeVar("Row")

State = Literal[
    "asked", "prepared", "failed", "approved", "refused", "dropped", "published", "rolled_back"
]

# Somebody asks and somebody else approves; one person is enough to drop it or to roll it back.
MOVES: dict[State | None, tuple[State, ...]] = {
    None: ("asked", "prepared"),
    "asked": ("prepared", "failed", "dropped"),
    "prepared": ("approved", "refused", "dropped"),
    "approved": ("published", "failed", "dropped"),
    "published": ("rolled_back",),
    "failed": (),
    "refused": (),
    "dropped": (),
    "rolled_back": (),
}


class ReleasedFigure(msgspec.Struct, frozen=True):
    """One figure of an indicator as the public reads it; `all` stands for a whole.

    `period` is that of the indicator, or the day of the release for what is true on a day. Of a
    share `value` is the percent made of the rounded parts; of a median only the `band` of days is
    said, as `3-5`. `flag` is `c` where it is withheld; `source` names the publication that quoted
    figures come from.
    """

    indicator: str
    period: str
    area: str
    sex: str
    age_group: str
    form: str
    version: int
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    band: str | None = None
    flag: str | None = None
    source: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What it is the figure of."""
        return (self.indicator, self.period, self.area, self.sex, self.age_group, self.form)


class ReleasedLevel(msgspec.Struct, frozen=True):
    """One rung of an indicator's ladder: how many cells it has, how many of them are withheld.

    Of a level that is not published `why` names the reason, and all of its cells are withheld.
    """

    indicator: str
    position: int
    level: str
    is_published: bool
    cells: int
    withheld: int
    why: str | None = None


class SaidCell(msgspec.Struct, frozen=True):
    """A cell of an audited cube as it is said: rounded, or None where it is withheld."""

    cube: str
    key: tuple[str, ...]
    value: int | None


class Figures(msgspec.Struct, frozen=True):
    """All figures of one release."""

    counts: list[ReleasedCount] = []
    figures: list[ReleasedFigure] = []
    levels: list[ReleasedLevel] = []


class Candidate(Figures, frozen=True, kw_only=True):
    """What a release would say, with what its audit says to those who approve it.

    `said` goes into the ledger; `audits` are the reports of the audited cubes by name, without any
    exact count.
    """

    said: list[SaidCell] = []
    audits: dict[str, Any] = {}

    @property
    def digest(self) -> str:
        """A fingerprint of all that the public would read: what is agreed to is what was shown."""
        return digest_of_figures(self)


def digest_of_figures(figures: Figures) -> str:
    """The SHA-256 of what the public reads, whatever order it stands in."""
    lists = (figures.counts, figures.figures, figures.levels)
    said = [sorted(msgspec.json.encode(each) for each in one) for one in lists]
    return sha256(b"\n".join(line for one in said for line in one)).hexdigest()


def after_rolling_back(kept: Figures, later: Sequence[Figures]) -> Figures:
    """The figures of an earlier release, without any that a later one withheld or said otherwise.

    A withdrawal changed the later release: rolling back never says again what it took away (D11).
    """
    counts, figures = kept.counts, kept.figures
    for each in later:
        counts = _as_careful(counts, each.counts, _count_key, _careful_count)
        figures = _as_careful(figures, each.figures, lambda figure: figure.key, _careful_figure)
    return Figures(counts, figures, _levels_after(kept, figures))


def without_exact(figures: Figures, of_people: Collection[str]) -> Figures:
    """The figures without the exact ones of indicators that count people now.

    One person is enough to keep them: nobody waits for a release. What was audited has levels, and
    what is quoted has a source; both stay.
    """
    audited = {each.indicator for each in figures.levels}
    kept = [
        _withheld(each)
        if each.indicator in of_people and each.indicator not in audited and not each.source
        else each
        for each in figures.figures
    ]
    return Figures(figures.counts, kept, figures.levels)


def _levels_after(kept: Figures, left: Sequence[ReleasedFigure]) -> list[ReleasedLevel]:
    """The levels with what is withheld of them now: on the coarsest, where it is not told apart."""
    lost: dict[str, int] = {}
    for before, after in zip(kept.figures, left, strict=True):
        if before.flag is None and after.flag is not None:
            lost[before.indicator] = lost.get(before.indicator, 0) + 1
    levels = []
    for each in kept.levels:
        more = min(lost.get(each.indicator, 0), each.cells - each.withheld)
        lost[each.indicator] = lost.get(each.indicator, 0) - more
        levels.append(msgspec.structs.replace(each, withheld=each.withheld + more))
    return levels


def _as_careful(
    kept: list[Row],
    later: list[Row],
    key: Callable[[Row], tuple[str, ...]],
    careful: Callable[[Row, Row | None], Row],
) -> list[Row]:
    found = {key(each): each for each in later}
    return [careful(each, found.get(key(each))) for each in kept]


def _count_key(count: ReleasedCount) -> tuple[str, ...]:
    return (count.region, count.profession)


def _careful_count(kept: ReleasedCount, later: ReleasedCount | None) -> ReleasedCount:
    if later is None:
        return msgspec.structs.replace(
            kept, practitioners=None, flag=WITHHELD, home_visits=ASK_HOTLINE
        )
    if later.practitioners != kept.practitioners:
        kept = msgspec.structs.replace(kept, practitioners=None, flag=WITHHELD)
    if later.home_visits == ASK_HOTLINE:
        kept = msgspec.structs.replace(kept, home_visits=ASK_HOTLINE)
    return kept


def _said(figure: ReleasedFigure) -> tuple[object, ...]:
    return (figure.value, figure.numerator, figure.denominator, figure.band, figure.flag)


def _careful_figure(kept: ReleasedFigure, later: ReleasedFigure | None) -> ReleasedFigure:
    # a figure that the later release did not have at all is not one that it took away, but nobody
    # can tell the two apart; one that it said otherwise may have changed by a withdrawal
    if later is not None and _said(later) == _said(kept):
        return kept
    return _withheld(kept)


def _withheld(figure: ReleasedFigure) -> ReleasedFigure:
    nothing = {"value": None, "numerator": None, "denominator": None, "band": None}
    return msgspec.structs.replace(figure, flag=WITHHELD, **nothing)
