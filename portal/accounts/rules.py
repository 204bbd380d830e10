"""How long a session lives, how its id is kept, and what a sign-in name may be."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from portal.actor import Role

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)

# how long after its end a session still says whose typed text comes in
RAN_OUT_WITHIN = timedelta(hours=12)

# in the demo one person can try what takes two, of different organisations
ANOTHER = "another"
DEMO_ROLES: tuple[tuple[Role, str], ...] = (
    ("member", ""),
    ("practitioner", ""),
    ("coordinator", ""),
    ("admin", ""),
    ("observer", ""),
    ("member", ANOTHER),
    ("coordinator", ANOTHER),
)

# where somebody is led after signing in; everybody else asks who will travel to them
FIRST_PAGES = {"admin": "", "observer": "overview", "practitioner": "work", "coordinator": "work"}


def first_page(language: str, role: str) -> str:
    """The page that a role begins with."""
    return f"/{language}/{FIRST_PAGES.get(role, 'nearby')}".rstrip("/")


def is_over(started: datetime, seen: datetime, now: datetime) -> bool:
    """Idle for 15 minutes, 12 hours old, or from the future: a clock set back extends nothing."""
    if now < seen or now < started:
        return True
    return now - seen > IDLE or now - started > ABSOLUTE


def has_run_out(started: datetime, seen: datetime, now: datetime) -> bool:
    """Over by its age, and not long ago; a session from the future never ran out."""
    if now < seen or now < started or now - seen > RAN_OUT_WITHIN:
        return False
    return is_over(started, seen, now)


def landing(language: str, role: str, back: str | None, *, has_kept: bool) -> str:
    """Where somebody comes to after signing in: what was typed waits first."""
    if has_kept:
        return f"/{language}/kept"
    return back or first_page(language, role)


def session_hash(token: str) -> str:
    """What is kept of a session id: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


# what a browser says of itself, from the special to the general: many claim to be others too
BROWSERS = (
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A device's coarse name, "Chrome, Android"; neither version nor model, often nothing."""
    found = [
        next((name for sign, name in known if sign in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def folded_name(typed: str) -> str:
    """A sign-in name or e-mail address as it is compared: composed, small letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).casefold()).strip()


def may_be_name(name: str) -> bool:
    """3 to 40 letters, digits, dots, hyphens or underscores, of any alphabet.

    No @: a name is never mistaken for somebody's e-mail address.
    """
    return 3 <= len(name) <= 40 and all(each.isalnum() or each in "._-" for each in name)
