"""What may be asked of the versions of the charter, and what two people wrote at once."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from portal.errors import Invalid
from portal.i18n.language import Message


class Since(msgspec.Struct, frozen=True):
    """Against which earlier version to compare; by default the one before."""

    since: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None


class Overtaken(Invalid):
    """Somebody else changed the same meanwhile; the fields that differ, with what stands there."""

    def __init__(self, theirs: Mapping[str, object]) -> None:
        said = Message(
            "Somebody else changed this meanwhile. Save again to put yours in its place."
        )
        super().__init__({name: [said] for name in theirs})
        self.theirs = dict(theirs)
