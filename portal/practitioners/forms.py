"""The filters of the register of practitioners."""

from collections.abc import Mapping
from typing import Any

from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms


class Wanted(Paged, frozen=True):
    """The filters of the list."""

    profession: str | None = None
    region: str | None = None


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Wanted:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Wanted, submitted)
    refuse_unknown(
        {
            "profession": (wanted.profession, terms.codes("professions")),
            "region": (wanted.region, terms.codes("regions")),
        }
    )
    return wanted
