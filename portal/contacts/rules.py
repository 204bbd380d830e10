"""What of a contact is shown, how often somebody may ask, and which looking is unusual."""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from portal.clock import day_of, moment_of

IN_A_MINUTE = 5
IN_A_DAY = 20
OF_AN_ORGANISATION_IN_A_DAY = 60
MINUTE = timedelta(minutes=1)

# A look from the future, made before the clock was set back, goes on counting; one from further
# off than this is the mark of a clock that was wrong altogether, and shuts nobody out for years.
AHEAD = timedelta(days=2)

# the same form sent again within this time is the same look
DOUBLE_CLICK = timedelta(seconds=30)

KEPT_FOR = timedelta(days=365)

MANY_PRACTITIONERS = 10
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
WATCHED_FOR = timedelta(days=7)

Cap = Literal["minute", "day", "organisation"]
Given = Literal["contact", "duty", "nothing"]
Reason = Literal[
    "via_organisation",
    "unknown",
    "not_accepted",
    "shared_phone",
    "outside_hours",
    "unclear_hours",
    "no_contact",
]

_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d\d))?")


class Wish(msgspec.Struct, frozen=True):
    """How a practitioner wants to be reached; None is not known."""

    policy: str | None
    hours: str | None
    is_shared: bool
    is_accepted: bool = False
    """The asker's organisation has an accepted request with her."""


def reason_against(wish: Wish, at: time) -> Reason | None:
    """Why her own contact is not shown at this time of the network's day; None when it is."""
    if wish.policy not in ("direct", "after_accept"):
        return "unknown" if wish.policy is None else "via_organisation"
    if wish.policy == "after_accept" and not wish.is_accepted:
        return "not_accepted"
    if wish.is_shared:
        return "shared_phone"
    return _reason_of_hours(wish.hours, at)


def _reason_of_hours(hours: str | None, at: time) -> Reason | None:
    if not (hours or "").strip():
        return None
    spans = spans_of(str(hours))
    if spans is None:
        return "unclear_hours"
    return None if any(_is_within(span, at) for span in spans) else "outside_hours"


def spans_of(hours: str) -> list[tuple[time, time]] | None:
    """`09:00-12:00, 14-17` as pairs of times; None when a part is not two times of the day."""
    found = [_span(part.strip()) for part in re.split(r"[,;]", hours) if part.strip()]
    return None if not found or None in found else [span for span in found if span]


def _span(text: str) -> tuple[time, time] | None:
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    hour, minute, last_hour, last_minute = (int(part or 0) for part in match.groups())
    try:
        # the end of the day is written 24:00
        return time(hour, minute), time(0 if last_hour == 24 else last_hour, last_minute)
    except ValueError:
        return None


def _is_within(span: tuple[time, time], at: time) -> bool:
    """From the first time to before the last; `20:00-02:00` goes over midnight."""
    begins, ends = span
    if begins < ends:
        return begins <= at < ends
    return at >= begins or at < ends


class Looks(msgspec.Struct, frozen=True):
    """How many looks count already, and when the oldest of the last minute's cap was."""

    minute: int
    day: int
    organisation: int
    oldest_of_minute: str | None = None


def cap_reached(looks: Looks) -> Cap | None:
    """The cap that forbids one more look; the one that lasts longest is named."""
    if looks.organisation >= OF_AN_ORGANISATION_IN_A_DAY:
        return "organisation"
    if looks.day >= IN_A_DAY:
        return "day"
    return "minute" if looks.minute >= IN_A_MINUTE else None


def wait_until_free(cap: Cap, looks: Looks, at: datetime, timezone: str) -> timedelta:
    """How long until one more look is likely allowed: a minute, or the network's next day."""
    if cap != "minute":
        return _next_day(at, timezone) - at
    oldest = moment_of(looks.oldest_of_minute) if looks.oldest_of_minute else at
    return max(oldest + MINUTE - at, timedelta(seconds=1))


def _next_day(at: datetime, timezone: str) -> datetime:
    tomorrow = day_of(at, timezone) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(timezone))


def local_time(at: datetime, timezone: str) -> time:
    """The time of the network's day."""
    return at.astimezone(ZoneInfo(timezone)).time()


def is_night(at: time) -> bool:
    """From ten in the evening to six in the morning."""
    return at >= NIGHT_BEGINS or at < NIGHT_ENDS


def is_unusual(practitioners: int, at_night: int) -> bool:
    """Whether one person's looks of one day deserve a coordinator's eye.

    More than ten different practitioners, or any look at night: neither is forbidden, both are how
    a stolen account would look.
    """
    return practitioners > MANY_PRACTITIONERS or at_night > 0


def first_watched(today: date) -> date:
    """The first day whose unusual looking still shows on the page of what waits."""
    return today - WATCHED_FOR
