"""A running site forgets quickly: out of the index, out of the registers, out of the files."""

import time
from datetime import date

import pytest
from litestar.testing import TestClient

from portal.agreements.actions import exclude, withdraw_consent
from portal.app import create_app, make_site
from portal.db import Store, column
from portal.membership.actions import set_state
from portal.notices.actions import notify
from portal.organisations.actions import save_organisation
from portal.publication.generations import current_number
from portal.settings import Settings
from portal.upkeep import Upkeep
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.people import make_person

SOMEBODY = {"place": "1219762", "profession": "psychologist", "limit": "100"}


@pytest.fixture
def upkeep(settings: Settings, store: Store) -> Upkeep:
    return Upkeep(make_site(settings, store, lambda: MOMENT))


def sign_in(client: TestClient, role: str = "member") -> None:
    assert client.post("/demo/sign-in", data={"role": role}).status_code == 200


def somebody(client: TestClient) -> dict:
    return client.get("/en/nearby", params=SOMEBODY, headers=JSON).json()["results"][0]


def test_a_withdrawn_person_is_not_found_even_while_the_index_lags(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upkeep, "index", lambda _self: None)
    sign_in(client)
    person = somebody(client)
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, person["id"], TODAY.isoformat())
    found = client.get("/en/search", params={"q": person["name"]}, headers=JSON).json()
    assert person["id"] not in [each["id"] for each in found["results"]]
    assert client.get(f"/en/practitioners/{person['id']}").status_code == 404


def test_with_the_consent_go_the_contacts_from_every_file(
    upkeep: Upkeep, store: Store, settings: Settings
) -> None:
    with store.transaction() as db:
        person, phone = db.execute(
            "SELECT practitioner_id, phone FROM practitioner_contacts WHERE length(phone) > 8"
        ).fetchone()
        db.execute(
            "UPDATE practitioner_contacts SET phone = '+993 77 7777 7' WHERE practitioner_id = ?",
            [person],
        )
    assert phone
    upkeep.round()
    assert b"+993 77 7777 7" in settings.database.read_bytes()
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, person, TODAY.isoformat())
    upkeep.round()
    for path in settings.data_dir.rglob("*"):
        assert not path.is_file() or b"+993 77 7777 7" not in path.read_bytes(), path


def test_a_card_that_is_hidden_leaves_the_public_file_figures_unchanged(
    upkeep: Upkeep, store: Store, settings: Settings
) -> None:
    before = current_number(settings.generations)
    with store.transaction() as db:
        shown = column(
            db, "SELECT id FROM organisations WHERE visibility = 'public' AND kind = 'ngo'"
        )[0]
        save_organisation(db, OPERATOR, MOMENT, shown, {"visibility": "members"})
        db.execute("UPDATE consents SET withdrawn_on = given_on")
        figures = db.execute("SELECT count(*) FROM releases").fetchone()
    upkeep.round()
    number = current_number(settings.generations)
    assert number == (before or 0) + 1
    published = settings.generations / str(number) / "public.db"
    assert f'"{shown}"'.encode() not in published.read_bytes()
    assert shown.encode() not in published.read_bytes()
    with store.read() as db:
        assert db.execute("SELECT count(*) FROM releases").fetchone() == figures


def test_a_round_that_fails_does_not_stop_the_next(
    upkeep: Upkeep, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("the disk is full")

    with store.transaction() as db:
        organisation = column(db, "SELECT id FROM organisations")[0]
        save_organisation(db, OPERATOR, MOMENT, organisation, {"phone": None})
    with monkeypatch.context() as broken:
        broken.setattr("portal.upkeep.Follower.round", fail)
        upkeep.round()
    upkeep.round()
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM outbox") == [0]


def test_a_suspended_organisation_takes_its_practitioners_off_the_list(
    client: TestClient, store: Store
) -> None:
    sign_in(client, "coordinator")
    person = somebody(client)["id"]
    with store.transaction() as db:
        organisation = column(
            db, "SELECT organisation_id FROM practitioners WHERE id = :id", id=person
        )[0]
        set_state(db, OPERATOR, MOMENT, organisation, "suspended")
    found = client.get("/en/nearby", params=SOMEBODY, headers=JSON).json()["results"]
    assert person not in [each["id"] for each in found]


@pytest.mark.parametrize("kind", ["account", "organisation", "organisation_kind"])
def test_an_exclusion_looks_like_absence_also_to_a_colleague(
    client: TestClient, store: Store, kind: str
) -> None:
    sign_in(client)
    with store.transaction() as db:
        (mine, kind_of_mine) = db.execute(
            "SELECT o.id, o.kind FROM organisations AS o JOIN accounts AS a"
            " ON a.organisation_id = o.id WHERE a.id = 'demo-member'"
        ).fetchone()
        colleague = column(
            db,
            "SELECT practitioner_id FROM listings WHERE organisation_id = :mine"
            " ORDER BY confirmed_on DESC",
            mine=mine,
        )[0]
        value = {"account": "demo-member", "organisation": mine, "organisation_kind": kind_of_mine}
        exclude(db, OPERATOR, MOMENT, colleague, kind, value[kind])
    assert client.get(f"/en/practitioners/{colleague}").status_code == 404
    listed = client.get("/en/practitioners?per_page=100", headers=JSON).text
    assert f'"{colleague}"' not in listed
    client.cookies.clear()
    sign_in(client, "coordinator")
    shown = client.get(f"/en/practitioners/{colleague}", headers=JSON).json()
    assert shown["listed"] is True
    assert date.fromisoformat(shown["confirmed_on"]) < TODAY


def test_a_served_portal_does_the_clocked_work_by_itself(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.upkeep.CLOCKED_EVERY_SECONDS", 0.05)
    make_person(store, settings, email="aylar@ngo.example")
    with store.transaction() as db:
        db.execute("DELETE FROM notices")
        notify(db, MOMENT, "confirm", "x-1", account_id="a-aylar")
    app = create_app(settings, clock=lambda: MOMENT)
    with TestClient(app, base_url="http://127.0.0.1"):
        for _ in range(100):
            if list(settings.outbox.glob("*.eml")):
                break
            time.sleep(0.05)
    with store.read() as db:
        assert column(db, "SELECT way FROM notices WHERE account_id = 'a-aylar'") == ["mail"]


def test_clocked_work_that_fails_is_told_without_its_words(
    upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("aylar@ngo.example")

    monkeypatch.setattr("portal.upkeep.run_due", fail)
    upkeep.clocked()
    assert "ValueError" in caplog.text
    assert "aylar" not in caplog.text
