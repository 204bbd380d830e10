"""How long somebody waited for a visit, and by when who visits should be back: no I/O."""

from datetime import date

import msgspec


class Outcome(msgspec.Struct, frozen=True):
    """How it ended, in codes: on which day, or why not."""

    outcome: str
    visited_on: date | None = None
    no_visit_reason: str | None = None

    @property
    def is_visit(self) -> bool:
        """Whether a consultation took place."""
        return self.outcome == "visited"


def days_waited(created_on: date, visited_on: date) -> int:
    """From the day it was asked for to the day of the visit; never below nothing."""
    return max((visited_on - created_on).days, 0)
