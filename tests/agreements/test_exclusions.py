"""Whom she excludes: organisations, kinds of them, persons; silently."""

import pytest

from portal.practitioners.rules import keys_of, name_key
from tests.conftest import JSON
from tests.network import Network


def listed_with(network: Network, **wishes: object) -> str:
    person, link = network.propose("ogul")
    assert network.consent(link, **wishes).status_code == 303
    assert network.agree("nurana", person).status_code == 303
    assert network.is_listed(person)
    return person


def own(network: Network, name: str) -> str:
    return network.ask("SELECT organisation_id FROM accounts WHERE id = :a", a=f"a-{name}")[0]


def sees(network: Network, name: str, person: str) -> bool:
    client = network.as_(name)
    page = client.get(f"/en/practitioners/{person}").status_code == 200
    asked = {"place": "1219762", "profession": "psychologist", "limit": "100"}
    near = client.get("/en/nearby", params=asked, headers=JSON).json()["results"]
    found = client.get("/en/search?q=Döwletowa", headers=JSON).text
    assert page == (person in [each["id"] for each in near])
    assert page or person not in found
    return page


def test_an_organisation_is_excluded_by_a_box_or_by_its_name(network: Network) -> None:
    (name,) = network.ask("SELECT name FROM organisations WHERE id = :o", o=own(network, "kerim"))
    person = listed_with(network, other_organisations=f"  {name} \r\n")
    assert not sees(network, "kerim", person)
    assert sees(network, "bahar", person)


def test_a_kind_is_excluded(network: Network) -> None:
    (kind,) = network.ask("SELECT kind FROM organisations WHERE id = :o", o=own(network, "bahar"))
    person = listed_with(network, organisation_kind=[kind])
    assert not sees(network, "bahar", person)


@pytest.mark.parametrize(
    "typed",
    ["Merdan Orazow", "Orazow Merdan", "Мердан Оразов", "merdan  ORAZOW", "Merdan Orazow Ataýewiç"],
)
def test_a_person_is_excluded_by_name_however_it_is_written(network: Network, typed: str) -> None:
    network.join("merdan", own(network, "bahar"), name="Merdan Orazow Ataýewiç")
    person = listed_with(network, other_people=typed)
    assert not sees(network, "merdan", person)
    assert sees(network, "bahar", person)
    sql = "SELECT kind || ' ' || value FROM consent_exclusions WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == [f"person {name_key(typed)}"]


def test_nobody_learns_whether_a_person_of_that_name_exists(network: Network) -> None:
    network.join("merdan", own(network, "bahar"), name="Merdan Orazow")
    person, link = network.propose("ogul")
    known = network.post(None, link, {"answer": "give", "other_people": "Merdan Orazow"})
    unknown = network.post(None, link, {"answer": "give", "other_people": "Nobody Knownsuch"})
    assert known.status_code == unknown.status_code == 422
    said = known.text.replace("Merdan Orazow", "Nobody Knownsuch")
    assert said == unknown.text
    assert person


def test_the_excluded_do_not_learn_that_she_was_proposed(network: Network) -> None:
    person, link = network.propose("ogul")
    (name,) = network.ask("SELECT name FROM organisations WHERE id = :o", o=own(network, "bahar"))
    network.consent(link, other_organisations=name)
    here = f"/en/practitioners/{person}/agreement"
    nobody = network.as_("bahar").get("/en/practitioners/p-nobody/agreement")
    answer = network.as_("bahar").get(here)
    assert answer.status_code == nobody.status_code == 404
    assert network.agree("bahar", person).status_code == 404
    assert network.agree("kerim", person).status_code == 303


def test_whom_she_excludes_is_on_no_page_of_others(network: Network) -> None:
    person = listed_with(network, other_people="Merdan Orazow", organisation_kind=["state"])
    for name in ("nurana", "ogul", "bahar"):
        client = network.as_(name)
        for path in (f"/en/practitioners/{person}", f"/en/practitioners/{person}/agreement"):
            for headers in ({}, JSON):
                text = client.get(path, headers=headers).text.lower()
                assert "exclu" not in text
                assert "orazow" not in text
                assert "merdan" not in text
    details = network.ask("SELECT detail || verb FROM audit WHERE entity_id = :p", p=person)
    assert not [each for each in details if "orazow" in each or "merdan" in each]


def test_choices_are_shown_again_and_can_be_taken_back(network: Network) -> None:
    person = listed_with(network, other_people="Merdan Orazow", organisation_kind=["state"])
    network.join("ayna", own(network, "ogul"), "practitioner", practitioner_id=person)
    here = f"/en/practitioners/{person}/consent"
    page = network.as_("ayna").get(here).text
    assert 'name="person" value="merdan orazov" checked' in page
    assert 'name="organisation_kind" value="state" checked' in page
    sent = {"answer": "give", "scope": "public", "contact_policy": "direct"}
    assert network.post("ayna", here, {**sent, "person": "merdan orazov"}).status_code == 303
    sql = "SELECT kind FROM consent_exclusions WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == ["person"]
    assert network.is_listed(person)


def test_names_are_compared_by_every_part_of_two_words() -> None:
    assert name_key("Оразов Мердан") == name_key("Merdan Orazow")
    assert f"|{name_key('Orazow Merdan')}|" in keys_of("Merdan Orazow Ataýewiç")
    assert f"|{name_key('Merdan')}|" not in keys_of("Merdan Orazow")
    assert keys_of("") == ""
    assert len(keys_of("a b c d e f g h i j k l")) < 2000
