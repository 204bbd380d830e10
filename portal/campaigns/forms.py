"""The filters of the list of campaigns."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.campaigns.rules import Period
from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms


class Wanted(Paged, frozen=True):
    """The filters of the list."""

    region: str | None = None
    audience: str | None = None
    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    period: Period | None = None
    year: Annotated[int, msgspec.Meta(ge=1990, le=2100)] | None = None


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Wanted:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Wanted, submitted)
    refuse_unknown(
        {
            "region": (wanted.region, terms.codes("regions")),
            "audience": (wanted.audience, terms.codes("audiences")),
        }
    )
    return wanted
