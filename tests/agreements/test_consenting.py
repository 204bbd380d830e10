"""The practitioner's own page: what goes to whom, her choices, yes or no."""

from datetime import timedelta

import pytest

from portal.agreements.schema import TIERS as AGREEMENTS
from portal.consents.rules import EVERYWHERE, FIELDS, NOT_DETAILS, tier_of
from portal.papers.schema import TIERS as PAPERS
from portal.practitioners.schema import TIERS as PRACTITIONERS
from tests.conftest import JSON, LANGUAGES
from tests.network import CONSENT, Network

TOLD_OF = {**PRACTITIONERS, **AGREEMENTS, "trainings": PAPERS["trainings"]}


def consents(network: Network, person: str) -> list[str]:
    sql = """
        SELECT scope || ' ' || given_on || ' ' || coalesce(withdrawn_on, '-') || ' ' || how
        FROM consents WHERE practitioner_id = :p ORDER BY id
    """
    return network.ask(sql, p=person)


def test_every_column_about_her_is_told_of() -> None:
    told = {column for field in FIELDS for column in field.columns}
    columns = {
        f"{table}.{name}"
        for table, names in TOLD_OF.items()
        for name in names
        if name not in EVERYWHERE or f"{table}.{name}" in told
    }
    assert columns - told == NOT_DETAILS
    assert all(tier_of(column) for column in told)


def test_the_widest_tier_is_what_is_said() -> None:
    seen = {field.name: field.tier for field in FIELDS}
    assert seen["phone"] == seen["email"] == "contact"
    assert seen["licence_number"] == "coordinators"
    assert seen["licence_expires_on"] == "members"  # they are warned before it ends
    assert seen["exclusions"] == "practitioner"
    assert "public" not in seen.values()


def test_the_page_shows_her_values_under_those_who_see_them(network: Network) -> None:
    person, _printed = network.propose("ogul")
    page = network.as_(None).get(network.mailed(person))
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    members, contact = page.text.split("Members of the network whom")[1].split("One member at a")
    for shown in ("Aýna Döwletowa", "Psychologist", "Turkmen, Russian", "40 km"):
        assert shown in members
    assert "+993 65 000111" not in members
    assert "+993 65 000111" in contact.split("Coordinators only")[0]
    assert "Dignity." in page.text
    form = page.text.split('<form method="post"')[1]
    assert "checked" not in form  # nothing is chosen for her


def test_she_consents_by_the_link(network: Network) -> None:
    person, link = network.propose("ogul")
    answer = network.consent(link, scope="public")
    assert answer.headers["location"] == "/en/consent/done?answer=give"
    assert "agrees" in network.as_(None).get(answer.headers["location"]).text
    assert consents(network, person) == ["public 2026-11-23 - printed"]
    sql = "SELECT contact_policy || ' ' || ethics_signed_on FROM practitioners WHERE id = :p"
    assert network.ask(sql, p=person) == ["via_organisation 2026-11-23"]
    sql = "SELECT version || ' ' || signed_on FROM ethics_signatures WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == ["2026-1 2026-11-23"]
    sql = "SELECT account_id FROM notices WHERE kind = 'consent_given' AND entity_id = :p"
    assert network.ask(sql, p=person) == ["a-ogul"]


def test_r14_a_double_click_consents_once(network: Network) -> None:
    person, link = network.propose("ogul")
    first, second = network.consent(link), network.consent(link)
    assert (first.status_code, second.status_code) == (303, 404)
    assert "It was used" in second.text
    assert len(consents(network, person)) == 1


@pytest.mark.parametrize(("days", "status"), [(13, 200), (14, 404), (-1, 404)])
def test_r11_a_link_is_good_for_fourteen_days(network: Network, days: int, status: int) -> None:
    _person, link = network.propose("ogul")
    network.clock.moment += timedelta(days=days)
    assert network.as_(None).get(link).status_code == status
    assert network.consent(link).status_code == (303 if status == 200 else 404)


def test_17_used_expired_altered_and_unknown_links_look_alike(network: Network) -> None:
    _person, link = network.propose("ogul")
    altered = link[:-1] + ("a" if link[-1] != "a" else "b")
    network.consent(link)
    client = network.as_(None)
    pages = [client.get(each) for each in (link, altered, "/en/consent/nothing")]
    assert {each.status_code for each in pages} == {404}
    said = {each.text.split("<h1>")[1].split("</main>")[0] for each in pages}
    assert len(said) == 1
    assert all('action="/en/links/again"' in each.text for each in pages)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"scope": ""}, "scope"),
        ({"contact_policy": ""}, "contact_policy"),
        ({"scope": "everybody"}, "scope"),
        ({"ethics": ""}, "ethics"),
        ({"ethics": "2019-1"}, "ethics"),
        ({"other_people": "Merdan"}, "other_people"),
        ({"other_organisations": "No such house"}, "other_organisations"),
    ],
)
def test_what_is_missing_is_said_and_the_link_stays_good(
    network: Network, sent: dict, field: str
) -> None:
    person, link = network.propose("ogul")
    answer = network.consent(link, **sent)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert consents(network, person) == []
    sql = "SELECT count(*) FROM consent_exclusions WHERE practitioner_id = :p"
    assert network.ask(sql, p=person) == [0]
    assert network.consent(link).status_code == 303


def test_04_a_link_sets_nothing_else(network: Network) -> None:
    _person, link = network.propose("ogul")
    for name in ("status", "organisation_id", "given_on", "how", "practitioner_id"):
        assert network.consent(link, **{name: "x"}).status_code == 422


def test_she_says_no_and_what_was_known_of_her_is_erased(network: Network) -> None:
    person, link = network.propose("ogul")
    answer = network.post(None, link, {"answer": "decline"})
    assert answer.headers["location"] == "/en/consent/done?answer=decline"
    for table in ("practitioner_contacts", "practitioner_licences", "consents"):
        assert network.ask("SELECT 1 FROM " + table + " WHERE practitioner_id = :p", p=person) == []
    sql = "SELECT state || ' ' || coalesce(reason, '') FROM agreement_states WHERE"
    sql += " practitioner_id = :p"
    assert network.ask(sql, p=person) == ["proposed ", "ended declined"]
    assert network.agree("bahar", person).status_code == 404


def test_signed_in_she_finds_the_same_page_and_nobody_else_does(network: Network) -> None:
    person, _link = network.propose("ogul")
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-ogul'")
    network.join("ayna", own, "practitioner", practitioner_id=person)
    here = f"/en/practitioners/{person}/consent"
    assert "Dignity." in network.as_("ayna").get(here).text
    assert network.post("ayna", here, CONSENT).status_code == 303
    assert network.post("ayna", here, CONSENT).status_code == 303
    assert consents(network, person) == ["members 2026-11-23 - account"]
    assert "You consented on" in network.as_("ayna").get(here).text
    for other in ("ogul", "bahar", "nurana"):
        assert network.as_(other).get(here).status_code == 404
        assert network.post(other, here, CONSENT).status_code == 404
    assert network.as_(None).get(here, headers=JSON).status_code == 401


def test_29_another_site_cannot_answer_for_her(network: Network) -> None:
    _person, link = network.propose("ogul")
    headers = {"Origin": "https://elsewhere.example"}
    assert network.as_(None).post(link, data=CONSENT, headers=headers).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_she_reads_the_code_in_her_language(network: Network, language: str) -> None:
    _person, link = network.propose("ogul")
    page = network.as_(None).get(link.replace("/en/", f"/{language}/")).text
    said = {"en": "Dignity.", "ru": "Достоинство.", "tk": "Mertebe.", "tg": "Шаъну шараф."}
    assert said[language] in page
    public = network.as_(None).get(f"/{language}/ethics").text
    assert said[language] in public
