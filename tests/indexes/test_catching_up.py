"""An engine that was away hears all it missed, in order, and nothing twice."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from portal.db import Store, column, count
from portal.engines import Engines, Freshness, claimed, join_engines
from portal.indexes import acts
from portal.indexes.actions import (
    Follower,
    drain,
    find_positions,
    find_standing,
    look_over,
    mend,
    rebuild,
    retire,
)
from portal.indexes.registry import INDEXES
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Document, EngineUnavailable, IndexUnusable, Question
from tests.conftest import MOMENT, OPERATOR, TODAY


class Server(EmbeddedEngine):
    """A second engine, which is away while a test says so, and may be told what to do meanwhile."""

    name = "server"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.error: Exception | None = None
        self.before: Callable[[], None] = lambda: None
        self.writes = 0

    def mark(self, index: str) -> str | None:
        if self.error:
            raise self.error
        return super().mark(index)

    def put(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        self.writes += 1
        self.before()
        super().put(index, documents, mark)

    def replace(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        self.writes += 1
        super().replace(index, documents, mark)


class Network:
    """A store, its engines, and people who change something."""

    def __init__(self, store: Store, engines: Engines, server: Server) -> None:
        self.store, self.engines, self.server = store, engines, server
        with store.read() as db:
            sql = "SELECT id FROM organisations WHERE visibility = 'public' ORDER BY id"
            self.shown = column(db, sql)

    def change(self, which: int, **values: str) -> None:
        with self.store.transaction() as db:
            save_organisation(db, OPERATOR, MOMENT, self.shown[which], values)

    def waiting(self) -> int:
        with self.store.read() as db:
            return count(db, "SELECT count(*) FROM outbox")

    def titles(self, index: str, engine: EmbeddedEngine) -> dict[str, str]:
        hits = engine.ask(index, Question(text="", limit=10_000)).hits
        return {hit.id: hit.title for hit in hits}

    def are_alike(self) -> bool:
        both = self.engines.each
        return all(
            self.titles(index, both[0]) == self.titles(index, both[1])  # type: ignore[arg-type]
            for index in INDEXES
        )


@pytest.fixture
def network(settings: Settings, store: Store, tmp_path: Path) -> Iterator[Network]:
    server = Server(tmp_path / "server")
    engines = join_engines(EmbeddedEngine(settings.search_folder), server)
    drain(store, server, TODAY)
    yield Network(store, engines, server)
    engines.close()


def test_each_goes_on_alone_and_the_queue_waits_for_the_last(network: Network) -> None:
    embedded, server = network.engines.embedded, network.server
    assert network.are_alike()
    server.error = EngineUnavailable("down")
    network.change(0, name="Quokka rights group")
    network.change(1, visibility="members")
    assert drain(network.store, embedded, TODAY) == 2
    with pytest.raises(EngineUnavailable):
        drain(network.store, server, TODAY)
    retire(network.store, [find_positions(network.store, embedded), None])
    assert network.waiting() == 2
    server.error = None
    assert find_standing(network.store, server).waiting == 2
    assert not network.are_alike()
    assert drain(network.store, server, TODAY) == 2
    assert network.are_alike()
    assert drain(network.store, server, TODAY) == 0
    retire(network.store, [find_positions(network.store, each) for each in network.engines.each])
    assert network.waiting() == 0
    assert drain(network.store, server, TODAY) == 0
    assert f"organisations:{network.shown[1]}" not in network.titles("public", server)


def test_batches_keep_their_order(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 2)
    for turn in range(5):
        network.change(turn % 2, name=f"Name {turn}", visibility=("members", "public")[turn % 2])
    drain(network.store, network.engines.embedded, TODAY)
    drain(network.store, network.server, TODAY)
    assert network.are_alike()
    assert (
        network.titles("members", network.server)[f"organisations:{network.shown[0]}"] == "Name 4"
    )
    # a write that was thought lost arrives after all, and sets the index back
    late = network.server
    mark = late.mark("members")
    assert mark is not None
    origin, number = mark.split(":")
    old = Document(
        id=f"organisations:{network.shown[0]}", kind="organisations", titles={"": "Name 0"}
    )
    late.put("members", [old], mark=f"{origin}:{int(number) - 3}")
    assert drain(network.store, late, TODAY) == 3
    assert network.are_alike()


def test_what_changes_while_it_is_written_is_written_again(network: Network) -> None:
    def change_once() -> None:
        network.server.before = lambda: None
        network.change(0, name="The newer name")

    network.change(0, name="The older name")
    network.server.before = change_once
    assert drain(network.store, network.server, TODAY) == 2
    name = network.titles("members", network.server)[f"organisations:{network.shown[0]}"]
    assert name == "The newer name"


def test_a_rebuild_loses_nothing_that_is_said_meanwhile(network: Network) -> None:
    changed = []

    def change(done: int) -> None:
        if done == 1:
            changed.append(done)
            network.change(len(changed), name=f"Changed while {len(changed)}")

    rebuild(network.store, network.server, TODAY, change)
    drain(network.store, network.server, TODAY)
    drain(network.store, network.engines.embedded, TODAY)
    assert len(changed) == 2
    assert network.are_alike()


@pytest.mark.parametrize("fate", ["unusable", "old", "other", "cut"])
def test_who_cannot_catch_up_is_built_anew(
    network: Network, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, server = network.store, network.server
    network.change(0, name="While it was away")
    if fate == "unusable":
        server.error = IndexUnusable("emptied")
        assert find_standing(store, server).must_be_rebuilt
        with pytest.raises(EngineUnavailable, match="does not keep"):
            drain(store, server, TODAY)
        server.error = None
        server.replace("public", [])
    elif fate == "old":
        retire(store, [2**40])
    elif fate == "other":
        with store.transaction() as db:
            db.execute("UPDATE outbox_origin SET token = 'another'")
    else:
        monkeypatch.setattr("portal.indexes.rules.LONGEST_QUEUE", 0)
        retire(store, [None])
        assert network.waiting() == 0
    assert find_standing(store, server).must_be_rebuilt
    drain(store, network.engines.embedded, TODAY)
    drain(store, server, TODAY)
    assert not find_standing(store, server).must_be_rebuilt
    assert network.are_alike()


def test_one_of_many_workers_writes(network: Network) -> None:
    folder = network.store.path.parent
    network.change(0, name="Somebody else is at it")
    with claimed(folder, network.server) as is_mine:
        assert is_mine
        assert drain(network.store, network.server, TODAY) == 0
        with claimed(folder, network.server) as is_mine_too:
            assert not is_mine_too
    start = threading.Barrier(4)
    done = []

    def work() -> None:
        start.wait()
        done.append(drain(network.store, network.server, TODAY))

    before = network.server.writes
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 1]
    assert network.server.writes == before + len(INDEXES)


def test_a_follower_waits_longer_and_says_so_once(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    now = [1000.0]
    freshness = Freshness(lambda: now[0])
    follower = Follower(network.store, network.server, freshness, measure=network.engines.embedded)
    assert freshness.is_behind()
    follower.round(TODAY)
    assert not freshness.is_behind()
    network.change(0, name="Quokka rights group")
    drain(network.store, network.engines.embedded, TODAY)
    network.server.error = EngineUnavailable("it does not answer")
    with caplog.at_level(logging.WARNING):
        for _ in range(40):
            follower.round(TODAY)
            now[0] += 1
    assert freshness.is_behind()
    assert len(caplog.records) == 1
    assert "1 changes wait" in caplog.text
    assert "Quokka" not in caplog.text
    network.server.error = None
    now[0] += 60
    follower.round(TODAY)
    assert "current again" in caplog.text
    assert not freshness.is_behind()
    assert network.are_alike()
    # whoever looks after it hangs
    now[0] += 31
    assert freshness.is_behind()


def test_a_server_to_be_rebuilt_is_behind_at_once(network: Network) -> None:
    freshness = Freshness()
    follower = Follower(network.store, network.server, freshness)
    follower.round(TODAY)
    assert not freshness.is_behind()
    network.server.replace("public", [])
    with claimed(network.store.path.parent, network.server):
        follower.round(TODAY)
    assert freshness.is_behind()
    follower.round(TODAY)
    assert not freshness.is_behind()


def test_documents_that_went_by_themselves_come_back(network: Network, caplog) -> None:
    now = [1000.0]
    freshness = Freshness(lambda: now[0])
    follower = Follower(network.store, network.server, freshness, measure=network.engines.embedded)
    follower.round(TODAY)
    network.server.remove("members", list(network.server.ids("members"))[:3])
    now[0] += 61
    follower.round(TODAY)
    assert freshness.is_behind()
    assert "gone by themselves: 1 rebuilt" in caplog.text
    follower.round(TODAY)
    assert not freshness.is_behind()
    assert network.are_alike()


def test_the_nightly_look_mends_what_counts_do_not_show(
    network: Network, settings: Settings
) -> None:
    embedded = network.engines.embedded
    gone = sorted(embedded.ids("members"))[0]
    embedded.remove("members", [gone])
    embedded.put("members", [Document(id="places:0", kind="places", titles={"": "Nowhere"})])
    assert look_over(network.store, settings, OPERATOR, MOMENT) == 1
    assert mend(network.store, embedded, TODAY) == 0
    assert network.are_alike()


def test_an_index_of_a_version_with_other_documents_is_built_anew(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(settings.search_folder)
    assert find_positions(store, engine) is not None
    monkeypatch.setattr(acts, "MADE_BY", "other")
    assert find_positions(store, engine) is None
    drain(store, engine, TODAY)
    assert find_positions(store, engine) is not None
    engine.close()
