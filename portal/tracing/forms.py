"""Which figure is to be explained: a period, a place, a part, an organisation."""

from collections.abc import Mapping
from typing import Any

from portal.explaining.forms import Code, places_known
from portal.explaining.rules import Which
from portal.forms import Paged, read_form, refuse_unknown
from portal.indicators.periods import read_period
from portal.vocabularies.terms import Terms


class Traced(Paged, frozen=True):
    """One figure that is explained; without anything it is that of all."""

    period: Code | None = None
    region: Code | None = None
    sex: Code | None = None
    age_group: Code | None = None
    form: Code | None = None
    organisation: Code | None = None

    @property
    def which(self) -> Which:
        """Which figure of its period."""
        return Which(
            self.organisation or "",
            self.region or "",
            self.sex or "",
            self.age_group or "",
            self.form or "",
        )


def read_traced(sent: Mapping[str, Any], terms: Terms) -> Traced:
    """Which figure somebody wants explained, or `Invalid`."""
    traced = read_form(Traced, sent)
    refuse_unknown(
        {
            "region": (traced.region, places_known(terms)),
            "sex": (traced.sex, terms.codes("sexes")),
            "age_group": (traced.age_group, terms.codes("result_age_groups")),
            "form": (traced.form, terms.codes("exploitation_forms")),
        }
    )
    if traced.period:
        read_period(traced.period)
    return traced
