"""Her week: who keeps it, what it changes at once, and that nothing of anybody's is lost."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from portal.settings import Settings
from tests.conftest import JSON, MOMENT, browsing
from tests.keepers import Sign, field, token


def times(page: str, *slots: str, **numbers: str) -> dict[str, str]:
    """A form as a browser sends it."""
    sent = {"csrf": field(page, "csrf"), "week_seen": field(page, "week_seen")}
    return {**sent, **dict.fromkeys(slots, "1"), **numbers}


def stored(store: Store, her: str) -> tuple[str, int | None, int | None]:
    sql = "SELECT availability, weekly_visits, monthly_cap FROM practitioners WHERE id = ?"
    with store.read() as db:
        found: tuple[str, int | None, int | None] = db.execute(sql, [her]).fetchone()
    return found


def asked(store: Store, sql: str, **parameters: str) -> list:
    with store.read() as db:
        return column(db, sql, **parameters)


@pytest.mark.parametrize("role", ["practitioner", "member", "coordinator"])
def test_whoever_keeps_her_week_changes_it_at_once(
    client: TestClient, store: Store, sign_in: Sign, her: str, role: str
) -> None:
    sign_in(role)
    path = f"/en/practitioners/{her}/week"
    confirmed = "SELECT count(*) FROM confirmations WHERE practitioner_id = :her"
    before = asked(store, confirmed, her=her)
    form = times(client.get(path).text, "tue:evening", "sun:morning", weekly_visits="3")
    answer = client.post(path, data={**form, "monthly_cap": "9"})
    assert answer.status_code == 303
    assert stored(store, her) == ('["tue:evening","sun:morning"]', 3, 9)
    listing = "SELECT availability || weekly_visits FROM listings WHERE practitioner_id = :her"
    assert asked(store, listing, her=her) == [";tue:evening;sun:morning;3"]
    assert asked(store, confirmed, her=her) == before
    assert "Saved" in client.get(answer.headers["location"]).text


def test_03_strangers_find_no_week(
    client: TestClient, sign_in: Sign, her: str, stranger: str
) -> None:
    paths = ("", "/pause", "/away", "/back")
    for role, organisation in (("member", stranger), ("admin", "")):
        sign_in(role, organisation)
        csrf = {"csrf": token(client)}
        assert client.get(f"/en/practitioners/{her}/week").status_code == 404
        for path in paths:
            address = f"/en/practitioners/{her}/week{path}"
            assert client.post(address, data=csrf).status_code == 404, path


def test_29_a_forged_week_changes_nothing(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    before = stored(store, her)
    path = f"/en/practitioners/{her}/week"
    form = times(client.get(path).text) | {"csrf": "00"}
    assert client.post(path, data=form).status_code == 403
    assert client.post(f"{path}/pause").status_code == 403
    assert stored(store, her) == before


def test_r14_a_double_click_saves_once(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    path = f"/en/practitioners/{her}/week"
    form = times(client.get(path).text, "mon:morning", weekly_visits="2")
    lines = "SELECT count(*) FROM audit WHERE entity_id = :her"
    (before,) = asked(store, lines, her=her)
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    for _ in range(2):
        assert client.post(f"{path}/pause", data=form).status_code == 303
    assert asked(store, lines, her=her) == [before + 2]


def test_r12_two_people_edit_and_the_second_sees_both(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    path = f"/en/practitioners/{her}/week"
    page = client.get(path).text
    assert client.post(path, data=times(page, "mon:morning")).status_code == 303
    late = client.post(path, data=times(page, "fri:evening", weekly_visits="4"))
    assert late.status_code == 422
    assert "Monday: Morning" in late.text
    assert 'name="fri:evening" value="1" checked' in late.text
    assert 'value="4"' in late.text
    assert stored(store, her)[0] == '["mon:morning"]'
    # having seen both, she decides
    again = times(late.text, "fri:evening", "mon:morning", weekly_visits="4")
    assert client.post(path, data=again).status_code == 303
    assert stored(store, her)[:2] == ('["mon:morning","fri:evening"]', 4)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"weekly_visits": "61"}, "weekly_visits"),
        ({"monthly_cap": "-1"}, "monthly_cap"),
        ({"weekly_visits": "many"}, "weekly_visits"),
        ({"mon:night": "1"}, "mon:night"),
        ({"week_seen": ""}, "week_seen"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field(
    client: TestClient, store: Store, sign_in: Sign, her: str, sent: dict[str, str], wrong: str
) -> None:
    sign_in("practitioner")
    before = stored(store, her)
    path = f"/en/practitioners/{her}/week"
    answer = client.post(path, data=times(client.get(path).text) | sent, headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [wrong]
    assert stored(store, her) == before


def test_not_this_week_hides_until_sunday_and_one_tap_takes_it_back(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    away = (
        "SELECT starts_on || ' ' || ends_on FROM practitioner_absences WHERE practitioner_id = :her"
    )
    with store.transaction() as db:
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [her])
    sign_in("practitioner")
    path = f"/en/practitioners/{her}/week"
    csrf = {"csrf": token(client)}
    assert client.post(f"{path}/pause", data=csrf).status_code == 303
    assert asked(store, away, her=her) == ["2026-11-23 2026-11-29"]
    page = client.get(path).text
    assert "Not this week" not in page
    assert "back on 30 November 2026" in page
    assert "back on 30 November 2026" in client.get(f"/en/practitioners/{her}").text
    taken = client.post(f"{path}/back", data={**csrf, "starts_on": field(page, "starts_on")})
    assert taken.status_code == 303
    assert asked(store, away, her=her) == []


def test_a_week_is_that_of_the_network_not_of_greenwich(
    settings: Settings, store: Store, her: str
) -> None:
    # Sunday evening in Greenwich is Monday morning in Ashgabat
    late = MOMENT - timedelta(hours=8)
    with browsing(settings, lambda: late) as site:
        site.post("/demo/sign-in", data={"role": "practitioner"})
        site.post(f"/en/practitioners/{her}/week/pause", data={"csrf": token(site)})
    sql = (
        "SELECT ends_on FROM practitioner_absences WHERE practitioner_id = :her AND starts_on = :on"
    )
    assert asked(store, sql, her=her, on="2026-11-23") == ["2026-11-29"]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-12-14", "2026-12-01", "ends before it begins"),
        ("2026-11-01", "2026-11-20", "This day is over"),
        ("2026-12-01", "2028-01-01", "a year at most"),
        ("soon", "2026-12-14", "year-month-day"),
    ],
)
def test_an_absence_that_cannot_be(
    client: TestClient, sign_in: Sign, her: str, start: str, end: str, said: str
) -> None:
    sign_in("practitioner")
    form = {"csrf": token(client), "starts_on": start, "ends_on": end}
    answer = client.post(f"/en/practitioners/{her}/week/away", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{end}"' in answer.text


def test_an_absence_ends_early_and_keeps_its_past(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    with store.transaction() as db:
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [her])
        row = {"practitioner_id": her, "starts_on": "2026-11-20", "ends_on": "2026-12-03"}
        db.table("practitioner_absences").insert(row)
    sign_in("practitioner")
    form = {"csrf": token(client), "starts_on": "2026-11-20"}
    client.post(f"/en/practitioners/{her}/week/back", data=form)
    sql = "SELECT ends_on FROM practitioner_absences WHERE practitioner_id = :her"
    assert asked(store, sql, her=her) == ["2026-11-22"]
