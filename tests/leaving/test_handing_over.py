"""A practitioner whose organisation is out says whether another may propose her; one does."""

from portal.agreements.actions import set_exclusions
from portal.cards.actions import make_card
from tests.conftest import JSON, MOMENT
from tests.leaving.conftest import PHONE, Leavers
from tests.network import CONSENT, link_on

PERSONAL = ("777123", "marker")


def offered(network: Leavers, name: str) -> list[str]:
    found = network.as_(name).get("/en/proposals/open?per_page=100", headers=JSON).json()
    return [each["id"] for each in found["results"]]


def test_nothing_is_chosen_for_her_and_she_may_change_her_mind(network: Leavers, her: str) -> None:
    path = f"/en/practitioners/{her}/open-to-proposals"
    assert "no such question now" in network.as_(her).get(path).text
    assert network.say(her, "yes").status_code == 422
    network.suspend()
    page = network.as_(her).get(path).text
    assert page.count('type="radio"') == 2
    assert "checked" not in page
    assert offered(network, "bahar") == []
    assert network.say(her, "perhaps").status_code == 422
    # nobody else answers, and nobody else sees it
    for name in ("ogul", "bahar", "nurana"):
        assert network.as_(name).get(path, follow_redirects=False).status_code in (303, 404)
        sent = network.post(name, path, {"answer": "yes"}) if name != "ogul" else None
        assert sent is None or sent.status_code == 404
    for answer, seen in (("yes", [her]), ("no", []), ("yes", [her])):
        assert network.say(her, answer).status_code == 303
        assert network.as_(her).get(path).text.count("checked") == 1
        assert offered(network, "bahar") == seen
        assert offered(network, "dana") == seen
    # twice the same is once
    before = network.ask("SELECT count(*) FROM audit WHERE verb = 'answer_open'")
    network.say(her, "yes")
    assert network.ask("SELECT count(*) FROM audit WHERE verb = 'answer_open'") == before


def test_who_sees_those_who_said_yes_sees_no_contact(network: Leavers, her: str) -> None:
    network.suspend()
    network.say(her, "yes")
    found = network.as_("bahar").get("/en/proposals/open", headers=JSON).text
    page = network.as_("bahar").get(f"/en/proposals/open/{her}").text
    assert "Maral Maralowa" in page
    for text in (found, page):
        assert not any(word in text.casefold() for word in PERSONAL)
    of_home = f"/en/proposals/open?organisation={network.home}"
    assert network.as_("nurana").get(of_home, headers=JSON).json()["total"] == 1
    assert "another" in network.as_("nurana").get("/en/work").text
    # whoever speaks for no member organisation is told why there is nothing to choose
    network.join("berdi", None, "coordinator")
    lists = {who: network.as_(who).get(of_home).text for who in ("nurana", "bahar", "berdi")}
    ways = {who: f"/en/proposals/open/{her}" in text for who, text in lists.items()}
    assert ways == {"nurana": True, "bahar": True, "berdi": False}
    told = {who for who, text in lists.items() if "belongs to no member organisation" in text}
    assert told == {"berdi"}
    back = f'href="/en/memberships/{network.home}"'
    assert [back in text for text in lists.values()] == [True, False, True]
    # members without the directory, and everybody else
    with network.store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-kerim'")
    network.join("operator", None, "admin")
    for name in ("kerim", her, "operator"):
        for path in ("/en/proposals/open", f"/en/proposals/open/{her}"):
            assert network.as_(name).get(path).status_code == 403
            if path.endswith(her):
                assert network.post(name, path).status_code == 403
    assert network.as_(None).get("/en/proposals/open", follow_redirects=False).status_code == 303


def test_whom_she_excludes_does_not_learn_of_her(network: Leavers, her: str) -> None:
    network.suspend()
    network.say(her, "yes")
    with network.store.transaction() as db:
        by = network.person("ogul")
        excluded = [("organisation", network.away)]
        set_exclusions(db, by, MOMENT, her, excluded)
    for name in ("bahar", "nurana"):
        assert offered(network, name) == []
        assert network.as_(name).get(f"/en/proposals/open/{her}").status_code == 404
        assert network.post(name, f"/en/proposals/open/{her}").status_code == 404
    assert offered(network, "kerim") == [her]


def test_another_organisation_proposes_her_and_a_third_agrees(network: Leavers, her: str) -> None:
    network.suspend()
    assert network.post("bahar", f"/en/proposals/open/{her}").status_code == 404
    network.say(her, "yes")
    answer = network.post("bahar", f"/en/proposals/open/{her}")
    assert answer.status_code == 200
    link = link_on(answer.text)
    assert network.row("practitioners", her)["organisation_id"] == network.away
    assert network.row("accounts", f"a-{her}")["organisation_id"] == network.away
    assert network.agreement(her) == "proposed"
    assert network.ask(
        "SELECT reason FROM agreement_states WHERE practitioner_id = :p ORDER BY id DESC LIMIT 1",
        p=her,
    ) == ["handed_on"]
    assert offered(network, "kerim") == []
    assert network.post("kerim", f"/en/proposals/open/{her}").status_code == 404

    # what she consented to with the organisation that went is no consent for this one
    assert network.as_("kerim").get(f"/en/practitioners/{her}/agreement").status_code == 404
    refused = network.agree("dana", her)
    assert refused.status_code == 422
    assert "not consented" in refused.text
    assert not network.is_listed(her)

    assert network.consent(link, **CONSENT).status_code == 303
    refused = network.agree("nurana", her)
    assert refused.status_code == 422  # of the organisation that proposes
    assert network.agree("kerim", her).status_code == 303
    assert network.is_listed(her)
    contacts = "SELECT phone FROM practitioner_contacts WHERE practitioner_id = :p"
    assert network.ask(contacts, p=her) == [PHONE]


def test_she_may_decline_the_other_organisation(network: Leavers, her: str) -> None:
    network.suspend()
    network.say(her, "yes")
    link = link_on(network.post("bahar", f"/en/proposals/open/{her}").text)
    assert link
    page = network.as_(her).get(f"/en/practitioners/{her}/consent").text
    assert "You consented on" not in page
    sent = {"answer": "decline"}
    network.post(her, f"/en/practitioners/{her}/consent", sent)
    assert network.agreement(her) == "ended"
    assert (
        network.ask("SELECT 1 FROM practitioner_contacts WHERE practitioner_id = :p", p=her) == []
    )


def test_the_old_organisation_proposes_nobody_while_it_is_out(network: Leavers, her: str) -> None:
    network.suspend()
    network.say(her, "yes")
    with network.store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = NULL WHERE id = 'a-ogul'")
        db.execute("UPDATE accounts SET directory_until = '2027-01-01' WHERE id = 'a-ogul'")
    assert network.post("ogul", f"/en/proposals/open/{her}").status_code == 403
    assert network.post("ogul", "/en/practitioners/propose").status_code == 403


def test_an_earlier_answer_counts_until_the_organisation_has_been_back(
    network: Leavers, her: str
) -> None:
    answer = "SELECT answer FROM open_to_proposals WHERE practitioner_id = :p"
    network.suspend()
    network.say(her, "yes")
    network.leave()
    assert network.ask(answer, p=her) == ["yes"]
    with network.store.transaction() as db:
        db.execute("UPDATE membership_states SET state = 'admitted' WHERE state = 'left'")
    assert offered(network, "bahar") == []
    with network.store.transaction() as db:
        row = {"practitioner_id": her, "state": "agreed", "at": "2026-11-23T06:00:00Z", "by": "x"}
        db.table("agreement_states").insert(row)
    network.suspend()
    assert network.ask(answer, p=her) == [None]


def test_she_answers_by_telephone_with_a_code_of_her_card(network: Leavers, her: str) -> None:
    assert network.settings is not None
    secret = network.settings.secret
    with network.store.transaction() as db:
        codes = make_card(db, secret, network.person("ogul"), MOMENT, her)
    path = f"/en/practitioners/{her}/telephone"
    assert "act=open" not in network.as_("nurana").get(path).text
    network.suspend()
    assert "act=open" in network.as_("nurana").get(path).text
    page = network.as_("nurana").get(f"{path}?act=open").text
    assert "checked" not in page
    number = page.split('name="number" value="')[1].split('"')[0]
    sent = {"act": "open", "number": number, "code": "aaaa-aaaa", "answer": "yes"}
    assert network.post("nurana", path, sent).status_code == 422
    assert offered(network, "kerim") == []
    sent["code"] = codes[int(number) - 1]
    assert network.post("nurana", path, {**sent, "answer": ""}).status_code == 422
    assert network.post("nurana", path, sent).status_code == 303
    assert offered(network, "kerim") == [her]
