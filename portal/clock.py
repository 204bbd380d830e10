"""The time, asked in one place; days are those of the network's own time zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment in UTC; tests hand in another clock."""
    return datetime.now(UTC)


def day_of(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment where the network lives."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def stamp(moment: datetime) -> str:
    """A moment as it is stored and shown to scripts: UTC, ISO 8601, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(stamped: str) -> datetime:
    """The reverse of `stamp`."""
    return datetime.fromisoformat(stamped)
