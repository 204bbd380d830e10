"""What is asked of a release, and said about it."""

from typing import Annotated, Literal

import msgspec

from portal.forms import Paged

Code = Annotated[str, msgspec.Meta(max_length=40)]


class ReleasesWanted(Paged, frozen=True):
    """Which page of the releases."""


class AskSent(msgspec.Struct, frozen=True):
    """The button that was pressed: an empty request asks for nothing."""

    act: Literal["prepare"]


class ChangesWanted(Paged, frozen=True):
    """Which of the changes of a release: those of one indicator, or of one kind."""

    indicator: Code | None = None
    kind: Literal["withheld", "new", "changed", "gone"] | None = None


class WhySent(msgspec.Struct, frozen=True):
    """Why a release is rolled back; it stays with the release and names nobody."""

    rolled_why: Annotated[str, msgspec.Meta(min_length=3, max_length=300)]
