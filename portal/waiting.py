"""What waits for a person: one line of `/work`, as every domain hands it over."""

from datetime import date

import msgspec

from portal.i18n.language import Coded, InPeriod, Message

# a day is said with its weekday
About = Coded | InPeriod | Message | date | str


class Waiting(msgspec.Struct, frozen=True):
    """A sentence, where to go (below the language), since when, and until when at best.

    `about` tells this one from others like it, and no more than may be seen before it opens.
    `since` and `due` are days or moments as they are stored; `kind` names the group it stands in.
    """

    kind: str
    says: Message
    path: tuple[str, ...]
    since: str
    due: str | None = None
    about: tuple[About, ...] = ()
