"""What an invented practitioner speaks, knows and whom she or he helps."""

import unicodedata
from datetime import date, timedelta
from functools import cache
from random import Random

from seed_data.tables import read_rows

# How many in a hundred speak a language, by country and, on top, by region.
SPOKEN = {
    "TM": {"tk": 98, "ru": 72, "uz": 8, "en": 12, "rsl": 3},
    "TJ": {"tg": 98, "ru": 66, "uz": 12, "en": 10, "rsl": 3, "fa": 4},
    "TM-S": {"fa": 5},
    "TM-B": {"kk": 30},
    "TM-D": {"uz": 55, "kk": 5},
    "TM-L": {"uz": 50},
    "TM-M": {"bal": 12, "prs": 5},
    "TJ-SU": {"uz": 45, "ky": 8},
    "TJ-KT": {"uz": 40, "prs": 10},
    "TJ-RA": {"uz": 25, "ky": 12},
    "TJ-GB": {"sgh": 75, "wbl": 30, "yah": 20, "ky": 20, "prs": 15},
}
NATIVE = {"TM": "tk", "TJ": "tg"}
# For a child the training must be two years old at most; some here are older, on purpose.
TRAINING_DAYS = (20, 700)
LAPSED_TRAINING_DAYS = (740, 1300)


def languages(region: str, name: str, chance: Random) -> str:
    """The spoken languages: of the country and of the region."""
    country = region[:2]
    odds = SPOKEN[country] | SPOKEN.get(region, {})
    spoken = [tag for tag, hundredths in odds.items() if chance.randrange(100) < hundredths]
    # A name in Cyrillic is a Russian one in Turkmenistan; in Tajikistan nothing tells.
    has_russian_name = country == "TM" and unicodedata.name(name[0]).startswith("CYRILLIC")
    if has_russian_name and "ru" not in spoken:
        spoken.append("ru")
    return ";".join(spoken or [NATIVE[country]])


@cache
def specialisations_of(profession: str) -> tuple[str, ...]:
    """The specialisations the vocabulary gives to a profession."""
    rows = read_rows("vocabularies/specialisations.csv")
    return tuple(row["code"] for row in rows if profession in row["professions"].split(";"))


def specialisations(profession: str, chance: Random) -> str:
    """None to three of the profession's specialisations."""
    known = specialisations_of(profession)
    return ";".join(chance.sample(known, min(len(known), chance.choice((0, 1, 1, 2, 2, 3)))))


def age_groups(chance: Random) -> str:
    """Adults most often, children as well for some, children alone for a few."""
    return chance.choices(("adult", "child;adult", "child"), (58, 36, 6))[0]


def safeguarding_on(age_groups: str, today: date, chance: Random) -> str:
    """When the training in protecting children was: recent for most who help them, not for all."""
    if "child" not in age_groups:
        return ""
    span = chance.choices((TRAINING_DAYS, LAPSED_TRAINING_DAYS, None), (78, 14, 8))[0]
    return (today - timedelta(days=chance.randint(*span))).isoformat() if span else ""
