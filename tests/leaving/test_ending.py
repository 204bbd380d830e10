"""Suspend and leave: everything closes in one transaction, or nothing does."""

import msgspec
import pytest

from portal.db import count
from portal.links.queries import find_link
from portal.work.queries import find_waiting
from tests.conftest import MOMENT, TODAY
from tests.leaving.conftest import Leavers, busy

ACTS = ("suspend", "leave", "readmit", "founding")
EVERYBODY = "SELECT count(*) FROM accounts WHERE organisation_id = :o AND locked_at IS NULL"


def test_a_suspension_closes_all_and_keeps_what_is_for_everybody(
    network: Leavers, her: str
) -> None:
    request, item = busy(network)
    listed = network.listed()
    signed_in = network.as_("ogul").cookies.get("session")
    shown = network.as_("nurana").get(f"/en/memberships/{network.home}/suspend").text
    assert f"<dd>{len(listed)}</dd>" in shown
    assert "<dd>1</dd>" in shown
    assert f"each of the {len(listed)} practitioners has to be proposed" in shown
    assert "directory has to be asked for anew" in shown

    answer = network.suspend()
    assert answer.status_code == 200, answer.text
    assert "by e-mail" in answer.text
    assert network.state(network.home) == "suspended"
    (reason,) = network.ask(
        "SELECT reason || note FROM membership_states WHERE organisation_id = :o"
        " ORDER BY id DESC LIMIT 1",
        o=network.home,
    )
    assert reason == "complaintuntil we have talked"
    open_now = network.ask(
        "SELECT role FROM accounts WHERE organisation_id = :o AND locked_at IS NULL",
        o=network.home,
    )
    assert set(open_now) == {"practitioner"}
    # the session ended with it
    network.client.cookies.clear()
    network.client.cookies.set("session", str(signed_in))
    assert network.client.get("/en/work", follow_redirects=False).status_code == 303

    assert network.listed() == []
    assert {network.agreement(each) for each in listed} == {"suspended"}
    assert network.ask(
        "SELECT DISTINCT reason FROM agreement_states WHERE state = 'suspended'"
        " AND practitioner_id IN (SELECT practitioner_id FROM open_to_proposals)"
    ) == ["left"]
    asked = network.ask("SELECT practitioner_id FROM open_to_proposals WHERE answer IS NULL")
    assert set(listed) <= set(asked)
    told = "SELECT practitioner_id FROM notices WHERE kind = 'organisation_left'"
    assert set(listed) <= set(network.ask(told))
    ended = "SELECT state FROM request_states WHERE request_id = :r ORDER BY id DESC LIMIT 1"
    assert network.ask(ended, r=request) == ["cancelled"]
    assert network.row("approvals", item)["verdict"] == "withdrawn"
    assert network.ask("SELECT 1 FROM invitations WHERE ended_at IS NULL AND name = 'guest'") == []
    assert network.row("organisations", network.home)["directory_until"] is None
    granted = "SELECT 1 FROM accounts WHERE organisation_id = :o AND directory_until IS NOT NULL"
    assert network.ask(granted + " AND role <> 'practitioner'", o=network.home) == []
    # another coordinator hears of it; twice is once
    assert network.ask("SELECT 1 FROM notices WHERE kind = 'member_suspended'") == [1]
    told = "SELECT count(*) FROM audit WHERE verb <> 'sign_in'"
    before = network.ask(told)
    assert "/farewell/" not in network.suspend().text
    assert network.ask(told) == before


def test_what_fails_on_the_way_leaves_nothing(
    network: Leavers, her: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(network)
    with network.store.transaction() as db:
        db.execute(
            "CREATE TRIGGER stop BEFORE INSERT ON closed_accounts"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    before = network.ask("SELECT count(*) FROM audit")
    network.client.raise_server_exceptions = False
    assert network.leave().status_code == 500
    assert network.state(network.home) == "admitted"
    assert network.is_listed(her)
    assert network.ask("SELECT 1 FROM open_to_proposals") == []
    assert network.ask("SELECT 1 FROM departures") == []
    assert network.ask("SELECT count(*) FROM audit") == [before[0] + 1]  # she signed in


@pytest.mark.parametrize("act", ACTS)
def test_only_coordinators_reach_these_pages(network: Leavers, her: str, act: str) -> None:
    path = f"/en/memberships/{network.home}/{act}"
    network.join("operator", None, "admin")
    network.join("donor", None, "observer")
    for name in ("ogul", "bahar", her, "operator", "donor"):
        assert network.as_(name).get(path).status_code == 403, name
        assert network.post(name, path, {"reason": "closed"}).status_code == 403, name
    assert network.as_(None).get(path, follow_redirects=False).status_code == 303
    assert network.post(None, path, {"reason": "closed"}).status_code == 303
    assert network.as_("nurana").get(path).status_code == 200
    assert network.as_("nurana").get(f"/en/memberships/o-nobody/{act}").status_code == 404
    assert network.state(network.home) == "admitted"


def test_a_form_that_is_wrong_keeps_what_was_typed(network: Leavers) -> None:
    for sent, said in (
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "unreachable"}, "Choose a reason."),  # of a suspension, not of leaving
        ({"note": "x" * 1001}, "at most 1000"),
        ({"agreed": ""}, "Tick this box when the organisation leaves."),
    ):
        answer = network.leave(**sent)
        assert answer.status_code == 422
        assert said in answer.text
    answer = network.leave(reason="", note="<b>moved & closed</b>")
    assert "&lt;b&gt;moved &amp; closed&lt;/b&gt;" in answer.text
    assert 'value="1" checked' in answer.text
    assert "only a new application leads back" in answer.text
    assert network.state(network.home) == "admitted"
    other = network.ask(
        "SELECT id FROM organisations WHERE id NOT IN (SELECT organisation_id FROM"
        " membership_states) LIMIT 1"
    )
    for never in other:
        sent = {"reason": "closed", "agreed": "1"}
        assert network.post("nurana", f"/en/memberships/{never}/leave", sent).status_code == 422


def test_an_organisation_leaves_by_itself(network: Leavers, her: str) -> None:
    assert network.as_(her).get("/en/membership/leave").status_code == 403
    network.join("operator", None, "admin")
    assert network.post("operator", "/en/membership/leave", {"agreed": "1"}).status_code == 403
    assert network.as_(None).get("/en/membership/leave", follow_redirects=False).status_code == 303

    page = network.as_("ogul").get("/en/membership/leave").text
    assert "/en/membership/export" in page
    assert 'href="/en/membership"' in page.split("<main")[1]
    assert "only a new application leads back" in page
    refused = network.post("ogul", "/en/membership/leave")
    assert refused.status_code == 422
    assert "Tick this box" in refused.text
    assert network.state(network.home) == "admitted"

    own = network.own_words(network.home)
    name = own["whole_name"]
    for typed in ("", "We", name + " too", network.row("organisations", network.away)["name"]):
        refused = network.post("ogul", "/en/membership/leave", {**own, "whole_name": typed})
        assert refused.status_code == 422
        assert "as it stands above" in refused.text
        assert "checked" in refused.text
    kept = network.post("ogul", "/en/membership/leave", {"agreed": "1", "whole_name": "<i>We"})
    assert "&lt;i&gt;We" in kept.text
    assert network.state(network.home) == "admitted"

    typed = f" \u00ab{name.upper()}\u00bb "
    answer = network.post("ogul", "/en/membership/leave", {**own, "whole_name": typed})
    assert answer.status_code == 200
    assert "Goodbye" in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert 'name="csrf"' not in answer.text
    code = answer.text.split('class="key">')[1].split("<")[0].rsplit("/", 1)[1]
    with network.store.read() as db:
        link = find_link(db, "farewell", code, MOMENT)
        assert link is not None
        assert link.subject_id == network.home
    assert network.state(network.home) == "left"
    assert network.row("departures", network.home)["by"] == "a-ogul"
    assert network.client.get("/en/work", follow_redirects=False).status_code == 303
    # whoever leaves from another browser of the same organisation comes too late
    assert network.ask(EVERYBODY + " AND role <> 'practitioner'", o=network.home) == [0]


def test_a_coordinator_who_suspends_her_own_organisation_is_signed_out(network: Leavers) -> None:
    page = network.as_("sona").get(f"/en/memberships/{network.home}/suspend").text
    assert "your own account is closed too" in page
    answer = network.suspend("sona")
    assert "Goodbye" in answer.text
    assert network.client.get("/en/work", follow_redirects=False).status_code == 303


def test_the_last_coordinators_are_warned(network: Leavers) -> None:
    path = f"/en/memberships/{network.home}/suspend"
    warning = "No coordinator would be left"
    assert warning not in network.as_("sona").get(path).text
    with network.store.transaction() as db:
        db.execute(
            "UPDATE accounts SET locked_at = '2026-01-01' WHERE role = 'coordinator'"
            " AND id <> 'a-sona'"
        )
    assert warning in network.as_("sona").get(path).text
    assert warning in network.as_("ogul").get("/en/membership/leave").text


def test_a_closed_account_is_not_unlocked_beside_the_membership(network: Leavers) -> None:
    network.suspend()
    refused = network.post("nurana", "/en/people/a-ogul", {"act": "unlock"})
    assert refused.status_code == 422
    assert "suspended or has left" in refused.text
    with network.store.read() as db:
        assert count(db, "SELECT count(*) FROM approvals WHERE kind = 'unlock'") == 0


def test_reviewers_who_left_do_not_hold_an_application_up(network: Leavers) -> None:
    network.evidence()
    with network.store.transaction() as db:
        row = {"application_id": "ap-marker", "round": 1, "is_appeal": 0, "taken_at": "2026-11-01"}
        mine = {"id": "r-1", "account_id": "a-ogul", "organisation_id": network.home}
        db.table("reviews").insert({**row, **mine})
        said = {"review_id": "r-1", "code": "registered", "verdict": "more", "note": "which year"}
        db.table("review_answers").insert(said)
        db.table("applications").update("ap-marker", {"submitted_at": "2026-11-01T05:00:00Z"})
        state = {"state": "admitted", "at": "2026-11-01T05:00:00Z", "by": "x"}
        ours = {"organisation_id": network.home, "application_id": "ap-marker"}
        db.table("membership_states").insert({**state, **ours})
    network.suspend()
    assert network.row("reviews", "r-1")["ended_at"] is not None
    with network.store.read() as db:
        assert count(db, "SELECT count(*) FROM review_answers WHERE review_id = 'r-1'") == 0


def test_her_question_waits_for_her(network: Leavers, her: str) -> None:
    network.suspend()
    actor = network.person(her)
    with network.store.read() as db:
        she = msgspec.structs.replace(actor, practitioner_id=her)
        waits = find_waiting(db, she, MOMENT, TODAY)
    assert ("practitioners", her, "open-to-proposals") in [each.path for each in waits.found]
    assert waits.missing == 0
