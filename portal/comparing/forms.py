"""Which regions and periods are put beside each other, and what is taken out."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from portal.errors import Invalid
from portal.explaining.forms import Code, places_known
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.indicators.periods import Period, read_period
from portal.vocabularies.terms import Terms

MOST_REGIONS, MOST_PERIODS = 6, 8

# a ticked box cannot be empty, as the code of all regions is
ALL = "all"


class Compared(msgspec.Struct, frozen=True):
    """Up to six places and eight periods."""

    region: list[Code] = []
    period: list[Code] = []

    @property
    def places(self) -> list[str]:
        """The places, each once."""
        return list(dict.fromkeys("" if each == ALL else each for each in self.region))

    @property
    def periods(self) -> list[Period]:
        """The periods, the oldest first; of two that end together the longer one last."""
        found = {read_period(each) for each in self.period}
        return sorted(found, key=lambda each: (each.last, each.last - each.first))


class TakenOut(msgspec.Struct, frozen=True):
    """The form of a file with a row for each organisation."""

    ending: Literal["csv", "xlsx", "json"] = "csv"


def read_compared(sent: Mapping[str, Any], terms: Terms) -> Compared:
    """What somebody wants to compare, or `Invalid` with what to do."""
    compared = read_form(Compared, sent)
    wrong: dict[str, list[Message]] = {}
    for name, chosen, most in (
        ("region", compared.region, MOST_REGIONS),
        ("period", compared.period, MOST_PERIODS),
    ):
        if len(set(chosen)) > most:
            wrong[name] = [Message("Choose at most %(most)s.", {"most": str(most)})]
    if wrong:
        raise Invalid(wrong)
    known = [ALL, *places_known(terms)]
    unknown = next((each for each in compared.region if each not in known), None)
    refuse_unknown({"region": (unknown, known)})
    for each in compared.period:
        read_period(each)
    return compared
