"""What can go wrong, in the words of the house; `web.errors` turns these into answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil

from portal.i18n.language import Message, load_language


class PortalError(Exception):
    """Anything a person can be told in one plain sentence."""


class NotFound(PortalError):
    """There is no such thing, or not for this person: strangers are not told which."""


class NotAllowed(PortalError):
    """The person is signed in, the page exists, and their role does not open it."""


class Forged(NotAllowed):
    """A change came without the token of a page that this session was shown."""


class NotSignedIn(PortalError):
    """The page is for members; JSON answers 401, a browser gets the sign-in page.

    `kept` says that what was typed waits until the person is back.
    """

    def __init__(self, *, kept: bool = False) -> None:
        super().__init__()
        self.kept = kept


class Invalid(PortalError):
    """What was sent cannot be used: messages by field, candidates where a name was ambiguous."""

    def __init__(
        self,
        fields: Mapping[str, Sequence[Message | str]],
        candidates: Sequence[Mapping[str, str | int | None]] = (),
    ) -> None:
        super().__init__(", ".join(fields))
        self.fields = {name: list(said) for name, said in fields.items()}
        self.candidates = list(candidates)


class TooOften(PortalError):
    """Somebody has to wait a little before the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.headers = {"Retry-After": str(ceil(wait.total_seconds()))}


class Unavailable(PortalError):
    """A part of the site is down for now; the rest goes on."""


class Misconfigured(PortalError):
    """The operator has to change something before the portal can start: exit code 2."""


class CannotTransfer(PortalError):
    """A file as a whole cannot be read or written; the sentence says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(load_language("en").say(message))
        self.message = message
