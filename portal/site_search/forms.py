"""The search box."""

from typing import Annotated, Literal

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """What was typed and which kind was chosen."""

    q: str | None = None
    kind: (
        Literal[
            "organisations",
            "practitioners",
            "places",
            "events",
            "campaigns",
            "materials",
            "criteria",
        ]
        | None
    ) = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
