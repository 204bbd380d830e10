"""Ask in order, answer, move on: one transaction each, and one winner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import audit
from portal.agreements.actions import exclude, withdraw_consent
from portal.db import Store, count
from portal.errors import Invalid, NotFound
from portal.practitioners.rules import name_key
from portal.requests.actions import (
    accept,
    cancel,
    create,
    decline,
    move_on,
    offer,
    release_offers_of,
)
from portal.requests.answers import find_waiting
from tests.conftest import OPERATOR, TODAY
from tests.requests.conftest import SATURDAY, Stage


def told(stage: Stage, kind: str) -> int:
    sql = "SELECT count(*) FROM notices WHERE kind = :kind AND entity_id NOT IN (:none)"
    return stage.one(sql, kind=kind, none="")


def test_a_request_begins_open_and_is_offered_when_somebody_is_named(stage: Stage) -> None:
    open_one = stage.create()
    named = stage.create(*stage.people[:2])
    assert stage.state(open_one) == "open"
    assert stage.state(named) == "offered"
    assert stage.holder(named) == stage.people[0]
    assert stage.one("SELECT asked FROM requests WHERE id = :id", id=named) == 1


def test_r14_the_same_form_saves_once(stage: Stage) -> None:
    wanted = stage.wanted()
    first = stage.do(create, wanted, (stage.people[0],))
    again = stage.do(create, wanted, (stage.people[0],))
    assert first == again
    assert stage.one("SELECT count(*) FROM request_offers WHERE request_id = :id", id=first) == 1


def test_an_offer_goes_on_when_it_is_declined_and_back_to_the_asker_at_last(stage: Stage) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    stage.do(decline, request, one, "too_far", by=stage.as_practitioner(one))
    assert stage.holder(request) == two
    stage.do(decline, request, two, "no_reason", by=stage.as_practitioner(two))
    assert stage.holder(request) is None
    assert stage.state(request) == "open"
    assert told(stage, "request_open") >= 1


def test_r14_declining_twice_passes_nobody_over(stage: Stage) -> None:
    one, two, three = stage.people[:3]
    request = stage.create(one, two, three)
    for _ in range(2):
        stage.do(decline, request, one, "no_time", by=stage.as_practitioner(one))
    assert stage.holder(request) == two


def test_an_offer_goes_on_after_twelve_hours_of_daytime(stage: Stage) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)  # Monday at ten
    stage.later(hours=23, minutes=59)
    stage.job(move_on)
    assert stage.holder(request) == one
    stage.later(minutes=1)
    stage.job(move_on)
    assert stage.holder(request) == two
    stage.job(move_on)
    assert stage.holder(request) == two
    with pytest.raises(NotFound):
        stage.do(accept, request, one, by=stage.as_practitioner(one))


def test_r11_a_clock_that_goes_back_gives_nobody_the_offer_again(stage: Stage) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    stage.later(days=1)
    stage.job(move_on)
    stage.later(days=-1)
    stage.job(move_on)
    assert stage.holder(request) == two


def test_accepting_tells_the_asker_and_sets_the_evening(stage: Stage) -> None:
    one = stage.people[0]
    request = stage.create(one, stage.people[1])
    stage.do(accept, request, one, by=stage.as_practitioner(one))
    assert stage.state(request) == "accepted"
    row = stage.one("SELECT return_by FROM requests WHERE id = :id", id=request)
    assert row == "2026-11-28T15:00:00Z"
    assert stage.one("SELECT answered_in_48h FROM requests WHERE id = :id", id=request) == 1
    assert told(stage, "request_accepted") >= 1


def test_r14_two_hands_accept_and_one_wins(stage: Stage, store: Store) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)

    def answer(practitioner_id: str) -> str:
        other = Store(store.path)
        try:
            with other.transaction() as db:
                by = stage.as_practitioner(practitioner_id)
                accept(db, by, stage.clock.moment, request, practitioner_id)
        except (NotFound, Invalid):
            return "refused"
        finally:
            other.close()
        return "accepted"

    with ThreadPoolExecutor(4) as hands:
        said = list(hands.map(answer, [one, two, one, two]))
    assert said == ["accepted", "refused", "accepted", "refused"]
    sql = "SELECT count(*) FROM request_states WHERE request_id = :id AND state = 'accepted'"
    assert stage.one(sql, id=request) == 1


def test_nobody_accepts_beyond_her_week(stage: Stage) -> None:
    one = stage.people[0]
    for _ in range(3):
        stage.do(accept, stage.create(one), one, by=stage.as_practitioner(one))
    fourth = stage.create(one)
    with pytest.raises(Invalid) as refused:
        stage.do(accept, fourth, one, by=stage.as_practitioner(one))
    assert list(refused.value.fields) == ["all"]
    assert stage.state(fourth) == "offered"
    next_week = stage.create(one, wished_on=SATURDAY + timedelta(days=7))
    stage.do(accept, next_week, one, by=stage.as_practitioner(one))


def test_what_was_accepted_can_be_given_back(stage: Stage) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    stage.do(accept, request, one, by=stage.as_practitioner(one))
    stage.do(decline, request, one, "ill", by=stage.as_practitioner(one))
    assert stage.state(request) == "offered"
    assert stage.holder(request) == two
    assert stage.one("SELECT return_by FROM requests WHERE id = :id", id=request) is None


@pytest.mark.parametrize("how", ["twice", "six", "excluding", "far", "unknown"])
def test_whom_one_may_not_ask_is_refused_and_nothing_is_left(stage: Stage, how: str) -> None:
    request, one = stage.create(), stage.people[0]
    chosen = {
        "twice": (one, one),
        "six": tuple(stage.people[:6]),
        "excluding": (one,),
        "far": (
            stage.one(
                "SELECT id FROM practitioners WHERE place_id IN"
                " (SELECT id FROM places WHERE country = 'TJ')"
            ),
        ),
        "unknown": ("p-nobody",),
    }[how]
    with stage.store.transaction() as db:
        if how == "excluding":
            row = {"practitioner_id": one, "kind": "organisation"}
            db.table("consent_exclusions").insert({**row, "value": stage.asker.organisation_id})
    with pytest.raises(Invalid):
        stage.do(offer, request, chosen)
    sql = "SELECT count(*) FROM request_offers WHERE request_id = :id"
    assert stage.one(sql, id=request) == 0
    assert stage.state(request) == "open"


def test_who_is_next_is_looked_at_again_when_her_turn_comes(stage: Stage) -> None:
    one, two, three = stage.people[:3]
    request = stage.create(one, two, three)
    with stage.store.transaction() as db:
        row = {"practitioner_id": two, "kind": "organisation"}
        db.table("consent_exclusions").insert({**row, "value": stage.asker.organisation_id})
    stage.do(decline, request, one, "no_reason", by=stage.as_practitioner(one))
    assert stage.holder(request) == three


def exclude_by_name(stage: Stage, her: str) -> None:
    with stage.store.transaction() as db:
        exclude(db, OPERATOR, stage.clock.moment, her, "person", name_key("Member, Demo"))


def test_05_whom_she_excludes_by_name_does_not_ask_her(stage: Stage) -> None:
    one, two, three = stage.people[:3]
    exclude_by_name(stage, one)
    with pytest.raises(Invalid) as excluded:
        stage.create(one)
    with pytest.raises(Invalid) as unknown:
        stage.create("p-nobody")
    assert excluded.value.fields == unknown.value.fields
    request = stage.create(two, three)
    exclude_by_name(stage, three)
    stage.later(days=1)
    stage.job(move_on)
    assert stage.holder(request) is None


def test_who_withdraws_is_asked_no_more_and_the_asker_is_told_once(stage: Stage) -> None:
    one, two = stage.people[:2]
    offered, taken = stage.create(one, two), stage.create(one)
    stage.do(accept, taken, one, by=stage.as_practitioner(one))
    stage.do(withdraw_consent, one, TODAY.isoformat(), by=OPERATOR)
    stage.job(move_on)
    assert stage.holder(offered) == two
    assert stage.state(taken) == "accepted"
    assert told(stage, "request_changed") == 1
    stage.job(move_on)
    assert stage.do(release_offers_of, one) == 0
    assert told(stage, "request_changed") == 1


def test_a_cancelled_request_is_nobodys_any_more(stage: Stage) -> None:
    one = stage.people[0]
    request = stage.create(one)
    for _ in range(2):
        stage.do(cancel, request)
    assert stage.state(request) == "cancelled"
    assert stage.holder(request) is None
    assert told(stage, "request_ended") == 1
    with pytest.raises(NotFound):
        stage.do(accept, request, one, by=stage.as_practitioner(one))


def test_the_audit_says_that_an_answer_came_not_which(stage: Stage, store: Store) -> None:
    one, two = stage.people[:2]
    request = stage.create(one, two)
    stage.do(decline, request, one, "too_far", by=stage.as_practitioner(one))
    stage.do(accept, request, two, by=stage.as_practitioner(two))
    with store.read() as db:
        lines = list(db.query("SELECT verb, detail FROM audit WHERE entity_id = ?", [request]))
        assert [line["verb"] for line in lines] == ["create", "offer", "answer", "answer"]
        assert {line["detail"] for line in lines[2:]} == {"{}"}
        assert audit.first_broken(db) is None


def test_nothing_of_a_request_is_announced_to_an_index(stage: Stage, store: Store) -> None:
    with store.read() as db:
        before = count(db, "SELECT count(*) FROM outbox")
    one = stage.people[0]
    stage.do(accept, stage.create(one), one, by=stage.as_practitioner(one))
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM outbox") == before


def test_what_waits_is_said_to_whom_it_waits_for(stage: Stage, store: Store) -> None:
    one = stage.people[0]
    offered, open_one = stage.create(one), stage.create()
    with store.read() as db:
        hers = find_waiting(db, stage.as_practitioner(one), stage.clock.moment, TODAY)
        askers = find_waiting(db, stage.asker, stage.clock.moment, TODAY)
    assert ("requests", offered) in [each.path for each in hers]
    assert all(each.due for each in hers)
    assert ("requests", open_one) in [each.path for each in askers]
    assert ("requests", offered) not in [each.path for each in askers]
