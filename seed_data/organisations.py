"""The invented organisations of the demo: no such organisation exists; see CREDITS.md."""

from datetime import date, timedelta
from random import Random

from seed_data.contacts import email, phone
from seed_data.tables import read_rows

HAS_BEEN_MEMBER = frozenset({"admitted", "suspended", "left"})
LANGUAGES = ("ru", "tk", "tg")


def organisations(today: date) -> list[dict[str, str]]:
    """About forty organisations of both countries, with the import columns, as strings."""
    countries = {row["id"]: row["country"] for row in read_rows("places.csv")}
    summaries = {row["profile"]: row for row in read_rows("demo_summaries.csv")}
    return [
        _organisation(number, row, countries[row["place"]], summaries[row["profile"]], today)
        for number, row in enumerate(read_rows("demo_organisations.csv"), start=1)
    ]


def admitted(country: str) -> list[dict[str, str]]:
    """The rows of the member organisations of a country, which alone propose practitioners."""
    countries = {row["id"]: row["country"] for row in read_rows("places.csv")}
    return [
        row
        for row in read_rows("demo_organisations.csv")
        if row["status"] == "admitted" and countries[row["place"]] == country
    ]


def _organisation(
    number: int, row: dict[str, str], country: str, summary: dict[str, str], today: date
) -> dict[str, str]:
    """One organisation; joining lies back a fixed number of days, so it never goes stale."""
    chance = Random(f"organisation {row['id']}")
    joined = today - timedelta(days=chance.randint(200, 3200))
    return {
        "id": row["id"],
        "name": row["name"],
        **{f"name_{language}": row[f"name_{language}"] for language in LANGUAGES},
        "kind": row["kind"],
        "visibility": row["visibility"],
        # Admission alone brings the directory: state and international bodies have none.
        "directory_access": "yes" if row["status"] == "admitted" else "",
        "duty_phone": phone(country, 9000 + number) if row["status"] == "admitted" else "",
        "place": row["place"],
        "summary": summary["en"],
        **{f"summary_{language}": summary[language] for language in LANGUAGES},
        "services": row["services"],
        "phone": phone(country, 8000 + number),
        "email": email(row["mailbox"]),
        # No addresses of the web in an invented world: they might be somebody's tomorrow.
        "website": "",
        "status": row["status"],
        "joined_on": joined.isoformat() if row["status"] in HAS_BEEN_MEMBER else "",
    }
