"""What the mails to an applicant say: neutral words, for whoever reads on the way."""

from datetime import datetime

from portal.i18n.language import Language, Message
from portal.invitations.rules import GOOD_FOR
from portal.mail import Letter
from portal.settings import Settings

# what somebody asked for, and what comes by itself
ASKED_FOR = Message("Your link")
BY_ITSELF = Message("Something waits for you")

SAYS: dict[str, Message] = {
    "start": Message("here is the link you asked for:"),
    "again": Message("here is the link you asked for:"),
    "received": Message("what you sent has arrived. You see how it stands by this link:"),
    "more_information": Message("there are questions about what you sent. Answer them here:"),
    "admitted": Message("there is an answer to what you sent. Read it here:"),
    "declined": Message("there is an answer to what you sent. Read it here:"),
    "erased": Message("what you began was erased: it was not changed for 90 days."),
}


def begun(settings: Settings, language: Language, kind: str, code: str | None) -> list[str]:
    """The beginning of every letter: a greeting, what it is about, and the link if it has one."""
    # security: neither network nor organisation nor what it is about; the reader knows
    _ = language.gettext
    parts = [_("Hello,"), language.say(SAYS[kind])]
    if code is not None:
        parts.append(f"{settings.base_url}/{language.code}/apply/{code}")
        parts.append(
            _("It opens for 30 days, and ends the link you had before. Do not pass it on.")
        )
    if kind == "start":
        parts.append(_("If you did not ask for anything, delete this letter: nothing follows."))
    return parts


def invited(settings: Settings, language: Language, code: str, at: datetime) -> list[str]:
    """The second link of whoever is to have an account."""
    _ = language.gettext
    return [
        _("With this second link you make your account:"),
        f"{settings.base_url}/join/{code}",
        _(
            "It opens once, until %(until)s. Do not pass it on.",
            until=language.moment(at + GOOD_FOR, settings.timezone),
        ),
    ]


def finished(language: Language, to: str, kind: str, parts: list[str]) -> Letter:
    """The letter as it is sent."""
    subject = ASKED_FOR if kind in ("start", "again") else BY_ITSELF
    return Letter(to, language.say(subject), "\n\n".join(parts) + "\n")
