"""Nothing in the invented world can reach or be mistaken for a living person."""

import re
from datetime import date

from seed_data.world import demo_events, organisations, practitioners

TODAY = date(2026, 11, 20)
EVERYBODY = [*organisations(TODAY), *practitioners(TODAY)]
# A prefix nobody has, and too few digits to be dialled (TM has 8 after the code, TJ 9).
UNREAL = re.compile(r"\+993 00 \d{4}|\+992 000 \d{4}")


def test_no_phone_can_be_real() -> None:
    phones = [row[name] for row in EVERYBODY for name in ("phone", "duty_phone") if row.get(name)]
    assert all(UNREAL.fullmatch(phone) for phone in phones)
    assert len(phones) == len(set(phones))


def test_every_email_is_under_the_example_domain() -> None:
    emails = [row["email"] for row in EVERYBODY if row["email"]]
    assert all(re.fullmatch(r"[a-z0-9-]+@example\.org", email) for email in emails)
    assert len(emails) == len(set(emails))


def test_licences_say_that_they_are_invented() -> None:
    numbers = [row["licence_number"] for row in practitioners(TODAY) if row["licence_number"]]
    assert all(re.fullmatch(r"DEMO-(TM|TJ)-\d{4}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_ids_are_random_looking() -> None:
    assert all(re.fullmatch(r"[op]-[a-z0-9]{6}", row["id"]) for row in EVERYBODY)


def test_no_practitioner_is_named_in_what_organisations_publish() -> None:
    published = " ".join(text for row in organisations(TODAY) for text in row.values())
    assert not [row["name"] for row in practitioners(TODAY) if row["name"] in published]


def test_state_and_international_bodies_say_that_they_are_of_the_demo() -> None:
    for row in organisations(TODAY):
        if row["kind"] in ("state", "international"):
            assert "demo" in row["name"] or "намоишӣ" in row["name"]


def test_invented_events_say_so() -> None:
    for row in demo_events(TODAY):
        assert row["title"].endswith("(demo)")
        assert row["source"] == "Invented for the demo"
