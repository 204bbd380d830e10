"""Two people end a suspension, and two record who founded the network."""

from portal.membership.queries import find_founder, state_of
from tests.leaving.conftest import Leavers

NEVER = """
    SELECT id FROM organisations WHERE id NOT IN (SELECT organisation_id FROM membership_states)
"""


def item_of(answer) -> str:  # type: ignore[no-untyped-def]
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_two_people_of_different_organisations_end_a_suspension(network: Leavers, her: str) -> None:
    path = f"/en/memberships/{network.home}/readmit"
    assert network.post("nurana", path).status_code == 422
    network.suspend()
    item = item_of(network.post("nurana", path))
    assert network.state(network.home) == "suspended"
    network.join("orazgul", network.away, "coordinator", name="Orazgul Orazowa")
    name = network.row("organisations", network.home)["name"]
    assert name in network.as_("dana").get(item).text
    for who in ("nurana", "orazgul"):
        assert network.post(who, item, {"verdict": "approved"}).status_code == 422
    assert network.post("bahar", item, {"verdict": "approved"}).status_code == 404
    assert network.state(network.home) == "suspended"
    assert network.post("dana", item, {"verdict": "approved"}).status_code == 303
    assert network.state(network.home) == "admitted"
    # the accounts that it closed are open; the directory is not, and practitioners are told
    assert network.as_("ogul").get("/en/work").status_code == 200
    assert network.as_("ogul").get("/en/practitioners").status_code == 403
    assert network.listed() == []
    told = "SELECT practitioner_id FROM notices WHERE kind = 'organisation_back'"
    assert her in network.ask(told)
    assert network.ask("SELECT 1 FROM links WHERE purpose = 'farewell' AND used_at IS NULL") == []
    assert network.say(her, "yes").status_code == 422


def test_a_refused_return_changes_nothing(network: Leavers) -> None:
    network.suspend()
    item = item_of(network.post("nurana", f"/en/memberships/{network.home}/readmit"))
    refused = {"verdict": "refused", "reason": "unclear"}
    reasons = network.as_("dana").get(item).text
    refused["reason"] = reasons.split('<option value="')[2].split('"')[0]
    assert network.post("dana", item, refused).status_code == 303
    assert network.state(network.home) == "suspended"


def test_two_people_record_a_founding_member(network: Leavers) -> None:
    path = f"/en/memberships/{network.home}/founding"
    sent = {"founded_on": "2010-10-03", "minute": "Minute 7, folder 2"}
    for wrong, said in (
        ({"founded_on": "2026-11-24"}, "Choose a day that is over."),
        ({"founded_on": "yesterday"}, "year-month-day"),
        ({"minute": ""}, "Fill this in."),
        ({"minute": "x" * 201}, "at most 200"),
    ):
        answer = network.post("nurana", path, {**sent, **wrong})
        assert answer.status_code == 422
        assert said in answer.text
    with network.store.transaction() as db:
        db.execute("UPDATE organisations SET joined_on = '2010-10-03' WHERE id = ?", [network.home])
    late = network.post("nurana", path, {**sent, "founded_on": "2010-10-04"})
    assert late.status_code == 422
    assert 'id="founded_on-wrong">It joined on 3 October 2010' in late.text
    assert network.ask("SELECT 1 FROM approvals WHERE kind = 'founder'") == []
    own = f"/en/memberships/{network.home}"
    assert "Record as a founding member" in network.as_("nurana").get(own).text
    item = item_of(network.post("nurana", path, sent))
    shown = network.as_("dana").get(item).text
    for told in ("Minute 7, folder 2", "3 October 2010"):
        assert told in shown
    assert network.post("dana", item, {"verdict": "approved"}).status_code == 303
    with network.store.read() as db:
        founder = find_founder(db, network.home)
    assert founder is not None
    assert (str(founder.founded_on), founder.minute) == ("2010-10-03", "Minute 7, folder 2")
    assert network.post("nurana", path, sent).status_code == 422
    assert "Record as a founding member" not in network.as_("nurana").get(own).text


def test_a_founding_ends_no_suspension(network: Leavers) -> None:
    network.suspend()
    sent = {"founded_on": "2010-10-03", "minute": "Minute 7"}
    path = f"/en/memberships/{network.home}/founding"
    assert network.post("nurana", path, sent).status_code == 422
    for never in network.ask(NEVER)[:1]:
        item = item_of(network.post("nurana", f"/en/memberships/{never}/founding", sent))
        assert network.post("dana", item, {"verdict": "approved"}).status_code == 303
        with network.store.read() as db:
            assert state_of(db, never) == "admitted"
