"""The filters of the list of organisations."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.organisations.queries import Wanted
from portal.vocabularies.terms import Terms


class Filters(msgspec.Struct, frozen=True):
    """As they are submitted."""

    region: str | None = None
    service: str | None = None
    kind: str | None = None
    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


def read_filters(submitted: Mapping[str, Any], terms: Terms, regions: list[str]) -> Wanted:
    """The filters, or `Invalid` naming the field whose code is not known."""
    filters = read_form(Filters, submitted)
    known = {
        "region": regions,
        "service": terms.codes("services"),
        "kind": terms.codes("organisation_kinds"),
    }
    wrong = {
        name: [Message("Choose one of: %(choices)s.", {"choices": ", ".join(codes)})]
        for name, codes in known.items()
        if getattr(filters, name) not in (None, *codes)
    }
    if wrong:
        raise Invalid(wrong)
    return Wanted(**msgspec.structs.asdict(filters))
