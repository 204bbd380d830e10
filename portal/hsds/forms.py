"""The parameters of HSDS 3.0; searches by distance and postcode are none of ours, and refused.

An id is a uuid, or a mistake; one that names nothing finds nothing. No parameter speaks of people.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from portal.errors import Invalid
from portal.forms import Paged
from portal.hsds.rules import day_asked
from portal.i18n.language import Message

Words = Annotated[str, msgspec.Meta(max_length=200)]


class Alone(msgspec.Struct, frozen=True):
    """One record has no parameters."""


class Listed(Paged, frozen=True):
    """What every list understands; as lines of JSON it comes whole, without pages."""

    search: Words = ""
    format: Literal["json", "ndjson"] = "json"


class OrganizationAsked(msgspec.Struct, frozen=True):
    """One organisation, with its services in short or in full."""

    full_service: bool = False


class OrganizationsAsked(Listed, frozen=True):
    """Organisations."""

    full: bool = False
    full_service: bool = False


class OfServices(Listed, frozen=True):
    """What lists of services understand."""

    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    full: bool = False

    def changed_since(self, timezone: str) -> date | None:
        """The day from which on changes are wanted; `Invalid` when it is none."""
        if self.modified_after is None:
            return None
        try:
            return day_asked(self.modified_after, timezone)
        except ValueError:
            say = Message("Write the date as year-month-day, for example 2026-11-30.")
            raise Invalid({"modified_after": [say]}) from None


class ServicesAsked(OfServices, frozen=True):
    """Services; `minimal` wants all of them at once, when it names no size of page."""

    minimal: bool = False


class TermsAsked(Listed, frozen=True):
    """Codes; ours are all at the top, and none has a parent."""

    taxonomy_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: bool = False
