"""When the two mails of a day are written."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.clock import moment_of

HOURS = (time(8, 30), time(16, 30))
LONGEST_GAP = timedelta(hours=16)

# one worker may come with a moment that is a little older than another's
CLOCK_SLIP = timedelta(minutes=15)

# whoever took a letter to send has so long; then somebody else takes it
CLAIM = timedelta(minutes=10)

# letters of one round; the rest goes with the next one, a minute later
AT_ONCE = 20


def slot_of(at: datetime, timezone: str) -> str:
    """The fixed hour that came last, as `2026-11-23T08:30` on the network's own clock."""
    local = at.astimezone(ZoneInfo(timezone))
    slots = [
        datetime.combine(day, hour)
        for day in (local.date() - timedelta(days=1), local.date())
        for hour in HOURS
    ]
    last = max(slot for slot in slots if slot <= local.replace(tzinfo=None))
    return last.isoformat(timespec="minutes")


def next_after(at: datetime, timezone: str) -> datetime:
    """The fixed hour that comes next."""
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    slots = [
        datetime.combine(day, hour, zone)
        for day in (local.date(), local.date() + timedelta(days=1))
        for hour in HOURS
    ]
    return min(slot for slot in slots if slot > local)


def is_due(last_slot: str | None, begun_at: str | None, at: datetime, timezone: str) -> bool:
    """Whether a digest is to be begun: its hour has come, or came while the portal was down.

    Only the last one begun counts. With the clock set back its hour lies ahead: then hours that
    were had are had again, or nobody would hear anything until the clock has caught up. Nothing is
    told twice by that: what was sent is marked as sent.
    """
    if last_slot is None or begun_at is None:
        return True
    slot = slot_of(at, timezone)
    return slot > last_slot or (slot < last_slot and moment_of(begun_at) - at > CLOCK_SLIP)
