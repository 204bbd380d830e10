"""A coordinator looks at what closing does, closes, and opens a quarter again with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.closing.registry import find_waiting
from portal.db import Store, count
from portal.indicators.periods import read_period
from portal.indicators.queries import find_figures
from portal.settings import Settings
from tests.closing.test_board import BY, OWN, QUARTER
from tests.conftest import JSON, LANGUAGES, MOMENT, TODAY, browsing

BOARD = "/en/completeness"
CLOSE, REOPEN = f"{BOARD}/2026-Q3/close", f"{BOARD}/2026-Q2/reopen"
SENT = {"organisation": OWN, "open_reason": "The journal was found.", "open_until": "2026-12-05"}


def sign_in(client: TestClient, role: str = "coordinator") -> str:
    """The token of a page of somebody who is signed in now."""
    client.cookies.clear()
    form = {"role": role, "organisation": ""}
    assert client.post("/demo/sign-in", data=form, follow_redirects=False).status_code == 303
    return client.get("/en/sign-in").text.split('name="csrf" value="')[1].split('"')[0]


def post(client: TestClient, path: str, **sent: str) -> tuple[int, str]:
    answer = client.post(path, data=sent, follow_redirects=False)
    return answer.status_code, answer.headers.get("location") or answer.text


def rows(store: Store, *tables: str) -> list[int]:
    with store.read() as db:
        return [db.table(each).count for each in tables or ("results", "figures", "audit")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_closing_it_is_said_what_it_does(coordinator: TestClient, language: str) -> None:
    page = coordinator.get(f"/{language}/completeness/2026-Q3/close")
    assert page.status_code == 200
    assert "<form method=" in page.text
    found = coordinator.get(CLOSE, headers=JSON).json()
    assert found["problem"] is None
    assert len(found["not_accepted"]) == found["not_reported"]
    shown = {each["code"]: each for each in found["counted"]}
    assert shown["members"]["value"] == found["expected"]
    assert 0 <= shown["confirmed_90_days"]["value"] <= 100
    assert all(each["counted_so"] for each in found["counted"])


@pytest.mark.parametrize("period", ["2026-Q2", "2026-Q4"])
def test_what_cannot_be_closed_says_why_and_has_no_form(
    coordinator: TestClient, period: str
) -> None:
    page = coordinator.get(f"{BOARD}/{period}/close")
    assert page.status_code == 200
    assert f'action="{BOARD}' not in page.text
    assert coordinator.get(f"{BOARD}/{period}/close", headers=JSON).json()["problem"]


@pytest.mark.parametrize("period", ["2026", "2026-07", "2027-Q1", "x"])
def test_an_address_of_no_quarter_is_nothing(coordinator: TestClient, period: str) -> None:
    assert coordinator.get(f"{BOARD}/{period}/close").status_code == 404
    assert coordinator.get(f"{BOARD}/{period}/reopen").status_code == 404


def test_closing_freezes_the_figures(client: TestClient, store: Store) -> None:
    csrf = sign_in(client)
    before = client.get(CLOSE, headers=JSON).json()["counted"]
    status, where = post(client, CLOSE, csrf=csrf)
    assert (status, where) == (303, f"{BOARD}?period=2026-Q3&done=closed")
    assert 'role="status"' in client.get(where).text
    with store.transaction() as db:
        db.execute("DELETE FROM listing_places")
        db.execute("DELETE FROM listings")
        figures = {each.code: each for each in find_figures(db, first="2026-Q3", last="2026-Q3")}
    for each in before:
        told = (figures[each["code"]].numerator, figures[each["code"]].denominator)
        assert told == (each["numerator"], each["denominator"])
    kept = rows(store)
    status, said = post(client, CLOSE, csrf=csrf)
    assert status == 422
    assert "closed already" in said
    assert rows(store) == kept


def test_two_coordinators_at_once_close_it_once(settings: Settings, store: Store) -> None:
    with browsing(settings) as first, browsing(settings) as second:
        tokens = [(each, sign_in(each)) for each in (first, second)]
        with ThreadPoolExecutor() as pool:
            told = list(pool.map(lambda each: post(each[0], CLOSE, csrf=each[1])[0], tokens))
    assert sorted(told) == [303, 422]
    with store.read() as db:
        sql = "SELECT count(*) FROM audit WHERE verb = 'close' AND entity_id = '2026-Q3'"
        assert count(db, sql) == 1
        twice = """
            SELECT count(*) FROM (SELECT 1 FROM results WHERE period = '2026-Q3'
            AND accepted_at IS NOT NULL AND replaced_at IS NULL GROUP BY code, organisation_id,
            region, project_id, sex, age_group, form HAVING count(*) > 1)
        """
        assert count(db, twice) == 0


def test_nothing_happens_without_the_token_or_by_another_role(
    client: TestClient, store: Store
) -> None:
    sign_in(client)
    kept = rows(store)
    assert post(client, CLOSE)[0] == 403
    assert post(client, REOPEN, **SENT)[0] == 403
    for role in ("member", "practitioner", "admin"):
        csrf = sign_in(client, role)
        assert post(client, CLOSE, csrf=csrf)[0] == 404
        assert post(client, REOPEN, csrf=csrf, **SENT)[0] == 404
    assert client.put(CLOSE).status_code == 405
    client.cookies.clear()
    assert client.post(CLOSE, headers=JSON).status_code == 401
    assert rows(store)[:2] == kept[:2]
    assert rows(store, "closed_periods", "reopened_periods") == [11, 0]


def test_an_exception_is_kept_with_its_reason(client: TestClient) -> None:
    csrf = sign_in(client)
    assert client.get(REOPEN).status_code == 200
    status, where = post(client, REOPEN, csrf=csrf, **SENT)
    assert (status, where) == (303, f"{BOARD}?period=2026-Q2&done=opened")
    page = client.get(where).text
    assert "The journal was found." in page
    found = client.get(f"{BOARD}?period=2026-Q2&state=open", headers=JSON).json()
    (row,) = found["results"]
    assert (row["organisation_id"], row["open_until"]) == (OWN, "2026-12-05")
    (made,) = found["exceptions"]
    assert (made["reason"], made["until"]) == (SENT["open_reason"], "2026-12-05")
    sign_in(client, "member")
    own = client.get(f"{BOARD}?period=2026-Q2", headers=JSON).json()
    assert own["results"][0]["open_until"] == "2026-12-05"
    assert "The journal was found." not in client.get(f"{BOARD}?period=2026-Q2").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("organisation", ""),
        ("organisation", "o-nobody"),
        ("open_reason", ""),
        ("open_reason", "Call +993 65 12 34 56 about it."),
        ("open_until", "2027-06-01"),
        ("open_until", "soon"),
    ],
)
def test_a_form_that_cannot_be_used_keeps_what_was_typed(
    client: TestClient, store: Store, field: str, text: str
) -> None:
    csrf, kept = sign_in(client), rows(store)
    sent = {**SENT, field: text}
    status, page = post(client, REOPEN, csrf=csrf, **sent)
    assert status == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}-wrong"' in page
    for name in {"open_reason", "open_until"} - {field}:
        assert SENT[name] in page
    assert rows(store) == kept


def test_nobody_opens_a_quarter_for_their_own(client: TestClient, store: Store) -> None:
    csrf, kept = sign_in(client), rows(store, "reopened_periods", "notices")
    own = BY.organisation_id or ""
    with store.transaction() as db:
        db.table("accounts").update("demo-coordinator", {"organisation_id": own})
        there = {"sign_in_name": "second", "name": "Second", "role": "coordinator"}
        db.table("accounts").insert({"id": "a-second", "organisation_id": OWN, **there})
    assert f'value="{own}"' not in client.get(REOPEN).text
    assert post(client, REOPEN, csrf=csrf, **{**SENT, "organisation": own})[0] == 403
    assert rows(store, "reopened_periods", "notices") == kept


def test_a_quarter_that_can_be_closed_waits_for_coordinators(store: Store) -> None:
    with store.transaction() as db:
        (line,) = find_waiting(db, BY, MOMENT, TODAY)
        assert line.path == ("completeness", "2026-Q3", "close")
        early = QUARTER.last + timedelta(days=30)
        assert find_waiting(db, BY, MOMENT, early) == []
        db.execute("INSERT INTO closed_periods VALUES ('2026-Q3', '2026-11-23T05:00:00Z', 'x')")
        assert find_waiting(db, BY, MOMENT, TODAY) == []
        later = read_period("2026-Q4").last + timedelta(days=41)
        assert len(find_waiting(db, BY, MOMENT, later)) == 1
