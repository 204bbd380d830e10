"""The board of who has reported: whole, block, JSON, filters, and who reads how much of it."""

from collections import Counter
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.actor import Actor
from portal.closing.rules import MARKS, is_due, mark_of
from portal.counting.actions import close_quarter, reopen_for
from portal.db import Store, column
from portal.indicators.periods import read_period
from portal.organisations.queries import SHOWN, tier
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, MOMENT, PARTIAL, TODAY, SignIn, browsing

BOARD = "/en/completeness"
OWN = "o-3vd8xw"
BY = Actor(role="coordinator", account_id="demo-coordinator", organisation_id="o-7k2m9q")
QUARTER = read_period("2026-Q3")


def read(client: TestClient, query: str = "") -> dict:
    answer = client.get(BOARD + query, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_in_every_language(coordinator: TestClient, language: str) -> None:
    page = coordinator.get(f"/{language}/completeness")
    assert page.status_code == 200
    assert "2026-Q3" in page.text
    assert len(page.content) < 60_000


def test_a_coordinator_reads_how_every_report_stands(coordinator: TestClient) -> None:
    found = read(coordinator)
    rows = found["results"]
    assert (found["period"], found["total"], found["closed_on"]) == ("2026-Q3", 28, None)
    states = Counter(each["state"] for each in rows)
    assert set(states) == {"accepted", "missing", "returned", "submitted"}
    assert found["expected"] == sum(states.values())
    assert found["accepted"] == states["accepted"]
    assert found["reported"] == sum(each["handed_in_on"] is not None for each in rows)
    assert found["on_time"] == found["reported"] - sum(each["is_late"] for each in rows)
    assert len(found["quarters"]) == 12
    assert all(set(each["quarters"]) == set(found["quarters"]) for each in rows)
    assert {mark for each in rows for mark in each["quarters"].values()} <= set(MARKS)


def test_a_block_holds_the_results_alone(coordinator: TestClient) -> None:
    block = coordinator.get(BOARD, headers=PARTIAL).text
    assert "<html" not in block
    assert "2026-Q3" in block
    restored = coordinator.get(BOARD, headers={"Accept": "*/*"}).text
    assert "<html" in restored


def test_filters_narrow_the_board_and_not_its_counts(coordinator: TestClient) -> None:
    whole = read(coordinator)
    for state in ("accepted", "missing", "returned", "submitted"):
        some = read(coordinator, f"?state={state}")
        assert {each["state"] for each in some["results"]} == {state}
        assert some["expected"] == whole["expected"]
    late = read(coordinator, "?period=2026-Q2&state=late")
    assert late["results"]
    assert all(each["is_late"] for each in late["results"])
    assert read(coordinator, "?state=open")["total"] == 0
    paged = read(coordinator, "?per_page=5&page=2")
    assert [each["name"] for each in paged["results"]] == [
        each["name"] for each in whole["results"][5:10]
    ]


@pytest.mark.parametrize("query", ["?period=2026", "?period=2027-Q1", "?period=x", "?state=nice"])
def test_what_cannot_be_asked_is_said_at_the_field(coordinator: TestClient, query: str) -> None:
    answer = coordinator.get(BOARD + query, headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [query[1:].partition("=")[0]]


def test_a_member_reads_its_own_row_and_the_counts(as_role: SignIn) -> None:
    every = read(as_role("coordinator"))
    found = read(as_role("member"))
    assert [each["organisation_id"] for each in found["results"]] == [OWN]
    assert found["expected"] == every["expected"]
    assert found["exceptions"] == []
    page = as_role("member").get(BOARD).text
    others = {each["name"] for each in every["results"]} - {found["results"][0]["name"]}
    assert not [name for name in others if name in page]


@pytest.fixture
def observer(settings: Settings, store: Store) -> TestClient:
    row = {"id": "a-watcher", "sign_in_name": "watcher", "name": "Watcher", "role": "observer"}
    with store.transaction() as db:
        db.table("accounts").insert(row)
        token = start_session(db, "a-watcher", MOMENT)
    with browsing(settings) as client:
        client.cookies.set("session", token)
        yield client


def test_an_observer_reads_of_public_organisations_whether_they_handed_in(
    observer: TestClient, store: Store
) -> None:
    with store.transaction() as db:
        watcher = Actor(role="observer", account_id="a-watcher")
        public = set(column(db, "SELECT o.id " + SHOWN, **tier(watcher)))
        close_quarter(db, BY, MOMENT, TODAY, QUARTER, "Asia/Ashgabat")
        given = (QUARTER, min(public - {BY.organisation_id}), "Late.", TODAY)
        reopen_for(db, BY, MOMENT, TODAY, *given)
    found = read(observer)
    assert found["total"] < found["expected"]
    assert {each["organisation_id"] for each in found["results"]} <= public
    assert {each["state"] for each in found["results"]} == {"handed_in", "not_handed_in"}
    assert not any(each["report_id"] or each["open_until"] for each in found["results"])
    marks = {mark for each in found["results"] for mark in each["quarters"].values()}
    assert "begun" not in marks
    assert found["exceptions"] == []
    page = observer.get(BOARD)
    assert page.status_code == 200
    assert "Late." not in page.text


@pytest.mark.parametrize("role", ["practitioner", "admin"])
@pytest.mark.parametrize("path", ["", "?period=x", "/2026-Q3/close", "/2026-Q2/reopen"])
def test_strangers_find_nothing(as_role: SignIn, role: str, path: str) -> None:
    assert as_role(role).get(BOARD + path).status_code == 404


def test_nobody_reads_it_without_signing_in(visitor: TestClient) -> None:
    assert visitor.get(BOARD, headers=JSON).status_code == 401


def test_marks_and_days_at_the_edges() -> None:
    last = QUARTER.last
    assert mark_of(QUARTER, "submitted", last + timedelta(days=20)) == "on_time"
    assert mark_of(QUARTER, "accepted", last + timedelta(days=21)) == "late"
    assert mark_of(QUARTER, "draft", None) == "begun"
    assert mark_of(QUARTER, None, None) == "missing"
    assert len({sign for sign, _ in MARKS.values()}) == len(MARKS)
    assert not is_due(QUARTER, last, ["accepted"])
    assert is_due(QUARTER, last + timedelta(days=1), ["accepted", "accepted"])
    assert not is_due(QUARTER, last + timedelta(days=40), ["accepted", "missing"])
    assert is_due(QUARTER, last + timedelta(days=41), ["accepted", "missing"])
    assert not is_due(QUARTER, last + timedelta(days=90), [])


def test_what_is_corrected_counts_as_accepted_meanwhile(client: TestClient, store: Store) -> None:
    client.post("/demo/sign-in", data={"role": "coordinator"})
    before = read(client)
    one = next(each for each in before["results"] if each["state"] == "accepted")
    with store.transaction() as db:
        row = {"report_id": one["report_id"], "state": "draft", "at": "2026-11-20T08:00:00Z"}
        db.table("report_states").insert({**row, "by": "demo-member"})
    found = read(client)
    now = next(e for e in found["results"] if e["report_id"] == one["report_id"])
    assert (now["state"], now["is_corrected"]) == ("draft", True)
    assert found["accepted"] == before["accepted"]
    assert "being corrected" in client.get(BOARD).text
    closing = client.get(f"{BOARD}/2026-Q3/close", headers=JSON).json()
    assert [each["report_id"] for each in closing["corrected"]] == [one["report_id"]]
