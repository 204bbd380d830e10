"""The register of practitioners: who sees whom, and that a contact is never among it."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.agreements.actions import exclude, set_agreement, set_confirmation, withdraw_consent
from portal.db import Store, column
from tests.conftest import JSON, MOMENT, OPERATOR, PARTIAL, TODAY

SOMEBODY = {"place": "1219762", "profession": "psychologist"}


def sign_in(client: TestClient, role: str, organisation: str = "") -> None:
    client.cookies.clear()
    form = {"role": role, "organisation": organisation}
    assert client.post("/demo/sign-in", data=form, follow_redirects=False).status_code == 303


def found(client: TestClient) -> list[str]:
    answer = client.get("/en/nearby", params={**SOMEBODY, "limit": "100"}, headers=JSON)
    return [each["id"] for each in answer.json()["results"]]


def test_page_block_and_json_say_the_same(member: TestClient) -> None:
    address = "/en/practitioners?region=TM-M&profession=lawyer"
    listed = member.get(address, headers=JSON).json()["results"]
    page, block = member.get(address).text, member.get(address, headers=PARTIAL).text
    assert listed
    for each in listed:
        assert each["name"] in page
        assert each["name"] in block
    assert "<html" not in block


def test_no_answer_carries_a_contact_or_a_licence(member: TestClient, store: Store) -> None:
    with store.read() as db:
        secrets = column(
            db,
            "SELECT phone FROM practitioner_contacts WHERE phone > '' UNION"
            " SELECT email FROM practitioner_contacts WHERE email > '' UNION"
            " SELECT number FROM practitioner_licences WHERE number > ''",
        )
    assert len(secrets) > 300
    listed = member.get("/en/practitioners?per_page=100", headers=JSON)
    texts = [listed.text, member.get("/en/practitioners?per_page=100").text]
    for each in listed.json()["results"][:20]:
        texts.append(member.get(f"/en/practitioners/{each['id']}").text)
        texts.append(member.get(f"/en/practitioners/{each['id']}", headers=JSON).text)
    assert not [secret for secret in secrets if any(secret in text for text in texts)]


@pytest.mark.parametrize(
    "lapse", ["agreement", "consent", "confirmation", "ethics", "licence", "organisation"]
)
def test_whatever_lapses_unlists_at_once(client: TestClient, store: Store, lapse: str) -> None:
    sign_in(client, "member")
    somebody = found(client)[0]
    with store.transaction() as db:
        if lapse == "agreement":
            set_agreement(db, OPERATOR, MOMENT, somebody, "suspended")
        elif lapse == "consent":
            withdraw_consent(db, OPERATOR, MOMENT, somebody, TODAY.isoformat())
        elif lapse == "confirmation":
            old = (TODAY - timedelta(days=181)).isoformat()
            set_confirmation(db, OPERATOR, MOMENT, somebody, old)
        elif lapse == "ethics":
            db.execute("UPDATE practitioners SET ethics_signed_on = NULL WHERE id = ?", [somebody])
            set_confirmation(db, OPERATOR, MOMENT, somebody, TODAY.isoformat())
        elif lapse == "licence":
            db.table("practitioner_licences").upsert(
                {"practitioner_id": somebody, "expires_on": "2026-11-22"}, pk="practitioner_id"
            )
            set_confirmation(db, OPERATOR, MOMENT, somebody, TODAY.isoformat())
        else:
            organisation = column(
                db, "SELECT organisation_id FROM practitioners WHERE id = :id", id=somebody
            )[0]
            db.table("membership_states").insert(
                {"organisation_id": organisation, "state": "left", "at": "x", "by": "x"}
            )
            set_confirmation(db, OPERATOR, MOMENT, somebody, TODAY.isoformat())
    assert somebody not in found(client)


def test_a_confirmation_ages_and_hides_by_the_clock(client: TestClient, store: Store) -> None:
    sign_in(client, "member")
    somebody = found(client)[0]
    for days, shown in ((90, True), (91, True), (180, True), (181, False)):
        with store.transaction() as db:
            on = (TODAY - timedelta(days=days)).isoformat()
            set_confirmation(db, OPERATOR, MOMENT, somebody, on)
        assert (somebody in found(client)) == shown, days


def test_an_exclusion_hides_silently_from_list_page_search_and_nearby(
    client: TestClient, store: Store
) -> None:
    sign_in(client, "member")
    somebody = found(client)[0]
    name = client.get(f"/en/practitioners/{somebody}", headers=JSON).json()["name"]
    with store.transaction() as db:
        mine = column(db, "SELECT organisation_id FROM accounts WHERE id = 'demo-member'")[0]
        exclude(db, OPERATOR, MOMENT, somebody, "organisation", mine)
    assert somebody not in found(client)
    listed = client.get("/en/practitioners?per_page=100", headers=JSON).text
    assert f'"id":"{somebody}"' not in listed
    search = client.get("/en/search", params={"q": name}, headers=JSON).json()
    assert somebody not in [each["id"] for each in search["results"]]
    home = client.get(f"/en/practitioners/{somebody}", headers=JSON)
    if home.status_code == 200:  # her own organisation still keeps her record
        assert home.json()["organisation_id"] == mine
    with store.read() as db:
        other = column(
            db,
            "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
            " ON m.organisation_id = o.id WHERE m.state = 'admitted'"
            " AND o.directory_until IS NOT NULL AND o.id <> :mine",
            mine=mine,
        )[0]
    sign_in(client, "member", other)
    assert somebody in found(client)


def test_a_stranger_gets_404_for_somebody_not_listed(member: TestClient, store: Store) -> None:
    with store.read() as db:
        unlisted = column(
            db,
            "SELECT id FROM practitioners WHERE id NOT IN (SELECT practitioner_id FROM listings)"
            " AND organisation_id NOT IN"
            " (SELECT organisation_id FROM accounts WHERE organisation_id IS NOT NULL)",
        )
    refused = [
        each for each in unlisted if member.get(f"/en/practitioners/{each}").status_code == 404
    ]
    assert len(refused) > 10
    assert member.get("/en/practitioners/p-nobody").status_code == 404


def test_a_coordinator_sees_who_is_not_listed(coordinator: TestClient, store: Store) -> None:
    with store.read() as db:
        unlisted = column(
            db,
            "SELECT id FROM practitioners WHERE id NOT IN (SELECT practitioner_id FROM listings)",
        )
    page = coordinator.get(f"/en/practitioners/{unlisted[0]}")
    assert page.status_code == 200
    assert "Not listed now" in page.text


def test_a_practitioner_sees_her_own_record_and_no_other(as_role) -> None:
    others = found(as_role("member"))
    client = as_role("practitioner")
    seen = [each for each in others if client.get(f"/en/practitioners/{each}").status_code == 200]
    assert len(seen) <= 1
    assert client.get("/en/practitioners").status_code == 403
