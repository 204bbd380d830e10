"""How long a session lives, and how its id is kept."""

import hashlib
from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)


def is_over(started: datetime, seen: datetime, now: datetime) -> bool:
    """Idle for 15 minutes, 12 hours old, or from the future: a clock set back extends nothing."""
    if now < seen or now < started:
        return True
    return now - seen > IDLE or now - started > ABSOLUTE


def session_hash(token: str) -> str:
    """What is kept of a session id: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
