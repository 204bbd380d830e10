"""What is sent with a confirmation."""

from typing import Annotated, Literal

import msgspec

from portal.forms import Paged

Mark = Annotated[str, msgspec.Meta(max_length=40)]


class Confirmed(msgspec.Struct, frozen=True):
    """The mark of the details that were seen; `spoke` says that somebody asked her today."""

    seen: Mark
    spoke: Literal["1"] | None = None


class Wanted(Paged, frozen=True):
    """Which page of the list."""
