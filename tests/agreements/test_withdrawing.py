"""Withdrawal: unlisted at once, contacts overwritten, no public byte moved before its release."""

import json
import re
from pathlib import Path

import pytest

from portal import audit
from portal.agreements.actions import exclude, give_consent, withdraw_consent
from portal.app import make_site
from portal.db import column
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from portal.upkeep import Upkeep
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.network import CONSENT, Network, link_on

PHONE = "+993 65 777888999"
TIMES = re.compile(r'"query_ms": [\d.]+')  # how long Datasette took
PUBLIC = (
    "/data/network/practitioner_counts.json",
    "/data/network/organisations.json",
    "/data/network.json",
    "/en/coverage",
    "/en/nearby?region=TM-M",
    "/en/search?q=mary",
    "/en/organisations",
    "/en/ethics",
    "/api/openapi.json",
    "/hsds/services?full=true",
    "/hsds/service_at_locations?format=ndjson",
)


@pytest.fixture
def listed(network: Network) -> str:
    """Somebody listed who is counted in public, with an account."""
    person, link = network.propose("ogul", phone=PHONE)
    network.consent(link, scope="public")
    network.agree("bahar", person)
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-ogul'")
    network.join("ayna", own, "practitioner", practitioner_id=person)
    return person


@pytest.fixture
def upkeep(settings: Settings, network: Network) -> Upkeep:
    return Upkeep(make_site(settings, network.store, lambda: network.clock.moment))


def withdraw(network: Network, person: str) -> None:
    here = f"/en/practitioners/{person}/consent"
    assert network.post("ayna", here, {"answer": "withdraw"}).status_code == 303


def seen_by_the_public(network: Network) -> dict[str, tuple[str, str | None]]:
    client = network.as_(None)
    answers = {path: client.get(path) for path in PUBLIC}
    said = {path: TIMES.sub("", answer.text) for path, answer in answers.items()}
    return {path: (said[path], answer.headers.get("etag")) for path, answer in answers.items()}


def public_db(settings: Settings) -> Path:
    number = (settings.generations / "current").read_text().strip()
    return settings.generations / number / "public.db"


def test_r8_every_member_place_and_index_is_empty_after_one_round(
    network: Network, listed: str, upkeep: Upkeep, settings: Settings
) -> None:
    upkeep.round()
    assert listed in network.as_("bahar").get("/en/search?q=Döwletowa", headers=JSON).text
    assert PHONE.encode() in settings.database.read_bytes()
    withdraw(network, listed)
    upkeep.round()  # every two seconds while the site is served
    client = network.as_("bahar")
    for path in ("/en/search?q=Döwletowa", "/en/practitioners?per_page=100"):
        assert listed not in client.get(path, headers=JSON).text
    assert client.get(f"/en/practitioners/{listed}").status_code == 404
    assert network.as_("ogul").get(f"/en/practitioners/{listed}").status_code == 404
    for path in settings.data_dir.rglob("*"):
        assert not path.is_file() or PHONE.encode() not in path.read_bytes(), path
    members = settings.search_folder / "members.db"
    assert not members.exists() or listed.encode() not in members.read_bytes()


def test_a_withdrawal_moves_no_public_byte_before_the_next_release(
    network: Network, listed: str, upkeep: Upkeep, settings: Settings
) -> None:
    release_and_publish(network.store, settings, OPERATOR, MOMENT)
    upkeep.round()
    before, file = seen_by_the_public(network), public_db(settings).read_bytes()
    withdraw(network, listed)
    upkeep.published_at = -1000.0
    upkeep.round()
    assert seen_by_the_public(network) == before
    assert public_db(settings).read_bytes() == file


def test_the_next_release_is_without_her(network: Network, listed: str, settings: Settings) -> None:
    sql = """
        SELECT count(*) FROM listings AS l JOIN consents AS c ON c.practitioner_id =
            l.practitioner_id AND c.id = (SELECT max(id) FROM consents
            WHERE practitioner_id = l.practitioner_id) WHERE c.scope = 'public'
    """
    (before,) = network.ask(sql)
    withdraw(network, listed)
    assert network.ask(sql) == [before - 1]
    release_and_publish(network.store, settings, OPERATOR, MOMENT)
    assert listed.encode() not in public_db(settings).read_bytes()


def test_the_audit_holds_ids_only(network: Network, listed: str) -> None:
    withdraw(network, listed)
    lines = json.dumps(
        network.ask("SELECT json_array(by, verb, entity, entity_id, detail) FROM audit")
    )
    for private in ("Döwletowa", "Aýna", PHONE, "via_organisation"):
        assert private not in lines
    with network.store.read() as db:
        assert audit.first_broken(db) is None


def test_r14_withdrawing_twice_is_noted_once(network: Network, listed: str) -> None:
    withdraw(network, listed)
    withdraw(network, listed)
    sql = "SELECT count(*) FROM consents WHERE practitioner_id = :p AND withdrawn_on IS NOT NULL"
    assert network.ask(sql, p=listed) == [1]


def test_she_withdraws_by_a_link(network: Network, listed: str) -> None:
    link = network.mailed(listed)
    page = network.as_(None).get(link).text
    assert "Withdraw my consent" in page
    assert network.post(None, link, {"answer": "withdraw"}).status_code == 303
    assert not network.is_listed(listed)
    assert network.as_(None).get(link).status_code == 404


def test_by_telephone_it_is_the_same_door(network: Network, listed: str) -> None:
    with network.store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, listed, TODAY.isoformat())
    assert not network.is_listed(listed)
    told = "SELECT account_id FROM notices WHERE kind = 'consent_withdrawn' AND entity_id = :p"
    assert "a-ogul" in network.ask(told, p=listed)


def test_an_earlier_link_does_not_bring_her_back(network: Network, listed: str) -> None:
    link = network.mailed(listed)
    withdraw(network, listed)
    assert network.consent(link).status_code == 404
    assert network.post("ogul", f"/en/practitioners/{listed}/consent/link").status_code == 404


def test_she_comes_back_and_whom_she_excluded_stays_excluded(network: Network, listed: str) -> None:
    with network.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, listed, "organisation_kind", "state")
    withdraw(network, listed)
    with network.store.transaction() as db:
        give_consent(db, OPERATOR, MOMENT, listed, "members", how="telephone", reference="B-3")
        assert column(db, "SELECT value FROM consent_exclusions WHERE practitioner_id = :p",
                      p=listed) == ["state"]  # fmt: skip
    path = f"/en/practitioners/{listed}/agreement"
    assert network.post("ogul", path, {"step": "propose"}).status_code == 303
    assert network.agree("kerim", listed).status_code == 303
    assert network.is_listed(listed)


@pytest.mark.parametrize("way", ["link", "telephone", "account"])
def test_07_after_a_withdrawal_two_people_are_needed_again(
    network: Network, listed: str, way: str
) -> None:
    link = ""
    with network.store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, listed, TODAY.isoformat())
    if way == "link":
        link = network.mailed(listed)
        assert "You may come back whenever you like" in network.as_(None).get(link).text
        assert network.consent(link).status_code == 303
    elif way == "account":
        here = f"/en/practitioners/{listed}/consent"
        assert network.post("ayna", here, CONSENT).status_code == 303
    else:
        with network.store.transaction() as db:
            give_consent(db, OPERATOR, MOMENT, listed, "members", how="telephone", reference="B-3")
    assert not network.is_listed(listed)
    sql = "SELECT state || ' ' || coalesce(reason, '') FROM agreement_states"
    assert network.ask(sql + " WHERE practitioner_id = :p ORDER BY id DESC", p=listed)[0] == (
        "suspended withdrawn"
    )
    path = f"/en/practitioners/{listed}/agreement"
    assert network.agree("nurana", listed).status_code == 422  # nothing is proposed
    assert network.post("nurana", path, {"step": "propose"}).status_code == 303
    assert network.agree("nurana", listed).status_code == 422
    assert not network.is_listed(listed)
    assert network.agree("kerim", listed).status_code == 303
    assert network.is_listed(listed)


def test_07_nor_does_a_consent_list_after_an_import_that_withdrew_it(
    network: Network, listed: str
) -> None:
    with network.store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, listed, TODAY.isoformat(), suspends=False)
        give_consent(db, OPERATOR, MOMENT, listed, "members", how="telephone", reference="B-3")
    assert not network.is_listed(listed)


def test_07_a_coordinator_alone_does_not_bring_back_who_withdrew(
    network: Network, listed: str
) -> None:
    withdraw(network, listed)
    new_link = f"/en/practitioners/{listed}/consent/link"
    assert network.post("nurana", new_link).status_code == 422
    path = f"/en/practitioners/{listed}/agreement"
    assert "A link is printed only for a proposal" in network.as_("nurana").get(path).text
    assert network.post("nurana", path, {"step": "propose"}).status_code == 303
    link = link_on(network.post("nurana", new_link).text)
    assert network.consent(link).status_code == 303
    assert network.agree("nurana", listed).status_code == 422
    assert not network.is_listed(listed)
