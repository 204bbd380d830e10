"""What is kept of a form that came too late, for how long, and how it is sealed."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from cryptography.fernet import Fernet, InvalidToken

KEPT_FOR = timedelta(hours=24)
MOST_KEPT = 5

# a second click finds the way that the first one went; the text is gone with the first
USED_FOR = timedelta(minutes=1)

# security: what proves who somebody is is typed anew, always
NEVER_KEPT = frozenset({"csrf", "again", "current", "answer", "ticket"})

Fields = list[tuple[str, str]]


class Typed(msgspec.Struct, frozen=True):
    """Where a form was sent to, and its fields in their order."""

    path: str
    fields: Fields


def worth_keeping(sent: Iterable[tuple[str, str]]) -> Fields:
    """The fields of a form that may be kept; none when nothing but secrets was sent."""
    kept = [(name, text) for name, text in sent if not _is_secret(name)]
    if not any(text.strip() for _name, text in kept):
        return []
    return kept


def _is_secret(name: str) -> bool:
    return name in NEVER_KEPT or name.endswith("code") or "password" in name


def is_kept(made: datetime, now: datetime) -> bool:
    """Younger than a day, and not from the future."""
    return made <= now < made + KEPT_FOR


def seal(secret: str, account_id: str, typed: Typed) -> str:
    """A form, readable with the portal's secret and for this account alone (Fernet)."""
    return _sealer(secret, account_id).encrypt(msgspec.json.encode(typed)).decode()


def unseal(secret: str, account_id: str, sealed: str) -> Typed | None:
    """The form again; None when it was sealed for another account or with another secret."""
    try:
        opened = _sealer(secret, account_id).decrypt(sealed.encode())
    except InvalidToken:
        return None
    return msgspec.json.decode(opened, type=Typed)


def _sealer(secret: str, account_id: str) -> Fernet:
    key = hmac.new(secret.encode(), b"draft:" + account_id.encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
