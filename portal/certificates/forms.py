"""Who was ticked, of those who stood on the page."""

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(max_length=60)]


class Ticked(msgspec.Struct, frozen=True):
    """Who completed a training; who was shown and not ticked did not."""

    shown: list[Id] = []
    trained: list[Id] = []
