"""The token that ties a form to the session it was shown in.

It is masked anew on every page, so that compressing pages reveals nothing of it (BREACH).
"""

import hashlib
import hmac
import secrets


def token_for(secret: str, session_hash: str) -> str:
    """The session's token, 32 hexadecimal bytes; it changes with every sign-in."""
    return hmac.new(secret.encode(), b"csrf:" + session_hash.encode(), hashlib.sha256).hexdigest()


def masked(token: str) -> str:
    """The token as a page carries it, different each time; empty for the public."""
    if not token:
        return ""
    mask = secrets.token_bytes(32)
    return (mask + _xor(mask, bytes.fromhex(token))).hex()


def matches(submitted: str, token: str) -> bool:
    """True when a submitted token is one that this session was shown."""
    try:
        raw = bytes.fromhex(submitted)
    except ValueError:
        return False
    if len(raw) != 64 or not token:
        return False
    return hmac.compare_digest(_xor(raw[:32], raw[32:]), bytes.fromhex(token))


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
