"""The invented papers: licence, code of ethics, consent, confirmation, agreement."""

from datetime import date, timedelta
from random import Random

ISSUERS = {"TM": "DEMO Adalat edarasy", "TJ": "DEMO Вазорати адлия"}
# How many in a hundred of a profession hold a licence; social workers need none.
LICENSED = {"lawyer": 100, "doctor": 100, "psychologist": 55, "social_worker": 0}
STATES = ("agreed", "proposed", "suspended", "ended")


def papers(number: int, profession: str, country: str, today: date) -> dict[str, str]:
    """All papers of one practitioner; a few lapse on purpose, so that not everybody is listed."""
    chance = Random(f"papers {number}")
    status = chance.choices(STATES, (90, 5, 3, 2))[0]
    paper = licence(number, profession, country, today, chance)
    if status == "proposed":
        return paper | _proposed(today, chance)
    has_signed, has_consented = chance.random() < 0.97, chance.random() < 0.97
    scope = chance.choices(("public", "members"), (85, 15))[0]
    return paper | {
        "ethics_signed_on": _days_before(today, 100, 900, chance) if has_signed else "",
        "consent_scope": scope if has_consented else "",
        "consent_on": _days_before(today, 20, 320, chance) if has_consented else "",
        "confirmed_on": confirmed_on(today, chance),
        "status": status,
    }


def licence(
    number: int, profession: str, country: str, today: date, chance: Random
) -> dict[str, str]:
    """Number, issuer and end: most run for long, some end within a month, a few have ended."""
    columns = ("licence_number", "licence_issuer", "licence_expires_on")
    if chance.randrange(100) >= LICENSED[profession]:
        return dict.fromkeys(columns, "")
    span = chance.choices(((60, 1500), (2, 30), (-120, -1)), (92, 5, 3))[0]
    expires = today + timedelta(days=chance.randint(*span))
    values = (f"DEMO-{country}-{number:04d}", ISSUERS[country], expires.isoformat())
    return dict(zip(columns, values, strict=True))


def confirmed_on(today: date, chance: Random) -> str:
    """Fresh for most, ageing for some, too old to be listed for a few."""
    span = chance.choices(((0, 90), (91, 180), (181, 400)), (77, 16, 7))[0]
    return _days_before(today, *span, chance)


def _proposed(today: date, chance: Random) -> dict[str, str]:
    """Proposed by the organisation; the practitioner's own consent may still be missing."""
    has_consented = chance.random() < 0.5
    return {
        "ethics_signed_on": "",
        "consent_scope": "members" if has_consented else "",
        "consent_on": _days_before(today, 1, 15, chance) if has_consented else "",
        "confirmed_on": "",
        "status": "proposed",
    }


def _days_before(today: date, fewest: int, most: int, chance: Random) -> str:
    return (today - timedelta(days=chance.randint(fewest, most))).isoformat()
