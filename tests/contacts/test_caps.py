"""Five looks a minute, twenty a day, sixty of an organisation: no clock and no crowd gets more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.contacts.actions import Shown, Stopped
from portal.contacts.rules import IN_A_DAY, IN_A_MINUTE, OF_AN_ORGANISATION_IN_A_DAY
from portal.db import Store
from tests.conftest import JSON, MOMENT
from tests.contacts.conftest import Desk

MINUTES = timedelta(minutes=1)
DAY = timedelta(days=1)


def look_often(
    desk: Desk, times: int, account: str = "demo-member", start: timedelta = timedelta()
):
    """One look a minute, each at somebody else; what came of the last."""
    by = desk.actor(account)
    return [desk.look(by, desk.listed[n], start + n * MINUTES) for n in range(times)]


def add_people(desk: Desk, number: int, organisation: str) -> list[str]:
    with desk.store.transaction() as db:
        for n in range(number):
            row = {"id": f"a-{organisation}-{n}", "name": f"Person {n}", "role": "member"}
            row |= {"sign_in_name": row["id"], "organisation_id": organisation}
            db.table("accounts").insert(row)
    return [f"a-{organisation}-{n}" for n in range(number)]


def test_05_five_a_minute(desk: Desk) -> None:
    for _ in range(IN_A_MINUTE):
        assert desk.post().status_code == 200
    refused = desk.post()
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "Wait a minute" in refused.text
    desk.wait(seconds=61)
    assert desk.post().status_code == 200


def test_05_twenty_a_day(desk: Desk) -> None:
    done = look_often(desk, IN_A_DAY + 1)
    assert all(isinstance(each, Shown) for each in done[:-1])
    stopped = done[-1]
    assert isinstance(stopped, Stopped)
    # from 10:20 in Ashgabat to midnight
    assert stopped.error.headers == {"Retry-After": str(13 * 3600 + 40 * 60)}
    assert isinstance(desk.look(desk.actor("demo-member"), after=timedelta(hours=14)), Shown)


def test_05_sixty_a_day_of_an_organisation_and_others_go_on(desk: Desk) -> None:
    people = add_people(desk, 4, desk.own)
    for account in people[:3]:
        look_often(desk, IN_A_DAY, account)
    assert desk.looks() == OF_AN_ORGANISATION_IN_A_DAY
    stopped = desk.look(desk.actor(people[3]), after=timedelta(hours=2))
    assert isinstance(stopped, Stopped)
    assert stopped.cap == "organisation"
    (other,) = add_people(desk, 1, desk.others()[0])
    assert isinstance(desk.look(desk.actor(other), after=timedelta(hours=2)), Shown)


def test_05_the_refusal_is_json_for_scripts_and_shows_nothing(desk: Desk) -> None:
    look_often(desk, IN_A_DAY, start=-timedelta(hours=1))
    answer = desk.client.post(
        desk.address, data={"purpose": "urgent"}, headers={**JSON, "X-CSRF-Token": token(desk)}
    )
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "too_many"
    assert answer.headers["retry-after"] == str(14 * 3600)
    assert answer.headers["cache-control"] == "no-store"


def token(desk: Desk) -> str:
    return desk.client.get(desk.address, headers=JSON).headers["x-csrf-token"]


def test_05_coordinators_are_told_once_a_day_of_a_person(desk: Desk) -> None:
    desk.sign_in("coordinator")
    desk.sign_in("member")
    told = "SELECT account_id FROM notices WHERE kind = 'contacts_stopped'"
    before = len(desk.ask(told))
    look_often(desk, IN_A_DAY + 5)
    assert desk.ask(told)[before:] == ["demo-coordinator"]
    desk.change("UPDATE notices SET sent_at = 'x'")
    look_often(desk, IN_A_DAY + 5, start=timedelta(hours=1))
    assert len(desk.ask(told)) == before + 1
    look_often(desk, IN_A_DAY + 5, start=DAY)
    assert len(desk.ask(told)) == before + 2
    stops = desk.ask("SELECT verb || detail FROM audit WHERE verb = 'stop_looking'")
    assert stops[-1] == 'stop_looking{"cap":"day"}'


def test_05_a_refused_look_is_no_look(desk: Desk) -> None:
    look_often(desk, IN_A_DAY + 5)
    assert desk.looks() == IN_A_DAY


def test_05_many_at_once_get_no_more(desk: Desk) -> None:
    by = desk.actor("demo-member")
    stores = [Store(desk.store.path) for _ in range(4)]

    def go(n: int) -> object:
        other = Desk.__new__(Desk)
        other.store, other.her = stores[n % 4], desk.her
        return other.look(by)

    with ThreadPoolExecutor(8) as crowd:
        done = list(crowd.map(go, range(24)))
    for store in stores:
        store.close()
    assert sum(isinstance(each, Shown) for each in done) == IN_A_MINUTE
    assert desk.looks() == IN_A_MINUTE


@pytest.mark.parametrize("back", [MINUTES, timedelta(hours=6), DAY])
def test_r11_a_clock_set_back_frees_nothing(desk: Desk, back: timedelta) -> None:
    look_often(desk, IN_A_DAY)
    by = desk.actor("demo-member")
    assert isinstance(desk.look(by, after=IN_A_DAY * MINUTES - back), Stopped)


def test_r11_a_clock_set_back_frees_no_minute(desk: Desk) -> None:
    by = desk.actor("demo-member")
    for _ in range(IN_A_MINUTE):
        desk.look(by)
    assert isinstance(desk.look(by, after=-timedelta(minutes=10)), Stopped)
    assert isinstance(desk.look(by, after=-DAY), Stopped)


def test_r11_what_was_looked_at_while_the_clock_was_ahead_counts_afterwards(desk: Desk) -> None:
    look_often(desk, IN_A_DAY, start=DAY)
    assert isinstance(desk.look(desk.actor("demo-member")), Stopped)


def test_r11_a_clock_set_forward_ends_the_session_before_it_frees_a_day(desk: Desk) -> None:
    look_often(desk, IN_A_DAY)
    desk.clock.moment = MOMENT + DAY
    assert desk.client.post(desk.address, data={"purpose": "urgent"}).status_code == 303
    assert desk.looks() == IN_A_DAY


def test_r11_a_clock_that_was_weeks_off_shuts_nobody_out(desk: Desk) -> None:
    look_often(desk, IN_A_DAY, start=timedelta(hours=1))
    weeks = "UPDATE contact_looks SET at = '2027-01-20' || substr(at, 11), day = '2027-01-20'"
    desk.change(weeks)
    assert isinstance(desk.look(desk.actor("demo-member")), Shown)


def test_r11_a_double_click_is_no_excuse_after_the_clock_was_set_back(desk: Desk) -> None:
    by, key = desk.actor("demo-member"), "0" * 32
    desk.look(by, key=key)
    desk.look(by, key=key, after=-timedelta(minutes=5))
    assert desk.looks() == 2
