"""A network of exactly three organisations never comes to a stop."""

from collections.abc import Iterator

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.conftest import browsing
from tests.network import Network, members_of
from tests.people import MovingClock


@pytest.fixture
def three(settings: Settings, store: Store) -> Iterator[Network]:
    """Three members with one person each, and one coordinator, who belongs to the first."""
    clock = MovingClock()
    kept = members_of(store)[:3]
    with store.transaction() as db:
        db.execute("DELETE FROM sessions")
        db.execute("UPDATE accounts SET locked_at = '2026-11-01T00:00:00Z'")
        db.execute(
            "INSERT INTO membership_states (organisation_id, state, at, by)"
            " SELECT id, 'left', 'x', 'x' FROM organisations WHERE id NOT IN (?, ?, ?)",
            kept,
        )
    with browsing(settings, clock) as client:
        made = Network(client, store, clock)
        for name, organisation in zip(("ogul", "bahar", "kerim"), kept, strict=True):
            made.join(name, organisation)
        made.join("jemal", kept[0], "coordinator")
        yield made


def name_of(network: Network, person: str) -> str:
    sql = """
        SELECT o.name FROM organisations AS o JOIN accounts AS a ON a.organisation_id = o.id
        WHERE a.id = :a
    """
    return network.ask(sql, a=f"a-{person}")[0]


def withdraw(network: Network, person: str) -> None:
    (own,) = network.ask("SELECT organisation_id FROM practitioners WHERE id = :p", p=person)
    network.join("ayna", own, "practitioner", practitioner_id=person)
    here = f"/en/practitioners/{person}/consent"
    assert network.post("ayna", here, {"answer": "withdraw"}).status_code == 303
    assert not network.is_listed(person)


def test_they_propose_consent_agree_and_withdraw(three: Network) -> None:
    person, link = three.propose("ogul")
    assert three.consent(link).status_code == 303
    assert three.agree("jemal", person).status_code == 422  # of the same organisation
    assert three.agree("bahar", person).status_code == 303
    assert three.is_listed(person)
    withdraw(three, person)


def test_also_when_she_excludes_one_of_the_other_two(three: Network) -> None:
    person, link = three.propose("ogul")
    assert three.consent(link, other_organisations=name_of(three, "bahar")).status_code == 303
    assert three.agree("bahar", person).status_code == 404
    assert three.agree("jemal", person).status_code == 422
    assert three.agree("kerim", person).status_code == 303
    assert three.is_listed(person)
    withdraw(three, person)


def test_also_when_she_excludes_both_and_the_coordinator_is_of_her_own(three: Network) -> None:
    person, link = three.propose("ogul")
    both = f"{name_of(three, 'bahar')}\n{name_of(three, 'kerim')}"
    assert three.consent(link, other_organisations=both).status_code == 303
    assert three.agree("ogul", person).status_code == 422  # never the proposer herself
    assert three.agree("jemal", person).status_code == 303
    assert three.is_listed(person)
    withdraw(three, person)


def test_also_when_the_coordinator_is_the_proposer(three: Network) -> None:
    person, link = three.propose("jemal")
    three.consent(link)
    assert three.agree("jemal", person).status_code == 422
    assert three.agree("ogul", person).status_code == 422
    assert three.agree("kerim", person).status_code == 303
    assert three.is_listed(person)


def test_also_when_one_of_them_is_suspended(three: Network) -> None:
    person, link = three.propose("ogul")
    three.consent(link)
    with three.store.transaction() as db:
        third = db.table("accounts").get("a-kerim")["organisation_id"]
        db.table("membership_states").insert(
            {"organisation_id": third, "state": "suspended", "at": "x", "by": "x"}
        )
    assert three.agree("kerim", person).status_code == 404
    assert three.agree("bahar", person).status_code == 303
    assert three.is_listed(person)


def test_after_a_suspension_two_of_three_release_again(three: Network) -> None:
    person, link = three.propose("ogul")
    three.consent(link)
    three.agree("bahar", person)
    path = f"/en/practitioners/{person}/agreement"
    assert three.post("jemal", path, {"step": "suspend", "reason": "complaint"}).status_code == 303
    assert not three.is_listed(person)
    assert three.post("jemal", path, {"step": "propose"}).status_code == 303
    assert three.agree("ogul", person).status_code == 422
    assert three.agree("bahar", person).status_code == 303
    assert three.is_listed(person)
