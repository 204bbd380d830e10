"""She sees who looked and why; coordinators see all looks, and what is unusual among them."""

from datetime import timedelta

import pytest

from portal.contacts.actions import forget_old_looks
from portal.contacts.queries import find_waiting
from portal.contacts.rules import is_night, is_unusual, local_time
from portal.jobs.registry import JOBS
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.contacts.conftest import PHONE, ZONE, Desk


def make_her_the_practitioner(desk: Desk) -> None:
    desk.sign_in("practitioner")
    sql = "UPDATE accounts SET practitioner_id = :her WHERE id = 'demo-practitioner'"
    desk.change(sql, her=desk.her)


def looked(desk: Desk, **query: str):
    return desk.client.get(f"/en/practitioners/{desk.her}/looked", params=query)


def test_05_she_sees_who_looked_and_why(desk: Desk) -> None:
    desk.post("urgent")
    make_her_the_practitioner(desk)
    page = looked(desk).text
    (organisation,) = desk.ask("SELECT name FROM organisations WHERE id = :own", own=desk.own)
    for word in ("Demo member", organisation, "Urgent situation", "10:00"):
        assert word in page
    assert PHONE not in page


def test_05_coordinators_open_her_list_and_no_colleague_does(desk: Desk) -> None:
    desk.post()
    assert looked(desk).status_code == 404
    own = desk.ask("SELECT organisation_id FROM practitioners WHERE id = :her", her=desk.her)[0]
    desk.sign_in("coordinator")
    assert "Demo member" in looked(desk).text
    desk.change("UPDATE accounts SET organisation_id = :own WHERE id = 'demo-member'", own=own)
    desk.sign_in("member", own)
    assert desk.client.get(f"/en/practitioners/{desk.her}").status_code == 200
    assert looked(desk).status_code == 404
    desk.sign_in("practitioner")
    assert looked(desk).status_code == 404
    desk.sign_in("admin")
    assert looked(desk).status_code == 404


def test_05_her_list_is_json_too_and_in_pages(desk: Desk) -> None:
    desk.post("invite")
    desk.post("clarify")
    desk.sign_in("coordinator")
    address = f"/en/practitioners/{desk.her}/looked?per_page=1"
    found = desk.client.get(address, headers=JSON).json()
    assert (found["total"], found["page"], found["per_page"]) == (2, 1, 1)
    assert found["results"][0]["purpose"] == "clarify"
    assert (
        desk.client.get(address + "&page=2", headers=JSON).json()["results"][0]["purpose"]
        == "invite"
    )
    assert f"/en/practitioners/{desk.her}/looked?page=2" in looked(desk, per_page="1").text


def test_05_looks_are_forgotten_after_a_year(desk: Desk) -> None:
    by = desk.actor("demo-member")
    desk.look(by, after=-timedelta(days=366))
    desk.look(by, after=-timedelta(days=364))
    (job,) = [each for each in JOBS if each.name == "looks"]
    assert job.work is forget_old_looks
    with desk.store.transaction() as db:
        assert job.work(db, OPERATOR, MOMENT, TODAY) == 1
        assert job.work(db, OPERATOR, MOMENT, TODAY) == 0
    kept = "SELECT day FROM contact_looks WHERE practitioner_id = :her"
    assert desk.ask(kept, her=desk.her) == ["2025-11-24"]


@pytest.mark.parametrize(
    ("practitioners", "at_night", "unusual"),
    [(10, 0, False), (11, 0, True), (1, 1, True), (0, 0, False)],
)
def test_the_alarm(practitioners: int, at_night: int, unusual: bool) -> None:
    assert is_unusual(practitioners, at_night) == unusual


@pytest.mark.parametrize(("hour", "night"), [(16, False), (17, True), (0, True), (1, False)])
def test_night_is_the_networks(hour: int, night: bool) -> None:
    at = MOMENT.replace(hour=hour)  # 16:00 in Greenwich is 21:00 in Ashgabat
    assert is_night(local_time(at, ZONE)) == night


def waiting(desk: Desk, account: str):
    with desk.store.read() as db:
        return find_waiting(db, desk.actor(account), MOMENT, TODAY)


def test_05_unusual_looking_waits_for_coordinators(desk: Desk) -> None:
    desk.sign_in("coordinator")
    desk.sign_in("member")
    desk.change("DELETE FROM contact_looks")
    by = desk.actor("demo-member")
    for n in range(11):
        desk.look(by, desk.listed[n], n * timedelta(minutes=1))
        assert bool(waiting(desk, "demo-coordinator")) == (n == 10)
    (line,) = waiting(desk, "demo-coordinator")
    assert line.path == ("contacts",)
    assert waiting(desk, "demo-member") == []
    desk.sign_in("coordinator")
    page = desk.client.get("/en/contacts").text
    assert "Unusual in the last seven days" in page
    assert "/en/contacts?person=demo-member&amp;date=2026-11-23" in page


def test_05_a_look_at_night_waits_too_and_not_for_ever(desk: Desk) -> None:
    desk.sign_in("coordinator")
    desk.change("DELETE FROM contact_looks")
    desk.look(desk.actor("demo-member"), after=-timedelta(hours=12))
    assert waiting(desk, "demo-coordinator")
    with desk.store.read() as db:
        later = TODAY + timedelta(days=8)
        assert find_waiting(db, desk.actor("demo-coordinator"), MOMENT, later) == []


def test_05_coordinators_find_looks_by_person_and_day(desk: Desk) -> None:
    desk.post()
    desk.sign_in("coordinator")
    desk.post("invite")
    find = lambda **query: desk.client.get("/en/contacts", params=query, headers=JSON).json()  # noqa: E731
    assert find(person="demo-coordinator", date="2026-11-23")["total"] == 1
    assert find(date="2026-11-23")["total"] == 2
    assert find(date="2020-01-01")["total"] == 0
    assert find(person="demo-member", date="2026-11-23")["results"][0]["name"] == "Demo member"
    assert desk.client.get("/en/contacts?date=yesterday").status_code == 422
    assert "Demo coordinator" in desk.client.get("/en/contacts").text


@pytest.mark.parametrize("role", ["member", "practitioner", "admin"])
def test_05_only_coordinators_see_all_looks(desk: Desk, role: str) -> None:
    desk.sign_in(role)
    assert desk.client.get("/en/contacts").status_code == 403
