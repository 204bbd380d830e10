"""What a column can hold: how its text becomes a value, and a value its text.

A value is what the database holds; lists and pairs are Python's own. Reading raises `WrongCell`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from portal import forms
from portal.i18n.language import Message
from portal.texts import is_formula, number_text
from portal.transfer.finding import Finder
from portal.transfer.report import WrongCell

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARLY = re.compile(r"--\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,20})?")
_WEBSITE = re.compile(r"https?://[^\s<>\"]+")
_SEASON = re.compile(r"closed ([a-z]{3})-([a-z]{3})")


class Cell(msgspec.Struct, frozen=True):
    """One kind of cell; `empty` is the value of an empty one, `is_json` how SQL hands it over."""

    read: Callable[[str, Finder], Any]
    write: Callable[[Any], str] = str
    empty: Any = None
    is_json: bool = False

    def value(self, text: str, finder: Finder) -> Any:
        """The value of a cleaned text."""
        return self.read(text, finder) if text else self.empty

    def text(self, value: Any) -> str:
        """The text of a value as an export gives it."""
        return "" if value is None else self.write(value)


# security: published tables are opened in spreadsheets, which would run it
FORMULA = Message(
    "Begin this with a letter or a number: a spreadsheet would take it for a formula."
)


def line(longest: int = 200) -> Cell:
    """A text in one line."""

    def read(text: str, _finder: Finder) -> str:
        if "\n" in text or "\t" in text:
            raise WrongCell(Message("Write this in one line."))
        if is_formula(text):
            raise WrongCell(FORMULA)
        return _not_longer(text, longest)

    return Cell(read)


def paragraphs(longest: int = 4000) -> Cell:
    """A text that may have several lines."""

    def read(text: str, _finder: Finder) -> str:
        if is_formula(text):
            raise WrongCell(FORMULA)
        return _not_longer(text, longest)

    return Cell(read)


def like(pattern: re.Pattern[str], message: Message, longest: int = 200) -> Cell:
    """A text of a fixed form."""

    def read(text: str, _finder: Finder) -> str:
        if not pattern.fullmatch(text):
            raise WrongCell(message)
        return _not_longer(text, longest)

    return Cell(read)


PHONE = like(forms.PHONE, Message("Write a phone number, for example +993 12 345678."), 60)
EMAIL = like(forms.EMAIL, Message("Write an e-mail address, for example name@example.org."))
WEBSITE = like(_WEBSITE, Message("Write the whole address, beginning with https://."))


def code(vocabulary: str, empty: str | None = None) -> Cell:
    """One code of a list."""
    return Cell(lambda text, finder: _code(text, finder.codes(vocabulary)), empty=empty)


def codes(vocabulary: str) -> Cell:
    """Several codes of a list, each once."""

    def read(text: str, finder: Finder) -> list[str]:
        known = finder.codes(vocabulary)
        return list(dict.fromkeys(_code(part, known) for part in several(text)))

    return Cell(read, ";".join, empty=[], is_json=True)


def number(low: float, high: float, *, whole: bool = False) -> Cell:
    """A number within a range, both ends included."""

    def read(text: str, _finder: Finder) -> float:
        if _NUMBER.fullmatch(text) and low <= float(text) <= high:
            if not whole:
                return float(text)
            if float(text).is_integer():
                return int(float(text))
        said = (
            Message("Write a whole number from %(low)s to %(high)s.")
            if whole
            else Message("Write a number from %(low)s to %(high)s.")
        )
        values = {"low": f"{low:.0f}", "high": f"{high:.0f}"}
        raise WrongCell(Message(said.text, {**values}))

    return Cell(read, number_text)


def day(*, past: bool = False, yearly: bool = False) -> Cell:
    """A date; with `past` not after today, with `yearly` also without a year."""

    def read(text: str, finder: Finder) -> str:
        if yearly and _YEARLY.fullmatch(text):
            _date("2000" + text[1:])
            return text
        if _date(text) > finder.today and past:
            raise WrongCell(Message("This day has not come yet. Write the day it happened."))
        return text

    return Cell(read)


def yes_no(empty: int | None = None) -> Cell:
    """Yes or no, held as 1 and 0."""

    def read(text: str, _finder: Finder) -> int:
        return int(_code(text, ["yes", "no"]) == "yes")

    return Cell(read, lambda value: "yes" if value else "no", empty=empty)


def place() -> Cell:
    """A settlement by id or name; held and exported as its id."""
    return Cell(lambda text, finder: finder.place(text))


def organisation() -> Cell:
    """An organisation by id or exact name; held and exported as its id."""
    return Cell(lambda text, finder: finder.organisation(text))


def areas() -> Cell:
    """Settlement ids, names of district lists and region codes, as pairs (kind, code)."""

    def read(text: str, finder: Finder) -> list[tuple[str, str]]:
        return list(dict.fromkeys(finder.area(part) for part in several(text)))

    return Cell(read, lambda pairs: ";".join(code for _kind, code in pairs), [], is_json=True)


def season() -> Cell:
    """The months in which the roads are closed, as numbers from 1 to 12: (from, to)."""

    def read(text: str, _finder: Finder) -> tuple[int, int]:
        found = _SEASON.fullmatch(text.casefold())
        if not found or not set(found.groups()) <= set(MONTHS):
            raise WrongCell(Message("Write the closed months like this: closed nov-apr."))
        first, last = (MONTHS.index(month) + 1 for month in found.groups())
        return first, last

    def write(months: tuple[int, int]) -> str:
        return f"closed {MONTHS[months[0] - 1]}-{MONTHS[months[1] - 1]}"

    return Cell(read, write, is_json=True)


def absences() -> Cell:
    """Periods as `first day/last day`, in the order of time, none of them meeting another."""

    def read(text: str, _finder: Finder) -> list[tuple[str, str]]:
        periods = sorted(_period(part) for part in several(text))
        for (_start, before), (after, _end) in pairwise(periods):
            if after <= before:
                raise WrongCell(Message("These periods overlap. Join them into one."))
        return periods

    return Cell(
        read, lambda pairs: ";".join(f"{start}/{end}" for start, end in pairs), [], is_json=True
    )


def slots() -> Cell:
    """Weekly slots as `mon:morning`."""

    def read(text: str, finder: Finder) -> list[str]:
        return list(dict.fromkeys(_slot(part, finder) for part in several(text)))

    return Cell(read, ";".join, empty=[], is_json=True)


def percents() -> Cell:
    """Questions of an evaluation with the percent who said so."""
    return Cell(_percents, _percents_text, empty={}, is_json=True)


def several(text: str) -> list[str]:
    """The parts between semicolons, each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _not_longer(text: str, longest: int) -> str:
    if len(text) > longest:
        raise WrongCell(
            Message("Make this shorter: at most %(most)s characters.", {"most": longest})
        )
    return text


def _code(text: str, known: list[str]) -> str:
    if text in known:
        return text
    if text.casefold() in known:
        return text.casefold()
    raise WrongCell(Message("Choose one of: %(choices)s.", {"choices": ", ".join(known)}))


def _date(text: str) -> date:
    if _DAY.fullmatch(text) and "1900" <= text[:4] <= "2200":
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            said = Message("There is no such day in the calendar. Look at it again.")
            raise WrongCell(said) from error
    raise WrongCell(Message("Write the date as year-month-day, for example 2026-11-30."))


def _period(text: str) -> tuple[str, str]:
    first, slash, last = (part.strip() for part in text.partition("/"))
    if not slash:
        raise WrongCell(
            Message("Write each period as first day/last day, for example 2026-12-01/2026-12-14.")
        )
    if _date(first) > _date(last):
        raise WrongCell(Message("A period ends before it begins. Swap its two days."))
    return first, last


def _slot(text: str, finder: Finder) -> str:
    weekday, _colon, part = (piece.strip() for piece in text.casefold().partition(":"))
    if weekday in finder.codes("weekdays") and part in finder.codes("parts"):
        return f"{weekday}:{part}"
    raise WrongCell(
        Message(
            "Write each slot as weekday:part, for example mon:morning. Weekdays: %(weekdays)s."
            " Parts: %(parts)s.",
            {
                "weekdays": ", ".join(finder.codes("weekdays")),
                "parts": ", ".join(finder.codes("parts")),
            },
        )
    )


def _percents(text: str, finder: Finder) -> dict[str, float]:
    percent = number(0, 100)
    found: dict[str, float] = {}
    for part in several(text):
        question, _equals, share = (piece.strip() for piece in part.rpartition("="))
        if not question or question in found:
            raise WrongCell(Message("Write each answer as question=percent, every question once."))
        found[question] = percent.read(share, finder)
    return found


def _percents_text(shares: Mapping[str, float]) -> str:
    return ";".join(f"{question}={number_text(share)}" for question, share in shares.items())
