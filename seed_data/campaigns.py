"""Invented campaigns, their activities, and their materials, whose files are in `materials/`."""

from datetime import date, timedelta

from seed_data.tables import read_rows


def campaigns(today: date) -> list[dict[str, str]]:
    """Campaigns around today: some over, some running."""
    return [_dated(row, today, "starts_on", "ends_on") for row in read_rows("demo_campaigns.csv")]


def activities(today: date) -> list[dict[str, str]]:
    """Their activities: those still to come have counted nobody."""
    return [_dated(row, today, "held_on") for row in read_rows("demo_activities.csv")]


def materials() -> list[dict[str, str]]:
    """Works of every kind; paths of files are from the folder of this package."""
    return read_rows("demo_materials.csv")


def first_editions() -> list[dict[str, str]]:
    """The same columns, for works that have had other files before."""
    first = {row["id"]: row["files"] for row in read_rows("demo_first_editions.csv")}
    return [{**row, "files": first[row["id"]]} for row in materials() if row["id"] in first]


def _dated(row: dict[str, str], today: date, first: str, last: str | None = None) -> dict[str, str]:
    """The row with real dates in place of its distance from today and its length, both in days."""
    begins = today + timedelta(days=int(row["days_from_today"]))
    dates = {first: begins.isoformat()}
    if last:
        dates[last] = (begins + timedelta(days=int(row["days_long"]) - 1)).isoformat()
    return {name: text for name, text in row.items() if not name.startswith("days_")} | dates
