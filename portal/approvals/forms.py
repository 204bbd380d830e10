"""What is sent to agree or to refuse."""

from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, refuse_unknown
from portal.i18n.language import Message

Code = Annotated[str, msgspec.Meta(max_length=60)]


class Wanted(Paged, frozen=True):
    """Which items: those that wait, or all."""

    state: Literal["open", "all"] = "open"


class Said(msgspec.Struct, frozen=True):
    """What somebody says of an item; a refusal has a reason."""

    verdict: Literal["approved", "refused"]
    reason: Code | None = None

    def refuse_without_reason(self, reasons: list[str]) -> None:
        """`Invalid` for a refusal without a reason from the list."""
        refuse_unknown({"reason": (self.reason, reasons)})
        if self.verdict == "refused" and self.reason is None:
            raise Invalid({"reason": [Message("Choose a reason.")]})
