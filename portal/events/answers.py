"""The public calendar as a file that phones and desks subscribe to (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from portal.clock import moment_of
from portal.events.queries import Dated
from portal.events.rules import days_of, is_yearly
from portal.i18n.language import Language
from portal.vocabularies.terms import Terms

MADE_BY = "-//network portal//events//"


def write_calendar(
    events: Iterable[Dated],
    language: Language,
    terms: Terms,
    base_url: str,
    timezone: str,
    at: date,
) -> bytes:
    """The calendar in a language; the same events give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", MADE_BY + language.code.upper())
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", language.gettext("Events"))
    for each in events:
        calendar.add_component(_entry(each, language, terms, base_url, timezone, at.year))
    return bytes(calendar.to_ical())


def _entry(
    found: Dated, language: Language, terms: Terms, base_url: str, timezone: str, year: int
) -> Event:
    entry = Event()
    # the id alone: a network that moves to another address does not double everybody's calendar
    entry.add("uid", f"{found.id}@events.portal")
    entry.add("dtstamp", _changed(found, year))
    for name, value in _when(found, ZoneInfo(timezone), year).items():
        entry.add(name, value)
    if is_yearly(found.starts_on):
        entry.add("rrule", {"freq": "yearly"})
    entry.add("summary", language.of(found.title, found.titles))
    if found.summary:
        entry.add("description", language.of(found.summary, found.summaries))
    region = terms.name("regions", found.region, language.code) if found.region else None
    if where := list(dict.fromkeys(filter(None, [found.place, region]))):
        entry.add("location", ", ".join(where))
    entry.add("categories", [terms.name("event_kinds", found.kind, language.code)])
    entry.add("url", f"{base_url}/{language.code}/events/{found.id}")
    entry.add("status", "CANCELLED" if found.cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    return entry


def _changed(found: Dated, year: int) -> datetime:
    if found.changed_at:
        return moment_of(found.changed_at)
    return datetime.combine(days_of(found.starts_on, None, year)[0], time(), UTC)


def _when(found: Dated, zone: ZoneInfo, year: int) -> dict[str, Any]:
    """All its days; the hours where it has but one day and its programme tells them."""
    first, last = days_of(found.starts_on, found.ends_on, year)
    if first == last and found.starts_at and found.ends_at and found.ends_at > found.starts_at:
        return {
            "dtstart": _moment(first, found.starts_at, zone),
            "dtend": _moment(first, found.ends_at, zone),
        }
    return {"dtstart": first, "dtend": last + timedelta(days=1)}


def _moment(day: date, hour: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)
