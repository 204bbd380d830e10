"""The page of an indicator in the reader's words."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.explaining.registry import Gallery
from portal.explaining.rules import Sight
from portal.i18n.language import Message
from portal.indicators.queries import Aim, Definition
from portal.indicators.sight import sees_all
from portal.publication.ledger import ALL
from portal.publication.queries import find_in_force, get_last_release
from portal.vocabularies.voice import Voice

CHANGED = {
    "kind": Message("kind"),
    "unit": Message("unit"),
    "direction": Message("direction"),
    "counts_people": Message("whether it counts people"),
    "total_rule": Message("how parts make the whole"),
    "place_rule": Message("how places make one figure"),
    "period_rule": Message("how periods make one figure"),
    "frequency": Message("how often"),
    "dimensions": Message("parts that are asked for"),
    "titles": Message("title"),
    "descriptions": Message("what it means"),
    "verification": Message("means of verification"),
    "reporters": Message("who reports"),
}


class VersionGiven(msgspec.Struct, frozen=True):
    """A version of a definition: since when it holds and what it changed."""

    version: int
    starts: date
    kind: str
    unit: str
    total_rule: str
    place_rule: str
    period_rule: str
    changed: list[str]


class ReleasedFigureGiven(msgspec.Struct, frozen=True):
    """A figure as everybody reads it: rounded, a range of days, or withheld to protect people."""

    value: float | None
    band: str | None
    withheld: bool


class ReleasedGiven(msgspec.Struct, frozen=True):
    """What the release in force says of an indicator: the network, and countries beside it.

    `figures` go by period, then by place, `all` being the network; `not_published` is the first
    level that is too fine, and `why` the reason.
    """

    released_on: date
    places: list[str]
    figures: dict[str, dict[str, ReleasedFigureGiven]]
    cells: int
    withheld: int
    not_published: str | None
    why: str | None

    @property
    def share_withheld(self) -> int:
        """The percent of all figures of the published levels that are withheld."""
        return round(100 * self.withheld / self.cells) if self.cells else 0


class IndicatorGiven(msgspec.Struct, frozen=True):
    """One indicator: its definition, and of its figures those that the reader may see."""

    code: str
    version: int
    title: str
    description: str
    verification: str
    source: str
    counter: str | None
    unit: str
    kind: str
    direction: str
    counts_people: bool
    total_rule: str
    place_rule: str
    period_rule: str
    frequency: str
    dimensions: list[str]
    versions: list[VersionGiven]
    targets: list[Aim]
    figures_are_open: bool
    figures: Gallery
    released: ReleasedGiven | None


def find_released(db: Database, sight: Sight) -> ReleasedGiven | None:
    """What is released of an indicator whose exact figures the public does not read."""
    last = get_last_release(db)
    if last is None or sees_all(PUBLIC, sight.versions):
        return None
    told = find_in_force(db, sight.definition.code)
    whole = [each for each in told.figures if (each.sex, each.age_group, each.form) == (ALL,) * 3]
    there = [each for each in whole if each.area == ALL or len(each.area) == 2]
    if not there:
        return None
    by_period: dict[str, dict[str, ReleasedFigureGiven]] = {}
    for each in sorted(there, key=lambda figure: figure.period, reverse=True):
        given = ReleasedFigureGiven(each.value, each.band, each.flag is not None)
        by_period.setdefault(each.period, {})[each.area] = given
    said = [each for each in told.levels if each.is_published]
    stop = next((each for each in told.levels if not each.is_published), None)
    return ReleasedGiven(
        released_on=date.fromisoformat(last.released_on),
        places=sorted({each.area for each in there}, key=lambda area: (area != ALL, area)),
        figures=by_period,
        cells=sum(each.cells for each in said),
        withheld=sum(each.withheld for each in said),
        not_published=stop.level if stop else None,
        why=stop.why if stop else None,
    )


def describe(
    voice: Voice,
    sight: Sight,
    aims: Sequence[Aim],
    gallery: Gallery,
    released: ReleasedGiven | None,
) -> IndicatorGiven:
    """The definition in the reader's language, and the figures."""
    held, language = sight.definition, voice.language
    return IndicatorGiven(
        code=held.code,
        version=held.version,
        title=language.of(held.title, held.titles),
        description=language.of(held.descriptions.get("en", ""), held.descriptions),
        verification=language.of(held.verification.get("en", ""), held.verification),
        source=held.source,
        counter=held.counter,
        unit=held.unit,
        kind=held.kind,
        direction=held.direction,
        counts_people=held.counts_people,
        total_rule=held.total_rule,
        place_rule=held.place_rule,
        period_rule=held.period_rule,
        frequency=held.frequency,
        dimensions=held.dimensions,
        versions=list(_versions(voice, sight.versions)),
        targets=list(aims),
        figures_are_open=sight.is_open,
        figures=gallery,
        released=released,
    )


def _versions(voice: Voice, versions: Sequence[Definition]) -> Iterator[VersionGiven]:
    """The newest first, each with what it changed."""
    for each, before in zip(versions, [*versions[1:], None], strict=True):
        changed = [
            voice.language.say(said)
            for name, said in CHANGED.items()
            if before is not None and getattr(each, name) != getattr(before, name)
        ]
        rules = (each.total_rule, each.place_rule, each.period_rule)
        yield VersionGiven(each.version, each.starts, each.kind, each.unit, *rules, changed)
