"""How a budget falls on years, and how far a project reaches, as the IATI standard asks."""

from collections.abc import Sequence
from datetime import date, timedelta

# ActivityScope: several countries, one country, several regions of it, one region
SCOPES = {"countries": "3", "country": "4", "regions": "5", "region": "6"}


def years_of(first: date, last: date) -> list[tuple[date, date]]:
    """The calendar years from one day to another, both included; the outer ones are cut."""
    parts = []
    start = first
    while start <= last:
        end = min(date(start.year, 12, 31), last)
        parts.append((start, end))
        start = end + timedelta(days=1)
    return parts


def budget_by_year(total: int, first: date, last: date) -> list[tuple[date, date, int]]:
    """A budget over the years of a project by their days, since a budget is of one year at most.

    The parts make the whole exactly: what is lost by rounding falls on the last year.
    """
    days = (last - first).days + 1
    parts = []
    left = total
    for start, end in years_of(first, last):
        share = left if end == last else total * ((end - start).days + 1) // days
        left -= share
        parts.append((start, end, share))
    return parts


def shares_of(number: int) -> list[str]:
    """Percentages of so many equal parts, which make 100 exactly."""
    each = 100 * 100 // number
    hundredths = [each] * (number - 1) + [100 * 100 - each * (number - 1)]
    return [f"{part // 100}.{part % 100:02}" for part in hundredths]


def scope_of(countries: Sequence[str], regions: Sequence[str]) -> str:
    """The geographical scope of a project."""
    if len(countries) > 1:
        return SCOPES["countries"]
    if not regions:
        return SCOPES["country"]
    return SCOPES["region" if len(regions) == 1 else "regions"]
