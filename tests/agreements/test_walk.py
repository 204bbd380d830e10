"""From proposal to withdrawal, step by step, as three people walk it."""

from portal import audit
from tests.conftest import JSON
from tests.network import Network

SOMEBODY = {"place": "1219762", "profession": "psychologist", "limit": "100"}


def found(network: Network, name: str) -> list[str]:
    answer = network.as_(name).get("/en/nearby", params=SOMEBODY, headers=JSON)
    return [each["id"] for each in answer.json()["results"]]


def test_proposed_consented_agreed_listed_withdrawn(network: Network) -> None:
    person, link = network.propose("ogul")
    assert person not in found(network, "bahar")
    assert network.as_("bahar").get(f"/en/practitioners/{person}/agreement").status_code == 404
    assert network.consent(link).status_code == 303
    assert network.as_("bahar").get(f"/en/practitioners/{person}/agreement").status_code == 200
    assert not network.is_listed(person)
    assert network.agree("bahar", person).status_code == 303
    assert person in found(network, "kerim")
    papers = network.as_("ogul").get(f"/en/practitioners/{person}/agreement", headers=JSON).json()
    assert papers["unlisted"] == []
    assert [each["state"] for each in papers["history"]] == ["agreed", "proposed"]
    network.join("ayna", papers["paper"]["organisation_id"], "practitioner", practitioner_id=person)
    here = f"/en/practitioners/{person}/consent"
    assert network.post("ayna", here, {"answer": "withdraw"}).status_code == 303
    assert person not in found(network, "kerim")
    assert (
        network.ask("SELECT phone FROM practitioner_contacts WHERE practitioner_id = :p", p=person)
        == []
    )
    with network.store.read() as db:
        assert audit.first_broken(db) is None


def test_the_day_of_consent_counts_as_the_first_confirmation(network: Network) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    assert network.ask("SELECT 1 FROM confirmations WHERE practitioner_id = :p", p=person) == []
    network.agree("bahar", person)
    sql = "SELECT confirmed_on FROM confirmations WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == ["2026-11-23"]
