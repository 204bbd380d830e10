"""How far, when in the year and by what means an invented practitioner travels."""

from functools import cache
from random import Random

from seed_data.tables import read_rows

RADII = ("10", "15", "20", "25", "30", "40", "50", "60", "80", "100", "120")
MODES = ("home", "office", "phone", "online")
MODES_IN_A_HUNDRED = {"home": 84, "office": 62, "phone": 78, "online": 44}
# Mountain roads of these regions are closed by snow.
SNOWED_IN = {"TJ-GB": 60, "TJ-RA": 45, "TJ-SU": 15}
SEASONS = ("closed nov-apr", "closed nov-apr", "closed dec-mar")


def modes(chance: Random) -> str:
    """At least one of the four ways to consult."""
    chosen = [mode for mode in MODES if chance.randrange(100) < MODES_IN_A_HUNDRED[mode]]
    return ";".join(chosen or ["office"])


def service_area(region: str, place: str, chance: Random) -> dict[str, str]:
    """A radius, named settlements and districts, or both; and what the journey needs."""
    named = districts(region, place, chance)
    kind = chance.choices(("radius", "districts", "both"), (50, 16, 34))[0]
    return {
        "travel_km": "" if kind == "districts" else chance.choice(RADII),
        "districts": "" if kind == "radius" else ";".join(named),
        "season": season(region, chance),
        "transport": chance.choices(("own", "shared_taxi", "must_be_sent"), (35, 42, 23))[0],
        "visits_with": chance.choices(("alone", "colleague", "asker"), (45, 35, 20))[0],
    }


def no_service_area() -> dict[str, str]:
    """Who makes no home visits names no area."""
    return dict.fromkeys(("travel_km", "districts", "season", "transport", "visits_with"), "")


def districts(region: str, place: str, chance: Random) -> list[str]:
    """The own settlement, sometimes neighbours, a district list or the whole region."""
    lists, neighbours = district_lists(region), settlement_ids(region)
    named = [place, *chance.sample(neighbours, min(2, len(neighbours)))]
    if lists and chance.random() < 0.4:
        named.append(chance.choice(lists))
    if chance.random() < 0.12:
        named.append(region)
    return list(dict.fromkeys(named))


def season(region: str, chance: Random) -> str:
    """Months in which the roads are closed, as `closed nov-apr`; empty is all the year."""
    is_closed = chance.randrange(100) < SNOWED_IN.get(region, 0)
    return chance.choice(SEASONS) if is_closed else ""


@cache
def settlement_ids(region: str) -> tuple[str, ...]:
    """The gazetteer's settlements of a region."""
    return tuple(row["id"] for row in read_rows("places.csv") if row["region"] == region)


@cache
def district_lists(region: str) -> tuple[str, ...]:
    """Names of the network's own lists that hold a settlement of the region."""
    inside = set(settlement_ids(region))
    rows = read_rows("demo_local_places.csv")
    return tuple(sorted({row["district"] for row in rows if row["id"] in inside}))
