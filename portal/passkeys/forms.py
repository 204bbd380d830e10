"""What the page of a passkey sends."""

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=300)]
Long = Annotated[str, msgspec.Meta(max_length=32_000)]


class Answered(msgspec.Struct, frozen=True):
    """An authenticator's answer (JSON), and the ticket of the challenge that it answers."""

    ticket: Short
    answer: Long
    next: str | None = None


class Removed(msgspec.Struct, frozen=True):
    """One of one's own passkeys."""

    passkey: Short
