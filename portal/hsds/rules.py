"""What HSDS says of identity, pages and days, and how often one network may ask."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from portal.forms import EMAIL

T = TypeVar("T")

# never to change: every id that others have stored hangs on it
NAMESPACE = UUID("6f1d7c52-3b8e-5c0a-9a44-2d7e51c0b3f8")

_IN_AN_ADDRESS = re.compile(r"[!-;=?-\[\]_a-z~]+")

BURST = 600
EACH_SECOND = 10.0
MOST_NETWORKS = 10_000


def id_of(kind: str, *parts: str) -> str:
    """The id of a record: the same in every edition, for everybody."""
    return str(uuid5(NAMESPACE, ":".join((kind, *parts))))


def count_pages(total: int, per_page: int) -> int:
    """How many pages a list fills; an empty one fills none."""
    return -(-total // per_page)


def cut(found: Sequence[T], page: int, per_page: int) -> Sequence[T]:
    """One page of a list; beyond the last one it is empty."""
    return found[(page - 1) * per_page : page * per_page]


def web_address(text: str | None) -> str | None:
    """An address of the web that is a URI, else None: what an organisation wrote may be neither."""
    if not text or not _IN_AN_ADDRESS.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def mail_address(text: str | None) -> str | None:
    """An address of mail, else None."""
    return text if text and EMAIL.fullmatch(text) else None


def moment_of_day(day: str, timezone: str) -> str | None:
    """The first moment of a day where the network lives; None while the day is not known."""
    if not day:
        return None
    begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(timezone))
    return begins.isoformat(timespec="milliseconds")


def day_asked(text: str, timezone: str) -> date:
    """The day of a date or of a moment; `ValueError` when it is neither."""
    if len(text) <= len("2026-11-30"):
        return date.fromisoformat(text)
    # a plus sign that was not escaped arrives as a blank
    moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    if moment.tzinfo is None:
        return moment.date()
    try:
        return moment.astimezone(ZoneInfo(timezone)).date()
    except OverflowError as error:
        raise ValueError(text) from error


def is_changed_since(day: str, asked: date) -> bool:
    """Whether an edition of this day may hold what somebody who asked on that day has not seen.

    Days are compared and not moments, so that nothing is missed; and the day is the edition's, so
    that nobody learns when one record was changed.
    """
    return not day or date.fromisoformat(day) >= asked


class Pace:
    """How often each network may ask: a full bucket that fills again; in memory, and bounded.

    Nothing of a visitor is stored or handed out, and nobody gets a cookie.
    """

    def __init__(self, burst: int = BURST, each_second: float = EACH_SECOND) -> None:
        self.burst = burst
        self.each_second = each_second
        self._left: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._left)

    def take(self, network: str, at: float) -> timedelta | None:
        """Take one turn at a second `at`; None, or how many seconds to wait."""
        left, since = self._left.pop(network, (float(self.burst), at))
        left = min(self.burst, left + max(at - since, 0) * self.each_second)
        self._make_room()
        if left < 1:
            self._left[network] = (left, at)
            return timedelta(seconds=ceil((1 - left) / self.each_second))
        self._left[network] = (left - 1, at)
        return None

    def _make_room(self) -> None:
        """Forget who asked longest ago: whoever asks is always the last in the row."""
        while len(self._left) >= MOST_NETWORKS:
            self._left.pop(next(iter(self._left)), None)
