"""Invented results of the demo: small numbers that grow, with gaps, corrections and late reports.

Every number is drawn anew from the organisation, the quarter and the indicator, so that the same
quarter says the same whenever it is asked for. All of it is invented.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

QUARTERS = 12

# of a hundred reports: never came, came late, came back with a note, was corrected afterwards
MISSING, LATE, RETURNED, CORRECTED = 6, 14, 10, 6

FORMS = (
    ("forced_labour", 45),
    ("sexual_exploitation", 30),
    ("domestic_servitude", 8),
    ("forced_begging", 6),
    ("forced_marriage", 6),
    ("unknown", 5),
)

SEXES = (("female", 62), ("male", 36), ("unknown", 2))
AGES = (("adult", 78), ("child", 20), ("unknown", 2))

Cell = dict[str, str | float | None]


def fate(organisation: str, quarter: str) -> str:
    """What became of a report: `missing`, `late`, `returned`, `corrected` or `plain`."""
    drawn = Random(f"fate {organisation} {quarter}").randrange(100)
    for word, share in (
        ("missing", MISSING),
        ("late", LATE),
        ("returned", RETURNED),
        ("corrected", CORRECTED),
    ):
        if drawn < share:
            return word
        drawn -= share
    return "plain"


def reported(organisation: str, region: str, quarter: str, number: int) -> list[Cell]:
    """The cells of one report; `number` counts quarters from 0, the oldest."""
    chance = Random(f"results {organisation} {quarter}")
    size = 1 + Random(f"size {organisation}").random() * 2
    grown = size * (1 + number / 14)
    cells = [
        *_people("assisted", region, chance, _helped(grown, chance), with_form=True),
        *_people("prevented", region, chance, round(grown * chance.uniform(0, 4))),
        *_sexes("in_reintegration", region, chance, round(grown * chance.uniform(1, 4))),
        *_again(chance, number),
        _value("days_to_help", numerator=round(max(2, 10 - number / 2 + chance.uniform(-2, 3)))),
        *_calls(quarter, chance, grown),
        _value("leaflets", region, numerator=chance.randrange(2, 30) * 50),
    ]
    if quarter.endswith("Q4"):
        quarters = (f"{quarter[:4]}-Q{each}" for each in (1, 2, 3, 4))
        helped = sum(
            _helped(size * (1 + (number - 3 + n) / 14), Random(f"results {organisation} {each}"))
            for n, each in enumerate(quarters)
        )
        cells += _by_form(quarter[:4], chance, helped)
    return cells


def _helped(grown: float, chance: Random) -> int:
    """How many were assisted: the first that is drawn, so that the year's sum can draw it again."""
    return round(grown * chance.uniform(1, 5))


def counted(code: str, regions: list[str], number: int) -> list[Cell]:
    """What the portal would have counted in a quarter of the past."""
    chance = Random(f"counted {code} {number}")
    rise = number / (QUARTERS - 1)
    if code in _SHARES:
        first, last = _SHARES[code]
        share = first + (last - first) * rise + chance.uniform(-0.03, 0.03)
        whole = _WHOLES[code]
        return [
            _value(code, region, round(whole * share), whole) for region in _where(code, regions)
        ]
    if code == "days_to_visit":
        return [_value(code, numerator=round(6.5 - 2.5 * rise + chance.uniform(-0.5, 0.5), 1))]
    first, last = _COUNTS[code]
    cells = []
    for region in _where(code, regions):
        drawn = max(0, round(first + (last - first) * rise + chance.uniform(-1, 1) * last / 6))
        parts = code in ("campaign_participants", "people_trained")
        cells += _people(code, region, chance, drawn) if parts else [_value(code, region, drawn)]
    return cells


def earlier(now: Mapping[str, Any], number: int) -> Cell | None:
    """What a state that is known of today alone would have been in a quarter; None for nobody.

    It rises to nearly today's, so that the next quarter that is closed makes no jump.
    """
    since = (number + 1) / QUARTERS
    grown = 0.55 + 0.45 * since
    numerator, whole = now["numerator"] * grown, now["denominator"]
    if now["code"] == "confirmed_90_days":
        numerator, whole = numerator * (0.75 + 0.25 * since), int(whole * grown)
    if not int(numerator if whole is None else whole):
        return None
    return {**_value(now["code"], now["region"], int(numerator), whole), "sex": now["sex"]}


# a region's first and last count, or the whole network's where there are no regions
_COUNTS = {
    "consultations": (4, 11),
    "campaign_activities": (0.3, 0.9),
    "campaign_participants": (25, 68),
    "materials_shared": (5, 12),
    "materials_adapted": (1, 5),
    "materials_downloaded": (180, 760),
    "trainings": (0, 1),
    "people_trained": (12, 22),
}
_SHARES = {
    "requests_48_hours": (0.45, 0.78),
    "trainings_useful": (0.72, 0.88),
}
_WHOLES = {
    "requests_48_hours": 9,
    "trainings_useful": 180,
}
_NOWHERE = ("materials", "trainings_useful")


def _where(code: str, regions: list[str]) -> list[str]:
    return [""] if code.startswith(_NOWHERE) else regions


def _value(
    code: str, region: str = "", numerator: float = 0, denominator: float | None = None
) -> Cell:
    return {"code": code, "region": region, "numerator": numerator, "denominator": denominator}


def _people(
    code: str, region: str, chance: Random, people: int, *, with_form: bool = False
) -> list[Cell]:
    """So many people, each drawn into a part; nobody at all is a zero."""
    found: dict[tuple[str, str, str], int] = {}
    for _ in range(people):
        form = _drawn(FORMS, chance) if with_form else ""
        part = (_drawn(SEXES, chance), _drawn(AGES, chance), form)
        found[part] = found.get(part, 0) + 1
    if not found:
        return [{**_value(code, region), "state": "zero", "numerator": None}]
    return [
        {**_value(code, region, number), "sex": sex, "age_group": age, "form": form}
        for (sex, age, form), number in sorted(found.items())
    ]


def _sexes(code: str, region: str, chance: Random, people: int) -> list[Cell]:
    women = sum(chance.random() < 0.6 for _ in range(people))
    return [
        {**_value(code, region, women), "sex": "female"},
        {**_value(code, region, people - women), "sex": "male"},
    ]


def _again(chance: Random, number: int) -> list[Cell]:
    reached = chance.randrange(0, 9)
    if not reached:
        return [{**_value("exploited_again"), "state": "not_applicable", "numerator": None}]
    share = 0.2 - number / 100
    again = sum(chance.random() < share for _ in range(reached))
    return [_value("exploited_again", "", again, reached)]


def _calls(quarter: str, chance: Random, grown: float) -> list[Cell]:
    year, first = quarter[:4], 3 * int(quarter[-1]) - 2
    return [
        {
            **_value("hotline_calls", numerator=round(grown * chance.uniform(2, 9))),
            "period": f"{year}-{month:02}",
        }
        for month in range(first, first + 3)
    ]


def _by_form(year: str, chance: Random, people: int) -> list[Cell]:
    """Some went through two forms: the parts make more than the whole."""
    found: dict[str, int] = {}
    for _ in range(people):
        suffered = {_drawn(FORMS, chance), _drawn(FORMS, chance)}
        for form in suffered if chance.random() < 0.3 else sorted(suffered)[:1]:
            found[form] = found.get(form, 0) + 1
    whole = {**_value("assisted_by_form", numerator=people), "period": year}
    return [whole, *({**whole, "numerator": n, "form": form} for form, n in sorted(found.items()))]


def _drawn(shares: tuple[tuple[str, int], ...], chance: Random) -> str:
    words, weights = zip(*shares, strict=True)
    return str(chance.choices(words, weights)[0])
