"""Who sees which material: every kind of asker against every state of a version."""

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from portal.materials.actions import set_version_state, withdraw_work
from tests.conftest import JSON, MOMENT
from tests.materials.stage import Stage
from tests.network import Network

STATES = ("public", "members", "draft", "waiting", "withdrawn")

# who sees the page of a work whose only version is so, in the order of STATES
PAGES = {
    None: "10000",
    "owner": "11111",
    "other": "11010",
    "state": "10000",
    "practitioner": "11000",
    "observer": "10000",
    "coordinator": "11111",
    "admin": "10000",
}


@pytest.fixture
def network(client: TestClient, store: Store, stage: Stage) -> Network:
    cast = Network(client, store)
    with store.read() as db:
        sql = "SELECT id FROM organisations WHERE kind = 'state' ORDER BY id LIMIT 1"
        (state_body,) = column(db, sql)
    cast.join("owner", stage.home)
    cast.join("other", stage.other)
    cast.join("state", state_body, directory_until=None)
    cast.join("practitioner", None, "practitioner", directory_until=None)
    cast.join("observer", None, "observer", directory_until=None)
    cast.join("coordinator", stage.other, "coordinator")
    cast.join("admin", None, "admin", directory_until=None)
    return cast


@pytest.fixture
def works(store: Store, stage: Stage) -> dict[str, str]:
    made = {
        "public": stage.work(),
        "members": stage.work(visibility="members"),
        "draft": stage.work(publish=False),
        "waiting": stage.work(publish=False),
        "withdrawn": stage.work(),
    }
    with store.transaction() as db:
        sql = "SELECT id FROM material_versions WHERE material_id = :id"
        (version,) = column(db, sql, id=made["waiting"])
        set_version_state(db, stage.by(), MOMENT, version, "waiting")
        withdraw_work(db, stage.by(), MOMENT, made["withdrawn"])
    return made


@pytest.mark.parametrize("name", list(PAGES))
def test_page_json_version_and_print_open_for_the_same_people(
    network: Network, works: dict[str, str], name: str | None
) -> None:
    client = network.as_(name)
    for state, opens in zip(STATES, PAGES[name], strict=True):
        for path in ("", "/versions/1", "/print"):
            for headers in ({}, JSON):
                answer = client.get(f"/en/materials/{works[state]}{path}", headers=headers)
                assert answer.status_code == (200 if opens == "1" else 404), (state, path)


@pytest.mark.parametrize("name", list(PAGES))
def test_the_gallery_holds_what_is_published_for_them(
    network: Network, works: dict[str, str], name: str | None
) -> None:
    client = network.as_(name)
    shown = {each["id"] for each in client.get("/en/materials", headers=JSON).json()["results"]}
    sees_members = PAGES[name][1] == "1"
    assert works["public"] in shown
    assert (works["members"] in shown) == sees_members
    assert not {works[state] for state in ("draft", "waiting", "withdrawn")} & shown


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "This is a draft"),
        ("waiting", "waits until a second person"),
        ("withdrawn", "was withdrawn"),
    ],
)
def test_a_state_is_said_at_the_top(
    network: Network, works: dict[str, str], state: str, said: str
) -> None:
    page = network.as_("coordinator").get(f"/en/materials/{works[state]}").text
    assert said in page
    assert said not in network.as_("coordinator").get(f"/en/materials/{works['public']}").text


def test_a_newer_version_that_waits_does_not_change_what_others_read(
    network: Network, store: Store, stage: Stage, works: dict[str, str]
) -> None:
    work = works["public"]
    waiting = stage.version(work, "en", "ru", note="Not yet for everybody", publish=False)
    with store.transaction() as db:
        set_version_state(db, stage.by(), MOMENT, waiting, "waiting")
    for name in (None, "other", "owner"):
        found = network.as_(name).get(f"/en/materials/{work}", headers=JSON).json()
        assert found["shown"]["number"] == 1
        assert {each["language"] for each in found["files"]} == {"en"}
    assert network.as_(None).get(f"/en/materials/{work}/versions/2").status_code == 404
    assert "Not yet for everybody" not in network.as_(None).get(f"/en/materials/{work}").text
    page = network.as_("other").get(f"/en/materials/{work}/versions/2").text
    assert "Everybody else reads version 1" in page


def test_the_badge_of_what_is_for_members(network: Network, works: dict[str, str]) -> None:
    client = network.as_("other")
    assert "members only" in client.get(f"/en/materials/{works['members']}").text
    assert "members only" in client.get("/en/materials").text
    assert "members only" not in network.as_(None).get("/en/materials").text


def test_why_it_was_sent_back_is_for_its_organisation(
    network: Network, store: Store, stage: Stage, works: dict[str, str]
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE material_states SET reason = 'Quzzle reason' WHERE reason IS NULL")
    for name in (None, "other", "practitioner"):
        client = network.as_(name)
        for headers in ({}, JSON):
            answer = client.get(f"/en/materials/{works['public']}", headers=headers)
            assert "Quzzle" not in answer.text
    owner = network.as_("owner").get(f"/en/materials/{works['public']}", headers=JSON)
    assert "Quzzle" in owner.text
