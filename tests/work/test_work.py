"""One page of what waits: the late first, in groups, whole even when a room fails."""

import logging
from datetime import date, timedelta

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.db import Store
from portal.i18n.language import Message
from portal.waiting import Waiting
from portal.work import queries
from portal.work.queries import SOURCES, find_waiting
from portal.work.rules import GROUPS, grouped, in_order
from tests.conftest import JSON, LANGUAGES, MOMENT, PARTIAL, TODAY, SignIn

ZONE = "Asia/Ashgabat"


def waiting(kind: str, since: str, due: str | None = None) -> Waiting:
    return Waiting(kind, Message("Something"), ("work",), since, due)


def test_the_late_come_first_then_the_next_due_then_the_oldest() -> None:
    late = waiting("answer", "2026-11-01", "2026-11-22")
    soon = waiting("approve", "2026-11-20", "2026-11-24T20:00:00Z")
    later = waiting("answer", "2026-11-20", "2026-12-01")
    old, new = waiting("check", "2026-10-01"), waiting("check", "2026-11-02")
    ordered = in_order([new, later, old, soon, late], TODAY, ZONE)
    assert [each.since for each in ordered] == [
        "2026-11-01",
        "2026-11-20",
        "2026-11-20",
        "2026-10-01",
        "2026-11-02",
    ]
    assert ordered[0].kind == "overdue"
    assert ordered[1].kind == "approve"
    assert list(grouped(ordered)) == ["overdue", "answer", "approve", "check"]


def test_a_day_is_one_of_the_network() -> None:
    # 20:30 in UTC is past midnight in Ashgabat
    due = waiting("answer", "2026-11-01", "2026-11-22T20:30:00Z")
    assert in_order([due], TODAY, ZONE)[0].kind == "answer"
    assert in_order([due], TODAY + timedelta(days=1), ZONE)[0].kind == "overdue"


def test_a_kind_nobody_planned_is_to_check() -> None:
    assert list(grouped([waiting("surprise", "2026-11-01")])) == ["check"]
    assert next(iter(GROUPS)) == "overdue"


def broken(_db: object, _actor: Actor, _at: object, _today: date) -> list[Waiting]:
    raise RuntimeError("a room is down")


def well(_db: object, _actor: Actor, _at: object, _today: date) -> list[Waiting]:
    return [waiting("answer", "2026-11-20")]


def test_a_room_that_fails_leaves_the_others(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with store.read() as db:
        waits = find_waiting(db, Actor(), MOMENT, TODAY, (broken, well))
    assert (len(waits.found), waits.missing) == (1, 1)
    assert "a part of what waits is missing" in caplog.text


def test_the_page_says_that_a_part_is_missing(
    coordinator: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(queries.find_waiting, "__defaults__", ((broken, *SOURCES),))
    answer = coordinator.get("/en/work")
    assert answer.status_code == 200
    assert "could not be loaded" in answer.text
    assert "waits for a second person" in answer.text


def test_each_line_leads_to_where_it_is_done(coordinator: TestClient) -> None:
    found = coordinator.get("/en/work", headers=JSON).json()
    assert set(found) == {"total", "page", "per_page", "results"}
    assert found["total"] >= 2
    for line in found["results"]:
        assert set(line) == {"kind", "says", "about", "address", "since", "due"}
        assert coordinator.get(line["address"]).status_code == 200
    page = coordinator.get("/en/work").text
    assert all(f'href="{line["address"]}"' in page for line in found["results"])


def test_the_asker_is_not_asked_again(as_role: SignIn) -> None:
    lines = as_role("coordinator", "another").get("/en/work", headers=JSON).json()["results"]
    kinds = [line["says"] for line in lines if line["kind"] == "approve"]
    assert kinds.count("Making somebody a coordinator waits for a second person.") == 1
    assert "An invitation waits for a second person." not in kinds


def test_an_empty_page_is_kind(client: TestClient) -> None:
    client.post("/demo/sign-in", data={"role": "admin"})
    page = client.get("/en/work").text
    assert "Nothing waits for you now" in page


def test_pages_and_blocks(coordinator: TestClient) -> None:
    first = coordinator.get("/en/work?per_page=1", headers=JSON).json()
    second = coordinator.get("/en/work?per_page=1&page=2", headers=JSON).json()
    assert first["total"] == second["total"]
    assert first["results"] != second["results"]
    block = coordinator.get("/en/work", headers=PARTIAL).text
    assert "<html" not in block
    assert "To approve" in block
    assert coordinator.get("/en/work?per_page=0").status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_page(coordinator: TestClient, language: str) -> None:
    assert f'lang="{language}"' in coordinator.get(f"/{language}/work").text


def test_strangers_are_led_to_sign_in(visitor: TestClient) -> None:
    answer = visitor.get("/en/work", follow_redirects=False)
    assert answer.headers["location"].startswith("/en/sign-in")
    assert visitor.get("/en/work", headers=JSON).status_code == 401


def test_coordinators_and_practitioners_begin_here(as_role: SignIn) -> None:
    for role, first in {
        "coordinator": "/en/work",
        "practitioner": "/en/work",
        "member": "/en/nearby",
        "admin": "/en",
    }.items():
        client = as_role("member")
        answer = client.post("/demo/sign-in?lang=en", data={"role": role}, follow_redirects=False)
        assert answer.headers["location"] == first


def test_a_line_says_what_it_is_about_and_by_when(as_role: SignIn) -> None:
    practitioner = as_role("practitioner")
    lines = practitioner.get("/en/work", headers=JSON).json()["results"]
    (offer,) = [line for line in lines if line["says"].startswith("A request waits")]
    mode, region, day = offer["about"]
    assert region
    assert mode in {"Home visit", "By phone", "Online"}
    assert ", " in day
    page = practitioner.get("/en/work").text
    assert f"{mode} · {region} · {day}" in page
    assert "answer by" in page
    assert " today" in page or " tomorrow" in page


def test_what_a_second_person_agrees_to_is_said_without_a_name(coordinator: TestClient) -> None:
    lines = coordinator.get("/en/work", headers=JSON).json()["results"]
    about = {line["says"]: line["about"] for line in lines}
    assert about["An invitation waits for a second person."]
    assert any(each for says, each in about.items() if "a change of the details" in says)
