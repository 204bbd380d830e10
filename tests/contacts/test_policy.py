"""Her policy decides what is shown: her own contact, or her organisation's duty number and why."""

from datetime import time

import pytest
from sqlite_utils import Database

from portal.clock import stamp
from portal.contacts.rules import Wish, reason_against, spans_of
from tests.conftest import MOMENT
from tests.contacts.conftest import DUTY, EMAIL, PHONE, SAY, Desk

MORNING, EVENING = time(10), time(21, 30)


@pytest.mark.parametrize(
    ("wish", "at", "why"),
    [
        (Wish("direct", "", False), EVENING, None),
        (Wish("direct", None, False), EVENING, None),
        (Wish("direct", "09:00-17:00", False), MORNING, None),
        (Wish("direct", "09:00-17:00", False), EVENING, "outside_hours"),
        (Wish("direct", "09:00-17:00", False), time(17), "outside_hours"),
        (Wish("direct", "10:00–12:00", False), MORNING, None),
        (Wish("direct", "8.30 - 12", False), MORNING, None),
        (Wish("direct", "20:00-02:00", False), EVENING, None),
        (Wish("direct", "20:00-02:00", False), MORNING, "outside_hours"),
        (Wish("direct", "08-09, 21-23", False), EVENING, None),
        (Wish("direct", "00:00-24:00", False), EVENING, None),
        (Wish("direct", "after lunch", False), MORNING, "unclear_hours"),
        (Wish("direct", "25:00-26:00", False), MORNING, "unclear_hours"),
        (Wish("direct", "09:00-17:00", True), MORNING, "shared_phone"),
        (Wish("after_accept", "", False), MORNING, "not_accepted"),
        (Wish("after_accept", "", False, is_accepted=True), MORNING, None),
        (Wish("after_accept", "9-10", False, is_accepted=True), EVENING, "outside_hours"),
        (Wish("via_organisation", "", False, is_accepted=True), MORNING, "via_organisation"),
        (Wish(None, "", False, is_accepted=True), MORNING, "unknown"),
        (Wish("something", "", False), MORNING, "via_organisation"),
    ],
)
def test_05_the_rule(wish: Wish, at: time, why: str | None) -> None:
    assert reason_against(wish, at) == why


@pytest.mark.parametrize("text", ["", "  ", "9", "9-", "mornings", "09:60-10:00", "9-17 weekdays"])
def test_what_is_no_hours_is_not_guessed(text: str) -> None:
    assert spans_of(text) is None


@pytest.mark.parametrize(
    ("way", "why", "heading"),
    [
        ({"policy": "via_organisation"}, "through the organisation", "Through the organisation"),
        ({"policy": None}, "do not know", "Through the organisation"),
        ({"policy": "after_accept"}, "accepted a request", "opens when a request is accepted"),
        ({"shared": 1}, "Others use this phone", "Through the organisation"),
        (
            {"hours": "14:00-19:00"},
            "outside the hours",
            "It is 10:00 now; calls are taken 14:00-19:00",
        ),
        ({"hours": "after lunch"}, "cannot tell", "Through the organisation"),
    ],
)
def test_05_else_the_duty_number_with_the_reason(
    desk: Desk, way: dict, why: str, heading: str
) -> None:
    desk.set_way(**way)
    page, answer = desk.post().text, desk.post_json()
    for secret in (PHONE, EMAIL, SAY):
        assert secret not in page
        assert secret not in str(answer)
    assert DUTY in page
    assert (answer["shown"], answer["duty_phone"]) == ("duty", DUTY)
    assert heading in page.split("<h1")[1].split("</h1>")[0]
    assert f"/en/requests/new?practitioner={desk.her}" in page
    assert why in answer["why"]
    assert desk.ask(
        "SELECT DISTINCT shown FROM contact_looks WHERE practitioner_id = :her", her=desk.her
    ) == ["duty"]


def test_05_the_hours_are_those_of_the_network(desk: Desk) -> None:
    desk.set_way(hours="10:00-10:30")  # it is 10:00 in Ashgabat, and 05:00 in Greenwich
    answer = desk.post_json()
    assert (answer["shown"], answer["hours"]) == ("contact", "10:00-10:30")
    desk.wait(minutes=30)
    desk.sign_in("member")
    answer = desk.post_json()
    assert (answer["shown"], answer["hours"], answer["phone"]) == ("duty", "10:00-10:30", None)


def test_05_hours_nobody_can_read_are_shown_as_they_are(desk: Desk) -> None:
    desk.set_way(hours="after lunch")
    assert "after lunch" in desk.post().text


def test_05_before_accepting_a_request_is_offered(desk: Desk) -> None:
    desk.set_way("after_accept")
    assert f"/en/requests/new?practitioner={desk.her}" in desk.post().text


def ask_her(desk: Desk, name: str, organisation: str, her: str, answer: str, state: str) -> None:
    with desk.store.transaction() as db:
        ended = {"ended_at": stamp(MOMENT)} if state == "completed" else {}
        add(db, "requests", name, id=name, organisation_id=organisation, **ended)
        add(db, "request_states", name, request_id=name, state="open")
        add(db, "request_states", name, request_id=name, state=state)
        add(db, "request_offers", name, request_id=name, practitioner_id=her, answer=answer)


def add(db: Database, table: str, name: str, **row: str) -> None:
    """A row of which only some columns matter here; the others that must be filled are."""
    for column in db.table(table).columns:
        if column.notnull and column.default_value is None and not column.is_pk:
            row.setdefault(column.name, "demo-member" if column.name == "account_id" else name)
    db.table(table).insert(row)


def test_05_after_accepting_the_contact_is_shown_to_that_organisation(desk: Desk) -> None:
    desk.set_way("after_accept")
    ask_her(desk, "theirs", desk.others()[0], desk.her, "accepted", "accepted")
    ask_her(desk, "another", desk.own, desk.listed[1], "accepted", "accepted")
    ask_her(desk, "over", desk.own, desk.her, "accepted", "completed")
    ask_her(desk, "declined", desk.own, desk.her, "declined", "accepted")
    assert desk.post_json()["shown"] == "duty"
    ask_her(desk, "ours", desk.own, desk.her, "accepted", "accepted")
    assert desk.post_json()["phone"] == PHONE


def test_05_no_contact_at_all_is_said(desk: Desk) -> None:
    desk.change("DELETE FROM practitioner_contacts WHERE practitioner_id = :her", her=desk.her)
    assert "no phone or e-mail" in desk.post_json()["why"]
    desk.change("UPDATE organisations SET duty_phone = NULL")
    answer = desk.post_json()
    assert (answer["shown"], answer["duty_phone"]) == ("nothing", None)
    assert "Ask a coordinator" in desk.post().text
