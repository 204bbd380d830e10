"""When a release is due, and what one changes against what is in force."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.disclosure.rules import WITHHELD
from portal.i18n.language import Message
from portal.indicators.periods import Period, period_of
from portal.publication.contents import DAYS_AFTER_QUARTER
from portal.publication.ledger import ALL, Figures, ReleasedFigure
from portal.publication.rules import ReleasedCount
from portal.publication.staleness import WHY_STALE

DUE_AFTER = timedelta(days=DAYS_AFTER_QUARTER)
TOLD_BEFORE = timedelta(days=14)

# the counts of practitioners have no indicator: they stand under the name of their table
COUNTS = "practitioner_counts"

Kind = Literal["withheld", "new", "changed", "gone"]

KINDS: dict[Kind, Message] = {
    "withheld": Message("newly withheld"),
    "new": Message("new"),
    "changed": Message("changed"),
    "gone": Message("no longer there"),
}

STATES: dict[str, Message] = {
    "asked": Message("being prepared"),
    "prepared": Message("prepared"),
    "failed": Message("failed"),
    "approved": Message("approved, will be published in a minute"),
    "refused": Message("refused"),
    "dropped": Message("dropped"),
    "published": Message("published"),
    "rolled_back": Message("rolled back"),
}

# what the clocked work writes beside a release that failed
REASONS: dict[str, Message] = {
    **WHY_STALE,
    "broken": Message("The portal could not prepare it. Whoever operates it finds why in the log."),
}


class Due(msgspec.Struct, frozen=True):
    """The next release of the calendar: of which quarter, and by when."""

    quarter: Period
    on: date

    @property
    def told_from(self) -> date:
        """From when on coordinators are reminded."""
        return self.on - TOLD_BEFORE


def next_due(today: date, last: date | None) -> Due:
    """A release is due 45 days after a quarter ends; one made since then is that release."""
    quarter = period_of(today, "quarter").before
    if last is not None and last > quarter.last:
        quarter = quarter.next
    return Due(quarter, quarter.last + DUE_AFTER)


class Change(msgspec.Struct, frozen=True):
    """One figure that a release says otherwise: before and after as text, `c` where withheld.

    `said` tells a number of people from whether there are home visits.
    """

    indicator: str
    kind: Kind
    period: str
    area: str
    sex: str
    age_group: str
    form: str
    profession: str
    said: Literal["figure", "home_visits"]
    before: str | None
    after: str | None


class Summary(msgspec.Struct, frozen=True):
    """How many figures of one indicator change in which way, and how many stay."""

    indicator: str
    withheld: int
    new: int
    changed: int
    gone: int
    same: int

    @property
    def is_changed(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(self.withheld or self.new or self.changed or self.gone)


# of which figure: indicator, period, area, sex, age group, form, profession, what is said of it
_Cell = tuple[str, str, str, str, str, str, str, Literal["figure", "home_visits"]]


def changes(before: Figures, after: Figures) -> tuple[list[Change], list[Summary]]:
    """What is otherwise, what is withheld first; and how much of each indicator, changes first."""
    was, will = _said(before), _said(after)
    found: list[Change] = []
    same: dict[str, int] = {}
    for cell in sorted({*was, *will}):
        kind = _kind(was.get(cell), will.get(cell))
        if kind is None:
            same[cell[0]] = same.get(cell[0], 0) + 1
            continue
        found.append(_change(cell, kind, was.get(cell), will.get(cell)))
    order = list(KINDS)
    found.sort(key=lambda each: order.index(each.kind))
    names = sorted({*same, *(each.indicator for each in found)}, key=lambda n: (n != COUNTS, n))
    summed = [_summary(name, found, same) for name in names]
    return found, sorted(summed, key=lambda each: not each.is_changed)


def _said(figures: Figures) -> dict[_Cell, str]:
    said: dict[_Cell, str] = {}
    for count in figures.counts:
        said |= _count(count)
    for figure in figures.figures:
        said[(*figure.key, "", "figure")] = _value(figure)  # type: ignore[index]
    return said


def _count(count: ReleasedCount) -> Mapping[_Cell, str]:
    number = WITHHELD if count.practitioners is None else str(count.practitioners)
    whose = (COUNTS, "", count.region, ALL, ALL, ALL, count.profession)
    return {(*whose, "figure"): number, (*whose, "home_visits"): count.home_visits}


def _value(figure: ReleasedFigure) -> str:
    if figure.flag is not None:
        return WITHHELD
    return figure.band or ("" if figure.value is None else f"{figure.value:g}")


def _kind(before: str | None, after: str | None) -> Kind | None:
    if before == after:
        return None
    if after is None:
        return "gone"
    if after == WITHHELD:
        return "withheld"
    return "new" if before in (None, WITHHELD) else "changed"


def _change(cell: _Cell, kind: Kind, before: str | None, after: str | None) -> Change:
    indicator, period, area, sex, age_group, form, profession, said = cell
    whose = (indicator, kind, period, area, sex, age_group, form, profession, said)
    return Change(*whose, before, after)


def _summary(name: str, found: Iterable[Change], same: Mapping[str, int]) -> Summary:
    kinds = [each.kind for each in found if each.indicator == name]
    counted = {kind: kinds.count(kind) for kind in KINDS}
    return Summary(indicator=name, same=same.get(name, 0), **counted)


class TableAudited(msgspec.Struct, frozen=True):
    """What an audit says of one table: how many figures it says and withholds."""

    name: str = ""
    published: int = 0
    withheld: int = 0


class AuditTold(msgspec.Struct, frozen=True):
    """An audit's report, without any figure: see `disclosure.report.Report`."""

    tables: list[TableAudited] = []
    stopped_at: str | None = None
    stopped_by: str | None = None
    added: int = 0
    said_before: int = 0
    narrowest: int | None = None

    @property
    def is_failed(self) -> bool:
        """Whether the audit found no way at all to say something."""
        return not self.tables and self.stopped_by not in (None, "too_few")
