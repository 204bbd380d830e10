"""Which quarter and which state the board shows, and for whom a closed quarter is opened."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid, NotFound
from portal.forms import Paged, read_form
from portal.i18n.language import Message
from portal.indicators.periods import Period, read_period
from portal.reports.queries import quarter_due

NO_QUARTER = Message("Choose a quarter that has begun, for example 2026-Q1.")

StateWanted = Literal[
    "missing",
    "draft",
    "submitted",
    "returned",
    "accepted",
    "handed_in",
    "not_handed_in",
    "late",
    "open",
]


class CompletenessWanted(Paged, frozen=True):
    """One page of the board: of which quarter, and which reports."""

    period: Annotated[str, msgspec.Meta(max_length=10)] | None = None
    state: StateWanted | None = None


class Opening(msgspec.Struct, frozen=True):
    """For whom a closed quarter is opened again, why, and until which day."""

    organisation: Annotated[str, msgspec.Meta(max_length=60)]
    open_reason: str
    open_until: date


def read_wanted(submitted: Mapping[str, Any], today: date) -> tuple[CompletenessWanted, Period]:
    """What is wanted and the quarter: the one that is due now unless another is chosen."""
    asked = {name: text for name, text in submitted.items() if name != "done"}
    wanted = read_form(CompletenessWanted, asked)
    if wanted.period is None:
        return wanted, quarter_due(today)
    quarter = read_period(wanted.period)
    if quarter.frequency != "quarter" or quarter.first > today:
        raise Invalid({"period": [NO_QUARTER]})
    return wanted, quarter


def quarter_of(code: str, today: date) -> Period:
    """The quarter that an address names; `NotFound` when it is none that has begun."""
    try:
        quarter = read_period(code)
    except Invalid as problem:
        raise NotFound from problem
    if quarter.frequency != "quarter" or quarter.first > today:
        raise NotFound
    return quarter
