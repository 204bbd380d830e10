"""A real Meilisearch, and one that can be reached through a front which fails as it is told."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.search.conftest import Meilisearch


class Front(ThreadingHTTPServer):
    """Hands everything on to a server; `mode` says what it does instead."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handing)
        self.behind = behind
        self.mode = "well"
        # what hangs, hangs until then
        self.is_over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def heal(self) -> None:
        self.mode = "well"
        self.is_over.set()
        self.is_over = threading.Event()

    def end(self) -> None:
        self.heal()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, *_about: object) -> None:
        """Whoever asked has gone."""


class _Handing(BaseHTTPRequestHandler):
    server: Front

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        front, mode = self.server, self.server.mode
        if mode == "refuses":
            return
        if mode == "hangs":
            front.is_over.wait()
        elif mode == "drips":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
            while not front.is_over.wait(0.02):
                self.wfile.write(b" ")
        elif mode == "500":
            self._say(500, b'{"message": "Out of luck", "code": "internal"}')
        elif mode == "garbage":
            self._say(200, b"<html>Welcome to nginx! \x00\xff</html>")
        elif mode == "nonsense":
            self._say(200, b'{"results": [{"hits": 7}], "taskUid": "soon", "status": 3}')
        else:
            if mode == "slow":
                front.is_over.wait(5)
            self._hand_on(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _hand_on(self, body: bytes) -> None:
        netloc = urlsplit(self.server.behind).netloc
        headers = {name: self.headers[name] for name in KEPT if name in self.headers}
        with closing(http.client.HTTPConnection(netloc, timeout=30)) as behind:
            behind.request(self.command, self.path, body, headers)
            with behind.getresponse() as answer:
                self._say(answer.status, answer.read())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Nobody reads it."""


KEPT = ("Authorization", "Content-Type", "Content-Encoding", "Accept")


@pytest.fixture(scope="session")
def meilisearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meilisearch]:
    """One server for all tests of a worker, started when the first of them asks for it."""
    server = Meilisearch(tmp_path_factory.mktemp("meilisearch"))
    yield server
    server.kill()


@pytest.fixture
def front(meilisearch: Meilisearch) -> Iterator[Front]:
    """The way to it."""
    opened = Front(meilisearch.url)
    yield opened
    opened.end()
