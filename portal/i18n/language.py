"""One interface language: its catalog, its dates and numbers, and texts held in several languages.

A language is a folder `portal/i18n/<code>/` with a gettext catalog; adding one adds no code.
"""

import gettext
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.dates import format_date, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

FOLDER = Path(__file__).parent


class Coded(msgspec.Struct, frozen=True):
    """A code of a vocabulary inside a message, to be named in the reader's language."""

    vocabulary: str
    code: str


class WithWeekday(msgspec.Struct, frozen=True):
    """A day inside a message that somebody plans for."""

    day: date


class InPeriod(msgspec.Struct, frozen=True):
    """The code of a year, a quarter or a month inside a message."""

    code: str


# a list of tuples is read "Monday morning, Friday evening"
Value = str | int | date | Coded | WithWeekday | InPeriod | Sequence[tuple[Coded, ...]]


class Message(msgspec.Struct, frozen=True):
    """A sentence to be said later in the reader's language; `text` is its key in the catalogs.

    With `many`, `text` is the singular and the value `n` chooses.
    """

    text: str
    values: Mapping[str, Value] = {}
    many: str = ""


_NEAR = {
    timedelta(0): Message("%(hour)s today"),
    timedelta(1): Message("%(hour)s tomorrow"),
}


class Language:
    """How one language says things."""

    def __init__(self, code: str, catalog: gettext.NullTranslations) -> None:
        self.code = code
        self._catalog = catalog
        self._locale = Locale.parse(code)
        # 28 November 2026, not November 28, 2026: as the other languages of the network write it
        self._calendar = Locale.parse("en_GB") if code == "en" else self._locale

    @property
    def own_name(self) -> str:
        """The language's name in itself, with a capital: it stands alone in a menu."""
        name = self._locale.get_display_name(self.code) or self.code
        return name[:1].upper() + name[1:]

    def gettext(self, text: str, **values: object) -> str:
        """The text in this language, its `%(names)s` filled in."""
        said = self._catalog.gettext(text)
        return _filled(said, values) if values else said

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The right plural for n, which is also the placeholder `%(n)s`."""
        said = self._catalog.ngettext(one, many, n)
        return _filled(said, {"n": self.number(n), **values})

    def say(self, message: Message | str) -> str:
        """A message in this language; a plain string is already in the reader's words."""
        if isinstance(message, str):
            return message
        values = {name: self._said(value) for name, value in message.values.items()}
        if message.many:
            return self.ngettext(message.text, message.many, **values)  # type: ignore[arg-type]
        return self.gettext(message.text, **values)

    def _said(self, value: Value) -> object:
        if isinstance(value, WithWeekday):
            return self.day(value.day)
        if isinstance(value, InPeriod):
            return self.period(value.code)
        return self.date(value) if isinstance(value, date) else value

    def of(self, original: str, others: Mapping[str, str]) -> str:
        """A name or text in this language where somebody wrote it, else as it was written."""
        return others.get(self.code) or original

    def day(self, day: date) -> str:
        """A day that somebody plans for: with its weekday."""
        if self.code == "tg":
            return f"{format_date(day, 'EEEE', locale=self._locale)}, {self.date(day)}"
        return format_date(day, "full", locale=self._calendar)

    def _written(self, day: date, pattern: str) -> str:
        """A day by a pattern; Tajik months stand small inside a sentence, as people write them."""
        written = format_date(day, pattern, locale=self._calendar)
        return written.lower() if self.code == "tg" else written

    def date(self, day: date | str) -> str:
        """A day; without a year (`--03-03`) the day and month alone."""
        if isinstance(day, str) and day.startswith("--"):
            return self._written(date.fromisoformat("2000" + day[1:]), "d MMMM")
        day = date.fromisoformat(day) if isinstance(day, str) else day
        # in Tajik it would be "05 Сентябр"
        return self._written(day, "d MMMM y" if self.code == "tg" else "long")

    def day_of(self, at: datetime, timezone: str) -> str:
        """The day of a moment on the network's own calendar, where its hour says nothing."""
        return self.date(at.astimezone(ZoneInfo(timezone)).date())

    def moment(self, at: datetime, timezone: str) -> str:
        """A moment on the network's own clock."""
        local = at.astimezone(ZoneInfo(timezone))
        return f"{self.date(local.date())}, {local:%H:%M}"

    def soon(self, at: datetime, now: datetime, timezone: str) -> str:
        """A moment ahead: today and tomorrow are called so."""
        zone = ZoneInfo(timezone)
        days = at.astimezone(zone).date() - now.astimezone(zone).date()
        near = _NEAR.get(days)
        hour = f"{at.astimezone(zone):%H:%M}"
        return self.gettext(near.text, hour=hour) if near else self.moment(at, timezone)

    def month(self, number: int) -> str:
        """The name of a month, 1 to 12, standing alone."""
        return str(get_month_names("wide", "stand-alone", locale=self._locale)[number])

    def period(self, code: str) -> str:
        """A year `2026`, a quarter `2026-Q2`, a month `2026-04` or a day, as it is read."""
        year, _, part = code.partition("-")
        if not part:
            return year
        if "-" in part:
            return self.date(code)
        month = int(part[1:]) * 3 if part.startswith("Q") else int(part)
        shape = "QQQ y" if part.startswith("Q") else "LLLL y"
        said = format_date(date(int(year), month, 1), shape, locale=self._calendar)
        return str(said[:1].upper() + said[1:])

    def country(self, code: str) -> str:
        """The name of a country by its two letters."""
        return str(self._locale.territories.get(code, code))

    def number(self, value: float) -> str:
        """A number with this language's separators."""
        return format_decimal(value, locale=self._locale)

    def size(self, size: int) -> str:
        """How large a file of so many bytes is: 340 kB, 1.2 MB (a kB is 1000 bytes)."""
        unit, amount = ("megabyte", size / 1e6) if size >= 1e6 else ("kilobyte", size / 1e3)
        rounded = max(round(amount, 1 if amount < 10 else 0), 0.1)
        return str(format_unit(rounded, f"digital-{unit}", "short", locale=self._locale))

    def list(self, parts: Sequence[str]) -> str:
        """Parts in a row; CLDR's own patterns lack Turkmen and drop the comma in Russian."""
        return ", ".join(parts)


def _filled(text: str, values: Mapping[str, object]) -> str:
    """The values in their places; a sentence whose last value has a full stop ends in that one."""
    for name, value in values.items():
        # a day in Russian ends in "г."
        if str(value).endswith("."):
            text = text.replace(f"%({name})s.", f"%({name})s")
    return text % values


@cache
def load_language(code: str) -> Language:
    """The language of a folder beside this file; KeyError when there is none."""
    path = FOLDER / code / "portal.po"
    if not path.is_file():
        raise KeyError(code)
    with path.open("rb") as source:
        catalog = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Language(code, gettext.GNUTranslations(compiled))
