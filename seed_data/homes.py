"""Where the invented practitioners live: uneven, with gaps, as in a real network."""

from functools import cache
from math import sqrt
from random import Random

from seed_data.organisations import admitted
from seed_data.tables import read_rows

# How many of each profession live in a region; some cells are small on purpose, since a public
# table must withhold them (tests of disclosure control need both kinds).
QUOTAS = {
    "TM-S": {"psychologist": 34, "lawyer": 26, "doctor": 3, "social_worker": 4},
    "TM-A": {"psychologist": 16, "lawyer": 9, "doctor": 1, "social_worker": 2},
    "TM-B": {"psychologist": 14, "lawyer": 4, "doctor": 1, "social_worker": 1},
    "TM-D": {"psychologist": 21, "lawyer": 15, "doctor": 2, "social_worker": 2},
    "TM-L": {"psychologist": 18, "lawyer": 5, "doctor": 1, "social_worker": 2},
    "TM-M": {"psychologist": 24, "lawyer": 16, "doctor": 2, "social_worker": 3},
    "TJ-DU": {"psychologist": 30, "lawyer": 24, "doctor": 3, "social_worker": 3},
    "TJ-SU": {"psychologist": 28, "lawyer": 17, "doctor": 2, "social_worker": 3},
    "TJ-KT": {"psychologist": 22, "lawyer": 13, "doctor": 1, "social_worker": 2},
    "TJ-RA": {"psychologist": 13, "lawyer": 4, "doctor": 1, "social_worker": 1},
    "TJ-GB": {"psychologist": 4, "lawyer": 2, "doctor": 0, "social_worker": 1},
}
# Towns where nobody lives, though people need help there: the coverage page must show them.
GAPS = frozenset(
    {
        "601661",  # Boldumsaz
        "1219392",  # Magdanly
        "601758",  # Garabogaz
        "161371",  # Esenguly
        "1218456",  # Sarahs
        "1220576",  # Shahritus
        "1220962",  # Murghob
        "1514891",  # Konibodom
        "1282601",  # Tursunzoda
    }
)
SMALLEST_HOME = 5000
# An organisation works mostly, but not only, in its own region.
AT_HOME, AWAY = 8, 1


def home(region: str, chance: Random) -> str:
    """The id of a settlement of the region, the larger the likelier."""
    candidates = settlements(region)
    weights = [sqrt(population + 1) for _, population in candidates]
    return chance.choices(candidates, weights)[0][0]


def employer(region: str, chance: Random) -> str:
    """The id of an admitted organisation of the region's country, most often of the region."""
    members = employers(region[:2])
    weights = [AT_HOME if where == region else AWAY for _, where in members]
    return chance.choices(members, weights)[0][0]


@cache
def settlements(region: str) -> tuple[tuple[str, int], ...]:
    """Ids and populations of the settlements of a region where practitioners may live."""
    return tuple(
        (row["id"], int(row["population"]))
        for row in read_rows("places.csv")
        if row["region"] == region
        and int(row["population"] or 0) >= SMALLEST_HOME
        and row["id"] not in GAPS
    )


@cache
def employers(country: str) -> tuple[tuple[str, str], ...]:
    """Ids and regions of the admitted organisations of a country."""
    regions = {row["id"]: row["region"] for row in read_rows("places.csv")}
    return tuple((row["id"], regions[row["place"]]) for row in admitted(country))
