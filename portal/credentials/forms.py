"""What is typed to sign in and to choose a password. Passwords are taken as they are."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from portal.credentials.rules import normal, problem_of
from portal.errors import Invalid
from portal.i18n.language import Message

Typed = Annotated[str, msgspec.Meta(max_length=4096)]


class SignIn(msgspec.Struct, frozen=True):
    """The form of the sign-in page."""

    name: Typed
    password: Typed
    code: Typed
    next: str | None = None


class Proven(msgspec.Struct, frozen=True):
    """Who one is, once more, before something weighty."""

    current: Typed
    code: Typed


class NewPassword(msgspec.Struct, frozen=True):
    """A new password, typed twice because it is not seen."""

    password: Typed
    again: Typed


def read_new_password(sent: Mapping[str, str], about: Sequence[str]) -> str:
    """The new password of a form; `Invalid` says what to do about it."""
    password = sent.get("password", "")
    if said := problem_of(password, about):
        raise Invalid({"password": [said]})
    if normal(sent.get("again", "")) != normal(password):
        raise Invalid({"again": [Message("This is not the same. Type the password again.")]})
    return password


def part(shape: type[msgspec.Struct], sent: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form that belong to one of its shapes."""
    names = {field.name for field in msgspec.structs.fields(shape)}
    return {name: text for name, text in sent.items() if name in names}
