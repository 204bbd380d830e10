"""Periods as they are written: a year `2026`, a quarter `2026-Q1`, a month `2026-01`."""

import re
from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.errors import Invalid
from portal.i18n.language import Message

Frequency = Literal["month", "quarter", "year"]

MONTHS: dict[Frequency, int] = {"month": 1, "quarter": 3, "year": 12}

_WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class Period(msgspec.Struct, frozen=True, order=True):
    """A month, a quarter or a year; `number` counts from 1 within the year."""

    year: int
    number: int
    frequency: Frequency

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * MONTHS[self.frequency] + 1, 1)

    @property
    def last(self) -> date:
        """The last day, which belongs to it."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Period":
        """The one that follows."""
        most = 12 // MONTHS[self.frequency]
        if self.number < most:
            return Period(self.year, self.number + 1, self.frequency)
        return Period(self.year + 1, 1, self.frequency)

    @property
    def before(self) -> "Period":
        """The one that went before."""
        return period_of(self.first - timedelta(days=1), self.frequency)

    @property
    def code(self) -> str:
        """As it is written; the codes of one frequency sort by time."""
        if self.frequency == "year":
            return f"{self.year}"
        if self.frequency == "quarter":
            return f"{self.year}-Q{self.number}"
        return f"{self.year}-{self.number:02}"

    def holds(self, other: "Period") -> bool:
        """Whether the other one lies within this one."""
        return self.first <= other.first and other.last <= self.last


def read_period(written: str) -> Period:
    """The period of a code; `Invalid` on `period` when it is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None or not 1990 <= int(found[1]) <= 2100:
        said = Message("Write a period as 2026, 2026-Q1 or 2026-01.")
        raise Invalid({"period": [said]})
    year, quarter, month = found.groups()
    if quarter:
        return Period(int(year), int(quarter), "quarter")
    if month:
        return Period(int(year), int(month), "month")
    return Period(int(year), 1, "year")


def period_of(day: date, frequency: Frequency) -> Period:
    """The period in which a day lies."""
    return Period(day.year, (day.month - 1) // MONTHS[frequency] + 1, frequency)


def periods_within(first: date, last: date, frequency: Frequency) -> list[Period]:
    """The periods that lie wholly between two days, both included, oldest first."""
    period = period_of(first, frequency)
    found = []
    while period.last <= last:
        if period.first >= first:
            found.append(period)
        period = period.next
    return found
