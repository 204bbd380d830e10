"""How the values of a column are read: periods, days, numbers, yes and no."""

from portal.i18n.language import Language, load_language

NUMBERS = (
    *("population", "participants", "practitioners", "value", "target", "numerator"),
    *("denominator", "cells", "withheld", "organisations", "trainings", "activities", "materials"),
)
SWITCHES = ("counts_people", "rolled_back", "is_published", "asks_file", "out_of_date")


class Tidy:
    """The reader's way of writing; what it does not know it leaves as it is."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def period(self, raw: str) -> str:
        """A year, a quarter, a month, a day, or every one of them."""
        if raw == "all":
            return self._language.gettext("every period")
        try:
            return self._day(raw) if len(raw) == len("2026-01-01") else self._language.period(raw)
        except ValueError:
            return raw

    def value(self, column: str, raw: object) -> str:
        """A value as it is read; empty where there is nothing to tidy."""
        if column == "period":
            return self.period(str(raw))
        if column.endswith("_on") and isinstance(raw, str):
            return self._day(raw)
        if column in NUMBERS and isinstance(raw, int | float):
            return self._language.number(raw)
        if column in SWITCHES:
            _ = self._language.gettext
            return _("yes") if raw else _("no")
        if column == "language":
            return load_language(str(raw)).own_name if raw in ("en", "ru", "tk", "tg") else ""
        return ""

    def _day(self, raw: str) -> str:
        try:
            return self._language.date(raw)
        except ValueError:
            return raw
