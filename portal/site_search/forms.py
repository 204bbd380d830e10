"""The search box."""

from typing import Annotated, Literal

import msgspec

Kind = Literal[
    "organisations", "practitioners", "places", "events", "campaigns", "materials", "criteria"
]

LEAVES = 1_000  # pages one may leaf through


class Asked(msgspec.Struct, frozen=True):
    """What was typed, which kind was chosen, near which settlement, and which page of it."""

    q: str | None = None
    kind: Kind | None = None
    near: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    within: Literal["10", "25", "50", "100"] = "50"
    page: Annotated[int, msgspec.Meta(ge=1, le=LEAVES)] = 1
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20

    @property
    def text(self) -> str:
        """The words; empty when none were typed."""
        return self.q or ""

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.limit
