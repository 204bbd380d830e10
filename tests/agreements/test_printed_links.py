"""A link that is handed over: what it opens, and who stands behind the answer."""

import pytest

from portal.agreements.actions import exclude
from portal.agreements.rules import refusal_to_print
from portal.changes.actions import ask
from portal.changes.forms import Wish
from portal.consents.actions import narrower
from portal.consents.forms import Choice
from portal.consents.queries import LastChoice
from portal.practitioners.rules import Person, is_same_person, keys_of
from tests.changes.conftest import actor
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.network import CONSENT, Network, link_on

PHONE = "+993 65 000117"
PRIVATE = (
    "65 000117",
    "LIC-777788",
    "Ministry of Licences",
    "ayna@example.org",
    "Say it is a shop",
)


@pytest.fixture
def proposed(network: Network) -> tuple[str, str]:
    """Somebody of whom much is known, proposed again after a suspension, and her printed link."""
    person, link = network.propose("ogul", phone=PHONE)
    assert network.consent(link, other_people="Merdan Orazow").status_code == 303
    network.agree("bahar", person)
    with network.store.transaction() as db:
        row = {"practitioner_id": person, "number": "LIC-777788", "issuer": "Ministry of Licences"}
        db.table("practitioner_licences").insert({**row, "expires_on": "2027-02-03"})
        db.table("practitioner_contacts").update(person, {"say_when_calling": "Say it is a shop"})
        exclude(db, OPERATOR, MOMENT, person, "organisation_kind", "state")
    path = f"/en/practitioners/{person}/agreement"
    for step in ({"step": "suspend", "reason": "details"}, {"step": "propose"}):
        assert network.post("ogul", path, step).status_code == 303
    printed = network.post("ogul", f"/en/practitioners/{person}/consent/link")
    return person, link_on(printed.text)


def exclusions(network: Network, person: str) -> set[str]:
    sql = "SELECT kind || ' ' || value FROM consent_exclusions WHERE practitioner_id = :p"
    return set(network.ask(sql, p=person))


def ways(network: Network, person: str) -> list[str]:
    return network.ask("SELECT how FROM consents WHERE practitioner_id = :p ORDER BY id", p=person)


def as_herself(network: Network, person: str) -> str:
    (own,) = network.ask("SELECT organisation_id FROM practitioners WHERE id = :p", p=person)
    network.join("ayna", own, "practitioner", practitioner_id=person)
    return f"/en/practitioners/{person}/consent"


@pytest.mark.parametrize("state", [None, "agreed", "suspended", "ended"])
def test_07_only_an_open_proposal_is_printed(state: str | None) -> None:
    assert refusal_to_print("proposed", has_answered=False) is None
    assert refusal_to_print("proposed", has_answered=True) is not None
    assert refusal_to_print(state, has_answered=False) is not None


@pytest.mark.parametrize("name", ["ogul", "nurana"])
def test_07_nobody_is_shown_a_link_to_somebody_listed(network: Network, name: str) -> None:
    person, link = network.propose("ogul")
    new_link = f"/en/practitioners/{person}/consent/link"
    here = f"/en/practitioners/{person}/agreement"
    assert "Print a new link" in network.as_(name).get(here).text
    network.consent(link)
    for _ in ("answered", "listed"):
        answer = network.post(name, new_link)
        assert answer.status_code == 422
        assert 'class="key"' not in answer.text
        page = network.as_(name).get(here).text
        assert "A link is printed only for a proposal" in page
        assert "Print a new link" not in page
        network.agree("kerim", person)
    assert network.is_listed(person)
    sql = "SELECT count(*) FROM links WHERE subject_id = :p AND used_at IS NULL"
    assert network.ask(sql, p=person) == [0]


def test_07_an_address_that_is_removed_brings_no_printed_link(network: Network) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    network.agree("bahar", person)
    new_link = f"/en/practitioners/{person}/consent/link"
    with network.store.transaction() as db:
        db.table("practitioner_contacts").update(person, {"email": "ayna@example.org"})
    assert network.post("nurana", new_link).status_code == 303
    with network.store.transaction() as db:
        db.table("practitioner_contacts").update(person, {"email": ""})
    assert network.post("nurana", new_link).status_code == 422


def test_07_a_printed_link_ends_when_she_answers_from_her_account(network: Network) -> None:
    person, link = network.propose("ogul")
    here = as_herself(network, person)
    assert network.post("ayna", here, CONSENT).status_code == 303
    assert network.as_(None).get(link).status_code == 404
    assert network.consent(link, contact_policy="direct").status_code == 404
    assert ways(network, person) == ["account"]


def test_07_a_printed_link_reads_no_contact_and_nobody_excluded(
    network: Network, proposed: tuple[str, str]
) -> None:
    person, link = proposed
    failed = network.consent(link, scope="")
    for page in (network.as_(None).get(link).text, failed.text):
        assert not [each for each in PRIVATE if each in page]
        assert "orazov" not in page
        assert "that ends in" not in page  # not of what she gave before: a keeper may read this
        assert "kept as it is" in page
    assert "checked" not in network.as_(None).get(link).text
    mailed = network.as_(None).get(network.mailed(person)).text
    own = network.as_("ayna" if as_herself(network, person) else None)
    for page in (mailed, own.get(f"/en/practitioners/{person}/consent").text):
        assert PHONE in page
        assert "LIC-777788" in page
        assert "orazov" in page


def test_07_a_printed_link_adds_to_whom_she_excludes_and_clears_nobody(
    network: Network, proposed: tuple[str, str]
) -> None:
    person, link = proposed
    before = exclusions(network, person)
    assert len(before) == 2
    assert network.consent(link, other_people="Serdar Atayew").status_code == 303
    assert exclusions(network, person) > before
    assert len(exclusions(network, person)) == 3
    assert ways(network, person) == ["printed", "printed"]
    assert network.post(None, network.mailed(person), CONSENT).status_code == 303
    assert exclusions(network, person) == set()
    assert ways(network, person)[-1] == "link"


@pytest.mark.parametrize("way", ["printed", "mailed", "account"])
def test_07_the_second_person_speaks_with_her_unless_it_came_from_her_account(
    network: Network, way: str
) -> None:
    person, link = network.propose("ogul")
    here = as_herself(network, person)
    if way == "account":
        assert network.post("ayna", here, CONSENT).status_code == 303
    else:
        network.consent(network.mailed(person) if way == "mailed" else link)
    papers = f"/en/practitioners/{person}/agreement"
    page = network.as_("bahar").get(papers).text
    says = {"printed": "By a link that the organisation printed", "mailed": "By a link",
            "account": "From the account"}  # fmt: skip
    assert says[way] in page
    assert ('name="spoken"' in page) == (way != "account")
    unsaid = network.post("bahar", papers, {"step": "agree"})
    if way != "account":
        assert unsaid.status_code == 422
        assert 'id="spoken-wrong"' in unsaid.text
        assert not network.is_listed(person)
        assert network.agree("bahar", person).status_code == 303
        sql = "SELECT detail FROM audit WHERE entity_id = :p AND entity = 'agreement_states'"
        assert '"spoken":1' in network.ask(sql + " ORDER BY id DESC", p=person)[0]
    assert network.is_listed(person)


def test_07_details_that_changed_after_her_consent_need_a_confirmation(network: Network) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    (own,) = network.ask("SELECT organisation_id FROM practitioners WHERE id = :p", p=person)
    with network.store.transaction() as db:
        base = db.table("practitioners").get(person)["version"]
        member = actor("a-ogul", "member", own)
        outcome = ask(db, member, MOMENT, TODAY, person, Wish({"travel_km": 20.0}, base, 0))
    assert outcome.applied  # who asks for less needs nobody
    here = f"/en/practitioners/{person}/agreement"
    assert "never confirmed" in network.as_("bahar").get(here).text
    assert network.agree("bahar", person).status_code == 303
    assert not network.is_listed(person)
    found = network.as_("bahar").get(here, headers=JSON).json()
    assert found["unlisted"] == ["confirmation"]


def test_07_a_printed_link_widens_and_ends_nothing_she_chose_before() -> None:
    wide = Choice("give", "public", "direct")
    assert narrower(wide, LastChoice("members", "via_organisation")) == Choice(
        "give", "members", "via_organisation"
    )
    assert narrower(wide, LastChoice("public", None)).contact_policy == "via_organisation"
    strict = Choice("give", "members", "via_organisation")
    assert narrower(strict, LastChoice("public", "direct")) == strict


def test_07_whoever_prints_a_link_erases_nothing_by_it(
    network: Network, proposed: tuple[str, str]
) -> None:
    person, link = proposed
    answer = network.consent(link, answer="withdraw")
    assert answer.status_code == 422
    sql = "SELECT count(*) FROM practitioner_contacts WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == [1]


def test_07_a_fathers_name_makes_no_second_person() -> None:
    leyla = Person("a-1", "Leyla Orazova")
    assert is_same_person(leyla, Person("a-2", "Orazova Leyla Myradowna"))
    assert is_same_person(Person("a-2", "Leyla Myradowna Orazova"), leyla)
    assert not is_same_person(leyla, Person("a-2", "Leyla Meredowa"))
    assert not is_same_person(Person("a-1"), Person("a-2"))
    assert "|gulsat orazova|" in keys_of("A B C D E F Gulsat Orazowa")
    assert keys_of("Gulsat Orazowa Orazowa").startswith("|gulsat orazova|")
