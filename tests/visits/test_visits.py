"""After an acceptance: come back, say how it ended, be counted, be forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from litestar.testing import TestClient

from portal.clock import day_of
from portal.db import Store, column
from portal.errors import Invalid, NotFound
from portal.requests.actions import accept, cancel, decline, move_on
from portal.requests.queries import get_request_for
from portal.requests.schema import ERASED
from portal.schemas import TIERS
from portal.visits.actions import complete, erase, expire, note_returned
from portal.visits.queries import (
    Period,
    count_completed,
    find_waiting,
    median_days_to_visit,
    share_answered_in_48h,
)
from portal.visits.rules import Outcome, days_waited
from tests.conftest import JSON, MOMENT
from tests.requests.conftest import NOTE, SATURDAY, TIMEZONE, Stage
from tests.requests.test_pages import as_person, json, sent, sign_in

VISITED = Outcome("visited", SATURDAY)
ALL = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC))


def accepted(stage: Stage, **more: object) -> tuple[str, str]:
    one = stage.people[0]
    request = stage.create(one, stage.people[1], **more)
    stage.do(accept, request, one, by=stage.as_practitioner(one))
    return request, one


def waiting(stage: Stage, actor) -> set[tuple[str, str]]:
    with stage.store.read() as db:
        today = day_of(stage.clock.moment, TIMEZONE)
        return {
            (each.path[1], each.says.text)
            for each in find_waiting(db, actor, stage.clock.moment, today)
        }


def test_days_waited_are_counted_from_day_to_day() -> None:
    assert days_waited(date(2026, 11, 23), date(2026, 11, 28)) == 5
    assert days_waited(date(2026, 11, 23), date(2026, 11, 22)) == 0


def test_a_visit_is_completed_by_the_practitioner_and_counted(
    browser: TestClient, stage: Stage
) -> None:
    request, one = accepted(stage)
    stage.later(days=5)
    hers = as_person(stage, browser, one)
    page = hers.get(f"/en/requests/{request}/complete").text
    assert f'value="{SATURDAY.isoformat()}"' in page
    for _ in range(2):
        form = {"outcome": "visited", "visited_on": SATURDAY.isoformat()}
        answer = sent(hers, f"/en/requests/{request}/complete", **form)
        assert answer.status_code == 303, answer.text
    shown = json(hers, f"/en/requests/{request}")
    assert (shown["state"], shown["outcome"], shown["days_waited"]) == ("completed", "visited", 5)
    phone = stage.one(
        "SELECT duty_phone FROM organisations WHERE id ="
        " (SELECT organisation_id FROM practitioners WHERE id = :id)",
        id=one,
    )
    assert shown["supervision_phone"] == phone
    assert "supervision" in hers.get(f"/en/requests/{request}").text
    sql = "SELECT count(*) FROM request_states WHERE request_id = :id AND state = 'completed'"
    assert stage.one(sql, id=request) == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"outcome": "visited"}, "visited_on"),
        ({"outcome": "visited", "visited_on": "2026-11-22"}, "visited_on"),
        ({"outcome": "visited", "visited_on": "2026-11-29"}, "visited_on"),
        ({"outcome": "not_visited"}, "no_visit_reason"),
        ({"outcome": "not_visited", "no_visit_reason": "tired of it"}, "no_visit_reason"),
    ],
)
def test_an_ending_that_cannot_be_is_422_at_its_field(
    browser: TestClient, stage: Stage, form: dict[str, str], field: str
) -> None:
    request, _one = accepted(stage)
    stage.later(days=5)
    member = sign_in(browser, "member")
    answer = sent(member, f"/en/requests/{request}/complete", **form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert stage.state(request) == "accepted"


def test_why_not_is_a_code(browser: TestClient, stage: Stage) -> None:
    request, one = accepted(stage)
    stage.later(days=5)
    member = sign_in(browser, "member")
    form = {"outcome": "not_visited", "no_visit_reason": "road_or_weather"}
    assert sent(member, f"/en/requests/{request}/complete", **form).status_code == 303
    shown = json(member, f"/en/requests/{request}")
    assert shown["no_visit_reason"] == "road_or_weather"
    assert shown["days_waited"] is None
    assert (
        stage.one("SELECT sum(visited) FROM request_offers WHERE practitioner_id = :i", i=one)
        is None
    )


def test_nothing_ends_before_the_agreed_day(browser: TestClient, stage: Stage) -> None:
    request, one = accepted(stage)
    stage.later(days=4)
    told = "From Saturday, 28 November 2026 on you can say here how it ended."
    hers = as_person(stage, browser, one)
    for path in (f"/en/requests/{request}", f"/en/requests/{request}/complete"):
        assert told in hers.get(path).text
    assert "All are back" not in hers.get(f"/en/requests/{request}/sheet").text
    form = {"outcome": "visited", "visited_on": "2026-11-23"}
    for act in ("complete", "returned"):
        answer = sent(hers, f"/en/requests/{request}/{act}", **form)
        assert answer.status_code == 422
        assert told in answer.text
    assert stage.state(request) == "accepted"
    stage.later(days=2)
    hers = as_person(stage, browser, one)
    page = hers.get(f"/en/requests/{request}/complete").text
    assert " checked" not in page
    assert f'value="{SATURDAY.isoformat()}"' in page


def test_only_an_accepted_request_is_completed(stage: Stage) -> None:
    request = stage.create(stage.people[0])
    with pytest.raises(Invalid):
        stage.do(complete, request, VISITED)
    with pytest.raises(NotFound):
        stage.do(note_returned, request)


def test_who_is_not_back_by_the_evening_shows_on_the_askers_work(
    browser: TestClient, stage: Stage
) -> None:
    request, one = accepted(stage)
    overdue = (request, "Nobody has said yet that the visit is over and all are back.")
    stage.clock.moment = datetime(2026, 11, 28, 14, 59, tzinfo=UTC)  # 19:59 in Ashgabat
    assert overdue not in waiting(stage, stage.asker)
    stage.later(minutes=1)
    assert overdue in waiting(stage, stage.asker)
    assert overdue not in waiting(stage, stage.as_practitioner(one))
    hers = as_person(stage, browser, one)
    for _ in range(2):
        assert sent(hers, f"/en/requests/{request}/returned").status_code == 303
    assert overdue not in waiting(stage, stage.asker)
    first = stage.one("SELECT returned_at FROM requests WHERE id = :id", id=request)
    assert first == "2026-11-28T15:00:00Z"


def test_the_day_after_both_sides_are_asked_how_it_ended(stage: Stage) -> None:
    request, one = accepted(stage)
    ended = (request, "A visit was planned: say how it ended.")
    stage.later(days=5)
    assert ended not in waiting(stage, stage.asker)
    stage.later(days=1)
    assert ended in waiting(stage, stage.asker)
    assert ended in waiting(stage, stage.as_practitioner(one))
    assert ended not in waiting(stage, stage.as_practitioner(stage.people[1]))


ENDINGS = ("completed", "cancelled", "declined", "expired")


def ended(stage: Stage, how: str) -> str:
    """A request that came to this end."""
    if how == "completed":
        request, _one = accepted(stage)
        stage.later(days=5)
        stage.do(complete, request, VISITED)
        return request
    one = stage.people[0]
    request = stage.create(one)
    if how == "cancelled":
        stage.do(cancel, request)
    elif how == "declined":
        stage.do(decline, request, one, "too_far", by=stage.as_practitioner(one))
        stage.do(cancel, request, nobody=True)
    else:
        with stage.store.transaction() as db:
            db.execute("UPDATE request_offers SET answer_by = '2027-01-01T00:00:00Z'")
        stage.later(days=9)
        stage.job(expire)
    assert stage.state(request) == how
    return request


@pytest.mark.parametrize("how", ENDINGS)
def test_a_day_after_its_end_it_says_nothing_any_more(stage: Stage, how: str) -> None:
    request = ended(stage, how)
    stage.later(hours=23, minutes=59)
    assert stage.job(erase) == 0 or stage.one("SELECT note FROM requests WHERE id = :i", i=request)
    with stage.store.read() as db:
        shown = get_request_for(db, stage.asker, stage.clock.moment, request)
    assert shown.note == NOTE
    stage.later(minutes=1)
    # the job is late, the answer is not
    with stage.store.read() as db:
        shown = get_request_for(db, stage.asker, stage.clock.moment, request)
    assert {getattr(shown, name, None) for name in ERASED} == {None}
    assert shown.place is None
    assert stage.job(erase) >= 1
    assert stage.job(erase) == 0
    with stage.store.read() as db:
        row = db.table("requests").get(request)
        offers = list(db.query("SELECT * FROM request_offers WHERE request_id = ?", [request]))
    assert {row[name] for name in ERASED} == {None}
    assert (row["region"], row["profession"], row["mode"]) == ("TM-M", "psychologist", "home")
    assert stage.state(request) == how
    assert len(offers) == (how == "completed")
    assert [each["distance_band"] for each in offers] in ([], [None])


def test_what_is_erased_is_nowhere_any_more(store: Store, stage: Stage) -> None:
    request = ended(stage, "completed")
    stage.later(hours=24)
    stage.job(erase)
    assert store.truncate_log()
    with store.read() as db:
        for table in TIERS:
            for row in db.table(table).rows:
                assert NOTE not in str(row), table
    assert NOTE.encode() not in store.path.read_bytes()
    assert stage.state(request) == "completed"


def test_r11_a_clock_that_goes_back_shows_nothing_that_was_erased(stage: Stage) -> None:
    request = ended(stage, "cancelled")
    stage.later(hours=24)
    stage.job(erase)
    stage.later(days=-1)
    stage.job(erase)
    with stage.store.read() as db:
        assert get_request_for(db, stage.asker, stage.clock.moment, request).note is None


def test_the_counts_remain_after_the_rest_is_erased(stage: Stage) -> None:
    prompt = ended(stage, "completed")
    stage.clock.moment = MOMENT
    one = stage.people[1]
    late = stage.create(one)
    stage.later(days=2, seconds=1)
    with stage.store.transaction() as db:
        db.execute("UPDATE request_offers SET over_at = NULL, answer = NULL WHERE answer = 'late'")
    stage.do(accept, late, one, by=stage.as_practitioner(one))
    stage.later(days=9)
    stage.do(complete, late, Outcome("visited", SATURDAY + timedelta(days=2)))
    stage.clock.moment = MOMENT
    cancelled = stage.create()
    stage.do(cancel, cancelled)
    stage.clock.moment = MOMENT + timedelta(days=30)
    assert stage.job(erase) == 3
    with stage.store.read() as db:
        assert count_completed(db, ALL) == 2
        assert count_completed(db, ALL, mode="phone") == 0
        assert share_answered_in_48h(db, ALL, stage.clock.moment) == 0.5
        assert median_days_to_visit(db, ALL) == 6.0
        none = Period(ALL.until, ALL.until)
        assert count_completed(db, none) == 0
        assert share_answered_in_48h(db, none, stage.clock.moment) is None
        assert median_days_to_visit(db, none) is None
    assert prompt


def test_what_nobody_ends_expires(stage: Stage) -> None:
    open_one = stage.create()
    taken, _one = accepted(stage)
    asked = stage.create(stage.people[2])
    stage.do(decline, asked, stage.people[2], "ill", by=stage.as_practitioner(stage.people[2]))
    stage.later(days=8)  # three days after the wished day
    stage.job(expire)
    assert stage.state(open_one) == "open"
    stage.later(days=1)
    assert stage.job(expire) >= 2
    assert stage.state(open_one) == "expired"
    assert stage.state(asked) == "declined"
    assert stage.state(taken) == "accepted"
    stage.later(days=27)
    stage.job(expire)
    assert stage.state(taken) == "expired"
    stage.job(move_on)
    assert stage.state(taken) == "expired"


def test_visits_left_count_what_is_offered_accepted_and_made(
    browser: TestClient, stage: Stage
) -> None:
    one = stage.people[0]
    member = sign_in(browser, "member")
    asked = {"place": "1219762", "profession": "psychologist", "date": SATURDAY.isoformat()}

    def left(**more: str) -> int:
        found = member.get("/en/nearby", params={**asked, **more}, headers=JSON).json()["results"]
        return next(each["visits_left"] for each in found if each["id"] == one)

    assert left() == 3
    request, _ = accepted(stage)
    stage.create(one)
    assert left() == 1
    assert left(date="2026-12-05") == 3
    stage.later(days=5)
    stage.do(complete, request, VISITED)
    stage.later(days=1)
    stage.job(erase)
    stage.clock.moment = MOMENT
    # the visit that was made still counts; the other went back when its time was over
    assert left() == 1
    for _ in range(2):
        stage.create(one)
    assert left() == 0
    assert "no visits left that week" in member.get("/en/nearby", params=asked).text


def test_the_audit_and_the_notices_hold_codes_only(stage: Stage) -> None:
    request = ended(stage, "completed")
    with stage.store.read() as db:
        lines = [str(row) for row in db.query("SELECT * FROM audit WHERE entity_id = ?", [request])]
        told = column(db, "SELECT kind FROM notices WHERE entity_id = :id", id=request)
    assert not [line for line in lines if "1219762" in line or NOTE in line or "trauma" in line]
    assert set(told) <= {
        "request_offered",
        "request_accepted",
        "request_ended",
        "request_completed",
    }
