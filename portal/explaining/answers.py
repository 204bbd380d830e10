"""The page of an indicator in the reader's words."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from portal.explaining.registry import Gallery
from portal.explaining.rules import Sight
from portal.i18n.language import Message
from portal.indicators.queries import Aim, Definition
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


def describe(voice: Voice, sight: Sight, aims: Sequence[Aim], gallery: Gallery) -> IndicatorGiven:
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
