"""What the mails say: neutral words, for whoever looks over a shoulder or reads on the way."""

from collections.abc import Sequence

import msgspec

from portal.i18n.language import Language, Message
from portal.mail import Letter
from portal.settings import Settings

SUBJECT = Message("Something waits for you")


class Line(msgspec.Struct, frozen=True):
    """A sentence, how often it was to be said, and perhaps a link."""

    says: Message
    times: int = 1
    link: str | None = None


def digest(
    settings: Settings, language: Language, to: str, lines: Sequence[Line], *, signs_in: bool
) -> Letter:
    """One of the two mails a day; whoever has no account is not sent to sign in."""
    # security: neither network, profession, name nor place; who sent it, the reader knows
    _ = language.gettext
    parts = [
        _("Hello,"),
        _("this waits for you:"),
        "\n".join(_line(language, line) for line in lines),
    ]
    if signs_in:
        parts += [_("Sign in to see more:"), f"{settings.base_url}/{language.code}/sign-in"]
    else:
        parts.append(_("If anything is unclear, call the organisation you work with."))
    return Letter(to, language.say(SUBJECT), "\n\n".join(parts) + "\n")


def _line(language: Language, line: Line) -> str:
    times = f" ({language.number(line.times)})" if line.times > 1 else ""
    said = f"- {language.say(line.says)}{times}"
    if line.link is None:
        return said
    once = language.gettext("The link opens once, within two weeks. Do not pass it on.")
    return f"{said}\n  {line.link}\n  {once}"
