"""The filters of the list of organisations."""

from collections.abc import Mapping
from typing import Any

from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms


class Wanted(Paged, frozen=True):
    """The filters of the list."""

    region: str | None = None
    service: str | None = None
    kind: str | None = None


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Wanted:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Wanted, submitted)
    refuse_unknown(
        {
            "region": (wanted.region, terms.codes("regions")),
            "service": (wanted.service, terms.codes("services")),
            "kind": (wanted.kind, terms.codes("organisation_kinds")),
        }
    )
    return wanted
