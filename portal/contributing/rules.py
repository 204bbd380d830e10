"""What may be changed in which state, which links are taken, what an adaptation may be given on as.

The words of a work are read by everybody as soon as a version is published, so that a second person
has to see them too: they stand still while one waits or is published.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from portal.i18n.language import Message
from portal.materials.rules import ADAPTED_UNDER, may_carry
from portal.requests.rules import personal_in

# states in which files and texts of a version may be added and taken away
OPEN = frozenset({"draft", "returned"})

# what a work is called and how it may be used: released with a version, by two people
RELEASED = frozenset(
    {"title", "titles", "kind", "language", "licence", "summary", "summaries", "adapted_how"}
)

CONSENT_AT_MOST = timedelta(days=3653)

REFUSED: dict[str, Message] = {
    "address": Message("Leave out e-mail addresses and links."),
    "birth": Message("Leave out dates of birth."),
    "number": Message(
        "Leave out phone numbers and numbers of papers; write “the hotline”, its number is on every"
        " page."
    ),
}

_LINK = re.compile(r"https://[^\s<>\"'()\[\]]+")
_MESSENGERS = ("t.me", "wa.me", "telegram.me", "api.whatsapp.com", "m.me", "viber.com")


def id_of_form(account_id: str | None, key: str) -> str:
    """The id of the work that one opened form makes, however often it is sent."""
    return "m-" + hashlib.sha256(f"{account_id}:{key}".encode()).hexdigest()[:12]


def may_edit(state: str | None) -> bool:
    """Whether files and texts of a version in a state may be changed."""
    return state in OPEN


def may_reword(states: frozenset[str]) -> bool:
    """Whether the words of a work may be changed, by the states of all its versions."""
    return not states & {"waiting", "published"}


def stamp_of(words: Mapping[str, Any]) -> str:
    """A short mark of how words stand, by which a form knows that they were changed meanwhile."""
    return hashlib.sha256(msgspec.json.encode(words, order="deterministic")).hexdigest()[:16]


def why_not_link(link: str) -> Message | None:
    """Why a link is not taken, or None: to another site, encrypted, without a password in it."""
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return Message("This is no link. Copy it from the address line of the browser.")
    if parts.scheme != "https":
        return Message("The link has to begin with https://.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return Message("Take the name and password out of the link.")
    host = parts.hostname or ""
    is_plain = link.isascii() and link.isprintable() and " " not in link and "\\" not in link
    if "." not in host or not is_plain or (port is not None and port != 443):
        return Message("This is no link. Copy it from the address line of the browser.")
    if host in _MESSENGERS:
        return Message("Links to messengers lead to people. Give the file itself.")
    return None


def host_of(link: str) -> str:
    """The site a link leads to."""
    return urlsplit(link).hostname or ""


def personal_in_text(body: str) -> str | None:
    """What in a long text looks as if it were about one person, paragraph by paragraph.

    Links to pages are let through, those to messengers are not.
    """
    plain = _LINK.sub(lambda found: found[0] if why_not_link(found[0]) else " ", body)
    for line in plain.splitlines():
        if found := personal_in(line):
            return found
    return None


def licences_after(original: str) -> list[str]:
    """Under which licences an adaptation of a work may be given on; none where it is forbidden."""
    return [code for code in ADAPTED_UNDER if may_carry(original, code)]


def wrong_days(given_on: date, until: date, today: date) -> dict[str, list[Message | str]]:
    """What is wrong with the days of a consent, by field."""
    if given_on > today:
        return {"given_on": [Message("This day has not come yet.")]}
    if until < today:
        return {"until": [Message("This day is over: ask the people again.")]}
    if until - given_on > CONSENT_AT_MOST:
        return {"until": [Message("At most ten years: people change their minds.")]}
    return {}
