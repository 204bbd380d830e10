"""Propose a practitioner: one plain form, a link that is mailed or printed, nobody doubled."""

from datetime import timedelta

import pytest

from portal.agreements.actions import exclude, give_consent
from tests.conftest import LANGUAGES, MOMENT, OPERATOR
from tests.network import AYNA, KEY, Network, link_on

FORM = "/en/practitioners/propose"
WITH_MAIL = {**AYNA, "email": "ayna@example.org"}


def test_the_record_is_proposed_and_says_by_whom(network: Network) -> None:
    person, _link = network.propose("ogul")
    sql = "SELECT state || ' ' || by || ' ' || at FROM agreement_states WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == ["proposed a-ogul 2026-11-23T05:00:00Z"]
    sql = "SELECT name || travel_km || languages || modes FROM practitioners WHERE id = :p"
    assert network.ask(sql, p=person) == ['Aýna Döwletowa40.0["tk","ru"]["home","phone"]']
    own = "SELECT organisation_id FROM accounts WHERE id = 'a-ogul'"
    of = "SELECT organisation_id FROM practitioners WHERE id = :p"
    behind = "SELECT organisation_id FROM agreement_states WHERE practitioner_id = :p"
    assert network.ask(of, p=person) == network.ask(own) == network.ask(behind, p=person)
    verbs = "SELECT verb FROM audit WHERE entity_id = :p ORDER BY id"
    assert network.ask(verbs, p=person) == ["save", "record", "ask_consent"]


def test_with_an_address_the_link_goes_by_mail_and_the_proposer_sees_none(network: Network) -> None:
    answer = network.post("ogul", FORM, WITH_MAIL)
    assert answer.status_code == 303
    person = answer.headers["location"].split("/")[3]
    page = network.as_("ogul").get(answer.headers["location"]).text
    assert "/consent/" not in page.replace(f"/{person}/consent/link", "")
    asked = "SELECT practitioner_id FROM notices WHERE kind = 'consent_asked'"
    assert person in network.ask(asked)
    assert network.ask("SELECT 1 FROM links WHERE subject_id = :p", p=person) == []


def test_r14_the_same_form_sent_twice_proposes_once(network: Network) -> None:
    before = len(network.ask("SELECT id FROM practitioners"))
    _person, first = network.propose("ogul")
    _person, second = network.propose("ogul")
    assert len(network.ask("SELECT id FROM practitioners")) == before + 1
    client = network.as_(None)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_an_old_form_makes_no_new_key_to_what_was_answered(network: Network) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    again = network.post("ogul", FORM, AYNA)
    assert again.status_code == 303
    sql = "SELECT count(*) FROM links WHERE subject_id = :p AND used_at IS NULL"
    assert network.ask(sql, p=person) == [0]


def test_03_a_key_of_another_makes_a_record_of_ones_own(network: Network) -> None:
    person, _link = network.propose("ogul")
    other, _link = network.propose("bahar", key=KEY, full_name="Maral Geldiýewa")
    assert other != person


@pytest.mark.parametrize("name", ["organisation_id", "status", "approved_by", "role", "id"])
def test_04_what_was_not_asked_is_refused(network: Network, name: str) -> None:
    assert network.post("ogul", FORM, {**AYNA, name: "x"}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"full_name": " "}, "full_name", "Fill this in"),
        ({"profession": "magician"}, "profession", "Choose one of"),
        ({"languages": []}, "languages", "at least one"),
        ({"modes": ["teleport"]}, "modes", "at least one"),
        ({"phone": ""}, "phone", "phone number or an e-mail"),
        ({"phone": "home"}, "phone", "Write a phone number"),
        ({"email": "ayna"}, "email", "Write an e-mail"),
        ({"travel_km": "5000"}, "travel_km", "from 0 to 1000"),
        ({"place": "Nowhereabad"}, "place", "No settlement"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field_and_the_rest_is_kept(
    network: Network, sent: dict, field: str, says: str
) -> None:
    answer = network.post("ogul", FORM, {**AYNA, **sent})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert says in answer.text.split(f'id="{field}-wrong"')[1].split("</span>")[0]
    assert field == "full_name" or 'value="Aýna Döwletowa"' in answer.text
    assert field in ("languages", "full_name") or "checked" in answer.text


def test_an_ambiguous_settlement_offers_which(network: Network) -> None:
    answer = network.post("ogul", FORM, {**AYNA, "place": "Türkmenbaşy"})
    assert answer.status_code == 422
    assert answer.text.count('form="propose" name="place"') >= 2


def test_somebody_of_the_same_name_is_shown_and_confirmed(network: Network) -> None:
    network.propose("ogul")
    other = {**AYNA, "key": "another", "full_name": "Довлетова Айна"}
    warned = network.post("ogul", FORM, other)
    assert warned.status_code == 422
    assert "Look first" in warned.text
    assert "Aýna Döwletowa" in warned.text
    assert network.post("ogul", FORM, {**other, "is_another": "1"}).status_code == 200
    doctor = {**other, "key": "third", "profession": "doctor"}
    assert network.post("ogul", FORM, doctor).status_code == 422  # she may be both
    assert network.post("ogul", FORM, {**doctor, "full_name": "Ayna Dova"}).status_code == 200


def test_the_warning_tells_nobody_of_a_person_they_may_not_see(network: Network) -> None:
    network.propose("ogul")
    other = {**AYNA, "key": "another"}
    answer = network.post("bahar", FORM, other)
    assert answer.status_code == 200
    person = network.ask("SELECT practitioner_id FROM agreement_states ORDER BY id DESC LIMIT 1")[0]
    page = network.as_("nurana").get(f"/en/practitioners/{person}/agreement").text
    assert "in the register already:" in page  # only a coordinator sees both
    own = network.as_("bahar").get(f"/en/practitioners/{person}/agreement").text
    assert "in the register already:" not in own


def test_a_new_link_ends_the_earlier_one(network: Network) -> None:
    person, first = network.propose("ogul")
    again = network.post("ogul", f"/en/practitioners/{person}/consent/link")
    second = link_on(again.text)
    assert again.status_code == 200
    client = network.as_(None)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert network.post("bahar", f"/en/practitioners/{person}/consent/link").status_code == 404


def test_17_only_the_hash_of_a_printed_link_is_kept(network: Network) -> None:
    _person, link = network.propose("ogul")
    code = link.rsplit("/", 1)[1]
    stored = network.store.path.read_bytes()
    stored += network.store.path.with_name("portal.db-wal").read_bytes()
    assert len(code.replace("-", "")) * 5 >= 128
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


def test_who_excludes_an_organisation_is_not_offered_for_a_link(network: Network) -> None:
    person, _link = network.propose("ogul")
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-ogul'")
    with network.store.transaction() as db:
        give_consent(db, OPERATOR, MOMENT, person, "members", how="paper", reference="A-12")
        exclude(db, OPERATOR, MOMENT, person, "organisation", own)
    assert network.post("ogul", f"/en/practitioners/{person}/consent/link").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_form(network: Network, language: str) -> None:
    page = network.as_("ogul").get(f"/{language}/practitioners/propose")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_a_coordinator_proposes_for_an_organisation_of_her_own_only(network: Network) -> None:
    network.join("free", None, "coordinator")
    assert network.as_("nurana").get(FORM).status_code == 200
    assert network.as_("free").get(FORM).status_code == 403
    assert network.post("free", FORM, AYNA).status_code == 403


def test_who_is_not_admitted_any_more_proposes_nobody(network: Network) -> None:
    network.clock.moment += timedelta(minutes=1)
    with network.store.transaction() as db:
        own = db.table("accounts").get("a-nurana")["organisation_id"]
        db.table("membership_states").insert(
            {"organisation_id": own, "state": "suspended", "at": "x", "by": "x"}
        )
    assert network.post("nurana", FORM, AYNA).status_code == 403
