"""Killed at whatever moment, search loses nothing that was said and shows nothing twice."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.db import Store, column, count
from portal.indexes.actions import drain, find_positions, rebuild, retire
from portal.indexes.registry import INDEXES
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Engine, EngineUnavailable, Question
from tests.conftest import MOMENT, OPERATOR, TODAY
from tests.search.conftest import Meilisearch

ROOT = Path(__file__).parents[2]
AT_ONCE = 10


class Portal:
    """A process that keeps the engines current."""

    def __init__(self, folder: Path, server: Meilisearch) -> None:
        self._command = [sys.executable, "-m", "tests.indexes.following", folder, server.url]
        self._environ = {**os.environ, "MEILI_MASTER_KEY": server.master}
        self._log = folder.with_suffix(".log")
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environ, stdout=log, stderr=log
            )

    def kill(self) -> None:
        assert self._process.poll() is None, self._log.read_text()
        self._process.kill()
        self._process.wait()


def change_some(store: Store, chance: random.Random, turn: int) -> None:
    """Rename some, and move others from one tier to the other."""
    with store.transaction() as db:
        known = column(db, "SELECT id FROM organisations ORDER BY id")
        for number in range(AT_ONCE):
            values = {"name": f"Name {turn} {number}"}
            if chance.random() < 0.5:
                values["visibility"] = chance.choice(["public", "members"])
            save_organisation(db, OPERATOR, MOMENT, chance.choice(known), values)


def held(engine: Engine) -> dict[str, dict[str, str]]:
    """All ids and titles of each index; no document comes twice."""
    everything = Question(text="", limit=100_000)
    titles = {}
    for index in INDEXES:
        hits = engine.ask(index, everything).hits
        titles[index] = {hit.id: hit.title for hit in hits}
        assert len(titles[index]) == len(hits) == engine.count(index)
        assert set(titles[index]) == engine.ids(index)
    return titles


def kill_and_change(
    settings: Settings, store: Store, folder: Path, changes: int, kills: int
) -> None:
    chance = random.Random(changes)
    folder.mkdir()
    server = Meilisearch(folder)
    portal = Portal(settings.data_dir, server)
    turns = changes // AT_ONCE
    doomed: dict[int, Callable[[], None]] = {}
    for number, turn in enumerate(sorted(chance.sample(range(1, turns), kills))):
        doomed[turn] = (server.kill, portal.kill)[number % 2]
    engine, known = server.engine("portal_"), None
    try:
        for turn in range(turns):
            change_some(store, chance, turn)
            if kill := doomed.get(turn):
                known = wait_for_work(engine, known, chance)
                kill()
                change_some(store, chance, turn + turns)
                (server if kill == server.kill else portal).start()
        portal.kill()
        embedded = EmbeddedEngine(settings.search_folder)
        for each in (embedded, engine):
            drain(store, each, TODAY)
        anew = EmbeddedEngine(folder / "anew")
        rebuild(store, anew, TODAY)
        assert held(embedded) == held(anew)
        assert held(engine) == held(anew)
        retire(store, [find_positions(store, each) for each in (embedded, engine)])
        with store.read() as db:
            assert count(db, "SELECT count(*) FROM outbox") == 0
    finally:
        server.kill()
        portal._process.kill()


def find_mark(engine: Engine) -> str | None:
    try:
        return engine.mark("members")
    except EngineUnavailable:
        return None


def wait_for_work(engine: Engine, known: str | None, chance: random.Random) -> str | None:
    """Let it write something that is not known yet, and then some: it is killed at its work."""
    deadline = time.monotonic() + 60
    while (mark := find_mark(engine)) in (None, known):
        assert time.monotonic() < deadline
    for _ in range(chance.randrange(20)):
        find_mark(engine)
    return mark


def test_a_few_kills(settings: Settings, store: Store, tmp_path: Path) -> None:
    kill_and_change(settings, store, tmp_path / "meilisearch", changes=300, kills=4)


@pytest.mark.sweep
def test_many_kills(settings: Settings, store: Store, tmp_path: Path) -> None:
    kill_and_change(settings, store, tmp_path / "meilisearch", changes=10_000, kills=60)
