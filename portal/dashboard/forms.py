"""Which period, which group and which region a reader chose."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from portal.dashboard.rules import GROUPS
from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.indicators.periods import Period, period_of, read_period


class DashboardWanted(Paged, frozen=True):
    """The filters of the dashboard; a period is a quarter or a year."""

    period: str | None = None
    group: str | None = None
    region: str | None = None


class QuarterWanted(msgspec.Struct, frozen=True):
    """Of which quarter the report is."""

    period: str | None = None


NOT_THERE = Message("There is nothing to see of this period. Choose one of the list.")


def read_filters(
    submitted: Mapping[str, Any], regions: Sequence[str], offered: Sequence[Period]
) -> DashboardWanted:
    """The filters, or `Invalid` naming what cannot be chosen."""
    wanted = read_form(DashboardWanted, submitted)
    refuse_unknown(
        {"group": (wanted.group, list(GROUPS)), "region": (wanted.region, list(regions))}
    )
    _refuse_not_offered(wanted.period, offered)
    return wanted


def read_quarter(submitted: Mapping[str, Any], offered: Sequence[Period]) -> QuarterWanted:
    """The quarter of a report, or `Invalid`."""
    wanted = read_form(QuarterWanted, submitted)
    _refuse_not_offered(wanted.period, [each for each in offered if each.frequency == "quarter"])
    return wanted


def chosen_period(written: str | None, offered: Sequence[Period], today: date) -> Period:
    """What was chosen, else the first that is offered, else the quarter that ended last."""
    if written:
        return read_period(written)
    return next(iter(offered), period_of(today, "quarter").before)


def _refuse_not_offered(written: str | None, offered: Sequence[Period]) -> None:
    # security: whoever may not see a quarter that is not closed cannot choose it either
    if written and read_period(written) not in offered:
        raise Invalid({"period": [NOT_THERE]})
