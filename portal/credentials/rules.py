"""What a password, a phone's code and a printed code must be, and how long wrong ones wait."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

import pyotp
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]

from portal.i18n.language import Message

SHORTEST, LONGEST = 12, 128
COMMON_BELOW = 1e8

# the lists of zxcvbn know English; these are what people here begin with
# fmt: off
LOCAL_WORDS = (
    "пароль", "йцукен", "йцукенгшщзхъ", "любовь", "привет", "россия", "ашхабад", "душанбе",
    "туркменистан", "таджикистан", "тоҷикистон", "хуҷанд", "худжанд", "salam", "parol",
    "ashgabat", "asgabat", "aşgabat", "turkmenistan", "türkmenistan", "dushanbe", "tajikistan",
    "tojikiston", "khujand",
)
# fmt: on

STEP_SECONDS = 30
NEAR_STEPS = 1
FAR_STEPS = 20

# Crockford's alphabet: nothing in it is mistaken for something else when read from paper
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": ""})

TRIES_OF_ONE = 5
TRIES_OF_A_NETWORK = 200
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)

# security: 64 MiB and three passes (OWASP ASVS 5.0, RFC 9106), at most two at once in a process
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, type=Type.ID)
_AT_ONCE = BoundedSemaphore(2)


def normal(password: str) -> str:
    """A password as it is hashed: the same whichever keyboard composed its letters (NFC)."""
    return unicodedata.normalize("NFC", password)


def problem_of(password: str, about: Sequence[str] = ()) -> Message | None:
    """What is wrong with a new password; `about` are words that others know of the person."""
    if not SHORTEST <= len(normal(password)) <= LONGEST:
        return Message(
            "Use %(shortest)s to %(longest)s characters; a few words in a row are easy to keep.",
            {"shortest": SHORTEST, "longest": LONGEST},
        )
    if is_common(password, about):
        return Message("Many people use this one, so it is tried first. Choose something else.")
    return None


def is_common(password: str, about: Sequence[str] = ()) -> bool:
    """Made of common passwords and rows of keys alone: found within 10^8 tries (zxcvbn)."""
    words = [*LOCAL_WORDS, *(word.casefold() for word in about if word)]
    return bool(zxcvbn(normal(password)[:72], user_inputs=words)["guesses"] < COMMON_BELOW)


def refusal(seconds_off: int | None) -> Message:
    """What is said when somebody is not let in: the same whatever was wrong.

    How far a phone's clock is off is known only after a right password and a code of that phone.
    """
    if seconds_off is None:
        return Message(
            "Name, password and code do not fit together. Look at all three; a code works once,"
            " the next one comes after half a minute."
        )
    values = {"minutes": max(1, round(abs(seconds_off) / 60))}
    if seconds_off > 0:
        return Message(
            "Your phone’s clock is %(minutes)s min ahead. Set it to automatic time, then type"
            " the next code.",
            values,
        )
    return Message(
        "Your phone’s clock is %(minutes)s min behind. Set it to automatic time, then type"
        " the next code.",
        values,
    )


def hash_password(password: str) -> str:
    """Argon2id with a salt of its own."""
    with _AT_ONCE:
        return _HASHER.hash(normal(password))


def password_matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Without a hash the work is done all the same: an unknown name takes as long as a known one.
    """
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _nobodys_hash(), normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def new_salt() -> str:
    """What is kept of a phone app's key; without the portal's secret it opens nothing."""
    return secrets.token_hex(16)


def key_of(secret: str, salt: str) -> str:
    """The key that a phone app holds: 160 bits in base32, made of the secret and the salt."""
    made = hmac.new(secret.encode(), b"totp:" + salt.encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()


def step_of(at: datetime) -> int:
    """The time step of a moment (RFC 6238: 30 seconds)."""
    return int(at.timestamp()) // STEP_SECONDS


def step_shown(key: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, the nearest first, up to ten minutes off; None for no step."""
    now, app = step_of(at), pyotp.TOTP(key)
    for off in sorted(range(-FAR_STEPS, FAR_STEPS + 1), key=abs):
        if hmac.compare_digest(app.generate_otp(now + off), code):
            return now + off
    return None


def is_near(step: int, at: datetime) -> bool:
    """A code of now or of the step before or after; others are only recognised."""
    return abs(step - step_of(at)) <= NEAR_STEPS


def random_code(groups: int) -> str:
    """A code of groups of four characters, 20 bits each, to be read from paper."""
    drawn = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(groups)]
    return "-".join(drawn)


def plain_code(typed: str) -> str:
    """A code as it is compared: however it was spaced, written large or misread."""
    return "".join(typed.split()).lower().translate(_MISREAD)


def code_hash(code: str) -> str:
    """What is kept of a code of 80 bits or more: its SHA-256."""
    return hashlib.sha256(plain_code(code).encode()).hexdigest()


def looks_like_phone(code: str) -> bool:
    """Six digits come from a phone; anything else is read as a printed code."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def wait_after(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures: 30 seconds, doubling, up to 15 minutes."""
    if failures < free:
        return timedelta()
    doubled: int = 2 ** min(failures - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def network_of(visitor: str) -> str:
    """The /24 or /48 of a visitor's numbers; the full ones are never kept."""
    try:
        found = ipaddress.ip_address(visitor)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, prefix), strict=False))


def attempt_key(secret: str, *parts: str) -> str:
    """What is kept of who tried from where: nobody without the secret can read it back."""
    text = "\x00".join(parts).encode()
    return hmac.new(secret.encode(), b"attempt:" + text, hashlib.sha256).hexdigest()
