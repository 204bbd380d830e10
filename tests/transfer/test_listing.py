"""An import lists and unlists: nobody stays listed on what a file says is unknown."""

from typing import Any

import pytest

from tests.transfer.conftest import said


@pytest.mark.parametrize(
    "emptied",
    [
        {"status": ""},
        {"confirmed_on": ""},
        {"consent_on": ""},
        {"consent_scope": ""},
        {"consent_scope": "", "consent_on": ""},
        {"ethics_signed_on": ""},
    ],
)
def test_what_is_emptied_unlists_and_stays_emptied(
    desk: Any, listed: str, emptied: dict[str, str]
) -> None:
    row = {"id": listed, **emptied}
    assert desk.bring("practitioners", row).changed == 1
    assert not desk.is_listed(listed)
    stored = desk.stored("practitioners", listed)
    assert {stored[name] for name in emptied} == {""}
    before = desk.counts()
    assert desk.bring("practitioners", row).unchanged == 1
    assert desk.counts() == before


def test_emptying_adds_to_the_history_and_takes_nothing_away(desk: Any, listed: str) -> None:
    before = desk.counts()
    row = {"id": listed, "status": "", "confirmed_on": "", "consent_scope": "", "consent_on": ""}
    desk.bring("practitioners", row)
    after = desk.counts()
    for table in ("agreement_states", "confirmations", "consents"):
        assert after[table] == before[table] + 1
    sql = "SELECT withdrawn_on FROM consents WHERE practitioner_id = :id ORDER BY id"
    assert desk.ask(sql, id=listed) == [None, "2026-11-23"]


def test_an_older_file_does_not_bring_back_a_withdrawn_consent(desk: Any, listed: str) -> None:
    older = desk.send("practitioners")
    desk.bring("practitioners", {"id": listed, "consent_on": "", "consent_scope": ""})
    before = desk.counts()
    report = desk.bring_file("practitioners", older)
    ((_cell, sentence),) = said(report).items()
    assert "withdrawn on 23 November 2026" in sentence or "November 23, 2026" in sentence
    assert desk.counts() == before
    assert not desk.is_listed(listed)


def test_a_newer_consent_lists_again(desk: Any, listed: str) -> None:
    desk.bring("practitioners", {"id": listed, "consent_on": "", "consent_scope": ""})
    row = {"id": listed, "consent_scope": "members", "consent_on": "2026-11-23"}
    assert said(desk.bring("practitioners", row)) == {}
    assert desk.is_listed(listed)


def test_a_status_lists_and_unlists(desk: Any, listed: str) -> None:
    desk.bring("practitioners", {"id": listed, "status": "suspended"})
    assert not desk.is_listed(listed)
    desk.bring("practitioners", {"id": listed, "status": "agreed"})
    assert desk.is_listed(listed)


def test_a_new_confirmation_reaches_the_listing(desk: Any, listed: str) -> None:
    desk.bring("practitioners", {"id": listed, "confirmed_on": "2026-11-22"})
    sql = "SELECT confirmed_on FROM listings WHERE practitioner_id = :id"
    assert desk.ask(sql, id=listed) == ["2026-11-22"]


def test_a_suspended_organisation_takes_its_practitioners_along(desk: Any, listed: str) -> None:
    employer = desk.stored("practitioners", listed)["organisation"]
    desk.bring("organisations", {"id": employer, "status": "suspended"})
    assert not desk.is_listed(listed)
    desk.bring("organisations", {"id": employer, "status": "admitted"})
    assert desk.is_listed(listed)


def test_the_state_of_membership_cannot_become_unknown(desk: Any) -> None:
    found = said(desk.bring("organisations", {"id": "o-7k2m9q", "status": ""}))
    assert "admitted as before" in found[2, "status"]


def test_another_reach_is_another_listing(desk: Any, listed: str) -> None:
    sql = (
        "SELECT n.place_id FROM listing_places AS n JOIN listings ON listings.id = listing_id"
        " WHERE practitioner_id = :id ORDER BY n.place_id"
    )
    row = {"id": listed, "districts": "Baýramaly etraby", "travel_km": "", "modes": "home"}
    desk.bring("practitioners", row)
    members = "SELECT place_id FROM place_districts WHERE district = :district ORDER BY place_id"
    assert desk.ask(sql, id=listed) == desk.ask(members, district="Baýramaly etraby") != []
