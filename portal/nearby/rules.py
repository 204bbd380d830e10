"""What a wish means, why somebody answers it, and what to mind: decisions without any I/O.

Must hold: listed; profession; covers the place (home visits only); mode; not absent, and in season,
on at least one of the days asked for; age group (for a child: safeguarding training not older than
two years, and a second adult present); language and gender where the asker says "must". Everything
else ranks and warns, and never hides.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from portal.geo import BANDS
from portal.i18n.language import Coded, Message
from portal.practitioners.rules import (
    LICENCE_WARNING_DAYS,
    is_fresh,
    is_open_in,
    oldest_safeguarding,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Wish(msgspec.Struct, frozen=True):
    """What a member looks for. `days` are those on which one visit would do.

    A date asks for that day, a weekday for the next such day, neither for the coming week.
    `close_languages` are the language wished and those that its speakers mostly understand.
    """

    place_id: str
    country: str
    latitude: float
    longitude: float
    days: tuple[date, ...]
    profession: str | None = None
    language: str | None = None
    language_must: bool = False
    close_languages: tuple[str, ...] = ()
    gender: str | None = None
    gender_must: bool = False
    age_group: str | None = None
    mode: str = "home"
    weekday: str | None = None
    part: str | None = None
    specialisation: str | None = None
    limit: int = 20


class Match(msgspec.Struct, frozen=True):
    """One practitioner who answers a wish. Of the distance there is only the band."""

    id: str
    name: str
    profession: str
    gender: str | None
    organisation: str
    duty_phone: str | None
    place_id: str
    place: str
    languages: list[str]
    specialisations: list[str]
    availability: list[str]
    visits_left: int | None
    travel_km: float | None
    transport: str | None
    visits_with: str | None
    closed_from: int | None
    closed_to: int | None
    confirmed_on: date
    licence_expires_on: date | None
    away: list[list[date]]
    named: bool
    covers: bool
    band: int
    total: int


def days_asked(today: date, on: date | None, weekday: str | None) -> tuple[date, ...]:
    """The days on which a visit would do: that date, the next such weekday, or the coming week."""
    if on:
        return (on,)
    week = tuple(today + timedelta(days=n) for n in range(7))
    if weekday:
        return (next(day for day in week if WEEKDAYS[day.weekday()] == weekday),)
    return week


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week in which visits are counted."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month in which visits are counted."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def slot_pattern(wish: Wish) -> str | None:
    """The wished slot as it stands in `;mon:morning;wed:evening;`; None when any time will do."""
    if not (wish.weekday or wish.part):
        return None
    return f"{';' + wish.weekday if wish.weekday else ''}:{wish.part + ';' if wish.part else ''}"


def safeguarded_since(wish: Wish) -> date:
    """How recent a safeguarding training must be for the first day asked for."""
    return oldest_safeguarding(wish.days[0])


def relaxations(wish: Wish, today: date) -> Iterator[tuple[str, Wish]]:
    """Each must that could be dropped, and the wish without it.

    The protection of a child is not among them, nor is the profession.
    """
    if wish.language_must:
        yield "language_must", msgspec.structs.replace(wish, language_must=False)
    if wish.gender_must:
        yield "gender_must", msgspec.structs.replace(wish, gender_must=False)
    if wish.age_group == "adult":
        yield "age_group", msgspec.structs.replace(wish, age_group=None)
    week = days_asked(today, None, None)
    if wish.days != week:
        yield "date", msgspec.structs.replace(wish, days=week)


def slots_wished(availability: list[str], wish: Wish) -> list[str]:
    """The slots that fit the wished day and part of the day; all of them when none is wished."""
    return [
        slot
        for slot in availability
        if (not wish.weekday or slot.startswith(wish.weekday + ":"))
        and (not wish.part or slot.endswith(":" + wish.part))
    ]


def reasons(match: Match, wish: Wish, today: date) -> Iterator[Message]:
    """Why this practitioner is shown, in words."""
    if wish.language and wish.language in match.languages:
        yield Message("speaks %(language)s", {"language": Coded("languages", wish.language)})
    if wish.mode == "home" and match.covers:
        yield _why_covered(match)
    elif wish.mode in ("home", "office"):
        yield Message("you are %(band)s away", {"band": _band(match)})
    if wish.gender and match.gender == wish.gender:
        yield Message("gender: %(gender)s", {"gender": Coded("genders", wish.gender)})
    yield from _free(match, wish)
    if wish.specialisation and wish.specialisation in match.specialisations:
        code = Coded("specialisations", wish.specialisation)
        yield Message("works with: %(specialisation)s", {"specialisation": code})
    if is_fresh(match.confirmed_on, today):
        yield _confirmed(match, today)
    if wish.mode == "home" and not match.covers:
        return
    if wish.mode in ("home", "office") and match.visits_with:
        how = Coded("visits_with", match.visits_with)
        yield Message("visits: %(how)s", {"how": how})
    if wish.mode == "home" and match.transport:
        yield Message("travel: %(transport)s", {"transport": Coded("transports", match.transport)})


def warnings(match: Match, wish: Wish, today: date) -> Iterator[Message]:
    """What to mind before counting on this practitioner."""
    if wish.mode == "home" and not match.covers:
        yield Message("does not travel to this place")
    if not is_fresh(match.confirmed_on, today):
        yield _confirmed(match, today)
    if match.licence_expires_on:
        left = (match.licence_expires_on - today).days
        if left <= LICENCE_WARNING_DAYS:
            yield Message("licence ends in %(n)s day", {"n": left}, "licence ends in %(n)s days")
    yield from _language_and_gender(match, wish)
    if (wish.weekday or wish.part) and not slots_wished(match.availability, wish):
        yield Message("no free time known for the day you wish")
    if match.visits_left == 0:
        yield Message("no visits left that week")
    yield from _away(match, wish)
    if wish.mode == "home" and not match.transport:
        yield Message("ask how the travel is arranged")
    if wish.age_group == "child":
        yield Message("a second adult must be present")


def _why_covered(match: Match) -> Message:
    if match.named:
        return Message("names this place; you are %(band)s away", {"band": _band(match)})
    return Message(
        "travels up to %(km)s km, you are %(band)s away",
        {"km": f"{match.travel_km:g}", "band": _band(match)},
    )


def _band(match: Match) -> Coded:
    return Coded("distance_bands", BANDS[match.band][0])


def _free(match: Match, wish: Wish) -> Iterator[Message]:
    if not (wish.weekday or wish.part):
        return
    slots = [slot.split(":") for slot in slots_wished(match.availability, wish)]
    if slots:
        times = [(Coded("weekdays", day), Coded("parts", part)) for day, part in slots]
        yield Message("free: %(times)s", {"times": times})


def _confirmed(match: Match, today: date) -> Message:
    days = (today - match.confirmed_on).days
    if days <= 0:
        return Message("confirmed today")
    return Message("confirmed %(n)s day ago", {"n": days}, "confirmed %(n)s days ago")


def _language_and_gender(match: Match, wish: Wish) -> Iterator[Message]:
    if wish.language and wish.language not in match.languages:
        wished = Coded("languages", wish.language)
        close = [tag for tag in wish.close_languages if tag in match.languages]
        if close:
            values = {"close": Coded("languages", close[0]), "wished": wished}
            yield Message("speaks %(close)s, which is close to %(wished)s", values)
        else:
            yield Message("does not speak %(wished)s", {"wished": wished})
    if wish.gender and match.gender != wish.gender:
        yield Message("not the gender you prefer")


def _away(match: Match, wish: Wish) -> Iterator[Message]:
    for starts_on, ends_on in match.away:
        if starts_on <= wish.days[-1]:
            back = ends_on + timedelta(days=1)
            yield Message("away until %(day)s, back on %(back)s", {"day": ends_on, "back": back})
    in_a_month = wish.days[-1] + timedelta(days=30)
    if not is_open_in(in_a_month.month, match.closed_from, match.closed_to):
        yield Message("stops travelling for the season soon")
