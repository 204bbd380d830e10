"""Confirming: by a link, from the account, on the telephone; once, by whom, and how."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.agreements.actions import set_agreement, withdraw_consent
from portal.capacity.queries import get_week
from portal.db import Store, column
from portal.links.actions import make_link
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, TODAY
from tests.keepers import Sign, field, token

WEEK = timedelta(days=7)


def link_for(store: Store, her: str, good_for: timedelta = WEEK) -> str:
    with store.transaction() as db:
        return f"/en/confirm/{make_link(db, MOMENT, 'confirm', her, good_for)}"


def rows(store: Store, her: str) -> list[tuple]:
    sql = "SELECT confirmed_on, how, by FROM confirmations WHERE practitioner_id = ? ORDER BY id"
    with store.read() as db:
        return list(db.execute(sql, [her]))


def form_on(page: str) -> dict[str, str]:
    return {"seen": field(page, "seen")}


@pytest.fixture
def link(store: Store, her: str, client: TestClient) -> str:
    client.follow_redirects = False
    return link_for(store, her)


def test_a_link_shows_what_members_see_and_confirms_in_one_tap(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    before = rows(store, her)
    with store.read() as db:
        contact = db.execute(
            "SELECT phone, email FROM practitioner_contacts WHERE practitioner_id = ?", [her]
        ).fetchone()
        name = column(db, "SELECT name FROM practitioners WHERE id = :id", id=her)[0]
    page = client.get(link).text
    assert name in page
    assert page.count("<button") == 2  # the search of every page, and the one of this
    assert not [part for part in contact if part and part in page]
    assert rows(store, her) == before
    answer = client.post(link, data=form_on(page))
    assert answer.status_code == 303
    assert "Thank you" in client.get(answer.headers["location"]).text
    assert rows(store, her) == [*before, ("2026-11-23", "link", "practitioner")]
    listing = "SELECT confirmed_on FROM listings WHERE practitioner_id = :her"
    with store.read() as db:
        assert column(db, listing, her=her) == ["2026-11-23"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_expired_used_or_altered_link_says_so(
    client: TestClient, store: Store, her: str, link: str, language: str
) -> None:
    seen = form_on(client.get(link).text)
    altered = link[:-1] + ("0" if link[-1] != "0" else "1")
    client.post(link, data=seen)
    expired = link_for(store, her, timedelta(seconds=-1))
    answers = [
        client.request(method, path.replace("/en/", f"/{language}/"), data=data)
        for path in (altered, expired)
        for method, data in (("GET", None), ("POST", seen))
    ]
    answers.append(client.get(link.replace("/en/", f"/{language}/")))
    assert {each.status_code for each in answers} == {404}
    texts = {each.text.split('<main id="main"')[1].split("</main>")[0] for each in answers}
    assert len(texts) == 1


def test_r14_a_double_tap_on_a_link_confirms_once_and_is_thanked_twice(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    seen, before = form_on(client.get(link).text), len(rows(store, her))
    taps = [client.post(link, data=seen) for _ in range(2)]
    assert [each.status_code for each in taps] == [303, 303]
    assert len(rows(store, her)) == before + 1


def test_r14_a_link_that_was_ended_thanks_nobody(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    seen = form_on(client.get(link).text)
    link_for(store, her)
    before = rows(store, her)
    assert client.post(link, data=seen).status_code == 404
    assert rows(store, her) == before


def test_a_withdrawn_consent_ends_what_a_link_shows(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    seen = form_on(client.get(link).text)
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, her, TODAY.isoformat())
    before = rows(store, her)
    assert client.get(link).status_code == 404
    assert client.post(link, data=seen).status_code == 404
    assert rows(store, her) == before


def test_r12_details_changed_meanwhile_are_not_confirmed_unseen(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    seen, before = form_on(client.get(link).text), rows(store, her)
    with store.transaction() as db:
        db.execute("UPDATE practitioners SET travel_km = 77 WHERE id = ?", [her])
    answer = client.post(link, data=seen)
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert rows(store, her) == before
    assert client.post(link, data=form_on(answer.text)).status_code == 303


def test_times_are_corrected_in_the_same_step(
    client: TestClient, store: Store, her: str, link: str
) -> None:
    page = client.get(link).text
    form = form_on(page) | {"week_seen": field(page, "week_seen"), "sat:evening": "1"}
    assert client.post(link, data={**form, "weekly_visits": "300"}).status_code == 422
    assert client.post(link, data={**form, "weekly_visits": "2"}).status_code == 303
    with store.read() as db:
        week = get_week(db, her)
    assert (week.availability, week.weekly_visits) == (["sat:evening"], 2)
    assert rows(store, her)[-1][1] == "link"


def test_she_confirms_from_her_account_in_two_steps(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    record = client.get(f"/en/practitioners/{her}").text
    path = f"/en/practitioners/{her}/confirm"
    assert f'href="{path}"' in record
    page = client.get(path).text
    form = form_on(page) | {"csrf": field(page, "csrf")}
    before = len(rows(store, her))
    for _ in range(2):  # R14
        answer = client.post(path, data=form)
        assert answer.status_code == 303
    assert "it is recorded" in client.get(answer.headers["location"]).text
    assert rows(store, her)[before:] == [("2026-11-23", "account", "demo-practitioner")]


@pytest.mark.parametrize("role", ["member", "coordinator"])
def test_her_organisation_and_coordinators_record_a_telephone_call(
    client: TestClient, store: Store, sign_in: Sign, her: str, role: str
) -> None:
    sign_in(role)
    path = f"/en/practitioners/{her}/confirm"
    page = client.get(path).text
    form = form_on(page) | {"csrf": field(page, "csrf")}
    before = rows(store, her)
    refused = client.post(path, data=form)
    assert refused.status_code == 422
    assert "Call first" in refused.text
    assert rows(store, her) == before
    assert client.post(path, data={**form, "spoke": "1"}).status_code == 303
    assert rows(store, her) == [*before, ("2026-11-23", "telephone", f"demo-{role}")]
    with store.read() as db:
        sql = "SELECT verb FROM audit WHERE entity = 'confirmations' AND entity_id = :her"
        assert column(db, sql, her=her)[-1] == "record"


@pytest.mark.parametrize(("role", "status"), [("member", 422), ("coordinator", 303)])
def test_an_organisation_does_not_vouch_at_once_for_whom_it_proposed(
    client: TestClient, store: Store, sign_in: Sign, her: str, role: str, status: int
) -> None:
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT - timedelta(hours=23), her, "proposed")
        set_agreement(db, OPERATOR, MOMENT - timedelta(hours=22), her, "agreed")
    sign_in(role)
    path = f"/en/practitioners/{her}/confirm"
    page = client.get(path).text
    form = form_on(page) | {"csrf": field(page, "csrf"), "spoke": "1"}
    assert client.post(path, data=form).status_code == status


def test_03_strangers_confirm_nothing(
    client: TestClient, store: Store, sign_in: Sign, her: str, stranger: str
) -> None:
    before = rows(store, her)
    for role, organisation in (("member", stranger), ("admin", "")):
        sign_in(role, organisation)
        path = f"/en/practitioners/{her}/confirm"
        assert client.get(path).status_code == 404
        form = {"csrf": token(client), "seen": "x", "spoke": "1"}
        assert client.post(path, data=form).status_code == 404
    assert rows(store, her) == before


def test_04_nobody_chooses_who_confirmed_or_how(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    path = f"/en/practitioners/{her}/confirm"
    page = client.get(path).text
    form = form_on(page) | {"csrf": field(page, "csrf")}
    for more in ({"how": "link"}, {"by": "x"}, {"confirmed_on": "2027-01-01"}, {"role": "admin"}):
        assert client.post(path, data=form | more, headers=JSON).status_code == 422
    assert "2027-01-01" not in str(rows(store, her))


def test_whoever_has_no_consent_has_nothing_to_confirm(
    client: TestClient, store: Store, sign_in: Sign, her: str
) -> None:
    sign_in("practitioner")
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, her, TODAY.isoformat())
    before = rows(store, her)
    path = f"/en/practitioners/{her}/confirm"
    page = client.get(path)
    assert "nothing to confirm" in page.text
    details = client.get(path, headers=JSON)
    assert details.status_code == 200
    form = {"csrf": token(client), "seen": "x"}
    assert client.post(path, data=form).status_code == 422
    assert rows(store, her) == before
