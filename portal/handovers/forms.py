"""What a practitioner answers, and which of those who said yes somebody looks for."""

from typing import Annotated, Literal

import msgspec

from portal.forms import Paged


class Answered(msgspec.Struct, frozen=True):
    """Whether another organisation may propose her."""

    answer: Literal["yes", "no"]


class OpenWanted(Paged, frozen=True):
    """Those of one organisation, or of all that are not in the network now."""

    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
