"""The mail that carries an invitation: neutral words, for whoever reads on the way."""

import logging
from datetime import datetime

from portal import mail
from portal.i18n.language import Language, Message
from portal.invitations.rules import GOOD_FOR
from portal.settings import Settings

SUBJECT = Message("Your link")

log = logging.getLogger("portal")


def mail_invitation(
    settings: Settings, language: Language, to: str | None, code: str, at: datetime
) -> bool | None:
    """Mail the link of an invitation, outside of the transaction that made it; whether it went.

    None when there is nothing to try: no address, no mail server, or it is night. The code is kept
    nowhere, so nothing is sent later; the link is handed over by other ways then.
    """
    if to is None or "@" not in to or not settings.smtp_url:
        return None
    if mail.is_night(at, settings.timezone):
        return None
    try:
        mail.send(settings, invitation(settings, language, to, code, at), at)
    except mail.Unsent as problem:
        log.warning("an invitation was not mailed: %s", problem)
        return False
    return True


def invitation(
    settings: Settings, language: Language, to: str, code: str, at: datetime
) -> mail.Letter:
    """The letter with the link."""
    # security: neither network nor role nor organisation; who sent it was told in person
    _ = language.gettext
    until = language.moment(at + GOOD_FOR, settings.timezone)
    parts = [
        _("Hello,"),
        _("here is the link you were told about:"),
        f"{settings.base_url}/join/{code}",
        _("It opens once, until %(until)s. Do not pass it on.", until=until),
    ]
    return mail.Letter(to, language.say(SUBJECT), "\n\n".join(parts) + "\n")
