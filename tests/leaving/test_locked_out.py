"""While an organisation is out nothing opens for its people; what was locked by hand stays so."""

from collections.abc import Callable

import pytest
from sqlite_utils import Database

from portal.approvals.actions import ask, decide, take
from portal.errors import Invalid
from portal.invitations.actions import Wanted, invite, invite_again
from portal.membership.actions import set_state
from tests.conftest import MOMENT, OPERATOR
from tests.leaving.conftest import Leavers

OUT = "suspended or has left"
ASKED = "SELECT count(*) FROM approvals"


def test_an_account_that_was_locked_before_stays_locked(network: Leavers) -> None:
    network.post("nurana", "/en/people/a-ogul", {"act": "lock"})
    network.suspend()
    before = network.ask(ASKED)
    for act in ("unlock", "back", "grant", "coordinator"):
        refused = network.post("nurana", "/en/people/a-ogul", {"act": act})
        assert refused.status_code == 422, act
        assert OUT in refused.text, act
    where = f"/en/people/organisations/{network.home}"
    assert network.post("nurana", where, {"act": "grant"}).status_code == 404
    sent = {"person": "new.one", "role": "member", "organisation": network.home}
    refused = network.post("nurana", "/en/people/invite", sent)
    assert refused.status_code == 422
    assert OUT in refused.text
    assert network.ask(ASKED) == before
    assert network.ask("SELECT 1 FROM wanted_invitations WHERE name = 'new.one'") == []


def test_an_organisation_that_left_and_applies_anew_is_still_out(network: Leavers) -> None:
    network.leave()
    with network.store.transaction() as db:
        set_state(db, OPERATOR, MOMENT, network.home, "applicant")
    assert OUT in network.post("nurana", "/en/people/a-ogul", {"act": "unlock"}).text
    with network.store.transaction() as db:
        set_state(db, OPERATOR, MOMENT, network.home, "admitted")
    answer = network.post("nurana", "/en/people/a-ogul", {"act": "unlock"})
    assert answer.status_code == 303
    network.post("dana", answer.headers["location"], {"verdict": "approved"})
    assert network.row("accounts", "a-ogul")["locked_at"] is None


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("unlock", {"role": "member"}),
        ("role", {"role": "coordinator"}),
        ("grant_directory", {"of": "person"}),
        ("grant_directory", {"of": "organisation"}),
    ],
)
def test_what_was_agreed_too_late_is_not_done(
    network: Leavers, kind: str, detail: dict[str, str]
) -> None:
    network.suspend()
    subject = network.home if detail.get("of") == "organisation" else "a-ogul"
    with network.store.transaction() as db:
        item = ask(db, network.person("nurana"), MOMENT, kind, subject, **detail)
    before = network.row("accounts", "a-ogul")
    refused = network.post("dana", f"/en/approvals/{item}", {"verdict": "approved"})
    assert refused.status_code == 422
    assert OUT in refused.text
    assert network.row("accounts", "a-ogul") == before
    assert network.row("approvals", item)["verdict"] is None
    assert network.row("organisations", network.home)["directory_until"] is None


def test_an_invitation_agreed_to_before_is_not_handed_over(network: Leavers) -> None:
    sent = {"person": "new.one", "role": "member", "organisation": network.home}
    item = network.post("nurana", "/en/people/invite", sent).headers["location"]
    network.post("dana", item, {"verdict": "approved"})
    network.suspend()
    with pytest.raises(Invalid), network.store.transaction() as db:
        take(db, network.person("nurana"), MOMENT, item.rsplit("/", 1)[1])
    assert network.ask("SELECT 1 FROM invitations WHERE name = 'new.one'") == []


def _again(db: Database, network: Leavers) -> object:
    return invite_again(db, OPERATOR, MOMENT, "ogul")


def _first(db: Database, network: Leavers) -> object:
    return invite(db, OPERATOR, MOMENT, Wanted("new.one", "member", network.home))


@pytest.mark.parametrize("act", [_again, _first])
def test_nobody_is_invited_into_an_organisation_that_is_out(
    network: Leavers, act: Callable[[Database, Leavers], object]
) -> None:
    network.leave()
    before = network.ask("SELECT count(*) FROM audit")
    with pytest.raises(Invalid), network.store.transaction() as db:
        act(db, network)
    assert network.ask("SELECT count(*) FROM audit") == before


def test_her_practitioners_keep_their_way_in(network: Leavers, her: str) -> None:
    network.suspend()
    with network.store.transaction() as db:
        assert invite_again(db, OPERATOR, MOMENT, her)


def test_who_is_locked_by_hand_meanwhile_stays_locked(network: Leavers) -> None:
    network.suspend()
    assert "Keep locked" in network.as_("nurana").get("/en/people/a-ogul").text
    network.post("nurana", "/en/people/a-ogul", {"act": "lock"})
    assert "Keep locked" not in network.as_("nurana").get("/en/people/a-ogul").text
    path = f"/en/memberships/{network.home}/readmit"
    item = network.post("nurana", path).headers["location"]
    with network.store.transaction() as db:
        decide(db, network.person("dana"), MOMENT, item.rsplit("/", 1)[1], "approved")
    assert network.row("accounts", "a-ogul")["locked_at"] is not None
    assert network.row("accounts", "a-sona")["locked_at"] is None
