"""Meetings: the published ones, to which nothing is added, and invented ones marked "(demo)"."""

from datetime import date, timedelta

from seed_data.tables import read_rows

# The one demo event still to come that the public may see: the loader flags it as open.
OPEN_DEMO_EVENT = "e-8n4w2k"
# The one that its organisation asks to be open: a second person has not said so yet.
CLOSED_DEMO_EVENT = "e-4v9m3s"


def real_events() -> list[dict[str, str]]:
    """The networks' own meetings, as their published reports tell them; see CREDITS.md."""
    return read_rows("events.csv")


def demo_events(today: date) -> list[dict[str, str]]:
    """Invented events around today, so that the register always has past and coming ones."""
    return [_dated(row, today) for row in read_rows("demo_events.csv")]


def _dated(row: dict[str, str], today: date) -> dict[str, str]:
    """The row with real dates in place of its distance from today and its length, both in days."""
    starts = today + timedelta(days=int(row["days_from_today"]))
    ends = starts + timedelta(days=int(row["days_long"]) - 1)
    kept = {name: text for name, text in row.items() if not name.startswith("days_")}
    return kept | {"starts_on": starts.isoformat(), "ends_on": ends.isoformat()}
