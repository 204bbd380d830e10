"""What an invited person types."""

from typing import Annotated

import msgspec

from portal.accounts.rules import folded_name, may_be_name
from portal.errors import Invalid
from portal.i18n.language import Message

Typed = Annotated[str, msgspec.Meta(max_length=4096)]


class Chosen(msgspec.Struct, frozen=True):
    """The name to sign in with; passwords are read as they are."""

    name: Typed
    password: Typed
    again: Typed


class Returning(msgspec.Struct, frozen=True):
    """Somebody who comes back shows the phone, or a printed code."""

    password: Typed
    again: Typed
    code: Typed


class Shown(msgspec.Struct, frozen=True):
    """What the phone shows."""

    code: Typed


def read_name(typed: str) -> str:
    """A sign-in name as it is kept; `Invalid` says what it may be made of."""
    name = folded_name(typed)
    if not may_be_name(name):
        told = Message("Use 3 to 40 letters, digits, dots, hyphens or underscores, no spaces.")
        raise Invalid({"name": [told]})
    return name
