"""What is asked of a practitioner's details, and the answer of a second person."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.changes.rules import FORM_NAMES
from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.vocabularies.terms import Terms

Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Wish(msgspec.Struct, frozen=True):
    """What somebody wants the details to be, and what they saw when they wrote it."""

    values: Mapping[str, Any]
    base: int
    seen: int
    kind: str = "edit"
    why: str | None = None
    replaces: int | None = None
    undoes: int | None = None


class Outcome(msgspec.Struct, frozen=True):
    """The change that took effect at once, and the one that waits for a second person."""

    applied: int | None = None
    waiting: int | None = None


class Moved(Invalid):
    """Somebody else changed the same fields meanwhile: `theirs` is what they wrote."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        said = Message("Somebody else wrote something here meanwhile. Choose one of the two texts.")
        super().__init__({FORM_NAMES.get(field, field): [said] for field in theirs})
        self.theirs = dict(theirs)


class Decided(msgspec.Struct, frozen=True):
    """A second person's answer: the record that was seen, or the reason for sending it back."""

    version: Number | None = None
    reason: str | None = None


def read_reason(submitted: Mapping[str, Any], terms: Terms) -> str:
    """The code of why a change is sent back."""
    form = read_form(Decided, submitted)
    refuse_unknown({"reason": (form.reason, terms.codes("return_reasons"))})
    if form.reason is None:
        raise Invalid({"reason": [Message("Fill this in.")]})
    return form.reason
