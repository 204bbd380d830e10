"""Who completed a training: ticked, told, printed; and out of the record again."""

from portal.db import Store
from tests.conftest import JSON
from tests.network import Network
from tests.organising.conftest import new_event, past_training


def trainees(network: Network, name: str, event: str) -> list[str]:
    """Whom somebody may tick."""
    path = f"/en/events/{event}/certificates"
    found = network.as_(name).get(path, headers=JSON)
    assert found.status_code == 200, found.text
    return [each["id"] for each in found.json()["results"]]


def records(network: Network, event: str) -> set[str]:
    """In whose record it stands."""
    sql = "SELECT practitioner_id FROM trainings WHERE event_id = :id"
    return set(network.ask(sql, id=event))


def test_a_tick_writes_the_record_and_tells_the_practitioner(network: Network) -> None:
    event = past_training(network)
    first, second, third = trainees(network, "ogul", event)[:3]
    path = f"/en/events/{event}/certificates"
    sent = {"shown": [first, second, third], "trained": [first, second]}
    assert network.post("ogul", path, sent).status_code == 303
    assert records(network, event) == {first, second}
    told = "SELECT practitioner_id FROM notices WHERE kind = 'training_entered'"
    assert set(network.ask(told)) == {first, second}
    page = network.as_("ogul").get(path).text
    assert "2 practitioners completed it" in page
    again = network.post("ogul", path, sent)
    assert again.status_code == 303
    lines = network.ask("SELECT count(*) FROM audit WHERE verb = 'add_training'")
    assert lines == [2]


def test_taking_the_tick_away_takes_it_out_of_the_record(network: Network) -> None:
    event = past_training(network)
    first, second = trainees(network, "ogul", event)[:2]
    path = f"/en/events/{event}/certificates"
    network.post("ogul", path, {"shown": [first, second], "trained": [first, second]})
    network.post("ogul", path, {"shown": [first]})
    assert records(network, event) == {second}
    told = "SELECT practitioner_id FROM notices WHERE kind = 'training_removed'"
    assert network.ask(told) == [first]


def test_whoever_excludes_the_organiser_is_neither_shown_nor_touched(
    network: Network, store: Store
) -> None:
    event = past_training(network)
    path = f"/en/events/{event}/certificates"
    (own,) = network.ask("SELECT organisation_id FROM events WHERE id = :id", id=event)
    sql = "SELECT organisation_id FROM practitioners WHERE id = :id"
    others = [
        each for each in trainees(network, "ogul", event) if network.ask(sql, id=each) != [own]
    ]
    hers = others[0]
    network.post("nurana", path, {"shown": [hers], "trained": [hers]})
    name = network.ask("SELECT name FROM practitioners WHERE id = :id", id=hers)[0]
    assert name in network.as_("ogul").get(path).text
    with store.transaction() as db:
        row = {"practitioner_id": hers, "kind": "organisation", "value": own}
        db.table("consent_exclusions").insert(row)
    assert hers not in trainees(network, "ogul", event)
    assert name not in network.as_("ogul").get(path).text
    assert network.post("ogul", path, {"shown": [hers]}).status_code == 404
    assert records(network, event) == {hers}


def test_it_is_for_keepers_with_the_directory_and_after_the_training(
    network: Network, store: Store
) -> None:
    event = past_training(network)
    path = f"/en/events/{event}/certificates"
    names = (None, "helper", "bahar", "ogul", "nurana")
    found = [network.as_(name).get(path, headers=JSON).status_code for name in names]
    assert found == [401, 404, 403, 200, 200]
    assert network.post("bahar", path, {"shown": ["p-x"]}).status_code == 403
    coming = new_event(network)
    assert network.as_("ogul").get(f"/en/events/{coming}/certificates").status_code == 404
    forum = past_training(network, kind="forum", title="A forum")
    assert network.as_("ogul").get(f"/en/events/{forum}/certificates").status_code == 404
    with store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-ogul'")
    assert network.as_("ogul").get(path, headers=JSON).status_code == 403
    assert network.as_("ogul").post(path, data={}).status_code == 403  # forged


def test_safeguarding_is_not_touched(network: Network) -> None:
    event = past_training(network, title="Safeguarding of children")
    first = trainees(network, "ogul", event)[0]
    sql = "SELECT safeguarding_on FROM practitioners WHERE id = :id"
    before = network.ask(sql, id=first)
    network.post("ogul", f"/en/events/{event}/certificates", {"shown": [first], "trained": [first]})
    assert network.ask(sql, id=first) == before


def test_a_name_is_found_and_no_tick_is_lost(network: Network) -> None:
    event = past_training(network)
    everybody = trainees(network, "ogul", event)
    first, second = everybody[:2]
    path = f"/en/events/{event}/certificates"
    (name,) = network.ask("SELECT name FROM practitioners WHERE id = :id", id=second)
    found = network.as_("ogul").get(f"{path}?find={name.upper()}", headers=JSON).json()
    assert second in [each["id"] for each in found["results"]]
    assert found["total"] < len(everybody)
    sent = {"shown": everybody, "trained": [first], "find": name, "act": "show"}
    shown = network.post("ogul", path, sent)
    assert shown.status_code == 200
    assert records(network, event) == set()
    assert f'type="checkbox" name="trained" value="{second}">' in shown.text
    assert f'type="hidden" name="trained" value="{first}"' in shown.text
    saved = network.post("ogul", path, {**sent, "trained": [first, second], "act": "save"})
    assert saved.headers["location"].endswith("certificates?saved=1")
    assert records(network, event) == {first, second}
    page = network.as_("ogul").get(f"{path}?saved=1").text
    assert 'role="status">Saved<' in page
    assert "Next page" not in page
