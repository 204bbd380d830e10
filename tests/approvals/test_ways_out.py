"""A network of three members with one coordinator does not deadlock."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.approvals.actions import ask
from portal.db import Store, column
from tests.approvals.conftest import Signed
from tests.conftest import MOMENT
from tests.people import MovingClock

Make = Callable[..., Actor]
WEEK = timedelta(days=7)


@pytest.fixture
def three(make: Make, organisations: list[str]) -> list[Actor]:
    """Three member organisations with one person each, one of them the coordinator."""
    first, second, third = organisations
    return [
        make("ana", "coordinator", first),
        make("beg", "member", second),
        make("cem", "member", third),
    ]


def link_on(page: str, purpose: str) -> str:
    (path,) = re.findall(rf"(?:/en)?/{purpose}/[0-9a-z-]+(?=<)", page)
    return path if path.startswith("/en") else f"/en{path}"


def test_07_a_network_of_three_is_walked_out_of_every_corner(
    three: list[Actor], signed: Signed, store: Store, clock: MovingClock, browser: TestClient
) -> None:
    # one coordinator: nobody else can agree, so after a week somebody from outside does
    ana = signed("a-ana")
    form = {"person": "Dora", "role": "coordinator", "organisation": three[1].organisation_id}
    where = ana.post("/en/people/invite", data=form).headers["location"]
    assert ana.post(f"{where}/review").status_code == 422
    clock.moment += WEEK
    ana = signed("a-ana")
    link = link_on(ana.post(f"{where}/review").text, "review")
    assert ana.post(link, data={"verdict": "approved"}).status_code == 403
    browser.cookies.clear()
    page = browser.get(link)
    assert page.headers["cache-control"] == "no-store"
    assert "Coordinator" in page.text
    assert not re.search("Dora|Ana|Beg", page.text)
    assert browser.post(link, data={"verdict": "approved"}).status_code == 200
    assert browser.post(link, data={"verdict": "approved"}).status_code == 404
    assert browser.get(link).status_code == 404
    ana = signed("a-ana")
    assert browser.get(link_on(ana.post(f"{where}/link").text, "join")).status_code == 200
    # the coordinator is locked out: two organisations appoint one of theirs for 30 days
    with store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = ? WHERE id = 'a-ana'", ["x"])
    assert signed("a-cem").get("/en/people").status_code == 403
    beg = signed("a-beg")
    assert "/en/people/acting" in beg.get("/en/work").text
    assert "Beg" in beg.get("/en/people/acting").text
    assert beg.post("/en/people/acting", data={"account": "a-cem"}).status_code == 422
    proposed = beg.post("/en/people/acting", data={"account": "a-beg"}).headers["location"]
    assert beg.post(proposed, data={"verdict": "approved"}).status_code == 422
    cem = signed("a-cem")
    assert proposed.removeprefix("/en") in cem.get("/en/work").text
    assert cem.post(proposed, data={"verdict": "approved"}).status_code == 303
    # role and powers act on the next request, everybody is told, and 30 days are enough
    assert signed("a-beg").get("/en/people").status_code == 200
    with store.read() as db:
        told = "SELECT account_id FROM notices WHERE kind = 'acting_appointed' ORDER BY 1"
        assert column(db, told) == ["a-beg", "a-cem"]
    beg = signed("a-beg")
    asked = beg.post("/en/people/a-ana", data={"act": "unlock"}).headers["location"]
    clock.moment += WEEK
    beg = signed("a-beg")
    link = link_on(beg.post(f"{asked}/review").text, "review")
    browser.cookies.clear()
    assert browser.post(link, data={"verdict": "approved"}).status_code == 200
    assert signed("a-ana").get("/en/people").status_code == 200
    clock.moment += timedelta(days=31)
    assert signed("a-beg").get("/en/people").status_code == 403


def test_a_refusal_from_outside_has_a_reason_and_ends_it(
    three: list[Actor], signed: Signed, store: Store, clock: MovingClock, browser: TestClient
) -> None:
    with store.transaction() as db:
        item = ask(db, three[0], MOMENT, "role", "a-beg", role="coordinator")
    clock.moment += WEEK
    link = link_on(signed("a-ana").post(f"/en/approvals/{item}/review").text, "review")
    browser.cookies.clear()
    assert browser.post(link, data={"verdict": "refused"}).status_code == 422
    assert browser.post(link, data={"verdict": "refused", "reason": "x"}).status_code == 422
    answer = browser.post(link, data={"verdict": "refused", "reason": "not_known"})
    assert answer.status_code == 200
    with store.read() as db:
        assert column(db, "SELECT role FROM accounts WHERE id = 'a-beg'") == ["member"]
        kinds = column(db, "SELECT kind FROM notices WHERE account_id = 'a-ana'")
        verbs = column(db, "SELECT verb FROM audit WHERE by = 'reviewer'")
    assert kinds == ["approval_goes_out", "approval_decided", "approval_reviewed"]
    assert verbs == ["speak", "decide"]


def test_nobody_from_outside_is_asked_while_somebody_inside_is_there(
    three: list[Actor],
    signed: Signed,
    store: Store,
    clock: MovingClock,
    make: Make,
    organisations: list[str],
) -> None:
    make("dora", "coordinator", organisations[2])
    with store.transaction() as db:
        item = ask(db, three[0], MOMENT, "role", "a-beg", role="coordinator")
    clock.moment += WEEK
    assert signed("a-ana").post(f"/en/approvals/{item}/review").status_code == 422
    # until that somebody was not here for a month
    clock.moment += timedelta(days=22)
    with store.transaction() as db:
        db.execute("UPDATE accounts SET seen_on = '2026-11-20' WHERE id = 'a-dora'")
    assert signed("a-ana").post(f"/en/approvals/{item}/review").status_code == 200


def test_nobody_stands_in_while_there_is_a_coordinator(three: list[Actor], signed: Signed) -> None:
    beg = signed("a-beg")
    assert beg.get("/en/people/acting").status_code == 404
    assert beg.post("/en/people/acting", data={"account": "a-beg"}).status_code == 404


def test_a_review_link_of_the_wrong_purpose_opens_nothing(
    three: list[Actor], signed: Signed, browser: TestClient
) -> None:
    signed("a-ana")
    browser.cookies.clear()
    for path in ("/en/review/nothing", "/ru/review/zzzz-zzzz"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"verdict": "approved"}).status_code == 404


def test_07_locking_every_second_person_leads_to_no_reviewer(
    three: list[Actor], make: Make, signed: Signed, store: Store, clock: MovingClock
) -> None:
    make("dora", "coordinator", three[1].organisation_id)
    ana = signed("a-ana")
    assert ana.post("/en/people/a-dora", data={"act": "lock"}).status_code == 303
    where = ana.post("/en/people/a-cem", data={"act": "coordinator"}).headers["location"]
    clock.moment += WEEK
    assert signed("a-ana").post(f"{where}/review").status_code == 422


def test_07_everybody_hears_that_somebody_from_outside_is_asked(
    three: list[Actor], signed: Signed, store: Store, clock: MovingClock
) -> None:
    with store.transaction() as db:
        item = ask(db, three[0], MOMENT, "role", "a-beg", role="coordinator")
    clock.moment += WEEK
    signed("a-ana").post(f"/en/approvals/{item}/review")
    with store.read() as db:
        told = "SELECT account_id FROM notices WHERE kind = 'approval_goes_out' ORDER BY 1"
        assert column(db, told) == ["a-ana", "a-beg", "a-cem"]
