"""Every cell that cannot be used is reported with what to write instead, and nothing is saved."""

from typing import Any

import pytest

from tests.transfer.conftest import said

ORGANISATION = {"id": "o-new", "name": "New", "kind": "ngo"}
PERSON = {
    "id": "p-new",
    "name": "New",
    "profession": "lawyer",
    "organisation": "o-7k2m9q",
    "place": "162183",
}
EVENT = {"id": "e-new", "title": "New", "kind": "forum", "starts_on": "2026-01-01"}
PLACE = {
    "id": "L9",
    "name": "New",
    "parent": "1219762",
    "latitude": "37.1",
    "longitude": "62.1",
}

WRONG = [
    ("organisations", "id", "", "id of its own"),
    ("organisations", "id", "two words", "Latin letters"),
    ("organisations", "name", "", "Fill this in"),
    ("organisations", "name", "two\nlines", "in one line"),
    ("organisations", "name", "x" * 201, "at most 200"),
    ("organisations", "summary", "x" * 10_001, "at most 10000"),
    ("organisations", "name", "bell\x07", "cannot be seen"),
    ("organisations", "name", "turned\u202eround", "cannot be seen"),
    ("organisations", "kind", "club", "Choose one of: ngo, public"),
    ("organisations", "visibility", "secret", "Choose one of"),
    ("organisations", "directory_access", "maybe", "year-month-day"),
    ("organisations", "duty_phone", "ask at the door", "phone number"),
    ("organisations", "place", "Vahdat", "Write the id of one: Vahdat ("),
    ("organisations", "place", "Bayramala", "Perhaps: Bayramaly (1219762)"),
    ("organisations", "place", "Qqqqqqq", "Write its GeoNames id"),
    ("organisations", "place", "99999999", "No settlement of this id"),
    ("organisations", "services", "legal;magic", "Choose one of"),
    ("organisations", "email", "nobody", "name@example.org"),
    ("organisations", "website", "javascript:alert(1)", "beginning with https://"),
    ("organisations", "status", "friend", "Choose one of: applicant"),
    ("organisations", "joined_on", "1.2.2020", "year-month-day"),
    ("organisations", "joined_on", "20200201", "year-month-day"),
    ("organisations", "joined_on", "2026-02-30", "no such day"),
    ("organisations", "joined_on", "0026-02-03", "year-month-day"),
    ("organisations", "joined_on", "--03-03", "year-month-day"),
    ("practitioners", "profession", "", "Fill this in"),
    ("practitioners", "gender", "f", "Choose one of"),
    ("practitioners", "organisation", "Nobody we know", "No organisation has this id"),
    ("practitioners", "place", "", "Fill this in"),
    ("practitioners", "travel_km", "1001", "from 0 to 1000"),
    ("practitioners", "travel_km", "-1", "from 0 to 1000"),
    ("practitioners", "travel_km", "nan", "from 0 to 1000"),
    ("practitioners", "travel_km", "1e2", "from 0 to 1000"),
    ("practitioners", "districts", "162183;Baýramaly", "no settlement id, region code or district"),
    ("practitioners", "districts", "Baýramaly etrap", "Perhaps: Baýramaly etraby"),
    ("practitioners", "season", "nov-apr", "closed nov-apr"),
    ("practitioners", "season", "closed nov-foo", "closed nov-apr"),
    ("practitioners", "transport", "horse", "Choose one of: own"),
    ("practitioners", "visits_with", "dog", "Choose one of: alone"),
    ("practitioners", "contact_policy", "never", "Choose one of: direct"),
    ("practitioners", "phone_shared", "perhaps", "Choose one of: yes, no"),
    ("practitioners", "languages", "tk;klingon", "Choose one of: tk"),
    ("practitioners", "specialisations", "golf", "Choose one of"),
    ("practitioners", "age_groups", "cat", "Choose one of: child, adult"),
    ("practitioners", "modes", "raft", "Choose one of: home"),
    ("practitioners", "availability", "mon:night", "weekday:part"),
    ("practitioners", "availability", "moonday:morning", "weekday:part"),
    ("practitioners", "weekly_visits", "61", "whole number from 0 to 60"),
    ("practitioners", "weekly_visits", "2.5", "whole number"),
    ("practitioners", "absent", "2026-12-01", "first day/last day"),
    ("practitioners", "absent", "2026-12-14/2026-12-01", "ends before it begins"),
    ("practitioners", "absent", "2026-12-01/2026-12-14;2026-12-14/2026-12-20", "overlap"),
    ("practitioners", "absent", "2026-12-01/soon", "year-month-day"),
    ("practitioners", "safeguarding_on", "2026-11-24", "has not come yet"),
    ("practitioners", "ethics_signed_on", "2027-01-01", "has not come yet"),
    ("practitioners", "confirmed_on", "2026-11-24", "has not come yet"),
    ("practitioners", "phone", "+993 CALL ME", "phone number"),
    ("practitioners", "licence_expires_on", "never", "year-month-day"),
    ("practitioners", "status", "listed", "Choose one of: proposed"),
    ("events", "title", "", "Fill this in"),
    ("events", "kind", "party", "Choose one of: training"),
    ("events", "starts_on", "", "Fill this in"),
    ("events", "starts_on", "--02-30", "no such day"),
    ("events", "ends_on", "2025-12-31", "ends before it begins"),
    ("events", "ends_on", "--01-02", "both without"),
    ("events", "participants", "-3", "whole number from 0"),
    ("events", "participants", "many", "whole number from 0"),
    ("events", "evaluation", "useful", "question=percent"),
    ("events", "evaluation", "useful=88;useful=90", "every question once"),
    ("events", "evaluation", "useful=101", "from 0 to 100"),
    ("events", "open", "half", "Choose one of: yes, no"),
    ("places", "id", "7", "needs one like L1001"),
    ("places", "name", "", "Fill it in"),
    ("places", "parent", "", "Fill it in"),
    ("places", "parent", "L9", "lies in itself"),
    ("places", "latitude", "91", "from -90 to 90"),
    ("places", "longitude", "190", "from -180 to 180"),
    ("places", "district", "TM-M", "no other place's id"),
    ("places", "district", "one;two", "without “;”"),
]
NEW = {
    "organisations": ORGANISATION,
    "practitioners": PERSON,
    "events": EVENT,
    "places": PLACE,
}


@pytest.mark.parametrize(("kind", "column", "text", "sentence"), WRONG)
def test_a_cell_that_cannot_be_used(
    desk: Any, kind: str, column: str, text: str, sentence: str
) -> None:
    before = desk.counts()
    found = said(desk.bring(kind, {**NEW[kind], column: text}))
    assert list(found) == [(2, column)]
    assert sentence in found[2, column]
    assert desk.counts() == before


@pytest.mark.parametrize("kind", NEW)
def test_the_same_row_without_the_mistake_is_taken(desk: Any, kind: str) -> None:
    report = desk.bring(kind, NEW[kind])
    assert (said(report), report.added) == ({}, 1)


def test_all_bad_cells_are_reported_in_reading_order(desk: Any) -> None:
    rows = [
        {**ORGANISATION, "name": "", "kind": "club", "status": "admitted"},
        {**ORGANISATION, "id": "o-two", "status": "friend"},
        {**ORGANISATION, "kind": "guild", "status": ""},
    ]
    found = said(desk.bring("organisations", *rows))
    assert list(found) == [(2, "name"), (2, "kind"), (3, "status"), (4, "id"), (4, "kind")]
    assert "Row 2 has the same id" in found[4, "id"]


def test_one_bad_cell_among_many_good_rows_saves_nothing(desk: Any) -> None:
    before = desk.counts()
    good = [{**EVENT, "id": f"e-{number}"} for number in range(50)]
    report = desk.bring("events", *good, {**EVENT, "id": "e-last", "kind": "party"})
    assert [error.row for error in report.errors] == [52]
    assert (report.added, report.changed) == (0, 0)
    assert desk.counts() == before


def test_a_new_record_needs_its_columns(desk: Any) -> None:
    found = said(desk.bring("practitioners", {"id": "p-new", "phone": "+993 00 1"}))
    assert set(found) == {(2, name) for name in ("name", "profession", "organisation", "place")}
    assert "new record" in found[2, "name"]


def test_a_known_record_keeps_what_it_must_have(desk: Any) -> None:
    found = said(desk.bring("organisations", {"id": "o-7k2m9q", "name": "", "kind": ""}))
    assert set(found.values()) == {"Fill this in."}


def test_consent_needs_both_its_scope_and_its_day(desk: Any, listed: str) -> None:
    for row in (
        {**PERSON, "consent_scope": "members"},
        {**PERSON, "consent_on": "2026-11-01"},
        {"id": listed, "consent_scope": "", "consent_on": "2026-11-01"},
        {"id": listed, "consent_scope": "public", "consent_on": ""},
    ):
        (sentence,) = said(desk.bring("practitioners", row)).values()
        assert "both consent_scope and consent_on" in sentence


def test_an_ambiguous_organisation_lists_the_ids(desk: Any) -> None:
    twins = [{"id": f"o-twin{number}", "name": "Twin", "kind": "ngo"} for number in (1, 2)]
    assert desk.bring("organisations", *twins).added == 2
    found = said(desk.bring("practitioners", {**PERSON, "organisation": "Twin"}))
    assert "o-twin1, o-twin2" in found[2, "organisation"]


def test_an_ambiguous_settlement_lists_its_ids(desk: Any) -> None:
    found = said(desk.bring("events", {**EVENT, "place": "Türkmenbaşy"}))
    candidates = desk.ask("SELECT id FROM places WHERE name LIKE 'T%rkmenba%y'")
    assert sum(candidate in found[2, "place"] for candidate in candidates) >= 2
