"""People with accounts: who sees them, what one does alone, what takes two, how grants end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.approvals.actions import decide
from portal.db import Store, column, count
from portal.people.actions import lead_back, remind_of_grants
from tests.approvals.conftest import Signed, signed_with
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, PARTIAL, TODAY
from tests.people import MovingClock

Make = Callable[..., Actor]


@pytest.fixture
def cast(make: Make, organisations: list[str]) -> dict[str, Actor]:
    """Two coordinators of different organisations, a member, an administrator."""
    return {
        "ana": make("ana", "coordinator", organisations[0]),
        "beg": make("beg", "coordinator", organisations[1]),
        "mira": make("mira", "member", organisations[2]),
        "pia": make("pia", "admin"),
    }


def cell(store: Store, sql: str) -> object:
    with store.read() as db:
        return column(db, sql)[0]


def test_the_list_says_who_is_here(signed: Signed, cast: dict[str, Actor]) -> None:
    found = signed("a-ana").get("/en/people", headers=JSON).json()
    assert [each["name"] for each in found["results"]] == ["Ana", "Beg", "Mira", "Pia"]
    assert found["results"][2]["role"] == "member"
    assert found["results"][2]["seen_on"] == TODAY.isoformat()
    one = signed("a-ana").get("/en/people?role=admin", headers=JSON).json()
    assert [each["id"] for each in one["results"]] == ["a-pia"]
    assert signed("a-ana").get("/en/people?role=emperor").status_code == 422
    block = signed("a-pia").get("/en/people", headers=PARTIAL).text
    assert "<html" not in block
    assert "Mira" in block


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_pages(signed: Signed, cast: dict[str, Actor], language: str) -> None:
    for path in ("people", "people/invite", "people/organisations", "people/a-mira"):
        answer = signed("a-ana").get(f"/{language}/{path}")
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.text


def test_03_a_member_reads_no_accounts(signed: Signed, cast: dict[str, Actor]) -> None:
    for path in ("people", "people/a-ana", "people/a-mira", "people/organisations"):
        assert signed("a-mira").get(f"/en/{path}").status_code == 403
    assert signed("a-ana").get("/en/people/a-nobody").status_code == 404
    assert signed("a-ana").post("/en/people/a-nobody", data={"act": "lock"}).status_code == 404


def test_07_one_person_locks_at_once(signed: Signed, cast: dict[str, Actor], store: Store) -> None:
    signed("a-mira")
    answer = signed("a-ana").post("/en/people/a-mira", data={"act": "lock"})
    assert answer.headers["location"] == "/en/people/a-mira"
    assert cell(store, "SELECT count(*) FROM sessions WHERE account_id = 'a-mira'") == 0
    assert "This account is locked" in signed("a-ana").get("/en/people/a-mira").text
    own = signed("a-ana").post("/en/people/a-ana", data={"act": "lock"})
    assert own.status_code == 422
    assert "your own account" in own.text


def test_07_two_people_unlock(signed: Signed, cast: dict[str, Actor], store: Store) -> None:
    signed("a-ana").post("/en/people/a-mira", data={"act": "lock"})
    item = signed("a-ana").post("/en/people/a-mira", data={"act": "unlock"}).headers["location"]
    assert item.startswith("/en/approvals/v-")
    assert cell(store, "SELECT locked_at FROM accounts WHERE id = 'a-mira'")
    signed("a-beg").post(item, data={"verdict": "approved"})
    assert cell(store, "SELECT locked_at FROM accounts WHERE id = 'a-mira'") is None


def test_07_two_people_grant_and_one_ends_it(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    where = f"/en/people/organisations/{cast['mira'].organisation_id}"
    assert signed("a-pia").post(where, data={"act": "grant"}).status_code == 403
    signed("a-ana").post(where, data={"act": "end"})
    for path in ("/en/people/a-mira", where):
        item = signed("a-ana").post(path, data={"act": "grant"}).headers["location"]
        assert signed("a-mira").get("/en/practitioners").status_code == 403
        signed("a-beg").post(item, data={"verdict": "approved"})
    assert signed("a-mira").get("/en/practitioners").status_code == 200
    until = "SELECT directory_until FROM accounts WHERE id = 'a-mira'"
    assert cell(store, until) == "2027-11-23"
    signed("a-ana").post("/en/people/a-mira", data={"act": "end"})
    assert signed("a-mira").get("/en/practitioners").status_code == 403


def test_a_grant_lapses_by_the_clock(
    signed: Signed, cast: dict[str, Actor], store: Store, clock: MovingClock
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET directory_until = '2027-12-31'")
        db.execute("UPDATE accounts SET directory_until = '2026-11-24' WHERE id = 'a-mira'")
    clock.moment += timedelta(days=1)
    assert signed("a-mira").get("/en/practitioners").status_code == 200
    clock.moment += timedelta(days=1)
    assert signed("a-mira").get("/en/practitioners").status_code == 403


def test_the_way_back_is_shown_once_and_ends_sessions(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    signed("a-mira")
    shown = signed("a-ana").post("/en/people/a-mira", data={"act": "back"})
    assert shown.status_code == 200
    (path,) = re.findall(r"/join/[0-9a-z-]+(?=<)", shown.text)
    assert cell(store, "SELECT count(*) FROM sessions WHERE account_id = 'a-mira'") == 0
    assert signed("a-ana").get(f"/en{path}").status_code == 200


def test_09_an_administrator_without_a_passkey_asks_for_the_way_back(
    store: Store, cast: dict[str, Actor], make: Make, signed: Signed
) -> None:
    weak = signed_with(cast["pia"], "password")
    with store.transaction() as db:
        kind, item = lead_back(db, weak, MOMENT, "a-mira")
    assert kind == "item"
    other = signed_with(make("wal", "admin"), "password")
    with store.transaction() as db:
        assert decide(db, other, MOMENT, item, "approved").verdict == "approved"
    strong = signed_with(cast["pia"], "passkey")
    with store.transaction() as db:
        assert lead_back(db, strong, MOMENT, "a-mira")[0] == "link"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"role": "member", "organisation": "o-7k2m9q"}, "person"),
        ({"person": "Leyla", "organisation": "o-7k2m9q"}, "role"),
        ({"person": "Leyla", "role": "member"}, "organisation"),
        ({"person": "Leyla", "role": "coordinator"}, "organisation"),
        ({"person": "Leyla", "role": "practitioner", "organisation": "o-7k2m9q"}, "practitioner"),
        ({"person": "Leyla", "role": "observer", "practitioner": "p-nobody"}, "practitioner"),
        ({"person": "a", "role": "emperor"}, "role"),
        ({"person": "a" * 200, "role": "observer"}, "person"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field(
    signed: Signed, cast: dict[str, Actor], form: dict[str, str], field: str, store: Store
) -> None:
    answer = signed("a-ana").post("/en/people/invite", data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-wrong"' in answer.text
    assert form.get("person", "")[:100] in answer.text
    assert cell(store, "SELECT count(*) FROM wanted_invitations") == 0
    assert cell(store, "SELECT count(*) FROM approvals") == 0


def test_a_practitioner_is_invited_from_her_record(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    ana = signed("a-ana")
    plain = ana.get("/en/people/invite").text
    assert 'name="practitioner"' not in plain
    assert '<option value="practitioner"' not in plain
    with store.read() as db:
        sql = "SELECT id, name, organisation_id FROM practitioners ORDER BY id LIMIT 1"
        her, name, organisation = db.execute(sql).fetchone()
    form = {"role": "practitioner", "organisation": organisation, "practitioner": her}
    page = ana.get("/en/people/invite", params=form).text
    assert name in page.split("<h1")[1].split("<form")[0]
    assert all(f'type="hidden" name="{field}" value="{form[field]}"' in page for field in form)
    assert ana.post("/en/people/invite", data={**form, "person": name}).status_code == 303
    assert cell(store, "SELECT practitioner_id FROM wanted_invitations") == her


def test_no_organisation_is_a_choice_and_a_forgotten_one_is_marked(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    form = {"person": "Leyla", "role": "coordinator", "organisation": "none"}
    answer = signed("a-ana").post("/en/people/invite", data=form)
    assert "Choose the organisation of this person." in answer.text
    marked = answer.text.split('<select id="organisation"')[1].split(">")[0]
    assert 'aria-invalid="true" aria-describedby="organisation-wrong"' in marked
    form["role"] = "observer"
    assert signed("a-ana").post("/en/people/invite", data=form).status_code == 303
    assert cell(store, "SELECT organisation_id FROM wanted_invitations") is None


def test_a_taken_name_is_said_to_those_who_keep_accounts(
    signed: Signed, cast: dict[str, Actor]
) -> None:
    answer = signed("a-ana").post("/en/people/invite", data={"person": "mira", "role": "observer"})
    assert "taken" in answer.text.split('id="person-wrong"')[1].split("</span>")[0]


def test_only_a_member_becomes_a_coordinator(signed: Signed, cast: dict[str, Actor]) -> None:
    assert signed("a-ana").post("/en/people/a-pia", data={"act": "coordinator"}).status_code == 422
    assert signed("a-ana").post("/en/people/a-pia", data={"act": "grant"}).status_code == 422
    assert signed("a-ana").post("/en/people/a-pia", data={"act": "crown"}).status_code == 422


def test_a_state_body_has_no_access_by_itself(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    with store.read() as db:
        sql = (
            "SELECT count(*) FROM organisations WHERE kind = 'state'"
            " AND directory_until IS NOT NULL"
        )
        assert count(db, sql) == 0
    form = {"person": "Leyla", "role": "member", "organisation": "o-7k2m9q"}
    with store.transaction() as db:
        db.execute("UPDATE organisations SET kind = 'state' WHERE id = 'o-7k2m9q'")
    signed("a-ana").post("/en/people/invite", data=form)
    assert cell(store, "SELECT directory FROM wanted_invitations") == 0


def test_a_grant_that_ends_is_told_once_and_stands_in_work(
    signed: Signed, cast: dict[str, Actor], store: Store
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET directory_until = '2027-11-01'")
        db.execute(
            "UPDATE organisations SET directory_until = '2026-12-20' WHERE id = ?",
            [cast["mira"].organisation_id],
        )
        db.execute("UPDATE accounts SET directory_until = '2026-12-01' WHERE id = 'a-mira'")
        assert remind_of_grants(db, OPERATOR, MOMENT, TODAY) == 2
        assert remind_of_grants(db, OPERATOR, MOMENT, TODAY) == 0
        told = db.execute("SELECT kind, account_id FROM notices ORDER BY account_id").fetchall()
    assert told == [("grants_end", "a-ana"), ("grants_end", "a-beg"), ("grant_ends", "a-mira")]
    lines = signed("a-mira").get("/en/work", headers=JSON).json()["results"]
    dues = [line["due"] for line in lines if line["address"] == "/en/account"]
    assert dues == ["2026-12-01", "2026-12-20"]
    lines = signed("a-ana").get("/en/work", headers=JSON).json()["results"]
    assert {"/en/people/a-mira", "/en/people/organisations"} <= {each["address"] for each in lines}


def test_user_text_is_inert(signed: Signed, cast: dict[str, Actor], browser: TestClient) -> None:
    form = {"person": "<b>Leyla", "role": "observer"}
    item = signed("a-ana").post("/en/people/invite", data=form).headers["location"]
    page = signed("a-beg").get(item).text
    assert "<b>Leyla" not in page
    assert "&lt;b&gt;Leyla" in page
