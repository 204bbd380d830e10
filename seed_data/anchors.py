"""People the demo and the tests rely on: whoever asks for a home visit in Baýramaly finds somebody.

Each is an invented woman psychologist of Mary region who speaks Turkmen and Russian, visits at home
on a weekday morning and covers Baýramaly in her own way: by radius, list, settlement or region.
"""

from datetime import date, timedelta

BAYRAMALY = "1219762"
ANCHOR_REGION, ANCHOR_PROFESSION = "TM-M", "psychologist"
COLUMNS = (
    "place",
    "travel_km",
    "districts",
    "availability",
    "age_groups",
    "languages",
    "visits_with",
    "transport",
)
# Mary (1218667) lies about 30 km from Baýramaly, Türkmengala (1218195) about 26.
ANCHORS = (
    ("1218667", "40", "", "mon:morning;wed:morning", "adult", "tk;ru", "alone", "own"),
    ("1218667", "", "Baýramaly etraby", "mon:morning;thu:morning", "child;adult", "tk;ru;en",
     "colleague", "shared_taxi"),
    (BAYRAMALY, "15", BAYRAMALY, "tue:morning;fri:afternoon", "adult", "tk;ru", "asker", "own"),
    ("1218195", "", "TM-M", "mon:morning;fri:morning", "child;adult", "tk;ru;uz", "colleague",
     "must_be_sent"),
)  # fmt: skip


def anchor(number: int, today: date) -> dict[str, str]:
    """What is fixed about the anchor of that number, counted from 0."""
    helps_children = "child" in ANCHORS[number][COLUMNS.index("age_groups")]
    training = (today - timedelta(days=120 + number)).isoformat()
    return dict(zip(COLUMNS, ANCHORS[number], strict=True)) | {
        "gender": "female",
        "season": "",
        "modes": "home;office;phone",
        "specialisations": "crisis;trauma",
        "weekly_visits": "4",
        "absent": "",
        "safeguarding_on": training if helps_children else "",
        **_papers(number, today),
    }


def _papers(number: int, today: date) -> dict[str, str]:
    """All in order, and confirmed a different number of days ago for each."""
    return {
        "licence_number": f"DEMO-TM-{9000 + number:04d}",
        "licence_issuer": "DEMO Adalat edarasy",
        "licence_expires_on": (today + timedelta(days=400 + number)).isoformat(),
        "ethics_signed_on": (today - timedelta(days=300)).isoformat(),
        "consent_scope": "public",
        "consent_on": (today - timedelta(days=90)).isoformat(),
        "confirmed_on": (today - timedelta(days=3 + 6 * number)).isoformat(),
        "status": "agreed",
    }
