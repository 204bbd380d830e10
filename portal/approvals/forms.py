"""What is sent to agree or to refuse."""

from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import personal_in

Code = Annotated[str, msgspec.Meta(max_length=60)]
Note = Annotated[str, msgspec.Meta(max_length=300)]

REFUSED = {
    "address": Message("Leave out e-mail addresses and links."),
    "birth": Message("Leave out dates of birth."),
    "number": Message("Leave out phone numbers and numbers of papers."),
}


class Wanted(Paged, frozen=True):
    """Which items: those that wait, or all."""

    state: Literal["open", "all"] = "open"


class Said(msgspec.Struct, frozen=True):
    """What somebody says of an item; a refusal has a reason, and may have a note beside it."""

    verdict: Literal["approved", "refused"]
    reason: Code | None = None
    note: Note | None = None

    def refuse_without_reason(self, reasons: list[str]) -> None:
        """`Invalid` for a refusal without a reason from the list, or a note about a person."""
        refuse_unknown({"reason": (self.reason, reasons)})
        if self.verdict == "refused" and self.reason is None:
            raise Invalid({"reason": [Message("Choose a reason.")]})
        if found := personal_in(self.note or ""):
            raise Invalid({"note": [REFUSED[found]]})
