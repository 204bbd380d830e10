"""Say which material is needed, answer, close; nothing about people gets in."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.desk.actions import expire_wishes
from portal.desk.queries import find_waiting
from portal.desk.rules import MOVES, days_to_answer, may_become
from portal.jobs.registry import JOBS
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, PARTIAL, TODAY
from tests.network import Network, members_of

WISH = {
    "key": "0123456789abcdef",
    "kind": "leaflet",
    "language": "tg",
    "topic": "safe_migration",
    "words": "For a waiting room",
}


@pytest.fixture
def network(client: TestClient, store: Store) -> Network:
    found = Network(client, store)
    one, two, three = members_of(store)[:3]
    found.join("maral", one)
    found.join("nigora", two)
    found.join("farrukh", three)
    found.join("zarina", None, "coordinator")
    found.join("olim", None, "observer")
    with store.transaction() as db:
        for table in ("wish_answers", "wish_states", "wishes"):
            db.execute(f"DELETE FROM {table}")
    return found


def _wish(network: Network, name: str = "maral", **changes: Any) -> str:
    answer = network.post(name, "/en/desk", {**WISH, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/en/")


def test_a_wish_is_seen_by_another_organisation_and_audited(network: Network) -> None:
    path = _wish(network)
    page = network.as_("nigora").get(f"/en/{path}")
    for words in ("Leaflet", "Safe migration", "For a waiting room", "Nobody has answered yet"):
        assert words in page.text
    assert "Leaflet" in network.as_("nigora").get("/en/desk", headers=PARTIAL).text
    found = network.as_("nigora").get("/en/desk", headers=JSON).json()
    assert (found["total"], found["results"][0]["answers"]) == (1, 0)
    sql = "SELECT count(*) FROM audit WHERE entity = 'wishes' AND verb = 'record'"
    assert network.ask(sql) == [1]
    assert not network.ask("SELECT 1 FROM audit WHERE detail LIKE '%waiting room%'")


def test_r14_a_double_click_wishes_and_answers_once(network: Network) -> None:
    path = _wish(network)
    assert _wish(network) == path
    for _ in range(2):
        answer = network.post("nigora", f"/en/{path}/answer", {"words": "We have one"})
        assert answer.status_code == 303
    assert network.ask("SELECT count(*) FROM wish_answers") == [1]


def test_an_answer_reaches_whoever_wished_and_counts_the_time(network: Network) -> None:
    path = _wish(network)
    network.post("nigora", f"/en/{path}/answer", {"words": "We have one"})
    assert network.ask("SELECT account_id FROM notices WHERE kind = 'wish_answered'") == ["a-maral"]
    assert "did it help" in network.as_("maral").get("/en/work").text.lower()
    assert network.post("maral", f"/en/{path}/close", {"state": "found"}).status_code == 303
    assert "Found" in network.as_("maral").get(f"/en/{path}").text
    late = network.post("nigora", f"/en/{path}/answer", {"words": "And another"})
    assert late.status_code == 422
    assert "closed already" in late.text


def test_half_of_the_answers_within_so_many_days() -> None:
    pairs = [(MOMENT, MOMENT + timedelta(days=days)) for days in (1, 2.5, 30)]
    assert days_to_answer(pairs) == 3
    assert days_to_answer(pairs[:2]) is None
    assert days_to_answer([(MOMENT, MOMENT)] * 3) == 1


def test_a_material_one_may_not_see_is_no_answer(network: Network) -> None:
    path = _wish(network)
    answer = network.post("nigora", f"/en/{path}/answer", {"material": "m-nothing"})
    assert answer.status_code == 422
    assert "Choose a material from the list" in answer.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": ""}, "Fill this in"),
        ({"kind": "rumour"}, "Choose one of"),
        ({"language": "xx"}, "Choose one of"),
        ({"topic": "nothing"}, "Choose one of"),
        ({"wanted_by": "2026-11-01"}, "This day is past"),
        ({"wanted_by": "soon"}, "Write the date as"),
        ({"words": "call +993 65 123456"}, "Leave out phone numbers"),
        ({"words": "write to maral@example.org"}, "Leave out e-mail"),
        ({"words": "x" * 501}, "at most 500"),
        ({"organisation_id": "o-else"}, "not known"),
    ],
)
def test_bad_input_is_said_at_the_field(
    network: Network, changes: dict[str, str], says: str
) -> None:
    answer = network.post("maral", "/en/desk", {**WISH, **changes})
    assert answer.status_code == 422
    assert says in answer.text
    assert network.ask("SELECT count(*) FROM wishes") == [0]


def test_an_answer_says_something(network: Network) -> None:
    answer = network.post("nigora", f"/en/{_wish(network)}/answer", {})
    assert answer.status_code == 422
    assert "write what you can offer" in answer.text


def test_what_others_want_waits_in_one_line(network: Network) -> None:
    _wish(network)
    _wish(network, key="f" * 16)
    assert "2 materials are wanted by others" in network.as_("nigora").get("/en/work").text
    assert "wanted by others" not in network.as_("maral").get("/en/work").text


def test_strangers_see_nothing(network: Network) -> None:
    path = _wish(network)
    assert network.as_(None).get(f"/en/{path}", headers=JSON).status_code == 401
    for name, list_status in (("olim", 403),):
        assert network.as_(name).get("/en/desk").status_code == list_status
        assert network.as_(name).get(f"/en/{path}").status_code == 404
    with network.store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-farrukh'")
    assert network.as_("farrukh").get(f"/en/{path}").status_code == 404


def test_only_its_organisation_and_coordinators_close_a_wish(network: Network) -> None:
    path = _wish(network)
    assert network.post("nigora", f"/en/{path}/close", {"state": "dropped"}).status_code == 403
    assert network.post("zarina", f"/en/{path}/close", {"state": "dropped"}).status_code == 303
    assert network.post("maral", f"/en/{path}/close", {"state": "found"}).status_code == 422


def test_a_forged_form_changes_nothing(network: Network) -> None:
    answer = network.as_("maral").post("/en/desk", data=WISH, follow_redirects=False)
    assert answer.status_code == 403
    assert network.ask("SELECT count(*) FROM wishes") == [0]


def test_an_organisation_cannot_bury_the_desk(network: Network) -> None:
    for number in range(20):
        _wish(network, key=f"{number:016x}")
    answer = network.post("maral", "/en/desk", {**WISH, "key": "f" * 16})
    assert answer.status_code == 422
    assert "many open wishes" in answer.text


def test_a_wish_is_closed_after_90_days(network: Network, store: Store) -> None:
    path = _wish(network)
    later = MOMENT + timedelta(days=91)
    with store.transaction() as db:
        assert expire_wishes(db, OPERATOR, later, TODAY) == 1
        assert expire_wishes(db, OPERATOR, later, TODAY) == 0
    assert "Closed after 90 days" in network.as_("maral").get(f"/en/{path}").text
    assert expire_wishes in [job.work for job in JOBS]


def test_the_states_are_those_of_the_picture() -> None:
    assert set(MOVES) == {"open", "found", "dropped", "expired"}
    assert may_become("open", "found")
    assert not may_become("found", "open")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_answer_in_every_language(network: Network, language: str) -> None:
    path = _wish(network)
    for each in ("desk", "desk/new", path):
        assert network.as_("maral").get(f"/{language}/{each}").status_code == 200


def test_nothing_waits_for_who_may_not_read(network: Network, store: Store) -> None:
    from portal.actor import PUBLIC

    with store.read() as db:
        assert find_waiting(db, PUBLIC, MOMENT, TODAY) == []
