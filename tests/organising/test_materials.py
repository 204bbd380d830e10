"""Materials belong to an event; each reader sees those they may see."""

from portal.actor import Actor
from portal.db import Store
from portal.materials.actions import add_version, publish_version, save_work
from tests.conftest import JSON, MOMENT
from tests.network import Network
from tests.organising.conftest import new_event, put_open

BY = Actor(role="member", account_id="a-ogul")


def a_work(store: Store, material_id: str, visibility: str) -> str:
    """A published material."""
    row = {
        "title": f"Leaflet {visibility}",
        "kind": "leaflet",
        "language": "ru",
        "licence": "cc_by",
        "visibility": visibility,
    }
    with store.transaction() as db:
        save_work(db, BY, MOMENT, material_id, row)
        version = add_version(db, BY, MOMENT, material_id)
        db.execute("UPDATE material_states SET state = 'waiting' WHERE version_id = ?", [version])
        publish_version(db, BY, MOMENT, version)
    return material_id


def test_a_reader_sees_the_materials_they_may_see(network: Network, store: Store) -> None:
    event = new_event(network)
    path = f"/en/events/{event}"
    works = [a_work(store, "m-open", "public"), a_work(store, "m-inner", "members")]
    for work in works:
        sent = network.post("ogul", f"{path}/materials", {"chosen": work})
        assert sent.status_code == 303
    put_open(network, event)

    def seen(name: str | None) -> set[str]:
        found = network.as_(name).get(path, headers=JSON).json()["materials"]
        return {each["id"] for each in found}

    assert seen("bahar") == {"m-open", "m-inner"}
    assert seen(None) == {"m-open"}
    assert "Leaflet members" not in network.as_(None).get(path).text
    network.post("ogul", f"{path}/materials/drop", {"chosen": "m-open"})
    assert seen(None) == set()


def test_nobody_links_what_they_may_not_see(network: Network, store: Store) -> None:
    event = new_event(network)
    sent = network.post("ogul", f"/en/events/{event}/materials", {"chosen": "m-nothing"})
    assert sent.status_code == 404
    empty = network.post("ogul", f"/en/events/{event}/materials", {})
    assert empty.status_code == 422
    assert "Fill this in" in empty.text
