"""What the addresses of pictures understand."""

from typing import Annotated, Literal

import msgspec

MOST_TILES = 12


class Size(msgspec.Struct, frozen=True):
    """Which picture of a file."""

    size: Literal["thumbnail", "preview"] = "preview"


class Sheet(msgspec.Struct, frozen=True):
    """The works whose tiles stand on a contact sheet, joined by full stops."""

    of: Annotated[str, msgspec.Meta(max_length=600)]

    @property
    def material_ids(self) -> list[str]:
        """The works in the order of their tiles; what is too much is left out."""
        return self.of.split(".")[:MOST_TILES]
