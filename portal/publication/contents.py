"""What the start page of the data site says of the data: releases, breaks, what is withheld."""

import sqlite3
from datetime import date, timedelta

import msgspec

from portal.i18n.language import Language

# figures of a quarter are released so many days after its end
DAYS_AFTER_QUARTER = 45


class Released(msgspec.Struct, frozen=True):
    """A past release."""

    number: int
    released_on: str
    rolled_back: bool


class Break(msgspec.Struct, frozen=True):
    """A day from which an indicator is defined anew."""

    indicator: str
    titles: dict[str, str]
    version: int
    starts_on: str


class Standing(msgspec.Struct, frozen=True):
    """How the data stand: their releases, breaks, and how much of them is not shown."""

    releases: list[Released]
    breaks: list[Break]
    shown: int
    withheld: int

    @property
    def next_due(self) -> date | None:
        """The day on which the next release is due; unknown before the first."""
        days = [date.fromisoformat(e.released_on) for e in self.releases if not e.rolled_back]
        return next_release_after(max(days)) if days else None


def next_release_after(day: date) -> date:
    """A release is of the quarter before its own: the next is due 45 days after its own ends."""
    years, month = divmod((day.month - 1) // 3 * 3 + 3, 12)
    return date(day.year + years, month + 1, 1) + timedelta(DAYS_AFTER_QUARTER - 1)


def look_at(db: sqlite3.Connection) -> Standing:
    """How the data of an open public database stand."""
    releases = db.execute(
        "SELECT number, released_on, rolled_back FROM releases ORDER BY number DESC LIMIT 12"
    )
    breaks = db.execute(
        "SELECT v.indicator, v.version, v.starts_on, i.title_en, i.title_ru, i.title_tk, i.title_tg"
        " FROM indicator_versions AS v JOIN indicators AS i ON i.code = v.indicator"
        " WHERE v.version > 1 ORDER BY v.starts_on DESC LIMIT 20"
    )
    return Standing(
        [Released(number, day, bool(back)) for number, day, back in releases],
        [
            Break(code, dict(zip(("en", "ru", "tk", "tg"), titles, strict=True)), version, day)
            for code, version, day, *titles in breaks
        ],
        *_shares(db),
    )


def percent_withheld(standing: Standing, language: Language) -> str:
    """The share of figures about people that is not shown, in whole percent."""
    of = standing.shown + standing.withheld
    return language.number(round(100 * standing.withheld / of)) if of else ""


def _shares(db: sqlite3.Connection) -> tuple[int, int]:
    """Shown and withheld: of the levels of indicators, and of practitioners by region."""
    row = db.execute(
        "SELECT (SELECT coalesce(sum(cells - withheld), 0) FROM figure_levels WHERE is_published)"
        " + (SELECT count(*) FROM practitioner_counts WHERE flag IS NULL),"
        " (SELECT coalesce(sum(withheld), 0) FROM figure_levels WHERE is_published)"
        " + (SELECT count(*) FROM practitioner_counts WHERE flag IS NOT NULL)"
    ).fetchone()
    return int(row[0]), int(row[1])
