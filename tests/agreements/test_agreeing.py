"""The second person: who may agree, who may not, and what one person alone may do."""

import pytest

from portal.agreements.actions import decline, exclude, give_consent, move, set_agreement
from portal.agreements.queries import find_proposal, others_could_agree
from portal.agreements.rules import MENDS, MOVES, REASONS
from portal.db import column
from portal.errors import Invalid
from portal.practitioners.queries import find_standing
from portal.practitioners.rules import name_key, reasons_unlisted
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.network import Network

DRAWN = """
nothing -> proposed
proposed -> agreed ended
agreed -> suspended ended
suspended -> proposed ended
ended -> proposed
"""


@pytest.fixture
def waiting(network: Network) -> str:
    """Somebody who has consented and waits for a second organisation."""
    person, link = network.propose("ogul")
    assert network.consent(link).status_code == 303
    return person


def step(network: Network, name: str, person: str, wanted: str, reason: str = "") -> int:
    path = f"/en/practitioners/{person}/agreement"
    spoken = {"spoken": "1"} if wanted == "agree" else {}
    return network.post(name, path, {"step": wanted, "reason": reason, **spoken}).status_code


def states(network: Network, person: str) -> list[str]:
    sql = "SELECT state FROM agreement_states WHERE practitioner_id = :p ORDER BY id"
    return network.ask(sql, p=person)


def test_the_allowed_moves_are_these() -> None:
    drawn = [f"{state or 'nothing'} -> {' '.join(to)}" for state, to in MOVES.items()]
    assert "\n".join(drawn) == DRAWN.strip()


@pytest.mark.parametrize("state", [None, *[s for s in MOVES if s]])
def test_every_other_move_is_refused_and_leaves_nothing(network: Network, state: str) -> None:
    person, _link = network.propose("ogul")
    with network.store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, person, state)
        for wanted in {"proposed", "agreed", "suspended", "ended"} - {*MOVES[state], state}:
            with pytest.raises(Invalid):
                move(db, OPERATOR, MOMENT, person, wanted)
    assert states(network, person)[-1] == state


def test_a_second_organisation_agrees(network: Network, waiting: str) -> None:
    assert step(network, "bahar", waiting, "agree") == 303
    assert network.is_listed(waiting)
    assert network.as_("bahar").get(f"/en/practitioners/{waiting}/agreement").status_code == 200


def test_a_coordinator_agrees(network: Network, waiting: str) -> None:
    assert step(network, "nurana", waiting, "agree") == 303
    assert network.is_listed(waiting)


def test_07_who_proposed_does_not_agree(network: Network, waiting: str) -> None:
    answer = network.agree("ogul", waiting)
    assert answer.status_code == 422
    assert "You proposed this practitioner yourself" in answer.text
    assert not network.is_listed(waiting)


def test_07_nor_does_the_same_organisation(network: Network, waiting: str) -> None:
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-ogul'")
    network.join("sapar", own)
    network.join("leyla", own, "coordinator")
    for name in ("sapar", "leyla"):
        answer = network.agree(name, waiting)
        assert answer.status_code == 422, name
        assert "Your organisation proposed this practitioner" in answer.text
        page = network.as_(name).get(f"/en/practitioners/{waiting}/agreement").text
        assert "Your organisation proposed this practitioner" in page
    assert not network.is_listed(waiting)


def test_07_nor_the_organisation_to_which_the_proposer_moved(
    network: Network, waiting: str
) -> None:
    with network.store.transaction() as db:
        new = db.table("accounts").get("a-bahar")["organisation_id"]
        db.table("accounts").update("a-ogul", {"organisation_id": new})
    assert network.agree("bahar", waiting).status_code == 422
    assert step(network, "kerim", waiting, "agree") == 303


def test_07_nor_the_practitioner_herself(network: Network, waiting: str) -> None:
    (other,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-kerim'")
    network.join("ayna", other, practitioner_id=waiting)
    answer = network.agree("ayna", waiting)
    assert answer.status_code == 422
    assert "own listing" in answer.text


def test_a_coordinator_who_proposed_is_no_second_person(network: Network) -> None:
    person, link = network.propose("nurana")
    network.consent(link)
    assert network.agree("nurana", person).status_code == 422
    assert step(network, "ogul", person, "agree") == 303


def test_nobody_agrees_before_consent_and_signature(network: Network) -> None:
    person, _link = network.propose("ogul")
    assert network.agree("bahar", person).status_code == 404
    assert "has not consented yet" in network.agree("nurana", person).text
    with network.store.transaction() as db:
        give_consent(db, OPERATOR, MOMENT, person, "members", how="paper", reference="A-7")
    assert "has not signed" in network.agree("nurana", person).text
    assert states(network, person) == ["proposed"]


def test_r14_two_who_agree_at_once_are_noted_once(network: Network, waiting: str) -> None:
    assert step(network, "bahar", waiting, "agree") == 303
    assert step(network, "bahar", waiting, "agree") == 303
    assert states(network, waiting) == ["proposed", "agreed"]


def test_03_strangers_and_other_roles_find_nothing(network: Network, waiting: str) -> None:
    network.join("observer", None, "observer")
    network.join("root", None, "admin")
    (third,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-kerim'")
    network.join("lapsed", third, directory_until="2026-11-22")
    here = f"/en/practitioners/{waiting}/agreement"
    for name in ("observer", "root", "lapsed"):
        assert network.as_(name).get(here).status_code == 404, name
        assert network.agree(name, waiting).status_code == 404, name
    assert network.as_(None).get(here, headers=JSON).status_code == 401
    assert network.as_("bahar").get("/en/practitioners/p-nobody/agreement").status_code == 404


def test_03_a_second_organisation_may_agree_and_no_more(network: Network, waiting: str) -> None:
    for wanted, state in (("suspend", "suspended"), ("end", "ended")):
        assert step(network, "bahar", waiting, wanted, REASONS[state][0]) == 403
    path = f"/en/practitioners/{waiting}/trainings"
    training = {"held_on": "2026-01-01", "title": "Burnout"}
    assert network.post("bahar", path, training).status_code == 403
    assert network.post("bahar", f"/en/practitioners/{waiting}/consent/link").status_code == 403


def test_one_person_hides_and_two_release(network: Network, waiting: str) -> None:
    step(network, "bahar", waiting, "agree")
    assert step(network, "ogul", waiting, "suspend") == 422  # without a reason
    assert step(network, "ogul", waiting, "suspend", "absence") == 303
    assert not network.is_listed(waiting)
    assert step(network, "ogul", waiting, "agree") == 422  # not by one alone
    assert step(network, "nurana", waiting, "agree") == 422  # nor at one stroke
    assert step(network, "ogul", waiting, "propose") == 303
    assert not network.is_listed(waiting)
    assert step(network, "ogul", waiting, "agree") == 422
    assert step(network, "kerim", waiting, "agree") == 303
    assert network.is_listed(waiting)
    assert states(network, waiting) == ["proposed", "agreed", "suspended", "proposed", "agreed"]


def test_ended_begins_from_the_start(network: Network, waiting: str) -> None:
    step(network, "bahar", waiting, "agree")
    assert step(network, "nurana", waiting, "end", "conduct") == 303
    assert not network.is_listed(waiting)
    assert step(network, "ogul", waiting, "suspend", "absence") == 422
    assert step(network, "ogul", waiting, "propose") == 303
    assert step(network, "bahar", waiting, "agree") == 303
    assert network.is_listed(waiting)


def test_04_the_steps_take_no_other_field(network: Network, waiting: str) -> None:
    path = f"/en/practitioners/{waiting}/agreement"
    for name in ("by", "state", "organisation_id", "approved_by", "role"):
        sent = {"step": "agree", name: "a-kerim"}
        assert network.post("bahar", path, sent).status_code == 422
    assert states(network, waiting) == ["proposed"]


def test_what_each_of_them_reads(network: Network, waiting: str) -> None:
    with network.store.transaction() as db:
        db.table("practitioner_licences").insert(
            {"practitioner_id": waiting, "number": "LIC-77", "issuer": "Ministry of Licences",
             "expires_on": "2027-02-03"}
        )  # fmt: skip
    here = f"/en/practitioners/{waiting}/agreement"
    paper = lambda name: network.as_(name).get(here, headers=JSON)  # noqa: E731
    assert paper("nurana").json()["paper"]["licence_number"] == "LIC-77"
    assert "Ogul" in paper("nurana").text
    own = paper("ogul")
    assert own.json()["paper"]["licence_expires_on"] == "2027-02-03"
    assert "LIC-77" not in own.text
    assert "Ministry" not in own.text
    assert "a-ogul" not in own.text
    second = paper("bahar").json()
    assert second["paper"]["licence_expires_on"] is None
    assert second["paper"]["has_licence"] is True
    assert second["history"] == []
    for name in ("ogul", "bahar", "nurana"):
        assert "+993 65 000111" not in network.as_(name).get(here).text


def test_why_she_is_not_listed_is_said_with_who_can_mend_it(network: Network) -> None:
    person, _link = network.propose("ogul")
    page = network.as_("ogul").get(f"/en/practitioners/{person}/agreement").text
    for code in ("agreement", "consent", "ethics"):
        assert MENDS[code].text.split(".")[0] in page


def test_the_reasons_are_the_very_conditions_of_the_listing(network: Network) -> None:
    found = network.as_("nurana").get("/en/practitioners?per_page=100", headers=JSON).json()
    pages = range(1, found["total"] // 100 + 2)
    seen: set[str] = set()
    for number in pages:
        path = f"/en/practitioners?per_page=100&page={number}"
        rows = network.as_("nurana").get(path, headers=JSON).json()["results"]
        with network.store.read() as db:
            for each in rows:
                standing = find_standing(db, each["id"])
                assert standing is not None
                reasons = reasons_unlisted(standing, TODAY)
                assert each["listed"] == (not reasons), each
                seen |= set(reasons)
    assert seen >= {"agreement", "consent", "ethics", "confirmation_old", "licence"}
    assert set(MENDS) >= seen


def test_who_declined_is_not_agreed_to(network: Network) -> None:
    person, _link = network.propose("ogul")
    with network.store.transaction() as db:
        decline(db, OPERATOR, MOMENT, person)
        assert column(db, "SELECT state FROM agreement_states ORDER BY id DESC LIMIT 1") == [
            "ended"
        ]
    assert network.agree("nurana", person).status_code == 422


@pytest.mark.parametrize("name", ["Ogul", "Döwletowa Aýna"])
def test_09_a_second_account_of_one_person_does_not_agree(
    network: Network, waiting: str, name: str
) -> None:
    network.join("twin", None, "coordinator", name=name)
    assert step(network, "twin", waiting, "agree") == 422
    assert not network.is_listed(waiting)


def test_others_could_agree_counts_nobody_excluded_by_name(network: Network, waiting: str) -> None:
    with network.store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = '2026' WHERE id NOT IN ('a-ogul', 'a-bahar')")
        proposal = find_proposal(db, waiting)
        assert others_could_agree(db, OPERATOR, TODAY, proposal)
        db.table("accounts").update("a-bahar", {"name": "Bahar Nazarowa"})
        exclude(db, OPERATOR, MOMENT, waiting, "person", name_key("Nazarowa Bahar"))
        assert not others_could_agree(db, OPERATOR, TODAY, proposal)
