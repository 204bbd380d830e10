"""What waits for a person: one line of `/work`, as every domain hands it over."""

import msgspec

from portal.i18n.language import Message


class Waiting(msgspec.Struct, frozen=True):
    """A sentence, where to go (below the language), since when, and until when at best.

    `since` and `due` are days or moments as they are stored; `kind` names the group it stands in.
    """

    kind: str
    says: Message
    path: tuple[str, ...]
    since: str
    due: str | None = None
