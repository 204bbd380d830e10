"""The letter that carries a farewell link: neutral words, for whoever reads on the way."""

import logging
from collections.abc import Iterable
from datetime import datetime

from portal import mail
from portal.i18n.language import Language, Message
from portal.leaving.rules import LINK_GOOD_FOR
from portal.settings import Settings

SUBJECT = Message("Your link")

log = logging.getLogger("portal")


def mail_farewell(
    settings: Settings, language: Language, addresses: Iterable[str], link: str, at: datetime
) -> bool:
    """Mail the link, outside of the transaction that made it; whether it went to anybody.

    The code is kept nowhere, so nothing is sent later: at night, or when the server is down, the
    link is written down or printed, and a coordinator can make another.
    """
    if mail.is_night(at, settings.timezone):
        return False
    sent = [_send(settings, farewell(settings, language, to, link, at), at) for to in addresses]
    return any(sent)


def farewell(
    settings: Settings, language: Language, to: str, link: str, at: datetime
) -> mail.Letter:
    """The letter with the link."""
    # security: neither network nor organisation is named on the way
    _ = language.gettext
    until = language.moment(at + LINK_GOOD_FOR, settings.timezone)
    parts = [
        _("Hello,"),
        _("here is the link to what you brought together, for you to keep:"),
        link,
        _("It opens until %(until)s. Do not pass it on.", until=until),
    ]
    return mail.Letter(to, language.say(SUBJECT), "\n\n".join(parts) + "\n")


def _send(settings: Settings, letter: mail.Letter, at: datetime) -> bool:
    try:
        mail.send(settings, letter, at)
    except mail.Unsent as problem:
        log.warning("a farewell was not mailed: %s", problem)
        return False
    return True
