"""The invented world: repeatable, complete, consistent, and nobody's real life in it."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from seed_data.practitioners import COLUMNS
from seed_data.tables import read_rows
from seed_data.world import local_places, organisations, practitioners

TODAY = date(2026, 11, 20)
ORGANISATIONS = organisations(TODAY)
PRACTITIONERS = practitioners(TODAY)
PLACES = {row["id"]: row for row in read_rows("places.csv")}
SLOT = re.compile(r"(mon|tue|wed|thu|fri|sat|sun):(morning|afternoon|evening)")

VOCABULARY_OF_COLUMN = {
    "profession": "professions",
    "gender": "genders",
    "transport": "transports",
    "visits_with": "visits_with",
    "contact_policy": "contact_policies",
    "languages": "languages",
    "specialisations": "specialisations",
    "age_groups": "age_groups",
    "modes": "modes",
    "consent_scope": "consent_scopes",
    "status": "agreement_states",
}


def codes(name: str) -> set[str]:
    return {row["code"] for row in read_rows(f"vocabularies/{name}.csv")}


def several(text: str) -> list[str]:
    return text.split(";") if text else []


def test_the_same_day_gives_the_same_world() -> None:
    assert organisations(TODAY) == ORGANISATIONS
    assert practitioners(TODAY) == PRACTITIONERS


def test_another_day_moves_the_dates_and_nothing_else() -> None:
    later = practitioners(TODAY + timedelta(days=100))
    for before, after in zip(PRACTITIONERS, later, strict=True):
        changed = {column for column in COLUMNS if before[column] != after[column]}
        assert changed <= {"absent", *(column for column in COLUMNS if column.endswith("_on"))}
    assert later != PRACTITIONERS


def test_there_are_four_hundred_practitioners_with_different_ids_and_names() -> None:
    assert len(PRACTITIONERS) == 400
    assert len({row["id"] for row in PRACTITIONERS}) == 400
    assert len({row["name"] for row in PRACTITIONERS}) == 400


def test_organisations_are_of_all_kinds_and_in_all_states() -> None:
    assert len(ORGANISATIONS) == len({row["id"] for row in ORGANISATIONS}) == 41
    assert Counter(row["kind"] for row in ORGANISATIONS)["international"] == 3
    states = Counter(row["status"] for row in ORGANISATIONS)
    assert set(states) - {""} == codes("membership_states")
    assert states["admitted"] == 26


def test_shelters_are_never_public() -> None:
    shelters = [row for row in ORGANISATIONS if "shelter" in several(row["services"])]
    assert len(shelters) == 2
    assert {row["visibility"] for row in shelters} == {"members"}


def test_only_members_have_the_directory() -> None:
    for row in ORGANISATIONS:
        assert bool(row["directory_access"]) == (row["status"] == "admitted")
        assert row["kind"] not in ("state", "international") or row["status"] == ""


def test_codes_of_organisations_are_in_the_vocabularies() -> None:
    for row in ORGANISATIONS:
        assert row["kind"] in codes("organisation_kinds")
        assert row["visibility"] in codes("visibilities")
        assert set(several(row["services"])) <= codes("services")
        assert row["place"] in PLACES


@pytest.mark.parametrize(("column", "vocabulary"), VOCABULARY_OF_COLUMN.items())
def test_codes_of_practitioners_are_in_the_vocabularies(column: str, vocabulary: str) -> None:
    used = {code for row in PRACTITIONERS for code in several(row[column])}
    assert used <= codes(vocabulary)
    # Everything there is to show is shown by somebody.
    assert used == codes(vocabulary) or column == "languages"


def test_every_column_is_used_by_somebody() -> None:
    for column in COLUMNS:
        assert any(row[column] for row in PRACTITIONERS), column


def test_employers_are_members_of_the_same_country() -> None:
    members = {row["id"]: row for row in ORGANISATIONS if row["status"] == "admitted"}
    for row in PRACTITIONERS:
        employer = members[row["organisation"]]
        assert PLACES[employer["place"]]["country"] == PLACES[row["place"]]["country"]


def test_named_districts_are_settlements_lists_or_regions() -> None:
    regions = {row["code"] for row in read_rows("regions.csv")}
    lists = {row["district"] for row in local_places()}
    named = {name for row in PRACTITIONERS for name in several(row["districts"])}
    assert named <= set(PLACES) | lists | regions
    assert named & lists
    assert named & regions


def test_formats_are_those_of_the_import() -> None:
    for row in PRACTITIONERS:
        assert all(SLOT.fullmatch(slot) for slot in several(row["availability"]))
        assert re.fullmatch(r"(closed [a-z]{3}-[a-z]{3})?", row["season"])
        assert re.fullmatch(r"(\d\d:\d\d-\d\d:\d\d)?", row["contact_hours"])
        assert row["phone_shared"] in ("yes", "no", "")
        assert row["travel_km"] == "" or 10 <= int(row["travel_km"]) <= 120
        for period in several(row["absent"]):
            first, last = map(date.fromisoformat, period.split("/"))
            assert first <= last


def test_who_visits_at_home_says_where() -> None:
    for row in PRACTITIONERS:
        visits = "home" in several(row["modes"])
        assert bool(row["travel_km"] or row["districts"]) == visits


def test_all_regions_have_practitioners_and_some_settlements_none() -> None:
    homes = {row["place"] for row in PRACTITIONERS}
    assert len({PLACES[place]["region"] for place in homes}) == 11
    assert len(homes) < len(PLACES)


def test_some_cells_can_be_released_and_some_cannot() -> None:
    cells: dict[tuple[str, str], list[str]] = {}
    for row in PRACTITIONERS:
        if row["status"] == "agreed" and row["consent_scope"] == "public":
            cell = (PLACES[row["place"]]["region"], row["profession"])
            cells.setdefault(cell, []).append(row["organisation"])
    large = [cell for cell in cells.values() if len(cell) >= 10 and len(set(cell)) >= 3]
    assert 6 <= len(large) <= len(cells) - 6


def test_most_are_confirmed_lately_and_some_are_not() -> None:
    ages = [
        (TODAY - date.fromisoformat(row["confirmed_on"])).days
        for row in PRACTITIONERS
        if row["confirmed_on"]
    ]
    fresh, old = sum(age <= 90 for age in ages), sum(age > 180 for age in ages)
    assert fresh > 250
    assert len(ages) - fresh - old > 30
    assert old > 10


def test_women_have_womens_surnames() -> None:
    for row in PRACTITIONERS:
        ending = row["name"][-1]
        assert (ending in "aа") == (row["gender"] == "female"), row["name"]
