"""Four hundred invented practitioners: nobody of them lives; see CREDITS.md."""

from collections.abc import Iterator
from datetime import date
from random import Random

from seed_data import anchors, homes, schedules, skills, travel
from seed_data.names import full_names
from seed_data.papers import papers

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
# Women in a hundred, by profession.
WOMEN = {"psychologist": 74, "lawyer": 48, "doctor": 60, "social_worker": 80}
COLUMNS = (
    "id",
    "name",
    "profession",
    "gender",
    "organisation",
    "place",
    "travel_km",
    "districts",
    "season",
    "transport",
    "visits_with",
    "contact_policy",
    "contact_hours",
    "phone_shared",
    "say_when_calling",
    "languages",
    "specialisations",
    "age_groups",
    "modes",
    "availability",
    "weekly_visits",
    "absent",
    "safeguarding_on",
    "phone",
    "email",
    "licence_number",
    "licence_issuer",
    "licence_expires_on",
    "ethics_signed_on",
    "consent_scope",
    "consent_on",
    "confirmed_on",
    "status",
)


def practitioners(today: date) -> list[dict[str, str]]:
    """All practitioners with the import columns, as strings; the same for the same day."""
    names = {
        (country, gender): full_names(country, gender)
        for country in ("TM", "TJ")
        for gender in ("female", "male")
    }
    ids = _ids()
    people = []
    for number, (region, profession, fixed) in enumerate(_posts(today), start=1):
        row = _practitioner(number, region, profession, today) | fixed
        row["name"] = next(names[region[:2], row["gender"]])
        row["id"] = ids[number]
        row |= _spoken_and_reached(number, row, region) | fixed
        people.append({column: row[column] for column in COLUMNS})
    return people


def _posts(today: date) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Region, profession and what is fixed of each practitioner to invent."""
    for region, quotas in homes.QUOTAS.items():
        for profession, quota in quotas.items():
            has_anchors = (region, profession) == (
                anchors.ANCHOR_REGION,
                anchors.ANCHOR_PROFESSION,
            )
            for number in range(quota):
                is_anchor = has_anchors and number < len(anchors.ANCHORS)
                yield region, profession, anchors.anchor(number, today) if is_anchor else {}


def _practitioner(number: int, region: str, profession: str, today: date) -> dict[str, str]:
    """Everything but the name, and what hangs on the name."""
    chance = Random(f"practitioner {number}")
    place, modes = homes.home(region, chance), travel.modes(chance)
    visits = "home" in modes
    area = travel.service_area(region, place, chance) if visits else travel.no_service_area()
    age_groups = skills.age_groups(chance)
    return {
        "profession": profession,
        "gender": "female" if chance.randrange(100) < WOMEN[profession] else "male",
        "organisation": homes.employer(region, chance),
        "place": place,
        **area,
        "specialisations": skills.specialisations(profession, chance),
        "age_groups": age_groups,
        "modes": modes,
        "availability": schedules.availability(chance),
        "weekly_visits": str(chance.randint(1, 8)) if visits else "",
        "absent": schedules.absent(today, chance),
        "safeguarding_on": skills.safeguarding_on(age_groups, today, chance),
        **papers(number, profession, region[:2], today),
    }


def _spoken_and_reached(number: int, row: dict[str, str], region: str) -> dict[str, str]:
    """Languages and contacts, which go with the name and the id."""
    chance = Random(f"contact {number}")
    return {
        "languages": skills.languages(region, row["name"], chance),
        **schedules.contact(number, row["id"], region[:2], chance),
    }


def _ids() -> list[str]:
    """Random-looking ids, all different, the same every time; one more than there are people."""
    chance, found = Random("practitioner ids"), dict[str, None]()
    while len(found) <= sum(sum(quotas.values()) for quotas in homes.QUOTAS.values()):
        found["p-" + "".join(chance.choices(LETTERS, k=6))] = None
    return list(found)
