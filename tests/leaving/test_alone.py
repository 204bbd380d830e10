"""One coordinator alone empties no network, and takes no archive that was meant for others."""

from datetime import timedelta

from tests.conftest import MOMENT
from tests.leaving.conftest import Leavers

DAY = timedelta(hours=24)
TOLD = "SELECT account_id FROM notices WHERE kind = :kind ORDER BY account_id"
HISTORY = "SELECT count(*) FROM membership_states"


def ending(network: Leavers, organisation: str, by: str = "nurana", act: str = "suspend") -> int:
    path = f"/en/memberships/{organisation}/{act}"
    return int(network.post(by, path, {"reason": "criteria", "agreed": "1"}).status_code)


def without_coordinators(network: Leavers) -> list[str]:
    """Members that are neither of the cast's, and have nobody who coordinates."""
    sql = """
        SELECT m.organisation_id FROM membership_now AS m WHERE m.state = 'admitted'
            AND m.organisation_id NOT IN (SELECT organisation_id FROM accounts
                                          WHERE organisation_id IS NOT NULL) ORDER BY 1
    """
    return network.ask(sql)


def only_these(network: Leavers, *names: str) -> None:
    with network.store.transaction() as db:
        sql = "UPDATE accounts SET locked_at = '2026-01-01' WHERE role = 'coordinator'"
        db.execute(sql)
        for name in names:
            db.execute("UPDATE accounts SET locked_at = NULL WHERE id = ?", [f"a-{name}"])


def test_three_within_a_day_and_then_another_coordinator(network: Leavers) -> None:
    first, second, third, fourth = without_coordinators(network)[:4]
    assert ending(network, first) == 200
    assert ending(network, second, act="leave") == 200
    assert ending(network, third) == 200
    before = network.ask(HISTORY)
    for act in ("suspend", "leave"):
        path = f"/en/memberships/{fourth}/{act}"
        refused = network.post("nurana", path, {"reason": "criteria", "agreed": "1"})
        assert refused.status_code == 422
        assert "ask another coordinator" in refused.text
    assert network.ask(HISTORY) == before
    assert network.state(fourth) == "admitted"
    assert ending(network, fourth, "dana") == 200
    # her own is not counted, and is not held up
    network.clock.moment = MOMENT + timedelta(minutes=1)
    answer = network.post("nurana", "/en/membership/leave", network.own_words(network.away))
    assert answer.status_code == 200


def test_a_day_later_it_goes_on(network: Leavers) -> None:
    *three, fourth = without_coordinators(network)[:4]
    assert [ending(network, each) for each in three] == [200] * 3
    network.clock.moment = MOMENT + DAY - timedelta(seconds=1)
    assert ending(network, fourth) == 422
    network.clock.moment = MOMENT + DAY
    assert ending(network, fourth) == 200


def test_the_only_other_coordinator_is_not_suspended_by_one_person(network: Leavers) -> None:
    only_these(network, "nurana", "sona")
    before = network.ask(HISTORY)
    for act in ("suspend", "leave"):
        refused = network.post(
            "nurana", f"/en/memberships/{network.home}/{act}", {"reason": "criteria", "agreed": "1"}
        )
        assert refused.status_code == 422
        assert "takes a second person" in refused.text
    # nor after she was locked by the same hand
    network.post("nurana", "/en/people/a-sona", {"act": "lock"})
    assert ending(network, network.home) == 422
    assert network.ask(HISTORY) == before
    assert network.row("accounts", "a-ogul")["locked_at"] is None
    # others go as before, and so does hers once an administrator has locked it
    assert ending(network, network.third) == 200
    only_these(network, "nurana", "sona")
    network.join("operator", None, "admin")
    network.post("operator", "/en/people/a-sona", {"act": "lock"})
    assert ending(network, network.home) == 200


def test_every_other_coordinator_hears(network: Leavers) -> None:
    network.join("stands-in", network.third, acting_until="2026-12-01")
    everybody = network.ask(
        "SELECT id FROM accounts WHERE (role = 'coordinator' OR acting_until IS NOT NULL)"
        " AND locked_at IS NULL AND id NOT IN ('a-nurana', 'a-sona') ORDER BY id"
    )
    assert "a-stands-in" in everybody
    network.suspend()
    assert network.ask(TOLD, kind="member_suspended") == everybody
    assert network.ask(TOLD, kind="farewell_made") == []
    network.leave()
    assert network.ask(TOLD, kind="member_left") == everybody
    network.post("nurana", f"/en/memberships/{network.home}/farewell")
    assert network.ask(TOLD, kind="farewell_made") == everybody
    made = "SELECT \"by\" FROM audit WHERE verb = 'make_farewell'"
    assert network.ask(made) == ["a-nurana"] * 3


def test_a_link_that_went_by_mail_is_shown_to_nobody_else(network: Leavers) -> None:
    with network.store.transaction() as db:
        db.table("organisations").update(network.home, {"email": "office@example.org"})
    network.clock.moment = MOMENT + timedelta(hours=5)
    again = f"/en/memberships/{network.home}/farewell"
    for answer in (network.suspend(), network.post("nurana", again)):
        assert answer.status_code == 200
        assert "by e-mail" in answer.text
        assert "/farewell/" not in answer.text
    # at night nothing is mailed: it is handed over
    network.clock.moment = MOMENT + timedelta(hours=18)
    assert "/farewell/" in network.post("nurana", again).text


def test_who_leaves_sees_the_link_of_her_own(network: Leavers) -> None:
    with network.store.transaction() as db:
        db.table("organisations").update(network.home, {"email": "office@example.org"})
    network.clock.moment = MOMENT + timedelta(hours=5)
    answer = network.post("ogul", "/en/membership/leave", network.own_words(network.home))
    assert "also sent by e-mail" in answer.text
    assert "/farewell/" in answer.text
    assert network.ask(TOLD, kind="member_left") != []
