"""How a report stands on the board, and when a quarter should be closed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from portal.i18n.language import Message
from portal.indicators.periods import Period
from portal.reports.rules import is_on_time

# so long after its end a quarter is closed even if somebody is silent
CLOSE_AFTER = timedelta(days=40)

QUARTERS = 12

OPEN_FOR = timedelta(days=14)

Mark = Literal["on_time", "late", "begun", "missing", "none"]

# a sign for each, and what it means; never a colour alone
MARKS: dict[Mark, tuple[str, Message]] = {
    "on_time": ("✓", Message("handed in on time")),
    "late": ("+", Message("handed in late")),
    "begun": ("…", Message("begun, not handed in")),
    "missing": ("×", Message("nothing")),
    "none": ("", Message("not expected")),
}

# what those who are no coordinators are told of other organisations
HANDED_IN, NOT_HANDED_IN = "handed_in", "not_handed_in"


def mark_of(quarter: Period, state: str | None, handed_in: date | None) -> Mark:
    """How an expected organisation did in a quarter."""
    if handed_in is not None:
        return "on_time" if is_on_time(quarter, handed_in) else "late"
    return "begun" if state else "missing"


def in_outline(mark: Mark) -> Mark:
    """The same without what is nobody else's business: whether an organisation has begun."""
    return "missing" if mark == "begun" else mark


def is_due(quarter: Period, today: date, states: Sequence[str]) -> bool:
    """Whether it is time to close: every expected report is accepted, or long enough waited."""
    if not states or quarter.last >= today:
        return False
    return today > quarter.last + CLOSE_AFTER or all(each == "accepted" for each in states)
