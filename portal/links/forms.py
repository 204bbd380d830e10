"""What somebody sends whose link opens nothing any more."""

from typing import Annotated, Literal

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """Who wants a link again, and what for."""

    to: Annotated[str, msgspec.Meta(max_length=300)]
    purpose: Literal["consent", "confirm"]
