"""The engines every test here is run with, and the lines of the table of relevance."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.meilisearch import MeilisearchEngine
from tests.conftest import RELEVANCE

RUN = Path(__file__).parents[2] / "search" / "server" / "run"
ENGINES = ("embedded", "meilisearch")


class Meilisearch:
    """A real server over a folder, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.master = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [RUN, self.folder, str(self.port)],
                env={**os.environ, "MEILI_MASTER_KEY": self.master},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return requests.get(self.url + "/health", timeout=1).ok
        except requests.RequestException:
            return False

    def engine(self, prefix: str | None = None) -> MeilisearchEngine:
        """An engine that finds nothing there yet."""
        return MeilisearchEngine(
            self.url, self.master, prefix=prefix or f"t{secrets.token_hex(6)}_", timeout=10
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def meilisearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meilisearch]:
    """One server for all tests of a worker, started when the first of them asks for it."""
    server = Meilisearch(tmp_path_factory.mktemp("meilisearch"))
    yield server
    server.kill()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, empty."""
    opened: Engine = EmbeddedEngine(tmp_path / "index")
    if request.param == "meilisearch":
        opened = request.getfixturevalue("meilisearch").engine()
    yield opened
    opened.close()


@pytest.fixture
def relevance(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Adds a line to the table that is printed after the tests, whether they pass or not."""
    return partial(record_property, RELEVANCE)
