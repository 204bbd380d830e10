"""The invented organisations of the demo: no such organisation exists; see CREDITS.md."""

from datetime import date, timedelta
from random import Random

from seed_data.contacts import email, phone
from seed_data.tables import read_rows

HAS_BEEN_MEMBER = frozenset({"admitted", "suspended", "left"})
LANGUAGES = ("ru", "tk", "tg")

# the founding members, and the invented day on which they founded the network
FOUNDERS = (
    *("o-7k2m9q", "o-n5t4hc", "o-w4b7ke"),
    *("o-j3n7rw", "o-y8c4mp", "o-g5t9vz", "o-s2k6bd"),
)
FOUNDED_ON = date(2012, 5, 12)

# whose yearly renewal is due in so many days; a negative one was due and has not come. The first is
# that of the demo's own member, who may try it
DUE_IN = {"o-3vd8xw": 17, "o-b6j9fq": 20, "o-h8p2zd": -10, "o-t5m9xr": 25}
YEARS_OF_THOSE = 4

# how many days ago those were admitted whose application the demo still holds
ADMITTED_BEFORE = {"o-k2p6zw": 120, "o-n7v5td": 800, "o-v6q5kt": 1100}


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
    joined = _joined_on(row["id"], today)
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


def _joined_on(organisation_id: str, today: date) -> date:
    """The founding day, the day a story needs, or any; all but the first move along with today."""
    if organisation_id in FOUNDERS:
        return FOUNDED_ON
    if organisation_id in DUE_IN:
        due_on = today + timedelta(days=DUE_IN[organisation_id])
        return years_before(due_on, YEARS_OF_THOSE)
    chance = Random(f"organisation {organisation_id}").randint(200, 3200)
    return today - timedelta(days=ADMITTED_BEFORE.get(organisation_id, chance))


def years_before(day: date, years: int) -> date:
    """The same day some years before; of 29 February the day after it where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
