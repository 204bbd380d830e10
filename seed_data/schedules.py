"""When and how an invented practitioner can be reached and visits."""

from datetime import date, timedelta
from random import Random

from seed_data.contacts import email, phone

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
PARTS = ("morning", "afternoon", "evening")
HOURS = ("09:00-17:00", "08:30-12:30", "10:00-18:00", "14:00-19:00", "09:00-13:00")
WHAT_TO_SAY = {
    "TM": (
        "Okuw sapagy barada jaň edýändigiňizi aýdyň",
        "Diňe adyňyzy aýdyň, soň özüm jaň ederin",
        "Скажите, что звоните по поводу семинара",
    ),
    "TJ": (
        "Бигӯед, ки дар бораи семинар занг мезанед",
        "Танҳо номатонро гӯед, худам занг мезанам",
        "Скажите, что звоните из библиотеки",
    ),
}


def availability(chance: Random) -> str:
    """One to six weekly slots as `mon:morning`, now and then on a Saturday."""
    days = [*WORKDAYS, "sat"] if chance.random() < 0.2 else list(WORKDAYS)
    slots = [(day, part) for day in days for part in PARTS if part != "evening" or day != "sat"]
    weights = [1 if part == "evening" else 3 for _, part in slots]
    wanted = set(chance.choices(slots, weights, k=chance.randint(1, 6)))
    return ";".join(f"{day}:{part}" for day, part in slots if (day, part) in wanted)


def absent(today: date, chance: Random) -> str:
    """Periods away as `first day/last day`, some of them now, some to come."""
    periods = []
    starts = today + timedelta(days=chance.randint(-6, 45))
    for _ in range(chance.choices((0, 1, 2), (84, 13, 3))[0]):
        ends = starts + timedelta(days=chance.randint(2, 20))
        periods.append(f"{starts.isoformat()}/{ends.isoformat()}")
        starts = ends + timedelta(days=chance.randint(10, 60))
    return ";".join(periods)


def contact(number: int, person: str, country: str, chance: Random) -> dict[str, str]:
    """How to reach somebody; every tenth has no phone and is reached through the organisation."""
    has_phone = chance.random() < 0.9
    policies = ("direct", "after_accept", "via_organisation")
    policy = chance.choices(policies, (30, 42, 28))[0] if has_phone else "via_organisation"
    is_shared = has_phone and chance.random() < 0.22
    return {
        "contact_policy": policy,
        "contact_hours": chance.choice(HOURS) if has_phone and chance.random() < 0.85 else "",
        "phone_shared": ("yes" if is_shared else "no") if has_phone else "",
        "say_when_calling": chance.choice(WHAT_TO_SAY[country]) if is_shared else "",
        "phone": phone(country, number) if has_phone else "",
        "email": email(person) if chance.random() < 0.6 else "",
    }
