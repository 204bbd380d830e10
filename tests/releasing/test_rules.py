"""When a release is due, and what is told of one that changes something."""

from datetime import date

import pytest

from portal.publication.ledger import Figures, ReleasedFigure
from portal.publication.rules import ReleasedCount
from portal.releasing.rules import changes, next_due


@pytest.mark.parametrize(
    ("today", "last", "quarter", "on"),
    [
        ("2026-11-23", None, "2026-Q3", "2026-11-14"),
        ("2026-11-23", "2026-08-14", "2026-Q3", "2026-11-14"),
        ("2026-11-23", "2026-11-10", "2026-Q4", "2027-02-14"),
        ("2027-01-02", "2026-11-10", "2026-Q4", "2027-02-14"),
        ("2027-01-02", "2027-01-01", "2027-Q1", "2027-05-15"),
    ],
)
def test_a_release_is_due_45_days_after_a_quarter(
    today: str, last: str | None, quarter: str, on: str
) -> None:
    due = next_due(date.fromisoformat(today), date.fromisoformat(last) if last else None)
    assert (due.quarter.code, due.on.isoformat()) == (quarter, on)


def figure(period: str, value: float | None) -> ReleasedFigure:
    whole = ("all", "all", "all", "all")
    return ReleasedFigure("trained", period, *whole, 1, value, flag=None if value else "c")


def test_what_changes_is_told_apart() -> None:
    before = Figures(
        [ReleasedCount("TM-M", "lawyer", 20, None, "yes")],
        [figure("2025", 20), figure("2026", 30), figure("2024", 10), figure("2023", 50)],
    )
    after = Figures(
        [ReleasedCount("TM-M", "lawyer", None, "c", "ask_hotline")],
        [figure("2025", 20), figure("2026", 40), figure("2024", None), figure("2027", 10)],
    )
    found, summed = changes(before, after)
    told = [(each.kind, each.period, each.before, each.after) for each in found]
    assert told == [
        ("withheld", "", "20", "c"),
        ("withheld", "2024", "10", "c"),
        ("new", "2027", None, "10"),
        ("changed", "", "yes", "ask_hotline"),
        ("changed", "2026", "30", "40"),
        ("gone", "2023", "50", None),
    ]
    assert [(e.indicator, e.same, e.is_changed) for e in summed] == [
        ("practitioner_counts", 0, True),
        ("trained", 1, True),
    ]
