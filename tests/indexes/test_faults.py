"""Whatever happens to Meilisearch: searches are answered, nothing queued is lost, it catches up."""

import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_settings

from portal.db import Store, column, count
from portal.engines import Engines, Freshness
from portal.indexes.actions import Follower, find_standing, retire
from portal.indexes.registry import INDEXES
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from search.breaker import Breaker
from search.embedded import EmbeddedEngine
from search.engine import Answer, Engine, Question
from search.meilisearch import MeilisearchEngine
from search.standing_in import StandingIn
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY, browsing
from tests.indexes.conftest import Front
from tests.search.conftest import Meilisearch

LONG = 30.0
QUOKKA = "Quokka rights group"


class Scene:
    """A network whose searches a Meilisearch answers, and a clock that a test moves."""

    def __init__(self, settings: Settings, store: Store, server: Engine) -> None:
        self.now = 1000.0
        self.store = store
        embedded = EmbeddedEngine(settings.search_folder)
        freshness = Freshness(lambda: self.now)
        self.asked = StandingIn(
            server,
            embedded,
            is_behind=freshness.is_behind,
            breaker=Breaker(lambda: self.now),
            patience=LONG,
        )
        self.engines = Engines(embedded, server, self.asked, freshness)
        self.followers = [
            Follower(store, embedded, Freshness(lambda: self.now)),
            Follower(store, server, freshness, measure=embedded),
        ]

    def rename(self, name: str) -> None:
        with self.store.transaction() as db:
            shown = column(db, "SELECT id FROM organisations WHERE visibility = 'public'")[0]
            save_organisation(db, OPERATOR, MOMENT, shown, {"name": name})

    def keep_up(self) -> None:
        for follower in self.followers:
            follower.round(TODAY)
        retire(self.store, [each.position for each in self.followers])
        self.now += 2

    def keep_up_until(self, is_done: Callable[[], bool]) -> None:
        for _ in range(60):
            self.keep_up()
            if is_done():
                return
        raise AssertionError([find_standing(self.store, each) for each in self.engines.each])

    def ask(self, text: str) -> Answer:
        return self.asked.ask("public", Question(text=text))

    def told(self, name: str) -> tuple[str, bool, str]:
        """Who answers when this name is asked for, whether for another, and what it finds first."""
        answer = self.ask(name)
        return answer.engine, answer.stands_in, answer.hits[0].title

    def waiting(self) -> int:
        with self.store.read() as db:
            return count(db, "SELECT count(*) FROM outbox")

    def is_whole(self) -> bool:
        """Whether the server holds exactly what the embedded engine does, and is asked."""
        everything = Question(text="", limit=1000)
        return self.ask("").engine == "meilisearch" and all(
            _titles(self.engines.embedded.ask(index, everything))
            == _titles(self.engines.server.ask(index, everything))  # type: ignore[union-attr]
            and self.engines.embedded.ids(index) == self.engines.server.ids(index)  # type: ignore[union-attr]
            for index in INDEXES
        )


def _titles(answer: Answer) -> dict[str, str]:
    assert len(answer.hits) == answer.total
    return {hit.id: hit.title for hit in answer.hits}


@pytest.fixture
def scene(
    settings: Settings, store: Store, front: Front, meilisearch: Meilisearch
) -> Iterator[Scene]:
    prefix = f"t{secrets.token_hex(6)}_"
    server = MeilisearchEngine(front.url, meilisearch.master, prefix=prefix, timeout=1.0)
    scene = Scene(settings, store, server)
    assert scene.ask("").engine == "embedded"
    scene.keep_up_until(scene.is_whole)
    yield scene
    front.heal()
    scene.asked.close()


FAULTS = ("refuses", "hangs", "slow", "500", "garbage", "nonsense", "drips")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_embedded_engine_answers_until_it_has_caught_up(
    scene: Scene, front: Front, fault: str
) -> None:
    scene.asked._patience = 0.2
    front.mode = fault
    scene.rename(QUOKKA)
    for _ in range(4):
        scene.keep_up()
        assert scene.told(QUOKKA) == ("embedded", True, QUOKKA)
    assert scene.waiting() == 1
    assert find_standing(scene.store, scene.engines.each[1]).problem
    front.heal()
    scene.asked._patience = LONG
    scene.keep_up_until(scene.is_whole)
    assert scene.told(QUOKKA) == ("meilisearch", False, QUOKKA)
    assert scene.waiting() == 0


def test_an_emptied_one_is_filled_again(scene: Scene, meilisearch: Meilisearch) -> None:
    from meilisearch import Client

    client = Client(meilisearch.url, meilisearch.master)
    prefix = scene.engines.server._prefix  # type: ignore[union-attr]
    for act in ("delete_all_documents", "delete"):
        for index in INDEXES:
            task = getattr(client.index(prefix + index), act)()
            client.wait_for_task(task.task_uid, 30_000, 5)
        answer = scene.ask("Mary")
        assert answer.stands_in
        assert answer.total
        scene.rename(f"Quokka, {act}")
        scene.keep_up_until(scene.is_whole)


def test_one_that_was_wiped_or_put_back_is_made_current(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "meilisearch"
    folder.mkdir()
    server = Meilisearch(folder)
    scene = Scene(settings, store, server.engine("portal_"))
    try:
        scene.keep_up_until(scene.is_whole)
        server.kill()
        shutil.copytree(folder / "data", tmp_path / "old")
        scene.rename(QUOKKA)
        server.start()
        scene.keep_up_until(scene.is_whole)
        assert scene.waiting() == 0
        for before in (tmp_path / "old", None):
            server.kill()
            shutil.rmtree(folder / "data")
            if before:
                shutil.copytree(before, folder / "data")
            scene.keep_up()
            assert scene.told(QUOKKA) == ("embedded", True, QUOKKA)
            server.start()
            scene.keep_up_until(scene.is_whole)
            assert scene.told(QUOKKA) == ("meilisearch", False, QUOKKA)
    finally:
        server.kill()


def test_a_site_starts_and_is_well_while_it_is_down(settings: Settings) -> None:
    down = replace_settings(
        settings, meilisearch_url="http://127.0.0.1:9", meilisearch_key=secrets.token_hex(32)
    )
    with browsing(down) as client:
        answer = client.get("/en/search", params={"q": "Mary"}, headers=JSON)
        assert answer.status_code == 200
        assert answer.json()["total"]
        assert client.get("/healthz").json()["checks"]["search"] == "ok"
    assert not [each for each in threading.enumerate() if each.name == "following"]


def test_a_served_site_fills_it_by_itself(settings: Settings, meilisearch: Meilisearch) -> None:
    given = replace_settings(
        settings, meilisearch_url=meilisearch.url, meilisearch_key=meilisearch.master
    )
    with browsing(given) as client:
        site = client.app.state.site
        for _ in range(600):
            if not site.engines.freshness.is_behind():
                break
            time.sleep(0.05)
        answer = site.engine.ask("public", Question(text="Mary"))
        assert (answer.engine, answer.stands_in) == ("meilisearch", False)
