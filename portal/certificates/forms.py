"""Whom to look for, and who was ticked, of those who stood on the page."""

from typing import Annotated, Literal

import msgspec

from portal.forms import Paged

Id = Annotated[str, msgspec.Meta(max_length=60)]
Name = Annotated[str, msgspec.Meta(max_length=100)]

ON_A_PAGE = 1000


class Wanted(Paged, frozen=True):
    """Whom to show: everybody at once, so that no tick is lost by turning a page."""

    per_page: Annotated[int, msgspec.Meta(ge=1, le=ON_A_PAGE)] = ON_A_PAGE
    find: Name | None = None


class Ticked(msgspec.Struct, frozen=True):
    """Who completed a training; who was shown and not ticked did not.

    `show` saves nothing: it looks for a name and keeps the ticks of those it does not show.
    """

    shown: list[Id] = []
    trained: list[Id] = []
    find: Name | None = None
    act: Literal["save", "show"] = "save"
