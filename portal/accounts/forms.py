"""What is sent to end sessions."""

from typing import Annotated

import msgspec

from portal.errors import Invalid
from portal.i18n.language import Message

Short = Annotated[str, msgspec.Meta(max_length=300)]


class Ended(msgspec.Struct, frozen=True):
    """One of one's own devices."""

    device: Short


class Lost(msgspec.Struct, frozen=True):
    """Whose sessions to end: a person's, or those of a whole organisation."""

    name: Short | None = None
    organisation: Short | None = None

    def refuse_unless_one(self) -> None:
        """`Invalid` when neither is named, or both: nobody is signed out by mistake."""
        if bool(self.name) == bool(self.organisation):
            raise Invalid({"name": [Message("Name either a person or an organisation.")]})
