"""In which order things wait: what is late first, then what is due next, then the oldest."""

from collections.abc import Iterable
from datetime import date

import msgspec

from portal.clock import day_of, moment_of
from portal.i18n.language import Message
from portal.waiting import Waiting

GROUPS: dict[str, Message] = {
    "overdue": Message("Overdue"),
    "answer": Message("To answer"),
    "approve": Message("To approve"),
    "confirm": Message("To confirm"),
    "check": Message("To check"),
}

# the rooms' own words, where they are not those of a group
BELONGS = {
    "agreement": "approve",
    "changes": "approve",
    "consent": "answer",
    "draft": "answer",
    "requests": "answer",
    "visits": "answer",
}


def day_written(text: str, timezone: str) -> date:
    """The day of a stored day or moment, where the network lives."""
    if "T" in text:
        return day_of(moment_of(text), timezone)
    return date.fromisoformat(text[:10])


def in_order(waiting: Iterable[Waiting], today: date, timezone: str) -> list[Waiting]:
    """Overdue first, then by due, then oldest; what is late becomes `overdue`."""

    def due(each: Waiting) -> date:
        return day_written(each.due, timezone) if each.due else date.max

    marked = [
        msgspec.structs.replace(each, kind="overdue") if due(each) < today else each
        for each in waiting
    ]
    return sorted(marked, key=lambda each: (due(each) >= today, due(each), each.since))


def grouped(waiting: Iterable[Waiting]) -> dict[str, list[Waiting]]:
    """The same lines under their groups, overdue first; a group nobody planned is to check."""
    groups: dict[str, list[Waiting]] = {kind: [] for kind in GROUPS}
    for each in waiting:
        kind = BELONGS.get(each.kind, each.kind)
        groups[kind if kind in GROUPS else "check"].append(each)
    return {kind: lines for kind, lines in groups.items() if lines}
