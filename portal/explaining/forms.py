"""Which figures are looked at: a place over time, and one period."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.forms import read_form, refuse_unknown
from portal.indicators.periods import read_period
from portal.vocabularies.terms import Terms

Code = Annotated[str, msgspec.Meta(max_length=40)]


class Viewed(msgspec.Struct, frozen=True):
    """What the page of an indicator shows: one place over time, and one period apart."""

    period: Code | None = None
    region: Code | None = None


def places_known(terms: Terms) -> list[str]:
    """The codes of all regions, and of the countries that they lie in."""
    regions = terms.codes("regions")
    return [*dict.fromkeys(each[:2] for each in regions), *regions]


def read_viewed(sent: Mapping[str, Any], terms: Terms) -> Viewed:
    """What somebody wants to see, or `Invalid`."""
    viewed = read_form(Viewed, sent)
    refuse_unknown({"region": (viewed.region, places_known(terms))})
    if viewed.period:
        read_period(viewed.period)
    return viewed
