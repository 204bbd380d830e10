"""Reminders come by the clock, once a step, to those who can act; ageing hides and shows."""

from datetime import date, datetime, timedelta

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.agreements.actions import set_agreement, set_confirmation, withdraw_consent
from portal.confirmations.actions import remind
from portal.confirmations.queries import find_waiting
from portal.confirmations.rules import reminder_due
from portal.db import Store, column
from portal.jobs.registry import JOBS
from portal.nearby.actions import refresh_listing
from portal.settings import Settings
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY, browsing
from tests.keepers import Sign
from tests.people import MovingClock

CONFIRMED = date(2026, 1, 10)


def day(age: int) -> date:
    return CONFIRMED + timedelta(days=age)


@pytest.fixture
def alone(store: Store, sign_in: Sign, her: str) -> str:
    """She is the only one whose confirmation can age; her organisation has one member."""
    sign_in("member")
    with store.transaction() as db:
        db.execute("DELETE FROM confirmations WHERE practitioner_id <> ?", [her])
        for (each,) in db.execute("SELECT id FROM practitioners").fetchall():
            refresh_listing(db, each)
        set_confirmation(db, OPERATOR, MOMENT, her, CONFIRMED.isoformat())
    return her


def told(store: Store) -> list[tuple]:
    sql = "SELECT kind, account_id, practitioner_id FROM notices ORDER BY id"
    with store.read() as db:
        return list(db.execute(sql))


def run(store: Store, today: date) -> int:
    at = datetime.combine(today, MOMENT.timetz())
    with store.transaction() as db:
        db.execute("UPDATE notices SET sent_at = ? WHERE sent_at IS NULL", ["x"])
        return remind(db, OPERATOR, at, today)


def test_a_step_is_due_by_age_alone() -> None:
    ages = (0, 90, 91, 149, 150, 165, 166, 176, 177, 180, 181, 400)
    steps = [reminder_due(CONFIRMED, day(age)) for age in ages]
    assert steps == [None, None, 91, 91, 150, 150, 166, 166, 177, 177, 181, 181]


def test_each_step_comes_once_to_her_and_to_her_organisation(store: Store, alone: str) -> None:
    reminded = {}
    for age in range(85, 190):
        for _ in range(2):
            if run(store, day(age)):
                reminded[age] = told(store)[-2:]
    assert list(reminded) == [91, 150, 166, 177, 181]
    both = [("confirm", None, alone), ("confirm_people", "demo-member", None)]
    assert all(each == both for each in reminded.values())


def test_after_downtime_the_newest_step_comes_alone(store: Store, alone: str) -> None:
    assert run(store, day(178)) == 1
    assert len(told(store)) == 2
    assert run(store, day(179)) == 0


def test_r11_a_clock_set_back_reminds_of_nothing_twice(store: Store, alone: str) -> None:
    assert run(store, day(170)) == 1
    assert [run(store, day(age)) for age in (92, 151, 167, 170)] == [0, 0, 0, 0]


def test_a_new_confirmation_begins_anew(store: Store, alone: str) -> None:
    assert run(store, day(150)) == 1
    with store.transaction() as db:
        set_confirmation(db, OPERATOR, MOMENT, alone, day(150).isoformat())
    assert run(store, day(200)) == 0
    assert run(store, day(150 + 91)) == 1


@pytest.mark.parametrize("lapse", ["agreement", "consent"])
def test_nobody_is_reminded_without_agreement_and_consent(
    store: Store, alone: str, lapse: str
) -> None:
    with store.transaction() as db:
        if lapse == "agreement":
            set_agreement(db, OPERATOR, MOMENT, alone, "suspended")
        else:
            withdraw_consent(db, OPERATOR, MOMENT, alone, TODAY.isoformat())
    before = len(told(store))
    assert run(store, day(150)) == 0
    assert len(told(store)) == before


def test_locked_accounts_and_those_without_the_directory_hear_nothing(
    store: Store, alone: str
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id = 'demo-member'")
    assert run(store, day(150)) == 1
    assert told(store) == [("confirm", None, alone)]


def test_the_job_is_in_the_registry() -> None:
    assert remind in [job.work for job in JOBS]


def test_the_clock_hides_and_a_confirmation_shows_in_search_too(
    settings: Settings, store: Store, her: str
) -> None:
    """The index keeps her while she has a listing; the answer leaves out whom the clock hides."""
    clock = MovingClock()
    with browsing(settings, clock) as site:

        def found() -> tuple[bool, bool]:
            site.cookies.clear()
            site.post("/demo/sign-in", data={"role": "member"})
            hits = site.get("/en/search", params={"q": name}, headers=JSON).json()["results"]
            listed = site.get(f"/en/practitioners/{her}", headers=JSON).json()["listed"]
            return her in [each["id"] for each in hits], bool(listed)

        with store.transaction() as db:
            name = column(db, "SELECT name FROM practitioners WHERE id = :id", id=her)[0]
            db.execute("UPDATE practitioner_licences SET expires_on = NULL")
            set_confirmation(db, OPERATOR, MOMENT, her, TODAY.isoformat())
        assert found() == (True, True)
        clock.moment = MOMENT + timedelta(days=181)
        assert found() == (False, False)
        with store.transaction() as db:
            on = (TODAY + timedelta(days=181)).isoformat()
            set_confirmation(db, OPERATOR, clock.moment, her, on)
        assert found() == (True, True)


def waiting(store: Store, actor: Actor, today: date) -> list[tuple]:
    with store.read() as db:
        lines = find_waiting(db, actor, MOMENT, today)
    return [(line.kind, line.path, line.since, line.due) for line in lines]


def test_what_waits_for_whom(store: Store, alone: str) -> None:
    with store.read() as db:
        own = column(db, "SELECT organisation_id FROM practitioners WHERE id = :id", id=alone)[0]
    mine = Actor(role="practitioner", account_id="a", practitioner_id=alone)
    ours = Actor(role="member", account_id="b", organisation_id=own, directory_access=True)
    others = Actor(role="member", account_id="c", organisation_id="o-x", directory_access=True)
    state = Actor(role="member", account_id="d", organisation_id=own)
    all_of = Actor(role="coordinator", account_id="e")
    days = (day(91).isoformat(), day(180).isoformat())
    assert waiting(store, mine, day(90)) == []
    assert waiting(store, mine, day(91)) == [
        ("confirm", ("practitioners", alone, "confirm"), *days)
    ]
    for actor in (ours, all_of):
        assert waiting(store, actor, day(91)) == [("confirm", ("confirmations",), *days)]
    for actor in (others, state):
        assert waiting(store, actor, day(91)) == []
    with store.transaction() as db:
        set_confirmation(db, OPERATOR, MOMENT, alone, day(91).isoformat())
        period = {"starts_on": day(80).isoformat(), "ends_on": day(95).isoformat()}
        db.table("practitioner_absences").insert({"practitioner_id": alone, **period})
    assert [line[0] for line in waiting(store, ours, day(91))] == ["returning"]


def test_the_list_shows_each_whose_confirmation_is_due(
    client: TestClient, sign_in: Sign, alone: str, stranger: str
) -> None:
    for role, organisation, expected in (
        ("member", "", [alone]),
        ("coordinator", "", [alone]),
        ("member", stranger, []),
    ):
        sign_in(role, organisation)
        answer = client.get("/en/confirmations", headers=JSON).json()
        assert [each["id"] for each in answer["results"]] == expected
        page = client.get("/en/confirmations").text
        assert (f"/en/practitioners/{alone}/confirm" in page) == bool(expected)
