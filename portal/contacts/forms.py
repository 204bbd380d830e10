"""What is sent to look at a contact, and to find looks again."""

from collections.abc import Mapping
from datetime import date as Day
from typing import Annotated, Any

import msgspec

from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms


class Wanted(msgspec.Struct, frozen=True):
    """One look: why, and the key of the form it was asked with.

    Scripts may leave the key out; each of their calls is a look of its own.
    """

    purpose: Annotated[str, msgspec.Meta(max_length=60)]
    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")] | None = None


class Filters(Paged, frozen=True):
    """Whose looks, of which day; both are optional."""

    person: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    date: Day | None = None


def read_wanted(submitted: Mapping[str, Any], terms: Terms) -> Wanted:
    """The look that is asked for, or `Invalid` when it has no purpose we know."""
    wanted = read_form(Wanted, submitted)
    refuse_unknown({"purpose": (wanted.purpose, terms.codes("contact_purposes"))})
    return wanted
