"""An organiser writes an event; two people open it; one closes or cancels it."""

import pytest

from portal.db import Store
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, PARTIAL
from tests.network import Network
from tests.organising.conftest import COMING, new_event, past_training, put_open


def status_for(network: Network, name: str | None, path: str) -> int:
    return network.as_(name).get(path, headers=JSON).status_code


def test_an_event_is_seen_inside_the_network_until_two_people_open_it(network: Network) -> None:
    event = new_event(network)
    path = f"/en/events/{event}"
    seen = {name: status_for(network, name, path) for name in (None, "helper", "bahar", "ogul")}
    assert seen == {None: 404, "helper": 404, "bahar": 200, "ogul": 200}
    put_open(network, event)
    assert status_for(network, None, path) == 200
    shown = network.as_(None).get(path, headers=JSON).json()
    assert shown["open"] is None  # how it stands is for the network
    assert shown["titles"]["ru"] == COMING["title_ru"]


def test_the_asker_and_their_own_organisation_do_not_open_it(network: Network) -> None:
    event = new_event(network)
    network.post("ogul", f"/en/events/{event}/organise", {"act": "open"})
    (item,) = network.ask("SELECT id FROM approvals WHERE subject_id = :id", id=event)
    for name in ("ogul", "jeren"):
        sent = network.post(name, f"/en/approvals/{item}", {"verdict": "approved"})
        assert sent.status_code == 422
    assert status_for(network, None, f"/en/events/{event}") == 404


def test_asking_twice_is_one_item(network: Network) -> None:
    event = new_event(network)
    for _ in range(2):
        network.post("ogul", f"/en/events/{event}/organise", {"act": "open"})
    assert len(network.ask("SELECT id FROM approvals WHERE subject_id = :id", id=event)) == 1


def test_what_a_second_person_reads_cannot_be_changed_under_their_eyes(network: Network) -> None:
    event = new_event(network)
    network.post("ogul", f"/en/events/{event}/organise", {"act": "open"})
    sent = network.post("ogul", f"/en/events/{event}/edit", {**COMING, "title": "Another"})
    assert sent.status_code == 422
    assert "A second person is looking" in sent.text
    added = network.post("ogul", f"/en/events/{event}/programme", {"title": "Another"})
    assert added.status_code == 422
    assert network.ask("SELECT title FROM events WHERE id = :id", id=event) == [COMING["title"]]


def test_a_change_to_what_everybody_reads_needs_two_people_again(network: Network) -> None:
    event = new_event(network)
    put_open(network, event)
    same = network.post("ogul", f"/en/events/{event}/edit", COMING)
    assert same.status_code == 303
    assert status_for(network, None, f"/en/events/{event}") == 200
    network.post("ogul", f"/en/events/{event}/edit", {**COMING, "summary": "Something else."})
    assert status_for(network, None, f"/en/events/{event}") == 404
    put_open(network, event)
    network.post("ogul", f"/en/events/{event}/programme", {"title": "One more session"})
    assert status_for(network, None, f"/en/events/{event}") == 404


def test_a_change_to_what_its_day_would_open_closes_it(network: Network) -> None:
    event = new_event(network)
    with network.store.transaction() as db:
        db.table("events").update(event, {"closed": 0, "open": 0})
    past = {**COMING, "first_day": "2026-11-02", "last_day": "2026-11-02"}
    assert network.post("ogul", f"/en/events/{event}/edit", past).status_code == 303
    assert status_for(network, None, f"/en/events/{event}") == 404


def test_who_cancels_calls_off_what_waits(network: Network) -> None:
    event = new_event(network)
    network.post("ogul", f"/en/events/{event}/organise", {"act": "open"})
    network.post("ogul", f"/en/events/{event}/organise", {"act": "cancel"})
    sql = "SELECT verdict FROM approvals WHERE subject_id = :id"
    assert network.ask(sql, id=event) == ["withdrawn"]


def test_a_closed_event_stays_closed_when_it_is_past(network: Network) -> None:
    event = past_training(network)
    assert status_for(network, None, f"/en/events/{event}") == 404
    put_open(network, event)
    assert status_for(network, None, f"/en/events/{event}") == 200


def test_one_person_closes_or_cancels(network: Network) -> None:
    event = new_event(network)
    put_open(network, event)
    network.post("jeren", f"/en/events/{event}/organise", {"act": "cancel"})
    assert "This event is cancelled." in network.as_(None).get(f"/en/events/{event}").text
    network.post("nurana", f"/en/events/{event}/organise", {"act": "close"})
    assert status_for(network, None, f"/en/events/{event}") == 404


@pytest.mark.parametrize("part", ["organise", "edit", "programme", "participants", "materials"])
def test_only_its_keepers_come_near(network: Network, part: str) -> None:
    event = new_event(network)
    path = f"/en/events/{event}/{part}"
    names = (None, "helper", "bahar", "ogul", "jeren", "nurana")
    found = [status_for(network, name, path) for name in names]
    assert found == [401, 404, 403, 200, 200, 200]
    posted = [network.post(name, path, {"title": "x"}).status_code for name in ("helper", "bahar")]
    assert posted == [404, 403]
    assert network.as_("ogul").post(path, data={"title": "x"}).status_code == 403  # forged


def test_page_block_json_and_four_languages(network: Network) -> None:
    event = new_event(network)
    network.post(
        "ogul", f"/en/events/{event}/programme", {"title": "Opening", "starts_at": "09:00"}
    )
    client = network.as_("ogul")
    for code in LANGUAGES:
        for part in ("", "/organise", "/edit", "/programme", "/participants", "/materials"):
            assert client.get(f"/{code}/events/{event}{part}").status_code == 200, part
    page = client.get(f"/en/events/{event}").text
    block = client.get(f"/en/events/{event}", headers=PARTIAL).text
    shown = client.get(f"/en/events/{event}", headers=JSON).json()
    assert shown["programme"][0]["title"] == "Opening"
    assert "<html" in page
    assert "<html" not in block
    assert "Opening" in page
    assert "Opening" in block
    assert COMING["title_ru"] in client.get(f"/ru/events/{event}").text


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("title", "", "Fill this in"),
        ("title", "Call +993 65 123456", "Leave out phone numbers"),
        ("title_ru", "Звоните 8 993 65 123456", "Leave out phone numbers"),
        ("summary", "Write to mail@example.org", "Leave out e-mail"),
        ("kind", "party", "Choose one of"),
        ("first_day", "tomorrow", "year-month-day"),
        ("last_day", "2026-12-01", "ends before it begins"),
        ("last_day", "2027-12-11", "at most 31 days"),
        ("place", "Nowhere at all", "No settlement"),
        ("is_open", "1", "not known"),
    ],
)
def test_a_field_that_cannot_be_used_says_so(
    network: Network, field: str, text: str, said: str
) -> None:
    sent = network.post("ogul", "/en/events/new", {**COMING, field: text})
    assert sent.status_code == 422
    assert said in sent.text
    assert not network.ask("SELECT id FROM events WHERE title LIKE 'Training on safe%'")


def test_a_double_click_makes_one_event_and_one_session(network: Network) -> None:
    event = new_event(network)
    assert new_event(network) == event
    for _ in range(2):
        network.post("ogul", f"/en/events/{event}/programme", {"title": "Opening"})
    assert len(network.ask("SELECT id FROM event_sessions WHERE event_id = :id", id=event)) == 1


def test_every_act_has_its_line_in_the_audit_and_the_outbox(network: Network) -> None:
    event = new_event(network)
    lines = network.ask("SELECT verb FROM audit WHERE entity_id = :id", id=event)
    assert lines == ["save"]
    announced = network.ask("SELECT count(*) FROM outbox WHERE entity_id = :id", id=event)
    assert announced == [1]


def test_participants_are_for_members_and_never_public(network: Network) -> None:
    event = new_event(network)
    sent = {"women": "7", "men": "5", "girls": "0", "boys": ""}
    assert network.post("ogul", f"/en/events/{event}/participants", sent).status_code == 303
    put_open(network, event)
    path = f"/en/events/{event}"
    inside = network.as_("bahar").get(path, headers=JSON).json()
    assert (inside["participants"], inside["women"], inside["boys"]) == (12, 7, None)
    outside = network.as_(None).get(path, headers=JSON).json()
    counts = ("participants", "women", "men", "girls", "boys")
    assert {outside[name] for name in counts} == {None}
    assert "women 7" not in network.as_(None).get(path).text
    bad = network.post("ogul", f"{path}/participants", {"women": "many"})
    assert bad.status_code == 422
    assert "Write a number" in bad.text


def test_quoted_figures_are_nobodys_to_change(network: Network) -> None:
    sent = network.post("nurana", "/en/events/e-2014tj/participants", {"women": "7"})
    assert sent.status_code == 403
    assert network.ask("SELECT women FROM events WHERE id = 'e-2014tj'") == [None]


def test_a_speaker_is_an_organisation_that_its_reader_may_see(
    network: Network, store: Store
) -> None:
    event = new_event(network)
    (hidden,) = network.ask(
        "SELECT id FROM organisations WHERE visibility = 'members' ORDER BY id LIMIT 1"
    )
    name = network.ask("SELECT name FROM organisations WHERE id = :id", id=hidden)[0]
    sent = {"title": "Shelter and safety", "speaker": hidden}
    assert network.post("ogul", f"/en/events/{event}/programme", sent).status_code == 303
    put_open(network, event)
    assert name in network.as_("bahar").get(f"/en/events/{event}").text
    assert name not in network.as_(None).get(f"/en/events/{event}").text
    wrong = network.post("ogul", f"/en/events/{event}/programme", {**sent, "speaker": "Dr. Who"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"starts_at": "25:00"}, "hours and minutes"),
        ({"starts_at": "10:00", "ends_at": "09:00"}, "ends after it begins"),
        ({"session_day": "40"}, "from 1 to 31"),
        ({"session_day": "3"}, "The last day of this event is day 2."),
    ],
)
def test_a_session_has_hours_of_a_day(network: Network, sent: dict[str, str], said: str) -> None:
    event = new_event(network)
    answer = network.post("ogul", f"/en/events/{event}/programme", {"title": "Opening", **sent})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_session_is_taken_out_by_its_keepers_only(network: Network) -> None:
    event = new_event(network)
    network.post("ogul", f"/en/events/{event}/programme", {"title": "Opening"})
    (session,) = network.ask("SELECT id FROM event_sessions WHERE event_id = :id", id=event)
    drop = f"/en/events/{event}/programme/drop"
    assert network.post("bahar", drop, {"chosen": session}).status_code == 403
    assert network.post("ogul", drop, {"chosen": session}).status_code == 303
    assert network.ask("SELECT id FROM event_sessions WHERE event_id = :id", id=event) == []


def test_hostile_titles_are_only_text(network: Network) -> None:
    event = new_event(network, title="<script>x</script>", summary="<b onclick=x>{{ 7*7 }}</b>")
    page = network.as_("ogul").get(f"/en/events/{event}").text
    assert "<script>x" not in page
    assert "&lt;b onclick=x&gt;{{ 7*7 }}" in page


def test_the_published_file_follows(network: Network, store: Store, settings: Settings) -> None:
    closed, opened = new_event(network), new_event(network, title="Open training")
    network.post("ogul", f"/en/events/{opened}/programme", {"title": "Opening words"})
    network.post("ogul", f"/en/events/{closed}/programme", {"title": "Inner matters"})
    put_open(network, opened)
    release_and_publish(store, settings, OPERATOR, MOMENT)
    client = network.as_(None)
    rows = client.get("/data/network/event_sessions.json?_shape=array").json()
    assert [row["title"] for row in rows] == ["Opening words"]
    events = client.get("/data/network/events.json?_shape=array&_size=max").json()
    ids = {row["id"] for row in events}
    assert opened in ids
    assert closed not in ids


def test_what_was_saved_is_said_and_each_tile_says_how_far_it_is(network: Network) -> None:
    event = new_event(network)
    path = f"/en/events/{event}"
    assert network.as_("ogul").get(f"{path}/organise").text.count("not yet") == 5
    added = network.post("ogul", f"{path}/programme", {"title": "Opening", "session_day": "2"})
    counted = network.post("ogul", f"{path}/participants", {"women": "7", "boys": "0"})
    for answer in (added, counted):
        page = network.as_("ogul").get(answer.headers["location"]).text
        assert 'role="status">Saved<' in page
    page = network.as_("ogul").get(f"{path}/organise").text
    assert 'role="status">Saved<' not in page
    for said in (">1 session<", ">at least 7<", f'href="{path}/evaluation"'):
        assert said in page, said
    assert "women 7, men –, girls –, boys 0" in network.as_("ogul").get(path).text


def test_the_way_back_leads_to_one_page(network: Network) -> None:
    event = past_training(network)
    client = network.as_("ogul")
    parts = "edit programme participants materials certificates evaluation evaluation/questions"
    for part in parts.split():
        page = client.get(f"/en/events/{event}/{part}").text
        assert f'<a href="/en/events/{event}">Back to the event</a>' in page, part
        assert f'<a href="/en/events/{event}/organise">Look after this event</a>' in page, part
