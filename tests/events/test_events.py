"""Events: the published facts with their figures, coming ones only when they are open."""

from litestar.testing import TestClient

from portal.db import Store, column
from tests.conftest import JSON, PARTIAL


def all_of(client: TestClient) -> list[dict]:
    return client.get("/en/events?per_page=100", headers=JSON).json()["results"]


def test_page_block_and_json_say_the_same(visitor: TestClient) -> None:
    listed = all_of(visitor)
    page = visitor.get("/en/events?per_page=100").text
    block = visitor.get("/en/events?per_page=100", headers=PARTIAL).text
    assert len(listed) > 5
    for each in listed:
        assert each["id"] in page
        assert each["id"] in block


def test_the_evaluation_of_2014_stands_with_its_source(visitor: TestClient) -> None:
    training = next(each for each in all_of(visitor) if each["starts_on"] == "2014-01-30")
    assert 44 in training["evaluation"].values()
    assert training["source"]
    page = visitor.get(f"/en/events/{training['id']}").text
    assert "44 %" in page
    assert "30 January 2014" in page


def test_a_yearly_forum_has_a_day_without_a_year(visitor: TestClient) -> None:
    forum = next(each for each in all_of(visitor) if each["starts_on"].startswith("--"))
    assert "3 марта" in visitor.get(f"/ru/events/{forum['id']}").text


def test_a_coming_event_is_public_only_when_open(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        coming = column(db, "SELECT id FROM events WHERE starts_on > '2026-11-23'")
        db.execute("UPDATE events SET open = 0")
    assert coming
    assert not set(coming) & {each["id"] for each in all_of(client)}
    assert client.get(f"/en/events/{coming[0]}").status_code == 404
    with store.transaction() as db:
        db.execute("UPDATE events SET open = 1")
    assert client.get(f"/en/events/{coming[0]}").status_code == 200


def test_participants_of_our_own_meetings_are_people_counted(
    client: TestClient, store: Store
) -> None:
    with store.transaction() as db:
        ours = column(db, "SELECT id FROM events WHERE NOT already_published")
        db.execute(
            "UPDATE events SET participants = 3, evaluation = '{\"x\": 50}', open = 1"
            " WHERE NOT already_published"
        )
    assert ours
    shown = client.get(f"/en/events/{ours[0]}", headers=JSON).json()
    assert shown["participants"] is None
    assert shown["evaluation"] == {}
