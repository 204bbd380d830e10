"""Who sees which figure of an indicator, and how figures of periods make one of a longer one."""

from collections.abc import Sequence
from datetime import date

import msgspec

from portal.actor import Actor
from portal.indicators.periods import Period, periods_within
from portal.indicators.queries import Definition
from portal.indicators.rules import UNKNOWN, Figure, over_periods
from portal.indicators.sight import sees_some


class Which(msgspec.Struct, frozen=True):
    """Which figure of an indicator and a period: of all or of one organisation, place and part."""

    organisation: str = ""
    region: str = ""
    sex: str = ""
    age_group: str = ""
    form: str = ""

    @property
    def part(self) -> tuple[str, str, str]:
        """Sex, age group and form."""
        return (self.sex, self.age_group, self.form)

    @property
    def is_whole(self) -> bool:
        """Whether it is no part."""
        return not any(self.part)


class Sight(msgspec.Struct, frozen=True):
    """What one reader may see of one indicator: its versions, the newest first."""

    actor: Actor
    versions: list[Definition]
    today: date

    @property
    def definition(self) -> Definition:
        """The version that holds today, or the one that will be the first."""
        begun = [each for each in self.versions if each.starts <= self.today]
        return begun[0] if begun else self.versions[-1]

    def version(self, number: int) -> Definition:
        """One version."""
        return next(each for each in self.versions if each.version == number)

    @property
    def is_open(self) -> bool:
        """Whether there are figures of all for this reader."""
        return sees_some(self.actor, self.versions)


def periods_in(definition: Definition, period: Period) -> list[Period]:
    """The periods of an indicator that a longer one is made of; itself alone when it is one."""
    return periods_within(period.first, period.last, definition.frequency)


def combine(definitions: Sequence[Definition], figures: Sequence[Figure | None]) -> Figure:
    """One figure of consecutive periods, each with the definition it was reported under.

    Unknown when the definition changed meanwhile how it is counted. A period of which nothing is
    kept is unknown, so that a year of three quarters says that it rests on three.
    """
    known = [each or UNKNOWN for each in figures]
    if len(known) == 1:
        return known[0]
    if not is_alike(definitions):
        return Figure(
            reported=sum(each.reported for each in known),
            expected=sum(each.expected for each in known),
        )
    return over_periods(definitions[-1].rules, known)


def is_alike(definitions: Sequence[Definition]) -> bool:
    """Whether versions count so alike that their figures may be put together."""
    return len({(each.kind, each.place_rule, each.period_rule) for each in definitions}) == 1
